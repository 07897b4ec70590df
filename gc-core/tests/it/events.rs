//! Events: each pause is told from start to end, its accounts add up, and a modelled clock makes them
//! repeatable.

use crate::support::{
    PAGE, each_calm_config, each_config, heap, list, make_garbage, make_old, node, pauses, push, recorded,
    with_semispaces,
};
use gc_core::clock::CostModel;
use gc_core::event::{Event, EventSink, Nanos, Pause, PauseKind, Phase, Recorder, Tee, Usage, Work};
use gc_core::{ClockSource, Config, Decoder, Heap, Layout, MIN_SEMISPACE_BYTES};
use std::sync::mpsc::{Sender, channel};

const SCAVENGE: [Phase; 4] = [Phase::Roots, Phase::Remembered, Phase::Copy, Phase::Weak];
const MARK: [Phase; 3] = [Phase::Roots, Phase::Mark, Phase::Weak];
const FINISH: [Phase; 2] = [Phase::Mark, Phase::Weak];

/// The phases that a pause of this kind has, given whether one sweeps what an earlier one left, and whether it starts
/// a marking or compacts. A full collection begins a sweep, or compacts, and then does what is left to sweep.
fn expected(kind: PauseKind, sweeps_first: bool, starts: bool, compacts: bool) -> Vec<Phase> {
    let sweep = if sweeps_first { vec![Phase::Sweep] } else { Vec::new() };
    let snapshot = if starts { vec![Phase::Snapshot] } else { Vec::new() };
    match kind {
        PauseKind::Minor => [SCAVENGE.to_vec(), sweep, snapshot, vec![Phase::Resize]].concat(),
        PauseKind::Full => {
            let end = if compacts { Phase::Compact } else { Phase::Sweep };
            [sweep, MARK.to_vec(), vec![end, Phase::Sweep], SCAVENGE.to_vec(), vec![Phase::Resize]].concat()
        }
        PauseKind::Finish => {
            let moves = if compacts { vec![Phase::Evacuate] } else { Vec::new() };
            [SCAVENGE.to_vec(), FINISH.to_vec(), moves, vec![Phase::Sweep, Phase::Resize]].concat()
        }
        PauseKind::Step => vec![if sweeps_first { Phase::Sweep } else { Phase::Mark }],
    }
}

/// Runs a program with garbage, survivors, old objects, large objects, buffers and weak handles.
fn run_program(heap: &mut Heap) {
    let (node, bytes) = (node(heap), heap.register("bytes", Layout::Bytes));
    let head = list(heap, node, 20);
    for round in 0..12 {
        make_garbage(heap, node, 10);
        push(heap, node, head, round).unwrap();
        heap.scope(|heap| {
            heap.alloc_array(bytes, PAGE as u32).unwrap();
            let owner = heap.alloc_buffer(10_000).unwrap();
            heap.weak(owner);
        });
        if round % 4 == 1 {
            heap.collect_minor();
        }
    }
    heap.collect_full();
}

/// The pauses among these events.
fn ended(events: &[Event]) -> impl Iterator<Item = &Pause> {
    events.iter().filter_map(|event| if let Event::PauseEnded(pause) = event { Some(&**pause) } else { None })
}

fn run_recorded(config: Config) -> (Heap, Vec<Event>) {
    let (mut heap, recorder) = recorded(config);
    run_program(&mut heap);
    (heap, recorder.take())
}

#[test]
fn a_pause_is_told_from_its_start_over_its_phases_to_its_end() {
    each_config(|config| {
        let (_, events) = run_recorded(config);
        let mut started = None;
        let mut phases = Vec::new();
        for event in &events {
            match event {
                Event::PauseStarted(start) => {
                    assert_eq!(started, None, "pauses do not nest");
                    started = Some((start.id, start.kind, start.cause, start.at));
                }
                Event::PhaseEnded(end) => phases.push(*end),
                Event::PauseEnded(pause) => {
                    assert_eq!(started.take(), Some((pause.id, pause.kind, pause.cause, pause.start)));
                    assert_eq!(std::mem::take(&mut phases), pause.phases);
                }
                _ => {}
            }
        }
        assert_eq!(started, None, "the last pause has ended");
        assert!(ended(&events).map(|pause| pause.id).eq(0..ended(&events).count() as u64));
    });
}

