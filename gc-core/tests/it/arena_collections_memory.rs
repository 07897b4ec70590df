//! The collections of the typed face and memory: what they do when it is full, while it is marked, when they are old, and
//! what they keep alive.

use crate::support::{always_marking, at_once, each_config, each_pace, with_semispaces};
use gc_core::arena::collections::ById;
use gc_core::arena::{Arena, Array, Gc, Lock, Map, OrderedMap, Root, Set, Str, Trace, Vec as GcVec, Weak};
use gc_core::{Budget, Config, HeapFull, MIN_SEMISPACE_BYTES};
use std::iter;

/// A heap that is soon full.
fn small(config: Config) -> Config {
    Config { max_old_bytes: 4 << 20, ..with_semispaces(config, MIN_SEMISPACE_BYTES) }
}

#[derive(Default, Trace)]
struct Everything<'gc> {
    numbers: GcVec<'gc, u64>,
    texts: GcVec<'gc, Gc<'gc, Str>>,
    map: Map<'gc, u64, Gc<'gc, u64>>,
    set: Set<'gc, (u64, bool)>,
    ordered: OrderedMap<'gc, u64, Gc<'gc, u64>>,
    counts: OrderedMap<'gc, u64, u64>,
}

type Collections = Root![Everything<'_>];

fn everything(config: Config) -> Arena<Collections> {
    Arena::new(config, |_| Everything::default()).expect("settings that a heap can have")
}

/// How often a heap got full, and was emptied.
const FILLINGS: usize = 3;

/// Adds to a collection until the heap is full, a few times; what has been added is there in every case.
///
/// `add` adds an element, `check` finds as many as it is told, and `clear` removes all.
fn fill(
    config: &Config,
    add: impl for<'gc> Fn(gc_core::arena::Mutation<'gc>, Gc<'gc, Everything<'gc>>, u64) -> Result<(), HeapFull>,
    check: impl for<'gc> Fn(gc_core::arena::Mutation<'gc>, &Everything<'gc>, u64),
    clear: impl for<'gc> Fn(gc_core::arena::Mutation<'gc>, Gc<'gc, Everything<'gc>>),
) {
    let mut arena = everything(small(config.clone()));
    for _ in 0..FILLINGS {
        let count = (0..).find(|number| {
            let is_full = arena.mutate(|mc, root| add(mc, root, *number)).is_err();
            if !is_full && number % 512 == 0 {
                arena.collect_if_due();
            }
            is_full
        });
        let count = count.expect("the heap gets full");
        assert!(count > 1_000, "full with {count} elements");
        arena.mutate(|mc, root| check(mc, root.get(mc), count));
        arena.collect_if_due();
        arena.mutate(|mc, root| check(mc, root.get(mc), count));
        arena.mutate(|mc, root| clear(mc, root));
        arena.collect_full();
        assert_eq!(arena.verify(), Ok(()));
    }
}

#[test]
fn a_vector_that_finds_the_heap_full_is_as_it_was() {
    fill(
        &Config::default(),
        |mc, root, number| root.write(mc).field(|all| &all.numbers).try_push(mc, number),
        |mc, all, count| assert!(all.numbers.iter(mc).eq(0..count)),
        |mc, root| root.write(mc).field(|all| &all.numbers).clear(mc),
    );
    fill(
        &at_once(Config::default()),
        |mc, root, number| {
            let texts = root.write(mc).field(|all| &all.texts);
            texts.try_insert(mc, texts.len().saturating_sub(1), mc.try_str(&number.to_string())?)
        },
        |mc, all, count| {
            let numbers = all.texts.iter(mc).map(|text| text.as_str(mc).parse::<u64>().expect("a number"));
            assert!(numbers.eq((1..count).chain([0])));
        },
        |mc, root| root.write(mc).field(|all| &all.texts).truncate(mc, 0),
    );
}

#[test]
fn an_extension_that_finds_the_heap_full_is_taken_back() {
    let arena = everything(small(Config::default()));
    arena.mutate(|mc, root| {
        let numbers = root.write(mc).field(|all| &all.numbers);
        numbers.extend(mc, 0..10);
        assert!(numbers.try_extend(mc, iter::repeat(7)).is_err());
        assert!(numbers.iter(mc).eq(0..10));
    });
}

