//! Handles, roots and weak handles: what they keep alive, for how long, and what happens when they are
//! misused.

use crate::support::{
    NODE_BYTES, PAGE, alone, assert_list, collect_in_turn, each_calm_config, each_config, heap, leaf, list,
    make_garbage, make_old, node, with_semispaces, word, words,
};
use gc_core::{Config, Heap, HeapFull, Layout, Local, MIN_SEMISPACE_BYTES, Root, Shape, View, Weak};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

#[test]
fn a_handle_keeps_its_object_until_its_scope_ends() {
    each_config(|config| {
        let mut heap = heap(config);
        let node = node(&mut heap);
        let outer = leaf(&mut heap, node, 1);
        heap.scope(|heap| {
            let middle = leaf(heap, node, 2);
            heap.scope(|heap| {
                leaf(heap, node, 3);
                heap.collect_full();
                assert_eq!(heap.usage().heap_used(), 3 * NODE_BYTES);
            });
            heap.collect_full();
            assert_eq!(heap.usage().heap_used(), 2 * NODE_BYTES);
            assert_eq!(heap.view(middle).word(0), 2);
        });
        heap.collect_full();
        assert_eq!(heap.usage().heap_used(), NODE_BYTES);
        assert_eq!(heap.view(outer).word(0), 1);
    });
}

#[test]
fn one_handle_escapes_its_scope() {
    each_config(|config| {
        let mut heap = heap(config);
        let node = node(&mut heap);
        let escaped = heap.escape(|heap| {
            list(heap, node, 5);
            let kept = heap.escape(|heap| Ok::<_, HeapFull>(leaf(heap, node, 7)))?;
            list(heap, node, 5);
            Ok::<_, HeapFull>(kept)
        });
        heap.collect_full();
        assert_eq!(heap.view(escaped.unwrap()).word(0), 7);
        assert_eq!(heap.usage().heap_used(), NODE_BYTES);
    });
}

#[test]
fn a_scope_that_fails_ends_all_its_handles() {
    each_config(|config| {
        let mut heap = heap(config);
        let node = node(&mut heap);
        let failed = heap.escape(|heap| {
            leaf(heap, node, 1);
            Err("no")
        });
        assert_eq!(failed.err(), Some("no"));
        heap.collect_full();
        assert_eq!(heap.usage().heap_used(), 0);
    });
}

/// A complete binary tree of this depth, with its depth in each node.
fn tree(heap: &mut Heap, node: Shape, depth: u64) -> Result<Local, HeapFull> {
    let made = heap.alloc_from(node, |heap| {
        if depth == 0 {
            return Ok([None; 2]);
        }
        Ok([Some(tree(heap, node, depth - 1)?), Some(tree(heap, node, depth - 1)?)])
    })?;
    heap.store_word(made, 0, depth);
    Ok(made)
}

/// The nodes of a tree as [`tree`] makes it.
fn count_nodes(view: View<'_>) -> u64 {
    let depths = [0, 1].map(|index| view.slot(index).map(|child| child.word(0)));
    assert_eq!(depths, [view.word(0).checked_sub(1); 2]);
    1 + (0..2).filter_map(|index| view.slot(index)).map(count_nodes).sum::<u64>()
}

#[test]
fn an_object_is_made_from_parts_whose_handles_end_with_it() {
    each_config(|config| {
        let mut heap = heap(config);
        let node = node(&mut heap);
        let root = tree(&mut heap, node, 5).unwrap();
        assert_eq!(count_nodes(heap.view(root)), 63);
        heap.store(root, 0, None);
        heap.collect_full();
        assert_eq!(heap.usage().heap_used(), 32 * NODE_BYTES, "no handle keeps the other half");
        assert_eq!(count_nodes(heap.view(root).slot(1).expect("the other half")), 31);
    });
}

#[test]
fn parts_that_fail_make_nothing_and_keep_nothing() {
    each_config(|config| {
        let mut heap = heap(Config { max_old_bytes: PAGE, ..with_semispaces(config, MIN_SEMISPACE_BYTES) });
        let (node, bytes) = (node(&mut heap), heap.register("bytes", Layout::Bytes));
        let failed = heap.alloc_from(node, |heap| {
            let part = heap.alloc(node)?;
            heap.alloc_array(bytes, 2 * PAGE as u32)?;
            Ok::<_, HeapFull>([Some(part), None])
        });
        assert!(failed.is_err());
        heap.collect_full();
        assert_eq!(heap.usage().heap_used(), 0);
    });
}

