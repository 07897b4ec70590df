//! External memory: buffers live as long as their owners, are counted by the slab, and call for collections.

use crate::support::{
    NODE_BYTES, at_once, collect_in_turn, each_calm_config, each_config, heap, make_garbage, make_old, node,
    pauses, recorded, with_age,
};
use gc_core::event::{Cause, PauseKind};
use gc_core::policy::OldPacing;
use gc_core::{Config, Heap, Local};

/// Size of a slab.
const SLAB: u64 = 8 << 10;

fn buffer(heap: &mut Heap, bytes: u32, content: u8) -> Local {
    let buffer = heap.alloc_buffer(bytes).unwrap();
    assert!(heap.view(buffer).buffer().iter().all(|byte| *byte == 0), "a new buffer is zeroed");
    heap.buffer_mut(buffer).fill(content);
    buffer
}

#[test]
fn buffers_keep_their_bytes_while_their_owners_move() {
    each_config(|config| {
        let mut heap = heap(config);
        let sizes = [0, 1, 8, 100, 8191, 8192, 8193, 100_000];
        let buffers: Vec<_> = (1..)
            .zip(sizes)
            .map(|(content, bytes)| (content, bytes, buffer(&mut heap, bytes, content)))
            .collect();
        for round in 0..6 {
            collect_in_turn(&mut heap, round);
            for (content, bytes, owner) in &buffers {
                let view = heap.view(*owner);
                assert_eq!((view.len(), view.buffer().len()), (*bytes, *bytes as usize));
                assert!(view.buffer().iter().all(|byte| byte == content), "{bytes} bytes, round {round}");
            }
        }
        assert_eq!(heap.usage().heap_used(), 16 * sizes.len() as u64);
    });
}

/// Fails unless buffers of these sizes take this many bytes, in slabs that are empty, partial and full.
fn check_slabs(sizes: &[u32], bytes: u64, by_state: [usize; 3]) {
    each_config(|config| {
        let mut heap = heap(config);
        heap.scope(|heap| {
            for size in sizes {
                buffer(heap, *size, 1);
            }
            assert_eq!((heap.usage().external, heap.slabs_by_state()), (bytes, by_state), "{sizes:?}");
            assert_eq!(heap.memory_usage().external, bytes);
        });
        heap.collect_full();
        assert!(heap.usage().external <= SLAB, "at most the slab at hand is kept");
        assert_eq!(heap.slabs_by_state()[1..], [0, 0]);
    });
}

#[test]
fn memory_is_counted_by_the_slab() {
    check_slabs(&[], 0, [0, 0, 0]);
    check_slabs(&[1], SLAB, [0, 1, 0]);
    check_slabs(&[100, 4000, 4000], SLAB, [0, 1, 0]);
    check_slabs(&[4096, 4096], SLAB, [0, 0, 1]);
    check_slabs(&[5000, 5000], 2 * SLAB, [0, 2, 0]);
    check_slabs(&[1, 20_000, 1], SLAB + 20_000, [0, 1, 1]);
}

#[test]
fn one_small_buffer_keeps_a_whole_slab() {
    each_config(|config| {
        let mut heap = heap(config);
        let small = heap.escape(|heap| {
            let small = heap.alloc_buffer(10);
            buffer(heap, 8_000, 1);
            buffer(heap, 8_192, 2);
            small
        });
        heap.collect_full();
        assert_eq!((heap.usage().external, heap.slabs_by_state()), (2 * SLAB, [1, 1, 0]));
        assert_eq!(heap.view(small.unwrap()).buffer(), [0; 10]);
    });
}

#[test]
fn the_buffer_of_a_young_owner_is_freed_by_a_scavenge() {
    each_config(|config| {
        let mut heap = heap(config);
        heap.scope(|heap| buffer(heap, 100_000, 1));
        assert_eq!(heap.usage().external, 100_000);
        heap.collect_minor();
        assert_eq!(heap.usage().external, 0);
    });
}

