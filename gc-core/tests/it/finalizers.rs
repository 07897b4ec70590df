//! Finalizers: what has been registered comes back once when it has died, in order, after all weak references to it
//! have been cleared.

use crate::support::{
    NODE_BYTES, PAGE, collect_in_turn, each_calm_config, each_config, heap, leaf, list, make_garbage,
    make_old, node, pauses, recorded, words,
};
use gc_core::event::Phase;
use gc_core::{Budget, Heap, Layout, Local, Weak};

/// A node with this word, registered and held by nothing.
fn abandon(heap: &mut Heap, word: u64) {
    let node = node(heap);
    heap.scope(|heap| {
        let object = leaf(heap, node, word);
        heap.finalize_when_dead(object);
    });
}

/// The words of everything that waits to be finalized.
fn finalize_all(heap: &mut Heap) -> Vec<u64> {
    heap.scope(|heap| {
        let mut words = Vec::new();
        while let Some(object) = heap.next_finalizable() {
            words.push(heap.view(object).word(0));
        }
        words
    })
}

/// Ways to let objects grow old, or not.
const AGEINGS: [fn(&mut Heap); 3] = [|_| {}, Heap::collect_minor, make_old];

#[test]
fn an_object_comes_back_once_with_all_that_it_refers_to() {
    each_config(|config| {
        for age in AGEINGS {
            let mut heap = heap(config.clone());
            let node = node(&mut heap);
            heap.scope(|heap| {
                let head = list(heap, node, 30);
                heap.finalize_when_dead(head);
                age(heap);
                assert!(heap.next_finalizable().is_none(), "it is alive");
            });
            heap.collect_full();
            let head = heap.next_finalizable().expect("the head");
            heap.collect_full();
            assert!(words(&heap, head).into_iter().eq((0..30).rev()));
            assert!(heap.next_finalizable().is_none(), "once");
            let end = heap.alloc(node).unwrap();
            heap.assign(head, end);
            heap.collect_full();
            assert_eq!(heap.usage().heap_used(), NODE_BYTES, "it died for good");
            assert!(heap.next_finalizable().is_none());
        }
    });
}

#[test]
fn an_object_that_waits_is_kept() {
    each_config(|config| {
        let mut heap = heap(config);
        let node = node(&mut heap);
        (0..5).for_each(|word| abandon(&mut heap, word));
        for round in 0..8 {
            make_garbage(&mut heap, node, 4);
            collect_in_turn(&mut heap, round);
        }
        assert_eq!(finalize_all(&mut heap), [0, 1, 2, 3, 4]);
        heap.collect_full();
        assert_eq!(heap.usage().heap_used(), 0);
    });
}

#[test]
fn objects_are_queued_in_the_order_of_registration() {
    each_calm_config(|config| {
        let mut heap = heap(config);
        let node = node(&mut heap);
        let objects: Vec<Local> = (0..6).map(|word| leaf(&mut heap, node, word)).collect();
        make_old(&mut heap);
        let end = heap.alloc(node).unwrap();
        for (word, object) in objects.iter().enumerate().rev() {
            heap.finalize_when_dead(*object);
            abandon(&mut heap, 10 + word as u64);
        }
        heap.collect_minor();
        assert_eq!(finalize_all(&mut heap), [15, 14, 13, 12, 11, 10], "young ones die first");
        (0..3).for_each(|word| abandon(&mut heap, 20 + word));
        objects.iter().for_each(|object| heap.assign(*object, end));
        heap.collect_full();
        assert_eq!(finalize_all(&mut heap), [5, 4, 3, 2, 1, 0, 20, 21, 22]);
    });
}

#[test]
fn objects_that_refer_to_each_other_are_all_queued() {
    each_config(|config| {
        let mut heap = heap(config);
        let node = node(&mut heap);
        heap.scope(|heap| {
            let [first, second] = [1, 2].map(|word| leaf(heap, node, word));
            heap.store(first, 0, Some(second));
            heap.store(second, 0, Some(first));
            heap.finalize_when_dead(second);
            heap.finalize_when_dead(first);
        });
        heap.collect_full();
        assert_eq!(finalize_all(&mut heap), [2, 1]);
        heap.collect_full();
        assert_eq!((finalize_all(&mut heap), heap.usage().heap_used()), (vec![], 0));
    });
}