#[test]
fn handles_are_duplicated_assigned_and_advanced_apart_from_each_other() {
    each_config(|config| {
        let mut heap = heap(config);
        let node = node(&mut heap);
        let head = list(&mut heap, node, 3);
        let cursor = heap.duplicate(head);
        assert!(heap.advance(cursor, cursor, 0) && heap.advance(cursor, cursor, 0));
        assert!(!heap.advance(cursor, cursor, 0), "the end");
        assert_eq!((heap.view(head).word(0), heap.view(cursor).word(0)), (2, 0));
        let loaded = heap.load(head, 0).expect("the second");
        assert!(heap.load(head, 1).is_none());
        heap.assign(cursor, loaded);
        heap.collect_full();
        assert!(heap.view(cursor).same(heap.view(loaded)) && !heap.view(cursor).same(heap.view(head)));
        assert_list(&heap, head, 3);
    });
}

#[test]
fn a_root_outlives_scopes_and_collections() {
    each_config(|config| {
        let mut heap = heap(config);
        let node = node(&mut heap);
        let root = heap.scope(|heap| {
            let head = list(heap, node, 20);
            heap.root(head)
        });
        for round in 0..20 {
            make_garbage(&mut heap, node, 5);
            collect_in_turn(&mut heap, round);
            assert_eq!(heap.view_root(&root).word(0), 19);
        }
        let head = heap.get(&root);
        assert_list(&heap, head, 20);
    });
}

#[test]
fn a_root_can_be_set_to_another_object() {
    each_config(|config| {
        let mut heap = heap(config);
        let node = node(&mut heap);
        let root = heap.scope(|heap| {
            let first = leaf(heap, node, 0);
            heap.root(first)
        });
        for value in 1..10 {
            if value % 3 == 0 {
                make_old(&mut heap);
            }
            heap.scope(|heap| {
                let next = leaf(heap, node, value);
                heap.set_root(&root, next);
            });
            heap.collect_minor();
            assert_eq!(heap.view_root(&root).word(0), value);
        }
        heap.collect_full();
        assert_eq!(heap.usage().heap_used(), NODE_BYTES);
    });
}

#[test]
fn many_roots_come_and_go() {
    each_config(|config| {
        let mut heap = heap(config);
        let node = node(&mut heap);
        let mut roots: Vec<(u64, Root)> = Vec::new();
        for value in 0..120 {
            let root = heap.scope(|heap| {
                let object = leaf(heap, node, value);
                heap.root(object)
            });
            roots.push((value, root));
            if value % 3 == 0 {
                roots.swap_remove((value as usize * 7) % roots.len());
            }
        }
        heap.collect_full();
        assert_eq!(heap.usage().heap_used(), roots.len() as u64 * NODE_BYTES);
        assert!(roots.iter().all(|(value, root)| heap.view_root(root).word(0) == *value));
    });
}

#[test]
fn roots_may_be_dropped_on_other_threads_while_the_heap_works() {
    each_config(|config| {
        let mut heap = heap(config);
        let node = node(&mut heap);
        let mut hold = |word| {
            heap.scope(|heap| {
                let object = leaf(heap, node, word);
                (heap.root(object), heap.weak(object))
            })
        };
        let mut held: Vec<(Root, Weak)> = (0..40).map(&mut hold).collect();
        thread::scope(|threads| {
            for _ in 0..4 {
                let share = held.split_off(held.len() - 9);
                threads.spawn(move || drop(share));
            }
            make_garbage(&mut heap, node, 30);
        });
        heap.collect_full();
        assert_eq!(heap.usage().heap_used(), 4 * NODE_BYTES);
        assert!((0..).zip(&held).all(|(word, (root, _))| heap.view_root(root).word(0) == word));
    });
}

