//! Made-up events for tests.

use crate::latency::PausesInLatencies;
use crate::leak::LeakReport;
use crate::live::{LiveHeap, LiveType};
use crate::percentiles::Percentiles;
use crate::run::{MachineMemory, RunEnd, RunInfo, Verdict};
use crate::run_sink::RunSink;
use gc_core::event::{
    Cause, Event, MAX_AGE, Nanos, Pause, PauseKind, PauseStart, Phase, PhaseEnd, Usage, Work,
};
use std::io;

const MIB: u64 = 1 << 20;

/// The `n`-th pause of a run: a scavenge of `100 + n % 7` microseconds every millisecond, and after nine of them a
/// full collection ten times as long.
pub(crate) fn pause(n: u64) -> Pause {
    let full = n % 10 == 9;
    let (kind, cause, factor) = match full {
        true => (PauseKind::Full, Cause::OldLimit, 10),
        false => (PauseKind::Minor, Cause::NewSpaceFull, 1),
    };
    let start = Nanos(n * 2_000_000 + 1_000_000);
    let duration = Nanos((100 + n % 7) * 1_000 * factor);
    let work = Work { copied_bytes: MIB / 16, promoted_bytes: MIB / 32, pauses: 1, ..Work::default() };
    let (phase, survivors) = if full { (Phase::Mark, [0, 0]) } else { (Phase::Copy, [MIB / 16, MIB / 32]) };
    let mut survived_bytes_by_age = [0; MAX_AGE as usize + 1];
    survived_bytes_by_age[..2].copy_from_slice(&survivors);
    Pause {
        id: n,
        kind,
        cause,
        start,
        duration,
        phases: vec![PhaseEnd { pause: n, phase, start, duration: Nanos(duration.0 / 2), work }],
        work,
        allocated_bytes_before: MIB,
        before: Usage {
            new_used: MIB,
            new_total: 2 * MIB,
            old_used: n % 10 * MIB,
            old_total: 10 * MIB,
            ..usage()
        },
        after: Usage { new_total: 2 * MIB, old_total: 10 * MIB, ..usage() },
        survived_bytes_by_age,
        remembered_entries: n,
        fragmentation_ppm: 12_345,
    }
}

/// The `n`-th pause as a step that marks 3 MiB in 100 microseconds.
pub(crate) fn step(n: u64, cause: Cause) -> Pause {
    let work = Work { marked_objects: 1_000, marked_bytes: 3 * MIB, pauses: 1, ..Work::default() };
    with_phase(Pause { kind: PauseKind::Step, cause, ..pause(n) }, Phase::Mark, work)
}

/// The `n`-th pause as one in which `phase` moves 1 MiB of 4 MiB alive: 10 MiB of pages become 5 MiB.
pub(crate) fn compaction(n: u64, phase: Phase) -> Pause {
    let kind = if phase == Phase::Evacuate { PauseKind::Finish } else { PauseKind::Full };
    let work = Work { moved_objects: 1_000, moved_bytes: MIB, pauses: 1, ..Work::default() };
    let after = Usage { old_used: 4 * MIB, old_total: 5 * MIB, ..usage() };
    with_phase(Pause { kind, after, ..pause(n) }, phase, work)
}

/// The pause with one phase, of 50 of its 100 microseconds, that does all its work.
fn with_phase(pause: Pause, phase: Phase, work: Work) -> Pause {
    let (start, duration) = (pause.start, Nanos(50_000));
    let phases = vec![PhaseEnd { pause: pause.id, phase, start, duration, work }];
    Pause { duration: Nanos(100_000), phases, work, survived_bytes_by_age: Default::default(), ..pause }
}

fn usage() -> Usage {
    Usage { large_used: 3 * MIB, large_total: 4 * MIB, external: MIB / 2, ..Usage::default() }
}

/// The events that tell the `n`-th pause.
pub(crate) fn pause_events(n: u64) -> [Event; 3] {
    let pause = pause(n);
    [
        Event::PauseStarted(PauseStart { id: n, kind: pause.kind, cause: pause.cause, at: pause.start }),
        Event::PhaseEnded(pause.phases[0]),
        Event::PauseEnded(Box::new(pause)),
    ]
}

/// The events of a run with fifty pauses, one of every type among them.
pub(crate) fn events() -> Vec<Event> {
    let at = Nanos(5_000);
    let mut events = vec![
        Event::NewSpaceResized { at, from_bytes: MIB, to_bytes: 2 * MIB },
        Event::OldLimitSet { at, limit_bytes: 32 * MIB },
        Event::MaximumRaised { at, from_bytes: 64 * MIB, to_bytes: 128 * MIB },
        Event::HeapFull { at, requested_bytes: 24, limit_bytes: 128 * MIB },
    ];
    events.extend((0..50).flat_map(pause_events));
    events
}

/// Ten types, the last two of which no report names; one has the name of a Rust type.
fn live() -> LiveHeap {
    let of = |(name, objects): (&str, u64)| LiveType { name: name.into(), objects, size_bytes: 16 * objects };
    let names = ["Window", "broker::Message", "C", "D", "E", "F", "G", "H", "I", "J"];
    LiveHeap { types: names.into_iter().zip((1..=10).rev().map(|n| n * n * 100)).map(of).collect() }
}

/// The end of that run.
pub(crate) fn run_end() -> RunEnd {
    let percentiles = Percentiles { count: 7, p50: Nanos(70), max: Nanos(900), ..Percentiles::default() };
    RunEnd {
        at: Nanos(102_000_000),
        verdict: Verdict::Passed { checksum: 0xfeed },
        operations: 1_000_000,
        operation: "push".into(),
        allocated_bytes: 50 * MIB,
        usage: usage(),
        committed_bytes: 20 * MIB,
        live: Some(live()),
        leaks: Some(LeakReport::default()),
        latencies: Some(percentiles),
        pauses_in_latencies: Some(Box::new(PausesInLatencies {
            without: Percentiles { max: Nanos(300), ..percentiles },
            share: 0.25,
            slowest_hundredth_share: 0.75,
        })),
        workers: Box::default(),
        machine: Some(MachineMemory {
            process_rss_bytes: 30 * MIB,
            system_total_bytes: 24 << 30,
            system_free_bytes: 20 << 30,
        }),
        unread_lines: None,
    }
}

/// Gives `sink` a run of each of the workloads, all with the same events.
pub(crate) fn runs(sink: &mut dyn RunSink, workloads: &[&str]) {
    let events = events();
    for workload in workloads {
        sink.run_started(&RunInfo { workload: (*workload).into(), ..RunInfo::default() });
        events.iter().for_each(|event| sink.event(event));
        sink.run_ended(&run_end());
    }
}

/// A disk on which nothing fits any more.
#[derive(Debug)]
pub(crate) struct FullDisk;

impl io::Write for FullDisk {
    fn write(&mut self, _bytes: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::StorageFull.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