#[test]
fn an_object_can_be_registered_again() {
    each_config(|config| {
        let mut heap = heap(config);
        abandon(&mut heap, 7);
        for round in 0..6 {
            heap.collect_full();
            heap.scope(|heap| {
                let object = heap.next_finalizable().expect("registered again");
                assert_eq!(heap.view(object).word(0), 7);
                AGEINGS[round % 3](heap);
                heap.finalize_when_dead(object);
            });
        }
    });
}

#[test]
fn an_object_that_is_registered_twice_is_queued_twice() {
    each_config(|config| {
        let mut heap = heap(config);
        let node = node(&mut heap);
        heap.scope(|heap| {
            let object = leaf(heap, node, 1);
            heap.finalize_when_dead(object);
            heap.finalize_when_dead(object);
        });
        heap.collect_full();
        assert_eq!(finalize_all(&mut heap), [1, 1]);
    });
}

#[test]
fn large_objects_and_buffers_come_back_whole() {
    each_config(|config| {
        for age in AGEINGS {
            let mut heap = heap(config.clone());
            let bytes = heap.register("bytes", Layout::Bytes);
            heap.scope(|heap| {
                let large = heap.alloc_array(bytes, 2 * PAGE as u32).unwrap();
                let buffer = heap.alloc_buffer(5).unwrap();
                heap.bytes_mut(large).fill(9);
                heap.buffer_mut(buffer).copy_from_slice(b"bytes");
                heap.finalize_when_dead(large);
                heap.finalize_when_dead(buffer);
                age(heap);
            });
            heap.collect_full();
            let large = heap.next_finalizable().expect("the large object");
            assert!(heap.view(large).bytes().iter().all(|byte| *byte == 9));
            let buffer = heap.next_finalizable().expect("the buffer");
            assert_eq!(heap.view(buffer).buffer(), b"bytes");
        }
    });
}

/// A registered object, one that it refers to, an ephemeron that has the first as its key, and weak handles to both
/// objects.
fn weakly_held(heap: &mut Heap, age: fn(&mut Heap)) -> (Local, [Weak; 2]) {
    let (node, entry) = (node(heap), heap.register("entry", Layout::Ephemeron));
    let mut weak = None;
    let ephemeron = heap.escape(|heap| {
        let [object, child] = [1, 2].map(|word| leaf(heap, node, word));
        heap.store(object, 0, Some(child));
        heap.finalize_when_dead(object);
        weak = Some([heap.weak(object), heap.weak(child)]);
        let value = leaf(heap, node, 3);
        let ephemeron = heap.alloc_ephemeron(entry, Some(object), Some(value))?;
        age(heap);
        Ok::<_, gc_core::HeapFull>(ephemeron)
    });
    (ephemeron.unwrap(), weak.expect("two handles"))
}

#[test]
fn weak_references_are_cleared_before_the_object_is_finalized() {
    each_config(|config| {
        for age in AGEINGS {
            let mut heap = heap(config.clone());
            let (ephemeron, weak) = weakly_held(&mut heap, age);
            heap.collect_full();
            assert_eq!([0, 1].map(|index| heap.view(ephemeron).slot(index).is_some()), [false; 2]);
            let upgraded = weak.each_ref().map(|weak| heap.upgrade(weak).is_some());
            assert_eq!(upgraded, [false; 2], "also to what is resurrected with the object");
            let object = heap.next_finalizable().expect("the object");
            assert_eq!(heap.view(object).slot(0).map(|child| child.word(0)), Some(2));
        }
    });
}

