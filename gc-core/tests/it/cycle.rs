//! One collection of the old generation in steps after the other: what it frees, what it keeps, what it tells.

use crate::support::{
    NODE_BYTES, PAGE, always_marking, assert_list, each_calm_config, heap, leaf, list, make_garbage, node,
    pauses, push, recorded, with_age, with_semispaces, words,
};
use gc_core::clock::CostModel;
use gc_core::event::{Cause, Nanos, Pause, PauseKind, Phase, Recorder};
use gc_core::policy::{Growth, PercentGrowth};
use gc_core::{Budget, ClockSource, Config, Heap, Layout, Local, MIN_SEMISPACE_BYTES, Root, Shape};

/// Settings under which each scavenge starts a marking if none is under way, nothing else does, and what survives is
/// old at once.
fn by_hand(mut config: Config) -> Config {
    config = always_marking(with_semispaces(config, MIN_SEMISPACE_BYTES));
    config.marking.idle_start_percent = 100;
    config.max_old_bytes = 16 << 20;
    with_age(config, 0)
}

/// Runs a test with a heap under each calm setting.
fn each_heap(test: impl Fn(&mut Heap, Shape, &Recorder)) {
    each_calm_config(|config| {
        let (mut heap, recorder) = recorded(by_hand(config));
        let node = node(&mut heap);
        test(&mut heap, node, &recorder);
        assert_eq!(heap.verify(), Ok(()));
    });
}

/// Starts a marking of all that is old then. None must be under way.
fn start(heap: &mut Heap) {
    heap.collect_full();
    heap.collect_minor();
}

/// Ends the marking under way, and the sweeping after it.
fn end(heap: &mut Heap) {
    while heap.step(Budget::Work(1)) {}
}

/// Goes on until a marking has ended, but not with the sweeping after it.
fn mark(heap: &mut Heap) {
    let before = heap.stats().incremental_collections;
    while heap.stats().incremental_collections == before {
        heap.step(Budget::Work(1));
    }
}

/// Bytes of old and large objects.
fn used(heap: &Heap) -> u64 {
    heap.usage().old_used + heap.usage().large_used
}

#[test]
fn garbage_made_before_is_freed_and_garbage_made_meanwhile_by_the_next() {
    each_heap(|heap, node, _| {
        let [kept, early, late] = [50, 70, 90].map(|length| list(heap, node, length));
        heap.collect_minor();
        heap.scope(|heap| heap.load(early, 0));
        let dropped: Root = heap.root(late);
        heap.assign(late, kept);
        heap.assign(early, kept);
        start(heap);
        let before = used(heap);
        drop(dropped);
        end(heap);
        assert_eq!((before, used(heap)), (140 * NODE_BYTES, 140 * NODE_BYTES), "the late list floats");
        heap.collect_minor();
        end(heap);
        assert_eq!(used(heap), 50 * NODE_BYTES);
        assert_list(heap, kept, 50);
    });
}

#[test]
fn garbage_made_before_the_start_is_freed_without_a_full_collection() {
    each_heap(|heap, node, recorder| {
        let kept = list(heap, node, 50);
        heap.scope(|heap| list(heap, node, 70));
        heap.scope(|heap| {
            list(heap, node, 90);
            heap.collect_minor();
        });
        // It has just started, with the list of 90 alive.
        end(heap);
        assert_eq!(used(heap), (50 + 90) * NODE_BYTES);
        heap.collect_minor();
        end(heap);
        assert_eq!(used(heap), 50 * NODE_BYTES);
        assert_list(heap, kept, 50);
        assert!(pauses(recorder).iter().all(|pause| pause.kind != PauseKind::Full));
    });
}

#[test]
fn what_becomes_old_meanwhile_is_kept_by_this_marking_and_freed_by_the_next() {
    each_heap(|heap, node, _| {
        list(heap, node, 10);
        heap.collect_minor();
        start(heap);
        let bytes = heap.register("large", Layout::Bytes);
        heap.scope(|heap| {
            list(heap, node, 30);
            heap.alloc_array(bytes, 2 * PAGE as u32 - 8).unwrap();
            heap.collect_minor();
        });
        end(heap);
        assert_eq!(used(heap), 40 * NODE_BYTES + 2 * PAGE);
        heap.collect_minor();
        end(heap);
        assert_eq!((used(heap), heap.usage().large_total), (10 * NODE_BYTES, 0));
    });
}