#[test]
fn the_phases_of_a_pause_are_those_of_its_kind() {
    each_config(|config| {
        let (_, events) = run_recorded(config);
        for pause in ended(&events) {
            let phases: Vec<_> = pause.phases.iter().map(|end| end.phase).collect();
            let starts = phases.contains(&Phase::Snapshot);
            let compacts = phases.contains(&Phase::Compact) || phases.contains(&Phase::Evacuate);
            let possible = [false, true].map(|sweeps| expected(pause.kind, sweeps, starts, compacts));
            assert!(possible.contains(&phases), "{:?}: {phases:?}", pause.kind);
        }
    });
}

/// The sum of some work.
fn sum(work: impl Iterator<Item = Work>) -> Work {
    work.fold(Work::default(), |mut sum, work| {
        sum += work;
        sum
    })
}

#[test]
fn the_work_of_all_pauses_is_the_work_of_the_heap() {
    each_config(|config| {
        let (heap, events) = run_recorded(config);
        let told = sum(ended(&events).map(|pause| pause.work));
        let allocated_bytes = ended(&events).map(|pause| pause.allocated_bytes_before).sum();
        assert_eq!(Work { allocated_bytes, ..told }, heap.stats().work);
    });
}

#[test]
fn the_work_of_a_pause_is_the_work_of_its_phases() {
    each_config(|config| {
        let (_, events) = run_recorded(config);
        for pause in ended(&events) {
            let phases = sum(pause.phases.iter().map(|end| end.work));
            assert_eq!(Work { pauses: 1, ..phases }, pause.work);
        }
    });
}

#[test]
fn phases_follow_each_other_without_a_gap() {
    each_config(|config| {
        let (_, events) = run_recorded(config);
        for pause in ended(&events) {
            let mut time = pause.start;
            for end in &pause.phases {
                assert_eq!((end.pause, end.start), (pause.id, time));
                time += end.duration;
            }
            assert!(time.since(pause.start) <= pause.duration);
        }
    });
}

fn at(event: &Event) -> Nanos {
    match event {
        Event::PauseStarted(start) => start.at,
        Event::PhaseEnded(end) => Nanos(end.start.0 + end.duration.0),
        Event::PauseEnded(pause) => Nanos(pause.start.0 + pause.duration.0),
        Event::NewSpaceResized { at, .. }
        | Event::OldLimitSet { at, .. }
        | Event::MaximumRaised { at, .. }
        | Event::HeapFull { at, .. } => *at,
    }
}

#[test]
fn time_never_goes_back() {
    each_config(|config| {
        for clock in [ClockSource::Measured, ClockSource::Modelled(CostModel::default())] {
            let (heap, events) = run_recorded(Config { clock, ..config.clone() });
            assert!(events.iter().map(at).is_sorted());
            assert!(events.last().map(at) <= Some(heap.now()));
        }
    });
}

#[test]
fn a_modelled_clock_makes_two_runs_equal() {
    each_config(|config| {
        let config = Config { clock: ClockSource::Modelled(CostModel::default()), ..config };
        let (first, second) = (run_recorded(config.clone()), run_recorded(config));
        assert_eq!(first.1, second.1);
        assert_eq!((first.0.now(), first.0.stats()), (second.0.now(), second.0.stats()));
    });
}

#[test]
fn modelled_time_is_what_the_work_costs() {
    each_config(|config| {
        let cost = CostModel::default();
        let (heap, events) = run_recorded(Config { clock: ClockSource::Modelled(cost), ..config });
        assert_eq!(heap.now(), cost.time(&heap.stats().work));
        for pause in ended(&events) {
            let phases = pause.phases.iter().map(|end| end.duration.0).sum();
            assert_eq!(pause.duration, Nanos(phases), "time passes in phases only");
        }
    });
}