#[test]
fn the_buffer_of_an_old_owner_is_freed_by_a_full_collection() {
    each_config(|config| {
        let mut heap = heap(config);
        heap.scope(|heap| {
            buffer(heap, 100_000, 1);
            make_old(heap);
        });
        heap.collect_minor();
        assert_eq!(heap.usage().external, 100_000);
        heap.collect_full();
        assert_eq!(heap.usage().external, 0);
    });
}

#[test]
fn freed_places_are_given_to_other_buffers() {
    each_config(|config| {
        let mut heap = heap(config);
        let kept = buffer(&mut heap, 500, 0xff);
        for round in 0..60 {
            heap.scope(|heap| {
                buffer(heap, 100 + round, 1);
                buffer(heap, 9_000 + round, 2);
            });
            collect_in_turn(&mut heap, round);
        }
        assert!(heap.usage().external <= 2 * SLAB, "{}", heap.usage().external);
        assert_eq!(heap.view(kept).buffer(), [0xff; 500]);
    });
}

#[test]
fn buffers_are_reached_through_other_objects() {
    each_config(|config| {
        let mut heap = heap(config);
        let node = node(&mut heap);
        let parent = heap.alloc(node).unwrap();
        heap.scope(|heap| {
            let owner = buffer(heap, 9_000, 5);
            heap.store(parent, 0, Some(owner));
        });
        make_garbage(&mut heap, node, 20);
        make_old(&mut heap);
        assert_eq!(heap.view(parent).slot(0).map(|owner| owner.buffer().to_vec()), Some(vec![5; 9_000]));
        assert_eq!(heap.usage().heap_used(), NODE_BYTES + 16);
    });
}

fn with_pacing(config: Config, pacing: OldPacing) -> Config {
    Config { pacing, ..config }
}

#[test]
fn young_external_memory_calls_for_a_scavenge() {
    each_calm_config(|config| {
        let pacing = OldPacing { young_external_bytes: 1 << 20, ..OldPacing::default() };
        let (mut heap, recorder) = recorded(with_pacing(config, pacing));
        for _ in 0..160 {
            heap.scope(|heap| buffer(heap, 1 << 16, 1));
        }
        let causes: Vec<_> = pauses(&recorder).iter().map(|pause| (pause.kind, pause.cause)).collect();
        assert_eq!(causes, [(PauseKind::Minor, Cause::YoungExternal); 9], "one for each MiB but the last");
        assert_eq!(heap.usage().external, 1 << 20);
    });
}

#[test]
fn external_memory_beyond_its_limit_calls_for_a_full_collection() {
    each_calm_config(|config| {
        let pacing = OldPacing {
            external_growth_bytes: 4 << 20,
            young_external_bytes: 1 << 20,
            ..OldPacing::default()
        };
        let (mut heap, recorder) = recorded(at_once(with_pacing(with_age(config, 0), pacing)));
        let node = node(&mut heap);
        let parent = heap.alloc(node).unwrap();
        for _ in 0..160 {
            heap.scope(|heap| {
                let owner = buffer(heap, 1 << 16, 1);
                heap.store(parent, 0, Some(owner));
                heap.collect_minor();
            });
        }
        let pressed = pauses(&recorder).into_iter().filter(|pause| pause.cause == Cause::ExternalPressure);
        assert_eq!(pressed.map(|pause| pause.kind).collect::<Vec<_>>(), []);
        for _ in 0..160 {
            heap.scope(|heap| {
                let owner = buffer(heap, 1 << 16, 1);
                heap.store(parent, 0, Some(owner));
            });
        }
        let pressed = pauses(&recorder).into_iter().find(|pause| pause.cause == Cause::ExternalPressure);
        let pause = pressed.expect("10 MiB have been allocated");
        assert_eq!(pause.kind, PauseKind::Full);
        assert!(pause.before.external >= 4 << 20 && pause.after.external <= 2 << 20, "{pause:?}");
    });
}
