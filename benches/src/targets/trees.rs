//! Whole programs: binary trees.

use super::{Limit, Measured, Peer, Report, Unit};
use crate::contest::Contest;
use crate::settings::{MIB, fixed_semispaces};
use crate::trees::{Run, bump, java, tenure};
use gc_core::Config;

/// Seconds that a run took; it must have found `expected`.
fn seconds(expected: u64, run: Run) -> f64 {
    assert_eq!(run.checksum, expected, "all programs find the same");
    run.elapsed.as_secs_f64()
}

/// Against bumpalo and the Java virtual machine.
pub(super) fn at_depth_20(repetitions: usize, report: &mut Report) {
    const DEPTH: u32 = 20;
    const DEFAULT: &str = "Tenure, default settings";
    const LARGE: &str = "Tenure, semispaces of 64 MiB";
    const BUMPALO: &str = "bumpalo, reset after each tree";
    const JAVA: &str = "Java, Serial collector, default heap";
    let (default, large) = (Config::default(), fixed_semispaces(64 * MIB));
    let expected = bump::run(DEPTH);
    let mut contest = Contest::default()
        .with(DEFAULT, || seconds(expected, Run::of(|| tenure::run(DEPTH, &default))))
        .with(LARGE, || seconds(expected, Run::of(|| tenure::run(DEPTH, &large))))
        .with(BUMPALO, || seconds(expected, Run::of(|| bump::run(DEPTH))));
    match java::Java::start(DEPTH).expect("an installed Java runs the program") {
        Some(mut java) => {
            contest = contest.with(JAVA, move || seconds(expected, java.run().expect("Java answers")));
        }
        None => report.note("java: not installed"),
    }
    let results = contest.run(repetitions);
    report.rows(&results, Unit::Seconds);
    for (peer, limit, name) in [(BUMPALO, 1.3, "bumpalo"), (JAVA, 1.0, "Java")] {
        let Some(peer) = results.get(peer) else { continue };
        for tenure in [DEFAULT, LARGE] {
            let ratio = Measured::ratio(results.get(tenure).expect("it took part"), peer);
            report.row(format!("{tenure} / {name}"), ratio, Unit::Times, Limit::AtMost(limit));
        }
    }
    report.note("64 MiB: as the Java virtual machine's young generation, about 128 MiB of a 24 GiB machine");
}

/// Against the other garbage collector for Rust programs, and `Box`.
pub(super) fn at_depth_18(repetitions: usize, report: &mut Report) {
    const DEPTH: u32 = 18;
    const TENURE: &str = "Tenure, default settings";
    const ARENA: &str = "gc-arena 0.7, best pacing found";
    let expected = bump::run(DEPTH);
    let default = Config::default();
    let apart = |peer: Peer| seconds(expected, peer.run_apart(DEPTH).expect("this program runs once more"));
    let results = Contest::default()
        .with(TENURE, || seconds(expected, Run::of(|| tenure::run(DEPTH, &default))))
        .with(ARENA, || apart(Peer::GcArena))
        .with("Box", || apart(Peer::Boxed))
        .run(repetitions);
    report.rows(&results, Unit::Seconds);
    let get = |name| results.get(name).expect("it took part");
    let ratio = Measured::ratio(get(ARENA), get(TENURE));
    report.row("gc-arena / Tenure", ratio, Unit::Times, Limit::AtLeast(5.0));
    report.note(
        "gc-arena: STOP_THE_WORLD with a sleep_factor of 4; it and Box in a process of their own each time",
    );
}
