//! Ephemerons: the value lives while the key does, whoever refers to whom, in every space and phase.

use crate::support::{
    NODE_BYTES, PAGE, collect_in_turn, each_calm_config, each_config, heap, leaf, make_garbage, make_old,
    node, pauses, recorded, with_age, with_semispaces, word,
};
use gc_core::event::Phase;
use gc_core::{Budget, Config, Heap, Layout, Local, MIN_SEMISPACE_BYTES, Shape};

const EPHEMERON_BYTES: u64 = 16;

fn entry(heap: &mut Heap) -> Shape {
    heap.register("entry", Layout::Ephemeron)
}

/// The words of key and value.
fn words(heap: &Heap, ephemeron: Local) -> [Option<u64>; 2] {
    let view = heap.view(ephemeron);
    [view.slot(0), view.slot(1)].map(word)
}

/// An ephemeron whose value, and whose key if it is not given, nothing else refers to.
fn ephemeron(heap: &mut Heap, key: Option<Local>) -> Local {
    let (node, entry) = (node(heap), entry(heap));
    heap.escape(|heap| {
        let key = key.unwrap_or_else(|| leaf(heap, node, 1));
        let value = leaf(heap, node, 2);
        heap.alloc_ephemeron(entry, Some(key), Some(value))
    })
    .unwrap()
}

/// Ways to let objects grow old, or not.
const AGEINGS: [fn(&mut Heap); 3] = [|_| {}, Heap::collect_minor, make_old];

#[test]
fn a_value_lives_as_long_as_the_key() {
    each_config(|config| {
        for [age_key, age_both] in AGEINGS.iter().flat_map(|first| AGEINGS.map(|second| [*first, second])) {
            let mut heap = heap(config.clone());
            let node = node(&mut heap);
            let key = leaf(&mut heap, node, 1);
            let root = heap.root(key);
            age_key(&mut heap);
            let (outer, both) = (heap.get(&root), ephemeron(&mut heap, Some(key)));
            age_both(&mut heap);
            for round in 0..6 {
                collect_in_turn(&mut heap, round);
                assert_eq!(words(&heap, both), [Some(1), Some(2)]);
            }
            let nothing = heap.alloc(node).unwrap();
            [key, outer].iter().for_each(|handle| heap.assign(*handle, nothing));
            drop(root);
            heap.collect_full();
            assert_eq!(words(&heap, both), [None, None]);
            assert_eq!(heap.usage().heap_used(), NODE_BYTES + EPHEMERON_BYTES);
        }
    });
}

#[test]
fn a_key_that_only_its_own_value_refers_to_dies() {
    each_config(|config| {
        for age in AGEINGS {
            let mut heap = heap(config.clone());
            let both = ephemeron(&mut heap, None);
            heap.scope(|heap| {
                let [key, value] = [0, 1].map(|index| heap.load(both, index).expect("not collected yet"));
                heap.store(value, 0, Some(key));
                heap.store(value, 1, Some(both));
                age(heap);
            });
            heap.collect_full();
            assert_eq!(words(&heap, both), [None, None]);
            assert_eq!(heap.usage().heap_used(), EPHEMERON_BYTES);
        }
    });
}

#[test]
fn an_ephemeron_may_be_its_own_key_or_value() {
    each_config(|config| {
        let mut heap = heap(config);
        let both = ephemeron(&mut heap, None);
        heap.store(both, 0, Some(both));
        for round in 0..6 {
            collect_in_turn(&mut heap, round);
            assert_eq!(word(heap.view(both).slot(1)), Some(2), "it is alive itself");
        }
        heap.store(both, 1, Some(both));
        heap.collect_full();
        assert!(heap.view(both).slot(1).is_some_and(|value| value.same(heap.view(both))));
    });
}

#[test]
fn a_value_that_something_else_keeps_outlives_the_key_elsewhere() {
    each_config(|config| {
        let mut heap = heap(config);
        let both = ephemeron(&mut heap, None);
        let value = heap.load(both, 1).expect("not collected yet");
        heap.collect_full();
        assert_eq!(words(&heap, both), [None, None]);
        assert_eq!(heap.view(value).word(0), 2);
    });
}

