//! Sizes: the rules of growth set the limits that they compute, the pause goal bounds new space, and memory that is not
//! needed goes back to the system.

use crate::support::{
    PAGE, assert_list, at_once, each_calm_config, each_config, heap, list, make_garbage, make_old, node,
    push, recorded, with_age, with_semispaces, words,
};
use gc_core::clock::CostModel;
use gc_core::event::{Cause, Event, Nanos, Pause, PauseKind, Recorder};
use gc_core::policy::{
    Growth, Marked, NewSpaceSizing, OldPacing, Pace, PercentGrowth, Reducer, SpeedAccount, SquareRootGrowth,
    V8Growth,
};
use gc_core::{Budget, ClockSource, Config, Heap, Layout, MIN_SEMISPACE_BYTES};

const MIB: u64 = 1 << 20;

fn modelled(config: Config, cost: CostModel) -> Config {
    Config { clock: ClockSource::Modelled(cost), ..config }
}

fn rules() -> [Growth; 4] {
    [
        Growth::Percent(PercentGrowth { growth_percent: 150, min_growth_bytes: 1 << 16 }),
        Growth::V8(V8Growth { min_growth_bytes: 1 << 16, ..V8Growth::default() }),
        Growth::V8(V8Growth { utilisation_percent: 60, min_growth_bytes: 1 << 16, ..V8Growth::default() }),
        Growth::SquareRoot(SquareRootGrowth { inverse_c_bytes: 32 * MIB, min_growth_bytes: 1 << 16 }),
    ]
}

/// Fails unless the limits told among these events are those that the growth of `heap` has from the rest of them.
fn check_limits(heap: &Heap, events: &[Event], new_space_bytes: u64) -> usize {
    let (mut account, mut expected, mut told) = (SpeedAccount::default(), Vec::new(), Vec::new());
    let mut limit_set = None;
    for event in events {
        match event {
            Event::OldLimitSet { at, limit_bytes } => {
                told.push(*limit_bytes);
                limit_set = Some(account.end_cycle(*at));
            }
            Event::PhaseEnded(end) => account.note_phase(end.phase, end.duration, &end.work),
            Event::PauseEnded(pause) => {
                expected.extend(limit_set.take().map(|speeds| {
                    heap.config().pacing.growth.limit_after(&Marked {
                        live_bytes: pause.after.old_used + pause.after.large_used,
                        max_bytes: heap.config().max_old_bytes,
                        new_space_bytes,
                        speeds,
                        pace: Pace::Usual,
                    })
                }));
            }
            _ => {}
        }
    }
    assert_eq!(told, expected);
    told.len()
}

#[test]
fn each_rule_of_growth_sets_the_limits_that_it_computes() {
    each_calm_config(|config| {
        for growth in rules() {
            let pacing = OldPacing { initial_limit_bytes: MIB, growth, ..config.pacing };
            let config = with_semispaces(Config { pacing, ..config.clone() }, MIN_SEMISPACE_BYTES);
            let (mut heap, recorder) = recorded(at_once(modelled(config, CostModel::default())));
            let object = heap.register("object", Layout::Fixed { slots: 1, bytes: 1008 });
            let head = heap.alloc(object).unwrap();
            for word in 0..8_000 {
                push(&mut heap, object, head, word).unwrap();
            }
            let limits = check_limits(&heap, &recorder.take(), MIN_SEMISPACE_BYTES);
            assert!(limits >= 2, "{growth:?}: {limits}");
        }
    });
}

/// Settings for a new space of up to 8 MiB with a pause goal; every surviving byte costs 1 ns.
fn with_goal(config: Config, goal: Option<Nanos>) -> Config {
    let (copied_byte_ps, promoted_byte_ps) = (1_000, 1_000);
    let cost = CostModel {
        copied_byte_ps,
        promoted_byte_ps,
        copied_object_ps: 0,
        promoted_object_ps: 0,
        ..CostModel::default()
    };
    let new_space = NewSpaceSizing {
        initial_bytes: 4 * MIB,
        max_bytes: 8 * MIB,
        max_growth_survival_percent: None,
        max_minor_pause: goal,
        ..NewSpaceSizing::default()
    };
    modelled(Config { new_space, ..config }, cost)
}

