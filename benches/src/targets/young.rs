//! Objects that die young.

use super::{Limit, Report, Unit};
use crate::contest::Contest;
use crate::young::{self, CHAIN, Tenure};
use bumpalo::Bump;
use gc_core::FixedShape;
use std::time::Instant;

/// Chains in one repetition: 16 million objects, so that Tenure collects some hundred times.
const CHAINS: u32 = 1 << 18;

/// Nanoseconds that an object takes in a run of [`CHAINS`] chains.
fn nanos_per_object(run: impl FnOnce(u32)) -> f64 {
    let start = Instant::now();
    run(CHAINS);
    start.elapsed().as_nanos() as f64 / (f64::from(CHAINS) * f64::from(CHAIN))
}

/// The program with objects of so many words, of a shape that the compiler knows.
fn fixed<const WORDS: usize>() -> Tenure<FixedShape<2, WORDS>> {
    Tenure::fixed()
}

/// The time of an allocation, all collections included.
pub(super) fn measure(repetitions: usize, report: &mut Report) {
    const SMALLEST: &str = "Tenure, 16 bytes: header, 2 slots";
    const SMALL: &str = "Tenure, 32 bytes: header, 2 slots, 16 bytes";
    const SMALLEST_FIXED: &str = "Tenure, 16 bytes, shape known to the compiler";
    const SMALL_FIXED: &str = "Tenure, 32 bytes, shape known to the compiler";
    let (mut smallest, mut small) = (Tenure::new(0), Tenure::new(2));
    let (mut smallest_fixed, mut small_fixed) = (fixed::<0>(), fixed::<2>());
    let (mut smallest_batch, mut small_batch) = (fixed::<0>(), fixed::<2>());
    let (mut bump_smallest, mut bump_small) = (Bump::new(), Bump::new());
    let results = Contest::default()
        .with(SMALLEST, || nanos_per_object(|chains| smallest.run(chains)))
        .with(SMALLEST_FIXED, || nanos_per_object(|chains| smallest_fixed.run(chains)))
        .with("Tenure, 16 bytes, a chain in a batch", || {
            nanos_per_object(|chains| smallest_batch.run_in_batches(chains))
        })
        .with("bumpalo, 16 bytes", || {
            nanos_per_object(|chains| young::bumpalo::<0>(&mut bump_smallest, chains))
        })
        .with("Box, 16 bytes", || nanos_per_object(young::boxed::<0>))
        .with(SMALL, || nanos_per_object(|chains| small.run(chains)))
        .with(SMALL_FIXED, || nanos_per_object(|chains| small_fixed.run(chains)))
        .with("Tenure, 32 bytes, a chain in a batch", || {
            nanos_per_object(|chains| small_batch.run_in_batches(chains))
        })
        .with("bumpalo, 32 bytes", || nanos_per_object(|chains| young::bumpalo::<2>(&mut bump_small, chains)))
        .with("Box, 32 bytes", || nanos_per_object(young::boxed::<2>))
        .run(repetitions);
    let limited = [SMALLEST, SMALL, SMALLEST_FIXED, SMALL_FIXED];
    for (name, figures) in results.iter() {
        let limit = if limited.contains(&name) { Limit::AtMost(2.0) } else { Limit::None };
        report.row(name, figures, Unit::Nanos, limit);
    }
}