#[test]
fn maps_and_sets_that_find_the_heap_full_are_as_they_were() {
    fill(
        &Config::default(),
        |mc, root, number| {
            let map = root.write(mc).field(|all| &all.map);
            map.try_insert(mc, number, mc.try_new(number * 3)?).map(|old| assert!(old.is_none()))
        },
        |mc, all, count| {
            assert_eq!(all.map.len() as u64, count);
            assert!(
                all.map
                    .iter(mc)
                    .map(|(key, value)| (key, *value.get(mc)))
                    .eq((0..count).map(|key| (key, key * 3)))
            );
            assert!((0..count).all(|key| all.map.contains_key(mc, key)) && !all.map.contains_key(mc, count));
        },
        |mc, root| root.write(mc).field(|all| &all.map).clear(mc),
    );
    fill(
        &Config::default(),
        |mc, root, number| {
            let set = root.write(mc).field(|all| &all.set);
            set.try_insert(mc, (number, true)).map(|is_new| assert!(is_new))
        },
        |mc, all, count| assert!(all.set.iter(mc).eq((0..count).map(|key| (key, true)))),
        |mc, root| root.write(mc).field(|all| &all.set).clear(mc),
    );
}

#[test]
fn an_ordered_map_that_finds_the_heap_full_is_as_it_was() {
    /// An order of insertion that is neither that of the keys nor the opposite.
    fn key(number: u64) -> u64 {
        number.wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }
    fill(
        &Config::default(),
        |mc, root, number| {
            let map = root.write(mc).field(|all| &all.counts);
            map.try_insert(mc, key(number), number).map(|old| assert!(old.is_none()))
        },
        |mc, all, count| {
            assert_eq!(all.counts.len() as u64, count);
            assert!(all.counts.keys(mc).is_sorted() && all.counts.keys(mc).count() as u64 == count);
            for number in 0..count {
                assert_eq!(all.counts.get(mc, key(number)), Some(number));
            }
            assert_eq!(all.counts.get(mc, key(count)), None);
        },
        |mc, root| {
            let map = root.write(mc).field(|all| &all.counts);
            while map.len() > 10 {
                map.pop_last(mc);
            }
            map.clear(mc);
        },
    );
}

#[test]
#[should_panic(expected = "`try_` functions return this as an error")]
fn a_push_onto_a_full_heap_panics() {
    let arena = everything(small(Config::default()));
    arena.mutate(|mc, root| root.write(mc).field(|all| &all.numbers).extend(mc, iter::repeat(7)));
}

/// Adds to all collections while the old generation is marked in steps, and removes half of it.
fn grow(config: Config, count: u64) {
    let mut arena = everything(config);
    for number in 0..count {
        arena.mutate(|mc, root| {
            let all = root.write(mc);
            all.field(|all| &all.numbers).push(mc, number);
            all.field(|all| &all.texts).push(mc, mc.str(&number.to_string()));
            all.field(|all| &all.map).insert(mc, number, mc.new(number));
            all.field(|all| &all.set).insert(mc, (number, false));
            all.field(|all| &all.ordered).insert(mc, number, mc.new(number));
            if number % 2 == 1 {
                all.field(|all| &all.map).remove(mc, number / 2);
                all.field(|all| &all.ordered).remove(mc, number / 2);
                all.field(|all| &all.set).remove(mc, (number / 2, false));
                all.field(|all| &all.texts).swap_remove(mc, (number / 2) as usize % 100);
            }
        });
        arena.collect_if_due();
        arena.step(Budget::Work(1));
    }
    assert_eq!(arena.verify(), Ok(()));
    arena.mutate(|mc, root| {
        let (all, left) = (root.get(mc), count / 2..count);
        assert!(all.numbers.iter(mc).eq(0..count));
        assert_eq!(
            all.texts.iter(mc).map(|text| text.as_str(mc).len() as u64).filter(|length| *length > 0).count()
                as u64,
            count - count / 2
        );
        assert!(all.map.values(mc).map(|value| *value.get(mc)).eq(left.clone()));
        assert!(all.ordered.values(mc).map(|value| *value.get(mc)).eq(left.clone()));
        assert!(all.set.iter(mc).map(|(number, _)| number).eq(left));
    });
}

