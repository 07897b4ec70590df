//! New space: how it fills, what a scavenge leaves in it, and when it grows.

use crate::support::{
    NODE_BYTES, PAGE, assert_list, each_calm_config, each_config, heap, leaf, list, make_garbage, node,
    pauses, push, recorded, with_age, with_semispaces, words,
};
use gc_core::clock::CostModel;
use gc_core::event::{Cause, Event, PauseKind};
use gc_core::policy::{NewSpaceSizing, Promotion};
use gc_core::{ClockSource, Config, Layout, MIN_SEMISPACE_BYTES};

#[test]
fn it_is_filled_to_the_last_granule_before_it_is_collected() {
    each_calm_config(|config| {
        let (mut heap, recorder) = recorded(with_semispaces(config, MIN_SEMISPACE_BYTES));
        let shape = heap.register("16 bytes", Layout::Fixed { slots: 0, bytes: 8 });
        for _ in 0..MIN_SEMISPACE_BYTES / 16 {
            heap.scope(|heap| heap.alloc(shape)).unwrap();
        }
        assert_eq!(heap.usage().new_used, MIN_SEMISPACE_BYTES);
        assert!(pauses(&recorder).is_empty());
        heap.alloc(shape).unwrap();
        let causes: Vec<_> = pauses(&recorder).iter().map(|pause| (pause.kind, pause.cause)).collect();
        assert_eq!(causes, [(PauseKind::Minor, Cause::NewSpaceFull)]);
        assert_eq!(heap.usage().new_used, 16);
    });
}

#[test]
fn a_scavenge_keeps_what_is_alive_and_nothing_else() {
    each_config(|config| {
        let mut heap = heap(config);
        let node = node(&mut heap);
        let head = leaf(&mut heap, node, 0);
        for word in 1..60 {
            make_garbage(&mut heap, node, 3);
            push(&mut heap, node, head, word).unwrap();
        }
        heap.collect_minor();
        assert_eq!(heap.usage().heap_used(), 60 * NODE_BYTES);
        assert_list(&heap, head, 60);
    });
}

#[test]
fn survivors_move_from_one_semispace_to_the_other_and_back() {
    each_calm_config(|config| {
        let (mut heap, recorder) = recorded(with_age(config, 15));
        let node = node(&mut heap);
        let head = list(&mut heap, node, 100);
        for _ in 0..15 {
            heap.collect_minor();
            assert_list(&heap, head, 100);
        }
        let copied: Vec<_> = pauses(&recorder).iter().map(|pause| pause.work.copied_bytes).collect();
        assert_eq!(copied, [100 * NODE_BYTES; 15]);
    });
}

fn growing(config: Config, max_bytes: u64) -> Config {
    let new_space = NewSpaceSizing {
        initial_bytes: MIN_SEMISPACE_BYTES,
        max_bytes,
        max_growth_survival_percent: None,
        max_minor_pause: None,
        ..NewSpaceSizing::default()
    };
    // By the machine's clock a slow run would pass for an idle program.
    Config { new_space, clock: ClockSource::Modelled(CostModel::default()), ..config }
}

fn resizes(events: &[Event]) -> Vec<(u64, u64)> {
    let resized = |event: &Event| match *event {
        Event::NewSpaceResized { from_bytes, to_bytes, .. } => Some((from_bytes, to_bytes)),
        _ => None,
    };
    events.iter().filter_map(resized).collect()
}

#[test]
fn it_doubles_each_time_more_has_survived_than_it_holds() {
    const MIN: u64 = MIN_SEMISPACE_BYTES;
    each_calm_config(|config| {
        let (mut heap, recorder) = recorded(growing(config, 6 * MIN));
        let shape = heap.register("survivor", Layout::Fixed { slots: 1, bytes: PAGE as u32 / 128 });
        let head = heap.alloc(shape).unwrap();
        for word in 0..20 * MIN / (PAGE / 128) {
            push(&mut heap, shape, head, word).unwrap();
        }
        let expected = [(MIN, 2 * MIN), (2 * MIN, 4 * MIN), (4 * MIN, 6 * MIN)];
        assert_eq!(resizes(&recorder.take()), expected);
        assert_eq!(heap.usage().new_total, 2 * 6 * MIN);
    });
}

#[test]
fn garbage_alone_does_not_make_it_grow() {
    each_calm_config(|config| {
        let (mut heap, recorder) = recorded(growing(config, 8 * MIN_SEMISPACE_BYTES));
        let shape = heap.register("garbage", Layout::Fixed { slots: 0, bytes: 56 });
        for _ in 0..50 * MIN_SEMISPACE_BYTES / 64 {
            heap.scope(|heap| heap.alloc(shape)).unwrap();
        }
        assert_eq!(resizes(&recorder.take()), []);
        assert_eq!(heap.usage().new_total, 2 * MIN_SEMISPACE_BYTES);
        assert_eq!(heap.stats().minor_collections, 49);
    });
}

#[test]
fn it_never_exceeds_its_maximum() {
    each_config(|config| {
        let max_bytes = 2 * MIN_SEMISPACE_BYTES;
        let (mut heap, recorder) = recorded(growing(config, max_bytes));
        let shape = heap.register("survivor", Layout::Fixed { slots: 1, bytes: PAGE as u32 / 32 });
        let head = heap.alloc(shape).unwrap();
        for word in 0..200 {
            push(&mut heap, shape, head, word).unwrap();
            let usage = heap.usage();
            assert!(usage.new_total <= 2 * max_bytes && usage.new_used <= max_bytes, "{usage:?}");
        }
        assert!(resizes(&recorder.take()).iter().all(|(_, to_bytes)| *to_bytes <= max_bytes));
        assert_eq!(words(&heap, head).len(), 201);
    });
}

#[test]
fn a_maximum_that_is_no_multiple_of_8_is_reached_once() {
    each_calm_config(|config| {
        let (mut heap, recorder) = recorded(growing(config, MIN_SEMISPACE_BYTES + 1));
        let shape = heap.register("survivor", Layout::Fixed { slots: 1, bytes: PAGE as u32 / 128 });
        let head = heap.alloc(shape).unwrap();
        for word in 0..10 * MIN_SEMISPACE_BYTES / (PAGE / 128) {
            push(&mut heap, shape, head, word).unwrap();
        }
        let sizes = resizes(&recorder.take());
        assert!(sizes.len() <= 1 && sizes.iter().all(|(from, to)| from < to), "{sizes:?}");
    });
}

/// Survivors too young to be promoted fill new space: a second scavenge promotes them, and nothing else is collected.
#[test]
fn survivors_that_fill_new_space_do_not_make_it_collect_everything() {
    each_calm_config(|config| {
        let promotion = Promotion { age: 3, to_space_percent: None, ..Promotion::default() };
        let config = Config { promotion, ..with_semispaces(config, MIN_SEMISPACE_BYTES) };
        let (mut heap, recorder) = recorded(config);
        let node = node(&mut heap);
        let length = 3 * MIN_SEMISPACE_BYTES / NODE_BYTES;
        let head = list(&mut heap, node, length);
        assert_list(&heap, head, length);
        let causes: Vec<_> = pauses(&recorder).into_iter().map(|pause| pause.cause).collect();
        assert!(causes.contains(&Cause::NewSpaceCrowded), "{causes:?}");
        assert!(!causes.contains(&Cause::LastResort), "{causes:?}");
    });
}
