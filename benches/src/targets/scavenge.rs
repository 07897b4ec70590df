//! Scavenges.

use super::{Limit, Measured, Report, Unit};
use crate::contest::Contest;
use crate::settings::{MIB, Survival};
use crate::survivors::{Nursery, Order, Setup};

/// Scavenges in one repetition, of which the fastest counts.
const SCAVENGES: usize = 5;

fn best_of_some(mut figure: impl FnMut() -> f64) -> f64 {
    (0..SCAVENGES).map(|_| figure()).fold(f64::INFINITY, f64::min)
}

/// Nanoseconds for each survivor.
fn nanos_per_survivor(nursery: &mut Nursery) -> f64 {
    best_of_some(|| nursery.scavenge().nanos_per_survivor())
}

/// Microseconds for the whole scavenge.
fn micros(nursery: &mut Nursery) -> f64 {
    best_of_some(|| nursery.scavenge().elapsed.as_nanos() as f64 / 1_000.0)
}

/// The cost of a surviving object.
pub(super) fn survivors(repetitions: usize, report: &mut Report) {
    let nursery = |survival, order| Nursery::new(Setup { order, ..Setup::new(10, survival) });
    let mut copied = nursery(Survival::Copied, Order::Address);
    let mut copied_shuffled = nursery(Survival::Copied, Order::Shuffled);
    let mut promoted = nursery(Survival::Promoted, Order::Address);
    let mut promoted_shuffled = nursery(Survival::Promoted, Order::Shuffled);
    let results = Contest::default()
        .with("copied, in address order", || nanos_per_survivor(&mut copied))
        .with("copied, shuffled", || nanos_per_survivor(&mut copied_shuffled))
        .with("promoted, in address order", || nanos_per_survivor(&mut promoted))
        .with("promoted, shuffled", || nanos_per_survivor(&mut promoted_shuffled))
        .run(repetitions);
    for (name, figures) in results.iter() {
        report.row(format!("each survivor, {name}"), figures, Unit::Nanos, Limit::AtMost(15.0));
    }
    report.note("semispaces of 16 MiB, nodes of 32 bytes, 10 % survive");
}

/// What a scavenge costs whatever survives, and that it does not depend on old space.
pub(super) fn fixed_cost(repetitions: usize, report: &mut Report) {
    const EMPTY: &str = "nothing survives";
    const SMALL_OLD: &str = "1 % survives, 1 MiB old";
    const LARGE_OLD: &str = "1 % survives, 1 GiB old";
    let small_new = |survival_percent, old_bytes| {
        let setup = Setup::new(survival_percent, Survival::Copied);
        Nursery::new(Setup { semispace_bytes: MIB, old_bytes, ..setup })
    };
    let mut empty = Nursery::new(Setup::new(0, Survival::Copied));
    let (mut empty_small_old, mut empty_large_old) = (small_new(0, MIB), small_new(0, 1024 * MIB));
    let (mut small_old, mut large_old) = (small_new(1, MIB), small_new(1, 1024 * MIB));
    let results = Contest::default()
        .with(EMPTY, || micros(&mut empty))
        .with("nothing survives, 1 MiB old", || micros(&mut empty_small_old))
        .with("nothing survives, 1 GiB old", || micros(&mut empty_large_old))
        .with(SMALL_OLD, || micros(&mut small_old))
        .with(LARGE_OLD, || micros(&mut large_old))
        .run(repetitions);
    for (name, figures) in results.iter() {
        let limit = if name == EMPTY { Limit::AtMost(10.0) } else { Limit::None };
        report.row(name, figures, Unit::Micros, limit);
    }
    let get = |name| results.get(name).expect("it took part");
    let ratio = Measured::ratio(get(LARGE_OLD), get(SMALL_OLD));
    report.row("1 GiB old / 1 MiB old, nothing remembered", ratio, Unit::Times, Limit::AtMost(1.2));
}
