//! Scavenges at several survival rates.
//!
//! **Measured:** the time from the call of a scavenge to its return, and the bytes that it copies or promotes in a
//! second. New space is a semispace of 16 MiB full of nodes of 32 bytes, of which 1, 10, 50 or 100 % survive, spread
//! evenly. They form one tree: in address order, which is the best case of a breadth-first copy, or shuffled, where
//! every edge is a jump within new space. `copied` keeps them in new space, `promoted` moves them to old space, whose
//! pages have been used before.
//!
//! **Not shown:** roots by the thousand, the remembered set (`barrier`), large objects (never copied), and how fast the
//! program runs on what the copy has put in another order. That the cost does not depend on old space is a target of
//! its own (`targets scavenge_fixed_cost`).
//!
//! **Floor:** bumpalo copies the same nodes from a list of their places, with nothing to find out, forward or scan.
//! **Ceiling:** `Box`, freeing the dead of as many nodes one by one, which is what a scavenge saves.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use gc_benches::settings::{Survival, heap};
use gc_benches::survivors::{BoxSweep, BumpCopy, Nursery, Order, Setup};
use gc_core::Config;
use std::time::{Duration, Instant};

const SURVIVAL_PERCENTS: [u32; 4] = [1, 10, 50, 100];
/// Time to spend in scavenges for one figure; filling new space for them takes up to a hundred times as long.
const MEASUREMENT_TIME: Duration = Duration::from_millis(50);

fn tenure(c: &mut Criterion) {
    for survival in [Survival::Copied, Survival::Promoted] {
        for order in [Order::Address, Order::Shuffled] {
            let mut group = c.benchmark_group(format!("scavenge, {survival:?}, {order:?}").to_lowercase());
            group.measurement_time(MEASUREMENT_TIME);
            for percent in SURVIVAL_PERCENTS {
                let mut nursery = Nursery::new(Setup { order, ..Setup::new(percent, survival) });
                group.throughput(Throughput::Bytes(nursery.survivor_bytes()));
                group.bench_function(BenchmarkId::new("tenure", percent), |b| {
                    b.iter_custom(|n| (0..n).map(|_| nursery.scavenge().elapsed).sum());
                });
            }
            group.finish();
        }
    }
}

fn empty(c: &mut Criterion) {
    let mut heap = heap(Config::default());
    c.bench_function("scavenge, new space is empty/tenure", |b| b.iter(|| heap.collect_minor()));
}

fn floor_and_ceiling(c: &mut Criterion) {
    for order in [Order::Address, Order::Shuffled] {
        let mut group = c.benchmark_group(format!("scavenge, {order:?}, floor").to_lowercase());
        for percent in SURVIVAL_PERCENTS {
            let mut copy = BumpCopy::new(Setup { order, ..Setup::new(percent, Survival::Copied) });
            group.throughput(Throughput::Bytes(copy.survivor_bytes()));
            group.bench_function(BenchmarkId::new("bumpalo", percent), |b| b.iter(|| copy.scavenge()));
        }
        group.finish();
    }
    let mut group = c.benchmark_group("scavenge, ceiling");
    for percent in SURVIVAL_PERCENTS {
        let mut sweep = BoxSweep::new(Setup::new(percent, Survival::Copied));
        group.bench_function(BenchmarkId::new("box", percent), |b| {
            b.iter_custom(|n| (0..n).map(|_| time_box_sweep(&mut sweep)).sum());
        });
    }
    group.finish();
}

fn time_box_sweep(sweep: &mut BoxSweep) -> Duration {
    sweep.fill();
    let start = Instant::now();
    sweep.scavenge();
    start.elapsed()
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1));
    targets = tenure, empty, floor_and_ceiling
}
criterion_main!(benches);