#[test]
fn a_weakly_held_list_is_kept_if_it_is_reached_meanwhile() {
    for reach in [false, true] {
        each_heap(|heap, node, _| {
            list(heap, node, 5);
            let weak = heap.scope(|heap| {
                let head = list(heap, node, 20);
                heap.collect_full();
                heap.weak(head)
            });
            heap.collect_minor();
            let reached = if reach { heap.upgrade(&weak) } else { None };
            end(heap);
            assert_eq!(heap.upgrade(&weak).is_some(), reach);
            assert_eq!(used(heap), (5 + if reach { 20 } else { 0 }) * NODE_BYTES);
            if let Some(head) = reached {
                assert_list(heap, head, 20);
            }
        });
    }
}

/// Makes `pages` pages of old objects, of which every second is garbage.
fn fill_pages(heap: &mut Heap, pages: u64) -> Local {
    let shape = heap.register("a page's quarter", Layout::Fixed { slots: 1, bytes: PAGE as u32 / 4 - 16 });
    let kept = heap.alloc(shape).unwrap();
    for number in 0..pages * 2 {
        push(heap, shape, kept, number).unwrap();
        heap.scope(|heap| heap.alloc(shape).map(|garbage| heap.store(garbage, 0, None))).unwrap();
        if number % 2 == 1 {
            heap.collect_minor();
        }
    }
    kept
}

#[test]
fn each_page_is_examined_once_in_a_cycle() {
    each_heap(|heap, _, _| {
        fill_pages(heap, 40);
        heap.collect_full();
        heap.collect_minor();
        let (pages, before) = (heap.usage().old_total / PAGE, heap.stats().work.swept_pages);
        end(heap);
        assert_eq!(heap.stats().work.swept_pages - before, pages);
        end(heap);
        assert_eq!(heap.stats().work.swept_pages - before, pages, "there is nothing left to sweep");
    });
}

#[test]
fn a_large_object_found_dead_goes_back_page_by_page() {
    each_heap(|heap, _, _| {
        let bytes = heap.register("large", Layout::Bytes);
        heap.scope(|heap| {
            heap.alloc_array(bytes, 20 * PAGE as u32 - 8).unwrap();
            start(heap);
        });
        end(heap);
        heap.collect_minor();
        mark(heap);
        for left in [20, 13, 6, 0] {
            assert_eq!(heap.usage().large_total / PAGE, left);
            heap.step(Budget::Work(7));
        }
    });
}

#[test]
fn free_pages_go_back_in_steps() {
    each_calm_config(|config| {
        let mut config = by_hand(config);
        config.pacing.growth =
            Growth::Percent(PercentGrowth { growth_percent: 101, min_growth_bytes: 1 << 16 });
        let (mut heap, recorder) = recorded(config);
        heap.scope(|heap| {
            fill_pages(heap, 60);
            start(heap);
        });
        end(&mut heap);
        heap.collect_minor();
        let full_bytes = heap.memory_usage().rss;
        let _ = pauses(&recorder);
        end(&mut heap);
        let freed_bytes = full_bytes - heap.memory_usage().rss;
        assert!(freed_bytes >= 25 * PAGE, "{} pages", freed_bytes / PAGE);
        let sweeping = pauses(&recorder).iter().filter(|pause| has_phase(pause, Phase::Sweep)).count();
        assert!(sweeping >= 7, "{sweeping} steps");
    });
}

fn has_phase(pause: &Pause, phase: Phase) -> bool {
    pause.phases.iter().any(|end| end.phase == phase)
}