#[test]
fn without_a_key_the_value_is_kept_and_without_a_value_it_is_a_weak_reference() {
    each_config(|config| {
        let mut heap = heap(config);
        let (node, entry) = (node(&mut heap), entry(&mut heap));
        let keyless = ephemeron(&mut heap, None);
        heap.store(keyless, 0, None);
        let key = leaf(&mut heap, node, 3);
        let weak = heap.alloc_ephemeron(entry, Some(key), None).unwrap();
        make_old(&mut heap);
        heap.collect_full();
        assert_eq!((words(&heap, keyless), words(&heap, weak)), ([None, Some(2)], [Some(3), None]));
    });
}

#[test]
fn an_ephemeron_that_dies_before_its_key_lets_the_value_go() {
    each_config(|config| {
        for age in AGEINGS {
            let mut heap = heap(config.clone());
            let node = node(&mut heap);
            let key = leaf(&mut heap, node, 1);
            heap.scope(|heap| {
                ephemeron(heap, Some(key));
                age(heap);
            });
            heap.collect_full();
            assert_eq!(heap.usage().heap_used(), NODE_BYTES);
        }
    });
}

#[test]
fn large_objects_may_be_keys_and_values() {
    each_config(|config| {
        for age in AGEINGS {
            let mut heap = heap(config.clone());
            let (entry, bytes) = (entry(&mut heap), heap.register("bytes", Layout::Bytes));
            let key = heap.alloc_array(bytes, 2 * PAGE as u32).unwrap();
            let make = |heap: &mut Heap, key: Option<Local>| {
                heap.escape(|heap| {
                    let key = key.map_or_else(|| heap.alloc_array(bytes, 3 * PAGE as u32), Ok)?;
                    let value = heap.alloc_array(bytes, PAGE as u32)?;
                    heap.alloc_ephemeron(entry, Some(key), Some(value))
                })
                .unwrap()
            };
            let both = [make(&mut heap, Some(key)), make(&mut heap, None)];
            age(&mut heap);
            heap.collect_minor();
            heap.collect_full();
            assert_eq!(both.map(|both| heap.view(both).slot(0).is_some()), [true, false]);
            assert_eq!(both.map(|both| heap.view(both).slot(1).is_some()), [true, false]);
        }
    });
}

/// Links of a chain: the value of each ephemeron is the key of the next.
const LINKS: u64 = 10_000;

/// The order in which the ephemerons of a chain are scanned.
#[derive(Clone, Copy, Debug)]
enum Order {
    Forward,
    Backward,
    Shuffled,
}

/// A chain of `LINKS` ephemerons, held by an array; `step` is run after each link has been made. The head's handle and the
/// array's.
fn chain(heap: &mut Heap, order: Order, mut step: impl FnMut(&mut Heap, u64)) -> (Local, Local) {
    let (node, entry, array) = (node(heap), entry(heap), heap.register("array", Layout::Slots));
    let (head, holder) = (leaf(heap, node, 0), heap.alloc_array(array, LINKS as u32).unwrap());
    let last = heap.duplicate(head);
    for link in 0..LINKS {
        heap.scope(|heap| {
            let next = leaf(heap, node, link + 1);
            let both = heap.alloc_ephemeron(entry, Some(last), Some(next)).unwrap();
            let index = match order {
                Order::Forward => link,
                Order::Backward => LINKS - 1 - link,
                Order::Shuffled => link * 7_919 % LINKS,
            };
            heap.store(holder, index as u32, Some(both));
            heap.assign(last, next);
        });
        step(heap, link);
    }
    heap.assign(last, holder);
    (head, holder)
}

/// How many ephemerons of a chain have both key and value.
fn count_links(heap: &Heap, holder: Local) -> usize {
    let holder = heap.view(holder);
    let is_whole = |index: &u32| {
        let both = holder.slot(*index).expect("an ephemeron");
        both.slot(0).is_some() && both.slot(1).is_some()
    };
    (0..holder.len()).filter(is_whole).count()
}