#[test]
fn collections_grow_while_the_heap_is_marked() {
    each_pace(|config| grow(config, 20_000));
    each_config(|config| grow(always_marking(config), 300));
}

#[test]
fn young_values_in_old_collections_are_found() {
    each_config(|config| {
        let mut arena = everything(Config { large_object_bytes: 4 << 10, ..config });
        arena.mutate(|mc, root| {
            let all = root.write(mc);
            for number in 0..2_000 {
                all.field(|all| &all.texts).push(mc, mc.str("old"));
                all.field(|all| &all.map).insert(mc, number, mc.new(0));
                all.field(|all| &all.ordered).insert(mc, number, mc.new(0));
            }
        });
        (0..5).for_each(|_| arena.collect_minor());
        arena.collect_full();
        for number in (0..2_000_u64).step_by(97) {
            arena.mutate(|mc, root| {
                let all = root.write(mc);
                all.field(|all| &all.texts).set(mc, number as usize, mc.str("young"));
                all.field(|all| &all.map).insert(mc, number, mc.new(number));
                all.field(|all| &all.ordered).insert(mc, number, mc.new(number));
            });
            arena.collect_minor();
            arena.mutate(|mc, root| {
                let all = root.get(mc);
                assert_eq!(all.texts.at(mc, number as usize).as_str(mc), "young");
                assert_eq!(all.map.get(mc, number).map(|value| *value.get(mc)), Some(number));
                assert_eq!(all.ordered.get(mc, number).map(|value| *value.get(mc)), Some(number));
            });
        }
        // One move of many values, young ones among them, in an old array with cards.
        arena.mutate(|mc, root| {
            let texts = root.write(mc).field(|all| &all.texts);
            texts.insert(mc, 1_000, mc.str("inserted"));
            texts.insert(mc, 3, mc.str("inserted"));
            texts.remove(mc, 0);
        });
        arena.collect_minor();
        arena.mutate(|mc, root| {
            let texts = root.get(mc).texts.iter(mc).map(|text| text.as_str(mc));
            assert_eq!(texts.clone().filter(|text| *text == "inserted").count(), 2);
            assert_eq!(texts.filter(|text| *text == "young").count(), 20);
        });
    });
}

/// Collections of objects, and weak references to all that were ever in them.
#[derive(Default, Trace)]
struct Kept<'gc> {
    vec: GcVec<'gc, Gc<'gc, Str>>,
    map: Map<'gc, Gc<'gc, Str>, Gc<'gc, Str>>,
    ordered: OrderedMap<'gc, Gc<'gc, Str>, Gc<'gc, Str>>,
    identities: Set<'gc, ById<Gc<'gc, Str>>>,
    weak: GcVec<'gc, Weak<'gc, Str>>,
}