#[test]
fn many_cycles_do_not_leak_pages() {
    each_heap(|heap, node, _| {
        let kept = list(heap, node, 500);
        let mut pages = Vec::new();
        for _ in 0..60 {
            heap.scope(|heap| {
                list(heap, node, 5_000);
                heap.collect_minor();
            });
            heap.step(Budget::Work(700));
            make_garbage(heap, node, 3_000);
            end(heap);
            pages.push(heap.usage().heap_total() / PAGE);
        }
        assert!(pages[20..].iter().max() <= pages[..20].iter().max(), "{pages:?}");
        assert_list(heap, kept, 500);
        heap.collect_full();
        assert_eq!(used(heap), 500 * NODE_BYTES);
    });
}

/// Interrupts a collection of the old generation after so many units of work, and fails unless everything is as if it
/// had not been under way.
fn interrupt(work: u64, interruption: impl Fn(&mut Heap, Shape)) {
    each_heap(|heap, node, _| {
        let kept = list(heap, node, 300);
        heap.scope(|heap| {
            list(heap, node, 100);
            start(heap);
        });
        heap.step(Budget::Work(work));
        interruption(heap, node);
        heap.collect_full();
        assert_eq!((heap.usage().heap_used(), words(heap, kept).len()), (300 * NODE_BYTES, 300));
        assert_eq!(heap.verify(), Ok(()));
    });
}

/// Amounts of work after which a marking has just started, is in its middle, has nothing left to do, and is over.
const INTERRUPTED_AFTER: [u64; 6] = [0, 1, 200, 400, 401, 402];

#[test]
fn a_full_collection_is_exact_whenever_it_comes() {
    INTERRUPTED_AFTER.into_iter().for_each(|work| interrupt(work, |_, _| ()));
}

#[test]
fn a_full_heap_stays_usable_whatever_was_under_way() {
    for work in INTERRUPTED_AFTER {
        interrupt(work, |heap, _| {
            let shape = heap.register("object", Layout::Fixed { slots: 1, bytes: PAGE as u32 / 8 });
            heap.scope(|heap| {
                let head = heap.alloc(shape).unwrap();
                while push(heap, shape, head, 1).is_ok() {}
            });
            assert!(heap.stats().heap_full > 0);
            make_garbage(heap, shape, 50);
        });
    }
}

#[test]
fn batches_are_whole_whatever_is_under_way() {
    for work in INTERRUPTED_AFTER {
        interrupt(work, |heap, node| {
            for _ in 0..300 {
                let pair = heap.scope(|heap| {
                    let pair = heap.batch(2 * NODE_BYTES, |batch| {
                        let child = batch.alloc_with(node, [None, None]);
                        batch.alloc_with(node, [Some(child), None])
                    });
                    heap.view(pair.unwrap()).slot(0).is_some()
                });
                assert!(pair);
                heap.step(Budget::Work(1));
            }
        });
    }
}

#[test]
fn roots_dropped_on_other_threads_are_let_go_by_the_next_marking() {
    each_heap(|heap, node, _| {
        let root = heap.scope(|heap| {
            let head = list(heap, node, 40);
            heap.root(head)
        });
        start(heap);
        std::thread::spawn(move || drop(root)).join().expect("no panic");
        end(heap);
        assert_eq!(used(heap), 40 * NODE_BYTES, "it was held when the marking started");
        heap.collect_minor();
        end(heap);
        assert_eq!(used(heap), 0);
    });
}

#[test]
fn a_step_does_no_more_work_than_it_is_given() {
    each_heap(|heap, node, _| {
        list(heap, node, 1_000);
        start(heap);
        for work in [1, 7, 128, 130, 300] {
            let before = heap.stats().work.marked_objects;
            assert!(heap.step(Budget::Work(work)));
            assert_eq!(heap.stats().work.marked_objects - before, work);
        }
        assert!(heap.step(Budget::Work(0)), "there is more");
    });
}