/// Collects often enough that every phase meets the chain, first while its head is alive, and then when it is not.
fn check_chain(mut heap: Heap, order: Order, collect: fn(&mut Heap), step: fn(&mut Heap, u64)) {
    let (head, holder) = chain(&mut heap, order, step);
    for _ in 0..3 {
        collect(&mut heap);
        assert_eq!(count_links(&heap, holder) as u64, LINKS, "{order:?}");
    }
    heap.assign(head, holder);
    make_old(&mut heap);
    heap.collect_full();
    assert_eq!(count_links(&heap, holder), 0, "{order:?}");
    heap.verify().unwrap();
}

const ORDERS: [Order; 3] = [Order::Forward, Order::Backward, Order::Shuffled];

/// Settings under which a chain is not collected before the test asks for it.
fn roomy(age: u8) -> Config {
    with_age(with_semispaces(Config { huge_pages: false, ..Config::default() }, 4 << 20), age)
}

#[test]
fn a_chain_in_new_space_takes_time_in_proportion() {
    for order in ORDERS {
        check_chain(heap(roomy(15)), order, Heap::collect_minor, |_, _| {});
        check_chain(heap(roomy(15)), order, Heap::collect_full, |_, _| {});
    }
}

#[test]
fn a_chain_in_old_space_takes_time_in_proportion() {
    for order in ORDERS {
        check_chain(heap(roomy(0)), order, Heap::collect_full, |_, _| {});
    }
}

#[test]
fn a_chain_through_both_generations_takes_time_in_proportion() {
    let scavenge_sometimes = |heap: &mut Heap, link: u64| {
        if link % 1_000 == 999 {
            heap.collect_minor();
        }
    };
    for order in ORDERS {
        for age in [0, 1, 3] {
            check_chain(heap(roomy(age)), order, Heap::collect_minor, scavenge_sometimes);
            check_chain(heap(roomy(age)), order, Heap::collect_full, scavenge_sometimes);
        }
    }
}

#[test]
fn looking_at_a_chain_is_linear_work() {
    for order in ORDERS {
        for (age, collect) in
            [(15, Heap::collect_minor as fn(&mut Heap)), (15, Heap::collect_full), (0, Heap::collect_full)]
        {
            let mut heap = heap(roomy(age));
            let (_, holder) = chain(&mut heap, order, |_, _| {});
            heap.collect_minor();
            let before = heap.stats().work.slots;
            collect(&mut heap);
            let looked = heap.stats().work.slots - before;
            assert!(looked < 30 * LINKS, "{order:?}: {looked}");
            assert_eq!(count_links(&heap, holder) as u64, LINKS);
        }
    }
}

/// Settings under which a marking starts with the first scavenge in idle time, and goes on only when asked to.
fn marking_when_asked(config: Config) -> Config {
    let mut config = with_age(config, 0);
    config.marking.idle_start_percent = 0;
    config.marking.max_minor_collections = u32::MAX;
    config.pacing.initial_limit_bytes = 1 << 30;
    config
}

/// Works in idle time, by the smallest steps, until a marking has ended. How many steps that were.
fn step_to_the_end(heap: &mut Heap) -> u64 {
    let before = heap.stats().incremental_collections;
    for steps in 1..10_000_000 {
        heap.step(Budget::Work(1));
        if heap.stats().incremental_collections > before {
            return steps;
        }
    }
    panic!("no marking has ended");
}

#[test]
fn a_chain_is_marked_in_steps() {
    for order in ORDERS {
        let (mut heap, recorder) = recorded(marking_when_asked(roomy(0)));
        let (head, holder) = chain(&mut heap, order, |_, _| {});
        make_old(&mut heap);
        pauses(&recorder);
        assert!(step_to_the_end(&mut heap) > 3 * LINKS);
        assert_eq!(count_links(&heap, holder) as u64, LINKS, "{order:?}");
        let longest = pauses(&recorder).into_iter().map(|pause| pause.work.slots).max();
        assert!(longest < Some(5_000), "a step, or a piece of the array: {longest:?}");
        heap.assign(head, holder);
        step_to_the_end(&mut heap);
        assert_eq!(count_links(&heap, holder), 0, "{order:?}");
    }
}