fn minor_pauses(recorder: &Recorder) -> Vec<Pause> {
    let pauses = crate::support::pauses(recorder);
    pauses.into_iter().filter(|pause| pause.kind == PauseKind::Minor).collect()
}

/// Allocates this many bytes of objects that are all kept, and tells of the minor pauses.
fn keep_everything(heap: &mut Heap, recorder: &Recorder, bytes: u64) -> Vec<Pause> {
    let object = heap.register("survivor", Layout::Fixed { slots: 1, bytes: 4080 });
    let head = heap.alloc(object).unwrap();
    for word in 0..bytes / 4096 {
        push(heap, object, head, word).unwrap();
    }
    minor_pauses(recorder)
}

#[test]
fn a_pause_goal_makes_new_space_so_small_that_pauses_keep_to_it() {
    const GOAL: Nanos = Nanos(1_000_000);
    each_calm_config(|config| {
        let (mut heap, recorder) = recorded(with_goal(config, Some(GOAL)));
        let pauses = keep_everything(&mut heap, &recorder, 20 * MIB);
        // 4, 2 and 1 MiB: what has survived in to-space keeps new space from shrinking at once.
        let (surprises, others) = pauses.split_at(3);
        assert!(surprises.iter().all(|pause| pause.duration > GOAL) && others.len() > 10);
        let worst = others.iter().map(|pause| pause.duration).max();
        assert!(worst <= Some(GOAL) && worst > Some(Nanos(GOAL.0 / 2)), "{worst:?}");
        let capacity = heap.usage().new_total / 2;
        assert!((500_000..750_000).contains(&capacity), "1 ms is for 1,000,000 bytes, not {capacity}");
    });
}

#[test]
fn without_a_pause_goal_new_space_grows_whatever_pauses_take() {
    each_calm_config(|config| {
        let (mut heap, recorder) = recorded(with_goal(config, None));
        let pauses = keep_everything(&mut heap, &recorder, 20 * MIB);
        assert!(pauses.iter().any(|pause| pause.duration > Nanos(5_000_000)));
        assert_eq!(heap.usage().new_total, 2 * 8 * MIB);
    });
}

#[test]
fn new_space_grows_again_when_less_survives() {
    each_calm_config(|config| {
        let (mut heap, recorder) = recorded(with_goal(config, Some(Nanos(1_000_000))));
        keep_everything(&mut heap, &recorder, 20 * MIB);
        let before = heap.usage().new_total;
        let object = heap.register("survivor", Layout::Fixed { slots: 1, bytes: 4080 });
        let head = heap.alloc(object).unwrap();
        for word in 0..3_000 {
            make_garbage(&mut heap, object, 15);
            push(&mut heap, object, head, word).unwrap();
        }
        assert!(heap.usage().new_total > 2 * before, "{before}, then {}", heap.usage().new_total);
    });
}

#[test]
fn new_space_does_not_grow_where_everything_survives_anyway() {
    each_calm_config(|config| {
        let new_space = NewSpaceSizing { initial_bytes: MIN_SEMISPACE_BYTES, ..NewSpaceSizing::default() };
        let (mut heap, recorder) = recorded(modelled(Config { new_space, ..config }, CostModel::default()));
        keep_everything(&mut heap, &recorder, 20 * MIN_SEMISPACE_BYTES);
        assert_eq!(heap.usage().new_total, 2 * MIN_SEMISPACE_BYTES);
    });
}

/// Makes new objects, keeps every second one until `kept_bytes` of them have come, drops them all and starts again. The
/// size of new space in the end, in smallest ones.
fn new_space_after_keeping(config: Config, kept_bytes: u64) -> u64 {
    let new_space = NewSpaceSizing { initial_bytes: MIN_SEMISPACE_BYTES, ..NewSpaceSizing::default() };
    let mut heap = heap(modelled(Config { new_space, ..config }, CostModel::default()));
    let object = heap.register("object", Layout::Fixed { slots: 1, bytes: 504 });
    let head = heap.alloc(object).unwrap();
    for index in 0..40 * MIN_SEMISPACE_BYTES / 512 {
        if index % (kept_bytes / 512) == 0 {
            heap.store(head, 0, None);
        }
        push(&mut heap, object, head, index).unwrap();
        heap.scope(|heap| heap.alloc(object)).unwrap();
    }
    heap.usage().new_total / (2 * MIN_SEMISPACE_BYTES)
}