/// What a weak handle can refer to: a young object, an old one, a large one.
const MAKERS: [fn(&mut Heap, Shape) -> Local; 4] = [
    |heap, node| leaf(heap, node, 0),
    |heap, node| {
        let object = leaf(heap, node, 0);
        make_old(heap);
        object
    },
    make_large,
    |heap, node| {
        let object = make_large(heap, node);
        make_old(heap);
        object
    },
];

fn make_large(heap: &mut Heap, _: Shape) -> Local {
    let bytes = heap.register("bytes", Layout::Bytes);
    heap.alloc_array(bytes, 2 * PAGE as u32).unwrap()
}

#[test]
fn a_weak_handle_is_cleared_exactly_when_its_object_dies() {
    each_config(|config| {
        for (index, make) in MAKERS.iter().enumerate() {
            check_weak(heap(config.clone()), *make, index);
        }
    });
}

fn check_weak(mut heap: Heap, make: fn(&mut Heap, Shape) -> Local, index: usize) {
    let node = node(&mut heap);
    let (root, weak) = heap.scope(|heap| {
        let object = make(heap, node);
        (heap.root(object), heap.weak(object))
    });
    for round in 0..8 {
        collect_in_turn(&mut heap, round);
        assert!(is_alive(&mut heap, &weak), "object {index}, round {round}: rooted");
    }
    drop(root);
    assert!(is_alive(&mut heap, &weak), "object {index}: not collected yet");
    heap.collect_full();
    assert!(!is_alive(&mut heap, &weak), "object {index}: collected");
    heap.collect_minor();
    assert!(!is_alive(&mut heap, &weak), "object {index}: once and for all");
}

fn is_alive(heap: &mut Heap, weak: &Weak) -> bool {
    heap.scope(|heap| heap.upgrade(weak).is_some())
}

#[test]
fn a_scavenge_clears_weak_handles_to_young_objects_only() {
    each_calm_config(|config| {
        let mut heap = heap(config);
        let node = node(&mut heap);
        let weak = MAKERS.map(|make| {
            make_old(&mut heap);
            heap.scope(|heap| {
                let object = make(heap, node);
                heap.weak(object)
            })
        });
        heap.collect_minor();
        assert_eq!(weak.each_ref().map(|weak| is_alive(&mut heap, weak)), [false, true, false, true]);
        heap.collect_full();
        assert_eq!(weak.each_ref().map(|weak| is_alive(&mut heap, weak)), [false; 4]);
    });
}

#[test]
fn a_weak_handle_follows_an_object_that_another_one_keeps() {
    each_config(|config| {
        let mut heap = heap(config);
        let node = node(&mut heap);
        let parent = leaf(&mut heap, node, 1);
        let weak = heap.scope(|heap| {
            let child = leaf(heap, node, 2);
            heap.store(parent, 1, Some(child));
            heap.weak(child)
        });
        make_old(&mut heap);
        let child = heap.upgrade(&weak).expect("its parent keeps it");
        assert_eq!(word(heap.view(parent).slot(1)), Some(2));
        assert!(heap.view(parent).slot(1).is_some_and(|held| held.same(heap.view(child))));
    });
}

#[test]
fn an_upgraded_weak_handle_keeps_its_object() {
    each_config(|config| {
        let mut heap = heap(config);
        let node = node(&mut heap);
        let weak = heap.scope(|heap| {
            let object = list(heap, node, 3);
            heap.weak(object)
        });
        let object = heap.upgrade(&weak).expect("not collected yet");
        heap.collect_full();
        assert_eq!(words(&heap, object), [2, 1, 0]);
    });
}

#[test]
fn dropping_a_weak_handle_leaves_its_object_alone() {
    each_config(|config| {
        let mut heap = heap(config);
        let node = node(&mut heap);
        let object = leaf(&mut heap, node, 1);
        for _ in 0..50 {
            let weak = heap.weak(object);
            assert!(is_alive(&mut heap, &weak));
        }
        heap.collect_full();
        assert_eq!(heap.view(object).word(0), 1);
    });
}

fn assert_send<T: Send>() {}

#[test]
fn a_heap_may_move_to_another_thread_with_its_roots() {
    assert_send::<(Heap, Root, Weak, Local, Shape)>();
    each_config(|config| {
        let mut heap = heap(config);
        let node = node(&mut heap);
        let head = list(&mut heap, node, 30);
        let root = heap.root(head);
        let (mut heap, root) = thread::spawn(move || {
            heap.collect_full();
            assert_list(&heap, head, 30);
            (heap, root)
        })
        .join()
        .expect("no panic");
        let head = heap.get(&root);
        assert_list(&heap, head, 30);
    });
}