#[test]
fn a_refusal_without_a_collection_is_told_at_its_time() {
    each_calm_config(|config| {
        let (mut heap, recorder) =
            recorded(Config { clock: ClockSource::Modelled(CostModel::default()), ..config });
        let node = node(&mut heap);
        list(&mut heap, node, 1_000);
        let values = heap.register("values", Layout::Values(Decoder { mask: 0, tag: 0, shift: 0 }));
        assert!(heap.alloc_array(values, u32::MAX).is_err());
        assert_eq!(recorder.take().last().map(at), Some(heap.now()));
    });
}

#[test]
fn usage_is_told_as_it_was_before_and_after() {
    each_config(|config| {
        let (mut heap, recorder) = recorded(config);
        run_program(&mut heap);
        let (before, _) = (heap.usage(), pauses(&recorder));
        heap.collect_full();
        let pause = pauses(&recorder).remove(0);
        assert_eq!((pause.before, pause.after), (before, heap.usage()));
        assert_eq!(pause.after.heap_used(), heap.memory_usage().heap_used);
        assert_eq!(pause.after.heap_total(), heap.memory_usage().heap_total);
    });
}

#[test]
fn the_bytes_that_survived_are_those_copied_and_promoted() {
    each_config(|config| {
        let (_, events) = run_recorded(config);
        for pause in ended(&events) {
            let survived: u64 = pause.survived_bytes_by_age.iter().sum();
            assert_eq!(survived, pause.work.copied_bytes + pause.work.promoted_bytes);
        }
    });
}

/// The new limits told among these events.
fn limits(events: &[Event]) -> Vec<u64> {
    let limit = |event: &Event| {
        if let Event::OldLimitSet { limit_bytes, .. } = event { Some(*limit_bytes) } else { None }
    };
    events.iter().filter_map(limit).collect()
}

#[test]
fn each_full_collection_sets_the_limit_of_the_next() {
    each_calm_config(|config| {
        let (mut heap, recorder) = recorded(config);
        let shape = heap.register("object", Layout::Fixed { slots: 1, bytes: PAGE as u32 / 4 });
        for _ in 0..3 {
            list(&mut heap, shape, 20);
            make_old(&mut heap);
            let _ = recorder.take();
            heap.collect_full();
            let live = heap.usage().heap_used();
            assert_eq!(limits(&recorder.take()), [(2 * live).max(live + (16 << 20))]);
        }
    });
}

/// Sends events to a channel.
struct Channel(Sender<Event>);

impl EventSink for Channel {
    fn event(&mut self, event: &Event) {
        self.0.send(event.clone()).expect("the test listens");
    }
}

#[test]
fn a_tee_tells_two_sinks_the_same() {
    each_config(|config| {
        let mut heap = heap(config);
        let (sender, receiver) = channel();
        let (first, second) = (Recorder::default(), Recorder::default());
        heap.set_sink(Box::new(Tee(first.clone(), Tee(Box::new(second.clone()), Channel(sender)))));
        run_program(&mut heap);
        let events = first.take();
        assert_eq!(second.take(), events);
        assert_eq!(receiver.try_iter().collect::<Vec<_>>(), events);
        assert!(first.take().is_empty(), "taken events are gone");
    });
}

#[test]
fn a_sink_hears_of_what_happens_after_it_was_set() {
    each_config(|config| {
        let (mut heap, first) = recorded(config);
        heap.collect_minor();
        let second = Recorder::default();
        heap.set_sink(Box::new(second.clone()));
        heap.collect_full();
        let kinds =
            |recorder| pauses(recorder).iter().map(|pause| (pause.id, pause.kind)).collect::<Vec<_>>();
        assert_eq!(kinds(&first), [(0, PauseKind::Minor)]);
        assert_eq!(kinds(&second), [(1, PauseKind::Full)]);
    });
}

#[test]
fn an_idle_heap_tells_of_empty_pauses() {
    each_config(|config| {
        let (mut heap, recorder) = recorded(with_semispaces(config, MIN_SEMISPACE_BYTES));
        heap.collect_minor();
        heap.collect_full();
        for pause in pauses(&recorder) {
            assert_eq!(pause.work, Work { pauses: 1, ..Work::default() });
            assert_eq!(pause.after, Usage { new_total: 2 * MIN_SEMISPACE_BYTES, ..Usage::default() });
        }
    });
}