#[test]
fn new_space_grows_for_what_dies_before_long_and_not_for_what_lives() {
    each_calm_config(|config| {
        assert!(new_space_after_keeping(with_age(config.clone(), 1), 2 * MIN_SEMISPACE_BYTES) >= 4);
        assert_eq!(new_space_after_keeping(with_age(config, 1), 80 * MIN_SEMISPACE_BYTES), 1);
    });
}

#[test]
fn a_program_that_hardly_allocates_gets_no_larger_new_space() {
    each_calm_config(|config| {
        // A byte a microsecond: idle is a byte or less.
        let slow = CostModel { allocated_byte_ps: 2_000_000, ..CostModel::default() };
        let new_space = NewSpaceSizing {
            initial_bytes: MIN_SEMISPACE_BYTES,
            max_growth_survival_percent: None,
            ..config.new_space
        };
        let (mut heap, recorder) = recorded(modelled(Config { new_space, ..config }, slow));
        let pauses = keep_everything(&mut heap, &recorder, 20 * MIN_SEMISPACE_BYTES);
        assert!(pauses.len() >= 10);
        assert_eq!(heap.usage().new_total, 2 * MIN_SEMISPACE_BYTES);
    });
}

#[test]
fn reducing_memory_gives_back_what_is_not_in_use() {
    each_config(|config| {
        let new_space = NewSpaceSizing {
            initial_bytes: MIN_SEMISPACE_BYTES,
            max_bytes: 16 * MIN_SEMISPACE_BYTES,
            max_growth_survival_percent: None,
            max_minor_pause: None,
            ..NewSpaceSizing::default()
        };
        let is_stressed = config.stress.collect_every.is_some();
        let mut heap = heap(modelled(with_age(Config { new_space, ..config }, 1), CostModel::default()));
        let node = node(&mut heap);
        let head = list(&mut heap, node, 50);
        heap.scope(|heap| {
            let large = heap.register("survivor", Layout::Fixed { slots: 1, bytes: PAGE as u32 / 8 });
            let survivors = heap.alloc(large).unwrap();
            (0..400).for_each(|word| push(heap, large, survivors, word).unwrap());
            assert!(is_stressed || heap.usage().new_total > 2 * MIN_SEMISPACE_BYTES);
        });
        heap.collect_full();
        let before = heap.memory_usage();
        heap.reduce_memory();
        let after = heap.memory_usage();
        assert_eq!(heap.usage().new_total, 2 * MIN_SEMISPACE_BYTES);
        assert!(
            after.heap_total <= before.heap_total && after.rss <= before.rss,
            "{before:?}, then {after:?}"
        );
        let has_shrunk = after.heap_total < before.heap_total && after.rss < before.rss;
        assert!(is_stressed || has_shrunk, "{before:?}, then {after:?}");
        assert_eq!(heap.verify(), Ok(()));
        make_garbage(&mut heap, node, 1_000);
        make_old(&mut heap);
        assert_list(&heap, head, 50);
    });
}

#[test]
fn reducing_memory_keeps_what_is_in_use() {
    each_config(|config| {
        let mut heap = heap(with_age(config, 15));
        let node = node(&mut heap);
        let head = list(&mut heap, node, 300);
        for _ in 0..3 {
            heap.reduce_memory();
            assert_eq!(heap.verify(), Ok(()));
            assert_list(&heap, head, 300);
            heap.collect_minor();
        }
    });
}

/// A heap whose time goes by with allocation, 10 ms a byte, that has just collected 12 MiB of garbage.
fn idle(config: Config, reducer: Reducer) -> Heap {
    let slow = CostModel { allocated_byte_ps: 10_000_000_000, ..CostModel::default() };
    let mut heap = heap(Config { reducer, ..modelled(config, slow) });
    let bytes = heap.register("bytes", Layout::Bytes);
    let root = heap.scope(|heap| {
        let large = heap.alloc_array(bytes, 12 << 20).unwrap();
        heap.root(large)
    });
    make_old(&mut heap);
    heap.collect_full();
    drop(root);
    heap
}

/// Lets time go by.
fn wait(heap: &mut Heap, seconds: u64) {
    let bytes = heap.register("bytes", Layout::Bytes);
    heap.scope(|heap| heap.alloc_array(bytes, seconds as u32 * 100).map(drop)).unwrap();
}