#[test]
fn many_heaps_live_in_one_process() {
    let mut heaps: Vec<_> = (0..200)
        .map(|index| {
            let mut heap = heap(Config { huge_pages: false, ..Config::default() });
            let node = node(&mut heap);
            let object = leaf(&mut heap, node, index);
            let root = heap.root(object);
            (heap, root)
        })
        .collect();
    heaps.iter_mut().for_each(|(heap, _)| heap.collect_full());
    assert!((0..).zip(&heaps).all(|(index, (heap, root))| heap.view_root(root).word(0) == index));
}

/// Two heaps with an object each.
fn two_heaps() -> [(Heap, Shape, Local); 2] {
    [(), ()].map(|()| {
        let mut heap = heap(Config::default());
        let node = node(&mut heap);
        let object = leaf(&mut heap, node, 0);
        (heap, node, object)
    })
}

#[test]
#[should_panic(expected = "wrong heap")]
fn a_root_of_another_heap_is_refused() {
    let [(mut first, _, object), (mut second, ..)] = two_heaps();
    let root = first.root(object);
    second.get(&root);
}

#[test]
#[should_panic(expected = "wrong heap")]
fn a_root_of_another_heap_cannot_be_set() {
    let [(mut first, _, object), (mut second, _, other)] = two_heaps();
    let root = first.root(object);
    second.set_root(&root, other);
}

#[test]
#[should_panic(expected = "wrong heap")]
fn a_weak_handle_of_another_heap_is_refused() {
    let [(mut first, _, object), (mut second, ..)] = two_heaps();
    let weak = first.weak(object);
    second.upgrade(&weak);
}

#[test]
fn a_root_of_a_heap_that_is_gone_is_refused() {
    alone("handles::a_root_of_a_heap_that_is_gone_is_refused", None, || {
        let [(mut first, _, object), second] = two_heaps();
        let root = first.root(object);
        drop((first, second));
        for (mut heap, _, object) in two_heaps() {
            let _own = heap.root(object);
            let refused = catch_unwind(AssertUnwindSafe(|| heap.get(&root)));
            assert!(refused.is_err(), "it refers to an object of another heap");
        }
    });
}

#[test]
#[should_panic(expected = "stale handle")]
#[cfg(debug_assertions)]
fn a_handle_whose_scope_has_ended_is_told_from_the_one_in_its_place() {
    let [(mut heap, node, _), _] = two_heaps();
    let stale = heap.scope(|heap| leaf(heap, node, 1));
    leaf(&mut heap, node, 2);
    let _ = heap.view(stale);
}

#[test]
#[should_panic(expected = "stale handle")]
fn a_handle_whose_scope_has_ended_is_refused() {
    let [(mut heap, node, _), _] = two_heaps();
    let stale = heap.scope(|heap| leaf(heap, node, 1));
    let _ = heap.view(stale);
}

#[test]
#[should_panic(expected = "wrong heap")]
#[cfg(debug_assertions)]
fn a_handle_of_another_heap_is_refused() {
    let [(_first, _, object), (second, ..)] = two_heaps();
    let _ = second.view(object);
}

#[test]
#[should_panic(expected = "wrong heap")]
#[cfg(debug_assertions)]
fn a_shape_of_another_heap_is_refused() {
    let [(_first, node, _), (mut second, ..)] = two_heaps();
    let _ = second.alloc(node);
}

#[test]
fn a_scope_that_a_panic_leaves_ends_its_handles() {
    each_config(|config| {
        let mut heap = heap(config);
        let node = node(&mut heap);
        for _ in 0..10 {
            let left = catch_unwind(AssertUnwindSafe(|| {
                heap.scope(|heap| {
                    heap.alloc(node).unwrap();
                    std::panic::resume_unwind(Box::new("left by a panic"));
                })
            }));
            assert!(left.is_err());
        }
        heap.collect_full();
        assert_eq!(heap.usage().heap_used(), 0);
    });
}
