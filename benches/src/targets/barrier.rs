//! The write barrier and the remembered set.

use super::{Limit, Measured, Report, Unit};
use crate::contest::Contest;
use crate::stores::{Holders, PlainLoop, SteadyLoop, StoreLoop};
use std::time::{Duration, Instant};

/// Objects that are stored into.
const HOLDERS: u32 = 4096;
/// Steps of a loop between two scavenges: 8 MiB of values in semispaces of 16 MiB.
const STORES: u32 = 1 << 19;
/// Steps of a loop with its scavenges: 64 MiB of values.
const STEADY_STORES: u32 = 1 << 22;

fn nanos_per_store(elapsed: Duration, stores: u32) -> f64 {
    elapsed.as_nanos() as f64 / f64::from(stores)
}

fn time(run: impl FnOnce(u32)) -> f64 {
    let start = Instant::now();
    run(STEADY_STORES);
    nanos_per_store(start.elapsed(), STEADY_STORES)
}

/// Stores of young objects into old ones against the same without a barrier.
pub(super) fn measure(repetitions: usize, report: &mut Report) {
    const OLD: &str = "a step, old holders";
    const YOUNG: &str = "a step, young holders";
    const STEADY: &str = "a step, old holders, scavenges included";
    const HANDLES: &str = "a step, handles for slots, scavenges included";
    const PLAIN: &str = "a step, plain arrays";
    let mut old = StoreLoop::new(Holders::Old, HOLDERS);
    let mut young = StoreLoop::new(Holders::Young, HOLDERS);
    let mut steady = SteadyLoop::into_holders(HOLDERS);
    let mut handles = SteadyLoop::into_handles(HOLDERS);
    let mut plain = PlainLoop::new(HOLDERS);
    let results = Contest::default()
        .with(OLD, || nanos_per_store(old.run(STORES), STORES))
        .with(YOUNG, || nanos_per_store(young.run(STORES), STORES))
        .with(STEADY, || time(|stores| steady.run(stores)))
        .with(HANDLES, || time(|stores| handles.run(stores)))
        .with(PLAIN, || time(|stores| plain.run(stores)))
        .run(repetitions);
    report.rows(&results, Unit::Nanos);
    let ratio = |of, by| {
        Measured::ratio(results.get(of).expect("it took part"), results.get(by).expect("it took part"))
    };
    report.row("old / young holders", ratio(OLD, YOUNG), Unit::Times, Limit::AtMost(1.5));
    report.row(
        "old holders / handles, with scavenges",
        ratio(STEADY, HANDLES),
        Unit::Times,
        Limit::AtMost(1.5),
    );
    report.row("old holders, with scavenges / plain arrays", ratio(STEADY, PLAIN), Unit::Times, Limit::None);
}