#[test]
fn idle_steps_go_through_a_whole_cycle_and_then_have_nothing_to_do() {
    each_heap(|heap, node, recorder| {
        list(heap, node, 1_000);
        start(heap);
        let _ = pauses(recorder);
        end(heap);
        let pauses = pauses(recorder);
        assert!(pauses.iter().all(|pause| pause.cause == Cause::Idle));
        let count = |kind| pauses.iter().filter(|pause| pause.kind == kind).count();
        assert_eq!([PauseKind::Minor, PauseKind::Full, PauseKind::Finish].map(count), [0, 0, 1]);
        let marking =
            pauses.iter().filter(|pause| pause.kind == PauseKind::Step && has_phase(pause, Phase::Mark));
        assert_eq!(marking.count(), 1_000);
        for budget in [Budget::Work(0), Budget::Work(1_000), Budget::Time(Nanos(1_000_000_000))] {
            assert!(!heap.step(budget), "{budget:?}");
        }
        assert!(recorder.take().is_empty());
    });
}

#[test]
fn idle_time_starts_a_marking_early() {
    each_calm_config(|config| {
        let mut config = by_hand(config);
        (config.marking.start_percent, config.marking.idle_start_percent) = (100, 0);
        let (mut heap, recorder) = recorded(config);
        let node = node(&mut heap);
        list(&mut heap, node, 100);
        heap.collect_minor();
        let _ = pauses(&recorder);
        heap.step(Budget::Work(1));
        let pause = pauses(&recorder).remove(0);
        assert_eq!((pause.kind, pause.cause), (PauseKind::Step, Cause::Idle));
        assert!(has_phase(&pause, Phase::Snapshot));
    });
}

/// Settings under which idle time always starts a marking, and nothing else does.
fn by_idle_time(config: Config) -> Config {
    let mut config = by_hand(config);
    (config.marking.start_percent, config.marking.idle_start_percent) = (100, 0);
    config
}

#[test]
fn an_idle_scavenge_and_the_start_of_a_marking_are_work_of_their_own() {
    each_calm_config(|config| {
        let (mut heap, recorder) = recorded(by_idle_time(config));
        let node = node(&mut heap);
        make_garbage(&mut heap, node, 4_000);
        let _ = pauses(&recorder);
        for (kind, starts) in [(PauseKind::Minor, false), (PauseKind::Step, true)] {
            assert!(heap.step(Budget::Work(1)));
            let pauses = pauses(&recorder);
            let told = pauses.iter().map(|pause| (pause.kind, has_phase(pause, Phase::Snapshot)));
            assert_eq!(told.collect::<Vec<_>>(), [(kind, starts)]);
        }
    });
}

#[test]
fn idle_time_does_not_start_a_marking_that_is_expected_to_take_too_long() {
    const ROOT: u64 = 1_000;
    each_calm_config(|config| {
        let cost = CostModel { root_ps: ROOT * 1_000, ..CostModel::default() };
        let mut config = Config { clock: ClockSource::Modelled(cost), ..by_idle_time(config) };
        config.marking.max_minor_collections = 1;
        let (mut heap, recorder) = recorded(config);
        let node = node(&mut heap);
        let roots = 100;
        for word in 0..roots {
            leaf(&mut heap, node, word);
        }
        mark(&mut heap);
        leaf(&mut heap, node, roots);
        // One unit sweeps the only page, the next one finds that there is no other.
        heap.step(Budget::Work(2));
        let _ = pauses(&recorder);
        assert!(!heap.step(Budget::Time(Nanos(ROOT * roots / 2))), "it takes twice as long");
        assert_eq!(pauses(&recorder), []);
        heap.step(Budget::Time(Nanos(ROOT * roots * 2)));
        assert!(has_phase(&pauses(&recorder)[0], Phase::Snapshot));
    });
}

#[test]
fn a_marking_that_starts_among_new_objects_keeps_what_they_refer_to() {
    each_calm_config(|config| {
        let mut heap = heap(by_idle_time(config));
        let node = node(&mut heap);
        let (kept, old) = (leaf(&mut heap, node, 1), list(&mut heap, node, 50));
        heap.collect_minor();
        let young = leaf(&mut heap, node, 2);
        heap.store(young, 0, Some(old));
        heap.assign(old, kept);
        mark(&mut heap);
        let list = heap.load(young, 0).expect("the list");
        assert_list(&heap, list, 50);
        assert_eq!(heap.verify(), Ok(()));
    });
}