#[test]
fn an_idle_heap_is_collected_twice_after_it_has_grown() {
    each_calm_config(|config| {
        let mut heap = idle(config, Reducer::default());
        let before = heap.memory_usage();
        assert!(!heap.reduce_when_idle(), "it waits for 8 seconds");
        wait(&mut heap, 9);
        assert!(heap.reduce_when_idle());
        let after = heap.memory_usage();
        assert!(after.rss + 12 * MIB <= before.rss && after.heap_total + 12 * MIB <= before.heap_total);
        assert!(!heap.reduce_when_idle(), "it waits for half a second");
        wait(&mut heap, 1);
        assert!(heap.reduce_when_idle());
        for _ in 0..10 {
            wait(&mut heap, 100);
            assert!(!heap.reduce_when_idle(), "it has not grown since");
        }
    });
}

#[test]
fn idle_steps_reduce_the_memory_of_a_heap_that_has_grown() {
    const BUDGET: Budget = Budget::Time(Nanos(1_000_000));
    each_calm_config(|config| {
        let mut heap = idle(config, Reducer::default());
        let recorder = Recorder::default();
        heap.set_sink(Box::new(recorder.clone()));
        let before = heap.memory_usage();
        assert!(!heap.step(BUDGET), "it waits for 8 seconds");
        for (seconds, markings) in [(9, 1), (1, 2), (100, 2), (100, 2)] {
            wait(&mut heap, seconds);
            while heap.step(BUDGET) {}
            assert_eq!(heap.stats().incremental_collections, markings);
        }
        let after = heap.memory_usage();
        // All of the 12 MiB, but for the page that objects are allocated in.
        assert!(after.rss + 11 * MIB <= before.rss && after.heap_total + 11 * MIB <= before.heap_total);
        let pauses = crate::support::pauses(&recorder);
        let starts = pauses.iter().filter(|pause| pause.cause == Cause::MemoryReducer);
        assert_eq!(starts.map(|pause| pause.kind).collect::<Vec<_>>(), [PauseKind::Step; 2]);
        assert!(pauses.iter().all(|pause| pause.cause.is_idle() && pause.kind != PauseKind::Full));
    });
}

#[test]
fn a_heap_that_grows_again_after_its_memory_was_reduced_is_reduced_again() {
    each_calm_config(|config| {
        let mut heap = idle(config, Reducer { max_runs: 1, ..Reducer::default() });
        let object = heap.register("object", Layout::Fixed { slots: 1, bytes: 1008 });
        for _ in 0..3 {
            heap.scope(|heap| {
                let head = heap.alloc(object).unwrap();
                (0..16_000).for_each(|word| push(heap, object, head, word).unwrap());
                heap.collect_full();
            });
            wait(&mut heap, 9);
            assert!(heap.reduce_when_idle());
            assert!(heap.memory_usage().heap_total < 4 * MIB);
        }
    });
}

#[test]
fn a_reducer_without_runs_leaves_the_heap_alone() {
    each_calm_config(|config| {
        let mut heap = idle(config, Reducer { max_runs: 0, ..Reducer::default() });
        for _ in 0..10 {
            wait(&mut heap, 100);
            assert!(!heap.reduce_when_idle());
        }
    });
}

#[test]
fn a_batch_larger_than_new_space_makes_it_grow() {
    each_config(|config| {
        let new_space = NewSpaceSizing {
            initial_bytes: MIN_SEMISPACE_BYTES,
            max_bytes: 4 * MIN_SEMISPACE_BYTES,
            ..config.new_space
        };
        let mut heap = heap(Config { new_space, ..config });
        let node = node(&mut heap);
        for bytes in [2 * MIN_SEMISPACE_BYTES, 4 * MIN_SEMISPACE_BYTES] {
            let made = heap.batch(bytes, |batch| batch.alloc_with(node, [None, None]));
            let made = made.map(|leaf| words(&heap, leaf));
            assert_eq!(made, Ok(vec![0]));
        }
        assert!(
            heap.batch(4 * MIN_SEMISPACE_BYTES + 8, |batch| batch.alloc_with(node, [None, None])).is_err()
        );
        assert_eq!(heap.verify(), Ok(()));
    });
}