#[test]
fn what_is_read_from_an_ephemeron_while_it_is_marked_lives() {
    each_calm_config(|config| {
        for index in [0, 1] {
            for read in READS {
                let mut heap = heap(marking_when_asked(config.clone()));
                let both = old_ephemeron_with_dead_key(&mut heap);
                let node = node(&mut heap);
                let target = heap.alloc(node).unwrap();
                make_old(&mut heap);
                heap.step(Budget::Work(1));
                read(&mut heap, both, index, target);
                step_to_the_end(&mut heap);
                // A read into the handle itself has replaced the node that held nothing.
                let held = heap.view(target).slot(index).unwrap_or(heap.view(target));
                assert_eq!(held.word(0), u64::from(index) + 1);
                assert_eq!(heap.verify(), Ok(()));
            }
        }
    });
}

/// An old ephemeron whose key, old as well, is out of reach.
fn old_ephemeron_with_dead_key(heap: &mut Heap) -> Local {
    let both = ephemeron(heap, None);
    heap.scope(|heap| {
        let _key = heap.load(both, 0);
        make_old(heap);
    });
    both
}

/// Ways to read slot `index` of `both`: into the handle `target`, or the same slot of its object.
const READS: [fn(&mut Heap, Local, u32, Local); 3] = [
    |heap, both, index, target| {
        heap.advance(target, both, index);
    },
    |heap, both, index, target| heap.copy_slots(both, index..index + 1, target, index),
    |heap, both, index, target| {
        heap.scope(|heap| {
            let held = heap.load(both, index);
            heap.store(target, index, held);
        });
    },
];

#[test]
fn stores_into_ephemerons_while_they_are_marked_are_seen() {
    each_config(|config| {
        let mut heap = heap(marking_when_asked(config));
        let node = node(&mut heap);
        let keys: Vec<Local> = (0..20).map(|word| leaf(&mut heap, node, word)).collect();
        let pairs: Vec<Local> = keys.iter().map(|key| ephemeron(&mut heap, Some(*key))).collect();
        make_old(&mut heap);
        for (round, both) in pairs.iter().enumerate() {
            heap.step(Budget::Work(1));
            heap.scope(|heap| {
                let value = leaf(heap, node, 100 + round as u64);
                heap.store(*both, 1, Some(value));
                heap.store(*both, 0, Some(keys[19 - round]));
            });
            make_garbage(&mut heap, node, 3);
        }
        step_to_the_end(&mut heap);
        heap.collect_full();
        for (round, both) in pairs.iter().enumerate() {
            assert_eq!(words(&heap, *both), [Some(19 - round as u64), Some(100 + round as u64)]);
        }
    });
}

#[test]
fn a_value_that_moves_from_an_ephemeron_to_another_object_while_it_is_marked_lives() {
    each_config(|config| {
        for budget in 0..12 {
            let mut heap = heap(marking_when_asked(config.clone()));
            let node = node(&mut heap);
            let (key, target) = (leaf(&mut heap, node, 1), leaf(&mut heap, node, 3));
            let both = ephemeron(&mut heap, Some(key));
            make_old(&mut heap);
            heap.step(Budget::Work(budget));
            heap.scope(|heap| {
                let value = heap.load(both, 1);
                heap.store(target, 0, value);
                heap.store(both, 1, None);
            });
            step_to_the_end(&mut heap);
            assert_eq!(word(heap.view(target).slot(0)), Some(2));
            assert_eq!(heap.verify(), Ok(()));
        }
    });
}

#[test]
fn an_ephemeron_with_a_dead_key_is_cleared_by_a_marking_in_steps() {
    each_calm_config(|config| {
        let mut heap = heap(marking_when_asked(config));
        let both = ephemeron(&mut heap, None);
        let rooted = heap.scope(|heap| heap.load(both, 0).map(|key| heap.root(key)));
        make_old(&mut heap);
        step_to_the_end(&mut heap);
        assert_eq!(words(&heap, both), [Some(1), Some(2)]);
        drop(rooted);
        step_to_the_end(&mut heap);
        assert_eq!(words(&heap, both), [None, None]);
    });
}