#[test]
fn what_has_been_removed_is_not_kept_alive() {
    const COUNT: u32 = 1_000;
    let is_kept = |number: u32| number % 10 == 7;
    let mut arena = Arena::<Root![Kept<'_>]>::new(Config::default(), |_| Kept::default()).expect("settings");
    arena.mutate(|mc, root| {
        let all = root.write(mc);
        for number in 0..COUNT {
            let [in_vec, key, value, ordered_key, ordered_value, identity] =
                std::array::from_fn(|_| mc.str(&number.to_string()));
            all.field(|all| &all.vec).push(mc, in_vec);
            all.field(|all| &all.map).insert(mc, key, value);
            all.field(|all| &all.ordered).insert(mc, ordered_key, ordered_value);
            all.field(|all| &all.identities).insert(mc, ById(identity));
            let strings = [in_vec, key, value, ordered_key, ordered_value, identity];
            all.field(|all| &all.weak).extend(mc, strings.map(|string| mc.weak(string)));
        }
        let number_of = |text| Gc::<Str>::as_str(text, mc).parse::<u32>().expect("a number");
        for index in (0..COUNT).rev().filter(|number| !is_kept(*number)) {
            all.field(|all| &all.vec).remove(mc, index as usize);
            all.field(|all| &all.ordered).remove(mc, mc.str(&index.to_string()));
        }
        all.field(|all| &all.map).retain(mc, |key, _| is_kept(number_of(key)));
        all.field(|all| &all.identities).retain(mc, |key| is_kept(number_of(key.0)));
    });
    arena.collect_full();
    arena.mutate(|mc, root| {
        let alive: Vec<Gc<'_, Str>> =
            root.get(mc).weak.iter(mc).filter_map(|weak| weak.upgrade(mc)).collect();
        assert!(alive.iter().all(|text| is_kept(text.as_str(mc).parse().expect("a number"))));
        assert_eq!(alive.len() as u32, COUNT / 10 * 6);
    });
}

#[test]
fn collections_are_small() {
    assert_eq!(size_of::<GcVec<'_, u64>>(), 16);
    assert_eq!(size_of::<Map<'_, u64, u64>>(), 8);
    assert_eq!(size_of::<Set<'_, u64>>(), 8);
    assert_eq!(size_of::<OrderedMap<'_, u64, u64>>(), 16);
}

#[test]
fn the_values_of_an_array_are_moved_and_replaced_as_those_of_a_slice() {
    each_config(|config| {
        let mut arena = Arena::<Root![Gc<'_, Array<Lock<Gc<'_, u64>>>>]>::new(config, |mc| {
            mc.array_from_fn(500, |index| Lock::new(mc.new(index as u64)))
        })
        .expect("settings");
        let mut model: Vec<u64> = (0..500).collect();
        for (source, target) in
            [(0..100, 50), (400..500, 0), (3..3, 499), (0..500, 0), (1..500, 0), (0..499, 1)]
        {
            (0..3).for_each(|_| arena.collect_minor());
            arena.mutate(|mc, root| {
                let values = root.get(mc).write_range(mc, 0..500);
                values.copy_within(source.clone(), target);
                root.get(mc).write_range(mc, target..target + 1).fill(mc.new(1_000));
            });
            model.copy_within(source, target);
            model[target] = 1_000;
            arena.collect_minor();
            arena.mutate(|mc, root| {
                let values = root.get(mc).as_slice(mc).iter().map(|value| *value.get().get(mc));
                assert!(values.eq(model.iter().copied()));
            });
        }
    });
}

#[test]
#[should_panic(expected = "range end index 5 out of range for slice of length 4")]
fn a_range_that_is_not_there_cannot_be_written() {
    let arena = Arena::<Root![Gc<'_, Array<Lock<u64>>>]>::new(Config::default(), |mc| {
        mc.array_from_fn(4, |_| Lock::new(0))
    });
    arena.expect("settings").mutate(|mc, root| root.get(mc).write_range(mc, 2..5).fill(1));
}

/// What a vector is asked for that it does not have.
macro_rules! refused {
    ($($test:ident($message:literal): $method:ident($($argument:expr),*);)+) => {$(
        #[test]
        #[should_panic(expected = $message)]
        fn $test() {
            let arena = everything(Config::default());
            arena.mutate(|mc, root| {
                let numbers = root.write(mc).field(|all| &all.numbers);
                numbers.extend(mc, 0..3);
                numbers.pop(mc);
                let _ = numbers.$method(mc $(, $argument)*);
            });
        }
    )+};
}

refused! {
    no_value_at_the_end("no value 2: the vector has 2"): at(2);
    no_value_to_set("no value 2: the vector has 2"): set(2, 7);
    no_value_to_remove("no value 2: the vector has 2"): remove(2);
    no_value_to_take_out("no value 3: the vector has 2"): swap_remove(3);
    no_value_to_exchange("no value 2: the vector has 2"): swap(0, 2);
    no_place_to_insert_at("no place 3 to insert at: the vector has 2 values"): insert(3, 7);
}