#[test]
fn ephemerons_that_are_resurrected_are_treated_like_others() {
    each_config(|config| {
        for age in AGEINGS {
            let mut heap = heap(config.clone());
            let (array, node) = (heap.register("array", Layout::Slots), node(&mut heap));
            let entry = heap.register("entry", Layout::Ephemeron);
            heap.scope(|heap| {
                let object = heap.alloc_array(array, 3).unwrap();
                let [first, second, other] = [1, 2, 3].map(|word| leaf(heap, node, word));
                // A chain from a key that the object keeps, and an ephemeron whose key dies.
                for (index, [key, value]) in [[first, second], [second, other]].into_iter().enumerate() {
                    let both = heap.alloc_ephemeron(entry, Some(key), Some(value)).unwrap();
                    heap.store(first, index as u32, Some(both));
                }
                let dead = leaf(heap, node, 4);
                let both = heap.alloc_ephemeron(entry, Some(dead), Some(other)).unwrap();
                heap.store(object, 0, Some(first));
                heap.store(object, 1, Some(both));
                heap.finalize_when_dead(object);
                age(heap);
            });
            heap.collect_full();
            let object = heap.next_finalizable().expect("the object");
            let view = heap.view(object);
            let values = [0, 1].map(|index| view.slot(0)?.slot(index)?.slot(1).map(|value| value.word(0)));
            assert_eq!(values, [Some(2), Some(3)]);
            assert!(view.slot(1).is_some_and(|both| both.slot(0).is_none() && both.slot(1).is_none()));
        }
    });
}

#[test]
fn a_key_that_is_finalized_may_come_back_into_the_table_that_lost_it() {
    each_config(|config| {
        let mut heap = heap(config);
        let (ephemeron, _) = weakly_held(&mut heap, make_old);
        heap.collect_full();
        let key = heap.next_finalizable().expect("the key");
        heap.store(ephemeron, 0, Some(key));
        heap.store(ephemeron, 1, Some(ephemeron));
        heap.collect_full();
        assert!(heap.view(ephemeron).slot(0).is_some_and(|held| held.same(heap.view(key))));
    });
}

#[test]
fn objects_are_finalized_by_collections_in_steps() {
    each_config(|mut config| {
        config.promotion.age = 0;
        config.marking.idle_start_percent = 0;
        let mut heap = heap(config);
        let node = node(&mut heap);
        let kept = leaf(&mut heap, node, 100);
        heap.finalize_when_dead(kept);
        heap.scope(|heap| {
            for word in 0..10 {
                let object = list(heap, node, word + 1);
                heap.finalize_when_dead(object);
            }
            make_old(heap);
        });
        let mut finalized = Vec::new();
        let before = heap.stats().incremental_collections;
        while heap.stats().incremental_collections < before + 3 {
            heap.step(Budget::Work(1));
            make_garbage(&mut heap, node, 1);
            finalized.extend(finalize_all(&mut heap));
        }
        assert_eq!(finalized, (0..10).collect::<Vec<_>>());
        assert_eq!(heap.verify(), Ok(()));
    });
}

#[test]
fn resurrection_is_a_phase_of_its_own() {
    each_calm_config(|config| {
        let (mut heap, recorder) = recorded(config);
        abandon(&mut heap, 1);
        heap.collect_minor();
        abandon(&mut heap, 2);
        make_old(&mut heap);
        heap.collect_full();
        let with_phase = |pause: &gc_core::event::Pause| {
            pause.phases.iter().any(|end| end.phase == Phase::Finalize && end.work.slots > 0)
        };
        assert_eq!(pauses(&recorder).iter().filter(|pause| with_phase(pause)).count(), 2);
    });
}

#[test]
fn many_objects_are_registered_and_taken_in_between() {
    each_config(|config| {
        let mut heap = heap(config);
        let mut finalized = Vec::new();
        for word in 0..90 {
            abandon(&mut heap, word);
            match word % 9 {
                2 => heap.collect_minor(),
                7 => heap.collect_full(),
                _ => {}
            }
            if word % 4 == 0 {
                heap.scope(|heap| {
                    finalized.extend(heap.next_finalizable().map(|object| heap.view(object).word(0)));
                });
            }
        }
        heap.collect_full();
        finalized.extend(finalize_all(&mut heap));
        assert_eq!(finalized, (0..90).collect::<Vec<_>>());
    });
}