#[test]
fn marking_the_values_of_ephemerons_is_a_phase_of_its_own() {
    each_calm_config(|config| {
        let (mut heap, recorder) = recorded(config);
        let both = ephemeron(&mut heap, None);
        heap.collect_full();
        let phases: Vec<_> =
            pauses(&recorder)[0].phases.iter().map(|end| (end.phase, end.work.slots)).collect();
        let at = phases.iter().position(|(phase, _)| *phase == Phase::Ephemerons).expect("the phase");
        assert_eq!(
            phases[at - 1..=at + 1].iter().map(|it| it.0).collect::<Vec<_>>(),
            [Phase::Mark, Phase::Ephemerons, Phase::Weak]
        );
        assert!(phases[at].1 > 0 && phases[at + 1].1 > 0, "looking at it, and clearing it");
        assert_eq!(words(&heap, both), [None, None]);
    });
}

/// Old ephemerons with large gaps between them, their keys and their values; the first are held by an array, and so are
/// the keys of every eighth. Other keys are registered to be finalized.
fn sparse_ephemerons(heap: &mut Heap, count: u32) -> (Local, Local) {
    let (entry, array) = (entry(heap), heap.register("array", Layout::Slots));
    let object = heap.register("object", Layout::Fixed { slots: 1, bytes: 2_000 });
    let [holder, keys] = [(); 2].map(|()| heap.alloc_array(array, count).unwrap());
    for index in 0..count {
        heap.scope(|heap| {
            let [key, value, child] = [0, 1, 2].map(|_| leaf(heap, object, index.into()));
            heap.store(value, 0, Some(child));
            let both = heap.alloc_ephemeron(entry, Some(key), Some(value)).unwrap();
            heap.store(holder, index, Some(both));
            heap.store(keys, index, Some(key));
            heap.finalize_when_dead(key);
        });
    }
    make_old(heap);
    (0..count).filter(|index| index % 8 != 0).for_each(|index| heap.store(keys, index, None));
    (holder, keys)
}

fn check_sparse(heap: &mut Heap, holder: Local, keys: Local) {
    for index in 0..heap.view(holder).len() {
        let both = heap.view(holder).slot(index).expect("an ephemeron");
        let child = both.slot(1).and_then(|value| value.slot(0));
        let expected = (index % 8 == 0).then_some(u64::from(index));
        assert_eq!([word(both.slot(0)), word(both.slot(1)), word(child)], [expected; 3]);
        assert_eq!(
            both.slot(0).is_some_and(|key| key.same(heap.view(keys).slot(index).expect("a key"))),
            index % 8 == 0
        );
    }
    for index in (0..heap.view(holder).len()).filter(|index| index % 8 != 0) {
        let dead = heap.next_finalizable().expect("a key");
        assert_eq!(heap.view(dead).word(0), u64::from(index));
    }
    assert!(heap.next_finalizable().is_none());
    assert_eq!(heap.verify(), Ok(()));
}

#[test]
fn ephemerons_and_what_they_refer_to_slide() {
    each_config(|config| {
        let mut heap = heap(with_age(config, 0));
        let (holder, keys) = sparse_ephemerons(&mut heap, 80);
        heap.compact();
        heap.compact();
        check_sparse(&mut heap, holder, keys);
    });
}

#[test]
fn ephemerons_and_what_they_refer_to_are_evacuated() {
    each_calm_config(|config| {
        let mut config = marking_when_asked(config);
        config.compaction.sparse_percent = 100;
        config.compaction.fragmented_percent = 0;
        let (mut heap, recorder) = recorded(config);
        let (holder, keys) = sparse_ephemerons(&mut heap, 400);
        for _ in 0..4 {
            step_to_the_end(&mut heap);
        }
        let moved_objects: u64 = pauses(&recorder).iter().map(|pause| pause.work.moved_objects).sum();
        assert!(moved_objects > 0);
        check_sparse(&mut heap, holder, keys);
    });
}

/// A weak map as a program would make one: buckets of lists of entries, each an ephemeron and a link.
struct WeakMap {
    entry: Shape,
    link: Shape,
    buckets: Local,
}

impl WeakMap {
    const BUCKETS: u64 = 7;

