//! What the servers are there to show: what they keep, what they promote, what steps are for, and what becomes of workers.

use crate::configs::{heap, plain};
use gc_core::clock::CostModel;
use gc_core::event::{Event, PauseKind, Recorder};
use gc_core::policy::MarkingPacing;
use gc_core::{ClockSource, Config, Heap, Stress};
use workloads::{Latency, Outcome, WorkerSummary, WorkloadError, find};

fn modelled() -> Config {
    let clock = ClockSource::Modelled(CostModel::default());
    Config { clock, ..plain() }
}

fn run(heap: &mut Heap, name: &str, overrides: &[&str]) -> Result<Outcome, WorkloadError> {
    let workload = find(name).expect("it is registered").workload(overrides).expect("legal parameters");
    workload.run(heap, &mut |_| ())
}

#[track_caller]
fn outcome(config: Config, name: &str, overrides: &[&str]) -> Outcome {
    run(&mut heap(config), name, overrides).expect("there is room")
}

/// Most bytes of objects that a full collection left.
fn most_alive(name: &str, overrides: &[&str]) -> u64 {
    let stress = Stress { collect_every: Some(40), ..Stress::default() };
    let mut heap = heap(Config { stress, ..modelled() });
    let recorder = Recorder::default();
    heap.set_sink(Box::new(recorder.clone()));
    run(&mut heap, name, overrides).expect("there is room");
    let alive = |event: &Event| match event {
        Event::PauseEnded(pause) if pause.kind == PauseKind::Full => Some(pause.after.heap_used()),
        _ => None,
    };
    recorder.take().iter().filter_map(alive).max().expect("it was collected")
}

#[test]
fn datagrams_leave_nothing_to_promote() {
    let mut heap = heap(modelled());
    run(&mut heap, "udp", &["datagrams=40_000"]).expect("there is room");
    let work = heap.stats().work;
    assert!(work.allocated_bytes > 8 << 20, "{work:?}");
    // The socket, and at worst the datagram that is served at a scavenge, twice.
    assert!(work.promoted_bytes < 4 << 10, "{work:?}");
}

#[test]
fn what_frames_leave_alive_does_not_grow_with_their_number() {
    let [few, many] = ["frames=2_000", "frames=16_000"].map(|frames| most_alive("websocket", &[frames]));
    assert!(many < few * 5 / 4, "{few}, {many}");
}

#[test]
fn sessions_expire() {
    let alive = |expiry| most_alive("http_server", &["requests=4_000", "users=2_000", expiry]);
    let [short, long] = ["expiry_us=10_000", "expiry_us=200_000"].map(alive);
    assert!(short * 2 < long, "{short}, {long}");
}

/// What pauses add at most to a request.
fn most_added(is_incremental: bool) -> u64 {
    let marking = MarkingPacing { incremental: is_incremental, ..MarkingPacing::default() };
    // Without idle time, in which marking would cost nothing.
    let outcome = outcome(Config { marking, ..modelled() }, "http_server", &["requests=40_000", "idle=0"]);
    let latencies = outcome.latencies.expect("they are measured");
    latencies.iter().map(|latency: Latency| latency.by_pauses.0).max().expect("there were requests")
}

#[test]
fn marking_in_steps_takes_the_worst_off_requests() {
    let (in_steps, at_once) = (most_added(true), most_added(false));
    assert!(in_steps * 2 < at_once, "{in_steps} ns in steps, {at_once} ns at once");
}

/// Workers that keep 4 KiB of each job in 1 MiB, so that they run out of memory every 250 jobs or so.
const LEAKING: [&str; 6] =
    ["jobs=2_000", "nodes=8", "data=64", "kept=4_096", "worker_old=1_048_576", "workers=2"];

fn workers(overrides: &[&str]) -> Vec<WorkerSummary> {
    let mut config = modelled();
    (config.new_space.initial_bytes, config.new_space.max_bytes) = (256 << 10, 256 << 10);
    outcome(config, "cluster", &[&LEAKING[..], overrides].concat()).workers
}

#[test]
fn full_workers_are_replaced_and_their_jobs_done_by_others() {
    let workers = workers(&["oversized=0"]);
    assert_eq!(workers.len(), 2);
    assert_eq!(workers.iter().map(|worker| worker.jobs).sum::<u64>(), 2_000, "none has failed");
    for worker in &workers {
        assert!(worker.replaced_at.len() >= 2, "{worker:?}");
        assert!(worker.replaced_at.is_sorted(), "{worker:?}");
        assert_eq!(worker.heaps as usize, worker.replaced_at.len() + 1);
        assert!(worker.minor_collections > 0 && worker.full_collections > 0, "{worker:?}");
        assert!(worker.longest_pause <= worker.time_in_pauses && worker.pauses > 0, "{worker:?}");
        assert!(worker.peak_total_bytes > 1 << 20, "{worker:?}");
        assert_eq!(worker.slowest_start, None, "a modelled clock knows no machine");
    }
}

#[test]
fn oversized_jobs_fail_once_a_fresh_worker_has_tried() {
    let workers = workers(&["oversized=10_000", "kept=0"]);
    let (done, replaced) = workers.iter().fold((0, 0), |(done, replaced), worker| {
        (done + worker.jobs, replaced + worker.replaced_at.len() as u64)
    });
    let failed = 2_000 - done;
    assert!((5..60).contains(&failed), "{failed}");
    // One heap that had done other jobs before, and a fresh one; but for those that follow right after another.
    assert!((failed..=2 * failed).contains(&replaced), "{replaced} heaps for {failed} jobs");
}

#[test]
fn what_becomes_of_workers_does_not_depend_on_their_threads() {
    for dispatch in ["dispatch=0", "dispatch=1"] {
        assert_eq!(workers(&[dispatch]), workers(&[dispatch]), "{dispatch}");
    }
}

#[test]
fn the_load_of_workers_decides_who_gets_a_job() {
    let jobs =
        |dispatch| workers(&[dispatch, "oversized=0"]).iter().map(|worker| worker.jobs).collect::<Vec<_>>();
    assert_eq!(jobs("dispatch=0"), [1_000, 1_000]);
    assert_ne!(jobs("dispatch=1"), [1_000, 1_000]);
}

#[test]
fn by_the_machine_s_clock_the_start_of_heaps_is_told() {
    let outcome = outcome(plain(), "cluster", &["jobs=100"]);
    assert!(outcome.workers.iter().all(|worker| worker.slowest_start.is_some_and(|start| start.0 > 0)));
}

#[test]
fn a_job_that_no_worker_has_room_for_ends_the_run() {
    // Its data alone are more than a worker has; the master has room for it.
    let overrides = ["jobs=10", "nodes=1", "data=64", "kept=1_048_576", "worker_old=1_048_576"];
    let mut heap = heap(modelled());
    let failed = run(&mut heap, "cluster", &[&overrides[..], &["oversized=0"]].concat());
    assert!(matches!(failed, Err(WorkloadError::HeapFull(_))), "{failed:?}");
    assert!(run(&mut heap, "cluster", &["jobs=10"]).is_ok(), "the heap remains usable");
}
