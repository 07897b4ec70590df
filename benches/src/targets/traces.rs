//! Recording a program, and doing it again.

use super::{Limit, Measured, Report, Unit};
use crate::contest::Contest;
use gc_core::{Config, Heap};
use std::io::{self, Write};
use std::time::Instant;
use workloads::trace::{Replay, TraceFile, TraceRecorder};
use workloads::{Workload, find};

/// Recorded programs, with their parameters: one that does nothing but allocate the smallest objects that refer to others,
/// one that stores into old objects, and one that reads and computes as servers do.
const PROGRAMS: [(&str, &[&str]); 3] =
    [("binary_trees", &["depth=16"]), ("splay", &["runs=200"]), ("event_loop", &["events=10_000"])];

/// Most that recording may slow a program down.
const MAX_SLOWDOWN: f64 = 3.0;
/// Most that an operation of a replay may take: 20 million are done in a second.
const MAX_REPLAY_NANOS: f64 = 50.0;

fn heap() -> Heap {
    Heap::new(Config::default()).expect("the defaults are valid")
}

/// Runs a program, recorded into `out`; the seconds that it took, and what was written to.
fn record<W: Write + Send + 'static>(workload: &dyn Workload, out: W) -> (f64, W) {
    let mut heap = heap();
    let start = Instant::now();
    heap.record(Box::new(TraceRecorder::new(out, "a program", Vec::new())));
    workload.run(&mut heap, &mut |_| ()).expect("there is room");
    let log = heap.stop_recording().expect("it was set");
    let out = TraceRecorder::finish(log).expect("it takes everything");
    (start.elapsed().as_secs_f64(), out)
}

fn run(workload: &dyn Workload) -> f64 {
    let mut heap = heap();
    let start = Instant::now();
    workload.run(&mut heap, &mut |_| ()).expect("there is room");
    start.elapsed().as_secs_f64()
}

/// Replays a trace: nanoseconds for each operation.
fn replay(file: &Vec<u8>) -> f64 {
    let replay = Replay::new(TraceFile::open(file).expect("it is whole"));
    let mut heap = heap();
    let start = Instant::now();
    let replayed = replay.run(&mut heap, &mut |_| ()).expect("there is room");
    start.elapsed().as_nanos() as f64 / replayed.operations as f64
}

/// Reads a trace: nanoseconds for each operation.
fn read(file: &Vec<u8>) -> f64 {
    let mut reader = TraceFile::open(file).expect("it is whole").reader();
    let (start, mut operations) = (Instant::now(), 0_u64);
    while reader.next().expect("it is whole").is_some() {
        operations += 1;
    }
    start.elapsed().as_nanos() as f64 / operations as f64
}

/// Programs recorded against the same ones that are not, and their traces replayed.
pub(super) fn measure(repetitions: usize, report: &mut Report) {
    for (name, parameters) in PROGRAMS {
        let workload = find(name).expect("it is registered").workload(parameters).expect("legal parameters");
        measure_one(name, &*workload, repetitions, report);
    }
}

fn measure_one(name: &str, workload: &dyn Workload, repetitions: usize, report: &mut Report) {
    const PLAIN: &str = "a run that is not recorded";
    const RECORDED: &str = "a recorded run";
    const READ: &str = "an operation read";
    const REPLAYED: &str = "an operation replayed, collections included";
    report.note(name);
    let runs = Contest::default()
        .with(PLAIN, || run(workload))
        .with(RECORDED, || record(workload, io::sink()).0)
        .run(repetitions);
    report.rows(&runs, Unit::Seconds);
    let figures = |name| runs.get(name).expect("it took part");
    let slowdown = Measured::ratio(figures(RECORDED), figures(PLAIN));
    report.row("recorded / not recorded", slowdown, Unit::Times, Limit::AtMost(MAX_SLOWDOWN));
    let (_, file) = record(workload, Vec::new());
    let replays =
        Contest::default().with(READ, || read(&file)).with(REPLAYED, || replay(&file)).run(repetitions);
    for (name, figures) in replays.iter() {
        report.row(name, figures, Unit::Nanos, Limit::AtMost(MAX_REPLAY_NANOS));
    }
}