    fn new(heap: &mut Heap) -> WeakMap {
        let entry = entry(heap);
        let (link, array) = (
            heap.register("link", Layout::Fixed { slots: 2, bytes: 0 }),
            heap.register("array", Layout::Slots),
        );
        let buckets = heap.alloc_array(array, WeakMap::BUCKETS as u32).unwrap();
        WeakMap { entry, link, buckets }
    }

    fn insert(&self, heap: &mut Heap, key: Local, value: Local) {
        let bucket = (heap.view(key).word(0) % WeakMap::BUCKETS) as u32;
        heap.scope(|heap| {
            let both = heap.alloc_ephemeron(self.entry, Some(key), Some(value)).unwrap();
            let next = heap.load(self.buckets, bucket);
            let link = heap.alloc_with(self.link, [Some(both), next]).unwrap();
            heap.store(self.buckets, bucket, Some(link));
        });
    }

    fn get(&self, heap: &Heap, key: Local) -> Option<u64> {
        let key = heap.view(key);
        let bucket = heap.view(self.buckets).slot((key.word(0) % WeakMap::BUCKETS) as u32);
        let mut links = std::iter::successors(bucket, |link| link.slot(1));
        let found = links
            .find_map(|link| link.slot(0).filter(|both| both.slot(0).is_some_and(|other| other.same(key))));
        word(found.expect("an entry").slot(1))
    }
}

#[test]
fn weak_maps_whose_values_lead_to_the_keys_of_each_other_let_cycles_go() {
    each_config(|config| {
        let mut heap = heap(config);
        let node = node(&mut heap);
        let maps = [WeakMap::new(&mut heap), WeakMap::new(&mut heap)];
        let kept: Vec<Local> = (0..10).map(|number| leaf(&mut heap, node, number)).collect();
        for number in 0..10 {
            heap.scope(|heap| {
                // A cycle through both maps that nothing else keeps, and one with a key that is kept.
                let [first, second] = [leaf(heap, node, 50 + number), leaf(heap, node, 60 + number)];
                maps[0].insert(heap, first, second);
                maps[1].insert(heap, second, first);
                let value = leaf(heap, node, 70 + number);
                maps[0].insert(heap, kept[number as usize], value);
                maps[1].insert(heap, value, kept[number as usize]);
            });
            collect_in_turn(&mut heap, number as u32);
        }
        heap.collect_full();
        assert!((0..10).all(|number| maps[0].get(&heap, kept[number]) == Some(70 + number as u64)));
        let per_map = 8 + (WeakMap::BUCKETS * 4).next_multiple_of(8) + 20 * 2 * EPHEMERON_BYTES;
        assert_eq!(heap.usage().heap_used(), 20 * NODE_BYTES + 2 * per_map, "keys, values and both tables");
    });
}

#[test]
fn ephemerons_are_made_from_shapes_of_ephemerons_only() {
    let mut heap = heap(Config { huge_pages: false, ..Config::default() });
    let (node, entry) = (node(&mut heap), entry(&mut heap));
    let attempts: [&dyn Fn(&mut Heap) -> bool; 4] = [
        &|heap| heap.alloc(entry).is_ok(),
        &|heap| heap.alloc_array(entry, 2).is_ok(),
        &|heap| heap.alloc_with(entry, [None, None]).is_ok(),
        &|heap| heap.alloc_ephemeron(node, None, None).is_ok(),
    ];
    for attempt in attempts {
        let refused = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| attempt(&mut heap)));
        assert!(refused.is_err());
    }
    assert_eq!(heap.verify(), Ok(()));
}

#[test]
fn an_ephemeron_looks_like_an_object_with_two_slots() {
    each_config(|config| {
        let mut heap = heap(with_semispaces(config, MIN_SEMISPACE_BYTES));
        let both = ephemeron(&mut heap, None);
        let view = heap.view(both);
        assert_eq!((view.slots(), view.len(), view.size_bytes()), (2, 2, EPHEMERON_BYTES));
        assert_eq!((view.shape_name(), view.bytes()), ("entry", &[][..]));
        assert_eq!(view.first_slots::<2>().map(word), words(&heap, both));
        heap.fill_slots(both, 0..2, None);
        assert_eq!(words(&heap, both), [None, None]);
    });
}