#[test]
fn pages_that_wait_to_be_swept_are_found_free_before_everything_is_collected() {
    each_heap(|heap, _, recorder| {
        let max_pages = heap.config().max_old_bytes / PAGE;
        heap.scope(|heap| fill_pages(heap, 2 * (max_pages - 12)));
        end(heap);
        heap.collect_minor();
        mark(heap);
        assert!(heap.usage().old_total >= (max_pages - 12) * PAGE, "nothing has been swept");
        let _ = pauses(recorder);
        let bytes = heap.register("half of the heap", Layout::Bytes);
        heap.alloc_array(bytes, (max_pages / 2 * PAGE) as u32).unwrap();
        let pauses = pauses(recorder);
        assert!(pauses.iter().all(|pause| pause.cause == Cause::SweepingDue), "{pauses:?}");
    });
}

#[test]
fn idle_time_does_not_start_a_marking_for_which_there_is_no_room() {
    each_calm_config(|config| {
        let mut config = by_hand(config);
        (config.marking.idle_start_percent, config.max_old_bytes) = (0, 2 * MIN_SEMISPACE_BYTES);
        let mut heap = heap(config);
        let node = node(&mut heap);
        list(&mut heap, node, 100);
        assert!(!heap.step(Budget::Work(100)));
        assert_eq!(heap.stats().minor_collections, 0);
    });
}

/// A program under a modelled clock, with steps of all kinds; its events.
fn run_modelled(config: Config, budget: Budget) -> String {
    let clock = ClockSource::Modelled(CostModel::default());
    let (mut heap, recorder) = recorded(Config { clock, ..by_hand(config) });
    let node = node(&mut heap);
    let kept = list(&mut heap, node, 3_000);
    for round in 0..120 {
        heap.scope(|heap| list(heap, node, 50 * round));
        heap.step(budget);
        heap.scope(|heap| heap.load(kept, 0).map(|second| heap.store(second, 1, Some(kept))));
    }
    format!("{:?}", recorder.take())
}

#[test]
fn two_runs_under_a_modelled_clock_are_the_same_to_the_byte() {
    each_calm_config(|config| {
        for budget in [Budget::Work(300), Budget::Time(Nanos(20_000))] {
            let first = run_modelled(config.clone(), budget);
            assert!(first.contains("Finish") && first.contains("Step"));
            assert_eq!(first, run_modelled(config.clone(), budget));
        }
    });
}

#[test]
fn a_step_of_some_time_ends_soon_after() {
    each_calm_config(|config| {
        let clock = ClockSource::Modelled(CostModel::default());
        let (mut heap, recorder) = recorded(Config { clock, ..by_hand(config) });
        let node = node(&mut heap);
        list(&mut heap, node, 5_000);
        start(&mut heap);
        let _ = pauses(&recorder);
        assert!(heap.step(Budget::Time(Nanos(10_000))));
        let took: u64 = pauses(&recorder).iter().map(|pause| pause.duration.0).sum();
        assert!((10_000..14_000).contains(&took), "{took} ns: a look at the clock comes after 128 objects");
    });
}

#[test]
fn one_object_larger_than_what_is_left_forces_the_end_and_says_so() {
    each_calm_config(|config| {
        let mut config = by_hand(config);
        config.max_old_bytes = 64 << 20;
        config.pacing.growth =
            Growth::Percent(PercentGrowth { growth_percent: 200, min_growth_bytes: 1 << 20 });
        let (mut heap, recorder) = recorded(config);
        let node = node(&mut heap);
        list(&mut heap, node, 1_000);
        start(&mut heap);
        let bytes = heap.register("huge", Layout::Bytes);
        heap.alloc_array(bytes, 16 << 20).unwrap();
        heap.collect_minor();
        let _ = pauses(&recorder);
        make_garbage(&mut heap, node, 2 * MIN_SEMISPACE_BYTES / NODE_BYTES);
        let finish = pauses(&recorder).into_iter().find(|pause| pause.kind != PauseKind::Step);
        assert_eq!(finish.map(|pause| (pause.kind, pause.cause)), Some((PauseKind::Finish, Cause::OldLimit)));
    });
}
