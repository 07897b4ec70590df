//! The start of a heap.

use super::{Limit, Report, Unit};
use crate::contest::Contest;
use crate::start::{self, State};
use gc_core::Config;
use std::time::Duration;

/// Heaps made in one repetition, of which the fastest counts.
const HEAPS: usize = 50;

fn best_micros(time: impl Fn() -> Duration) -> f64 {
    let best = (0..HEAPS).map(|_| time()).min().expect("some are made");
    best.as_nanos() as f64 / 1_000.0
}

/// Kibibytes that a heap has resident.
fn kibibytes(config: &Config, state: State) -> f64 {
    start::resident_bytes(config, state) as f64 / 1024.0
}

/// What a worker of a cluster costs before it does anything.
pub(super) fn measure(repetitions: usize, report: &mut Report) {
    let configs = [
        Config::default(),
        Config { huge_pages: false, prefault: false, ..Config::default() },
        start::small(),
    ];
    let [default, plain, small] = &configs;
    let times = Contest::default()
        .with("made, default settings", || best_micros(|| start::time(default)))
        .with("made, without huge pages and prefaulting", || best_micros(|| start::time(plain)))
        .with("made, a small heap", || best_micros(|| start::time(small)))
        .with("made, used once, given back, default settings", || {
            best_micros(|| start::time_of_life(default))
        })
        .with("made, used once, given back, a small heap", || best_micros(|| start::time_of_life(small)))
        .run(repetitions);
    for (name, figures) in times.iter() {
        report.row(name, figures, Unit::Micros, Limit::AtMost(1_000.0));
    }
    let sizes = Contest::default()
        .with("resident, fresh, default settings", || kibibytes(default, State::Fresh))
        .with("resident, with an object, default settings", || kibibytes(default, State::Used))
        .with("resident, collected, default settings", || kibibytes(default, State::Collected))
        .with("resident, with an object, no huge pages, no prefaulting", || kibibytes(plain, State::Used))
        .with("resident, collected, no huge pages, no prefaulting", || kibibytes(plain, State::Collected))
        .with("resident, fresh, a small heap", || kibibytes(small, State::Fresh))
        .with("resident, collected, a small heap", || kibibytes(small, State::Collected))
        .run(repetitions);
    for (name, figures) in sizes.iter() {
        report.row(name, figures, Unit::Kibibytes, Limit::AtMost(1024.0));
    }
    report.note("a small heap has semispaces of 256 KiB, no huge pages and no prefaulting");
}
