//! Weak references, ephemerons, finalizers and identities in an arena: for objects of every kind and age, over
//! collections of every kind.

use crate::arena_boundaries::{Boundary, Random, arena, crowd, each_arena_config};
use gc_core::Config;
use gc_core::arena::{Any, Arena, Array, Ephemeron, Gc, Lock, Mutation, Root, Str, Trace, Weak};
use std::collections::{HashMap, HashSet};

/// Boundaries that objects go through before anything is asked of them.
const AGEINGS: [&[Boundary]; 4] = [
    &[],
    &[Boundary::Minor],
    &[Boundary::Minor, Boundary::Full, Boundary::Minor],
    &[Boundary::Compact, Boundary::Minor],
];

type Numbers<'gc> = Array<Lock<Option<Gc<'gc, u64>>>>;

/// What weak references lead to: a value, an array with cards, a text.
#[derive(Default, Trace)]
struct Held<'gc> {
    value: Lock<Option<Gc<'gc, u64>>>,
    array: Lock<Option<Gc<'gc, Numbers<'gc>>>>,
    text: Lock<Option<Gc<'gc, Str>>>,
    weak_value: Lock<Option<Weak<'gc, u64>>>,
    weak_array: Lock<Option<Weak<'gc, Numbers<'gc>>>>,
    weak_text: Lock<Option<Weak<'gc, Str>>>,
}

type HeldRoot = Root![Held<'_>];

/// Which of the weak references lead to something, after looking at what that is.
fn upgraded<'gc>(mc: Mutation<'gc>, held: &Held<'gc>) -> [bool; 3] {
    let value = held.weak_value.get().and_then(|weak| weak.upgrade(mc));
    let array = held.weak_array.get().and_then(|weak| weak.upgrade(mc));
    let text = held.weak_text.get().and_then(|weak| weak.upgrade(mc));
    assert!(value.is_none_or(|value| *value.get(mc) == 7));
    assert!(
        array
            .is_none_or(|array| array.len(mc) == 200 && array.at(mc, 199).is_some_and(|it| *it.get(mc) == 8))
    );
    assert!(text.is_none_or(|text| text.as_str(mc) == "text"));
    [value.is_some(), array.is_some(), text.is_some()]
}

#[test]
fn a_weak_reference_leads_to_its_object_for_as_long_as_that_lives() {
    each_arena_config(|config| {
        for ageing in AGEINGS {
            let mut arena: Arena<HeldRoot> = arena(config.clone());
            arena.mutate(|mc, root| {
                crowd(mc, &config);
                let (value, text) = (mc.new(7), mc.str("text"));
                let array = mc.array_from_fn(200, |_| Lock::new(Some(mc.new(8))));
                let held = root.write(mc);
                held.field(|held| &held.value).set(Some(value));
                held.field(|held| &held.array).set(Some(array));
                held.field(|held| &held.text).set(Some(text));
                held.field(|held| &held.weak_value).set(Some(mc.weak(value)));
                held.field(|held| &held.weak_array).set(Some(mc.weak(array)));
                held.field(|held| &held.weak_text).set(Some(mc.weak(text)));
            });
            for boundary in ageing {
                boundary.pass(&mut arena);
                arena.mutate(|mc, root| assert_eq!(upgraded(mc, root.get(mc)), [true; 3], "{ageing:?}"));
            }
            arena.mutate(|mc, root| {
                let held = root.write(mc);
                held.field(|held| &held.value).set(None);
                held.field(|held| &held.array).set(None);
                held.field(|held| &held.text).set(None);
                // Nothing is collected within a closure.
                assert_eq!(upgraded(mc, root.get(mc)), [true; 3]);
            });
            arena.collect_full();
            arena.mutate(|mc, root| assert_eq!(upgraded(mc, root.get(mc)), [false; 3], "{ageing:?}"));
            assert_eq!(arena.verify(), Ok(()));
        }
    });
}

#[test]
fn what_is_upgraded_while_it_dies_is_kept() {
    each_arena_config(|config| {
        let mut arena: Arena<HeldRoot> = arena(config);
        arena.mutate(|mc, root| {
            root.write(mc).field(|held| &held.weak_value).set(Some(mc.weak(mc.new(7))));
        });
        for round in 0..50 {
            Boundary::Step(1).pass(&mut arena);
            let is_alive = arena.mutate(|mc, root| {
                let value = root.get(mc).weak_value.get().and_then(|weak| weak.upgrade(mc));
                // Kept by turns.
                root.write(mc).field(|held| &held.value).set(value.filter(|_| round % 3 == 0));
                value.is_some()
            });
            assert_eq!(arena.verify(), Ok(()));
            if !is_alive {
                break;
            }
        }
    });
}

type Entries<'gc> = Array<Gc<'gc, Ephemeron<u64, u64>>>;

/// A chain of ephemerons: the value of each is the key of the next.
#[derive(Default, Trace)]
struct Chain<'gc> {
    key: Lock<Option<Gc<'gc, u64>>>,
    entries: Lock<Option<Gc<'gc, Entries<'gc>>>>,
}

#[test]
fn a_chain_of_ephemerons_hangs_from_its_first_key() {
    const LENGTH: usize = 500;
    each_arena_config(|config| {
        for (ageing, backwards) in AGEINGS.into_iter().zip([false, true].into_iter().cycle()) {
            let mut arena: Arena<Root![Chain<'_>]> = arena(config.clone());
            arena.mutate(|mc, root| {
                let keys = mc.array_from_fn(LENGTH + 1, |index| mc.new(index as u64)).as_slice(mc);
                let mut entries: Vec<_> =
                    keys.windows(2).map(|pair| mc.ephemeron(pair[0], pair[1])).collect();
                if backwards {
                    entries.reverse();
                }
                let chain = root.write(mc);
                chain.field(|chain| &chain.key).set(Some(keys[0]));
                chain.field(|chain| &chain.entries).set(Some(mc.array(&entries)));
            });
            let alive = |arena: &Arena<Root![Chain<'_>]>| {
                arena.mutate(|mc, root| {
                    let entries = root.get(mc).entries.get().expect("the chain").as_slice(mc);
                    let alive = entries.iter().copied().filter(|entry| {
                        let (key, value) = (entry.key(mc), entry.value(mc));
                        assert_eq!(value.map(|it| *it.get(mc)), key.map(|it| *it.get(mc) + 1));
                        key.is_some()
                    });
                    alive.count()
                })
            };
            for boundary in ageing.iter().chain(&[Boundary::Full, Boundary::Step(1), Boundary::Minor]) {
                boundary.pass(&mut arena);
                assert_eq!(alive(&arena), LENGTH);
            }
            arena.mutate(|mc, root| root.write(mc).field(|chain| &chain.key).set(None));
            arena.collect_full();
            assert_eq!((alive(&arena), arena.verify()), (0, Ok(())));
        }
    });
}

/// Objects, some of which die.
type Objects = Root![Gc<'_, Array<Lock<Option<Any<'_>>>>>];

/// An object of one of several kinds.
fn make<'gc>(mc: Mutation<'gc>, kind: usize) -> Any<'gc> {
    match kind % 5 {
        0 => mc.new(()).erase(),
        1 => mc.new(kind as u64).erase(),
        2 => mc.array_from_fn(300, |_| Lock::new(None::<Any<'_>>)).erase(),
        3 => mc.array(&[kind as u8; 40_000]).erase(),
        _ => mc.str("text").erase(),
    }
}

#[test]
fn an_identity_is_kept_over_every_move_and_never_given_again() {
    const PLACES: usize = 40;
    each_arena_config(|config| {
        let mut arena: Arena<Objects> =
            Arena::new(config.clone(), |mc| mc.array_from_fn(PLACES, |_| Lock::new(None))).expect("an arena");
        let (mut random, mut ids, mut given) = (Random::of(5), [None; PLACES], HashSet::new());
        for round in 0..60 {
            arena.mutate(|mc, root| {
                let objects = *root.get(mc);
                if round % 7 == 0 {
                    crowd(mc, &config);
                }
                for _ in 0..4 {
                    let place = random.below(PLACES);
                    let object = make(mc, random.below(100));
                    objects.set(mc, place, Some(object));
                    ids[place] = Some(object.id(mc)).filter(|_| random.below(3) > 0);
                    assert!(ids[place].is_none_or(|id| given.insert(id)), "it has been given before");
                    assert_eq!(ids[place].is_some(), ids[place] == Some(object.id(mc)));
                    given.insert(object.id(mc));
                }
            });
            Boundary::ALL[random.below(Boundary::ALL.len())].pass(&mut arena);
            arena.mutate(|mc, root| {
                for (object, id) in root.get(mc).as_slice(mc).iter().zip(ids) {
                    let now = id.and_then(|_| object.get()).map(|object| object.id(mc));
                    assert_eq!(now, id, "round {round}");
                }
            });
        }
        assert_eq!(arena.verify(), Ok(()));
    });
}

#[test]
fn the_dead_come_back_once_in_the_order_of_registration_with_their_identities() {
    each_arena_config(|config| {
        for ageing in AGEINGS {
            let mut arena: Arena<Objects> =
                Arena::new(config.clone(), |mc| mc.array_from_fn(10, |_| Lock::new(None))).expect("an arena");
            let ids: Vec<u64> = arena.mutate(|mc, root| {
                let keep = |(place, kind): (usize, usize)| {
                    let object = make(mc, kind);
                    root.get(mc).set(mc, place, Some(object));
                    finalize(mc, object);
                    object.id(mc)
                };
                (0..10).rev().zip(0..10).map(keep).collect()
            });
            for boundary in ageing {
                boundary.pass(&mut arena);
            }
            arena.mutate(|mc, root| {
                assert!(mc.next_finalizable().is_none(), "they are alive");
                (0..10).for_each(|place| root.get(mc).set(mc, place, None));
            });
            arena.collect_full();
            // Kept, so that they die a second time.
            let dead: Vec<u64> = arena.mutate(|mc, root| {
                let next = |place| {
                    let object = mc.next_finalizable()?;
                    root.get(mc).set(mc, place, Some(object));
                    Some(object.id(mc))
                };
                (0..10).map_while(next).collect()
            });
            assert_eq!(dead, ids, "{ageing:?}");
            arena.mutate(|mc, root| (0..10).for_each(|place| root.get(mc).set(mc, place, None)));
            arena.collect_full();
            arena.mutate(|mc, _| assert!(mc.next_finalizable().is_none(), "once"));
            assert_eq!(arena.verify(), Ok(()));
        }
    });
}

/// Registers an object that [`make`] made.
fn finalize<'gc>(mc: Mutation<'gc>, object: Any<'gc>) {
    if let Some(object) = object.downcast::<()>(mc) {
        mc.finalize_when_dead(object);
    } else if let Some(object) = object.downcast::<u64>(mc) {
        mc.finalize_when_dead(object);
    } else if let Some(object) = object.downcast::<Array<Lock<Option<Any<'_>>>>>(mc) {
        mc.finalize_when_dead(object);
    } else if let Some(object) = object.downcast::<Array<u8>>(mc) {
        mc.finalize_when_dead(object);
    } else {
        mc.finalize_when_dead(object.downcast::<Str>(mc).expect("a text"));
    }
}

/// Random entries of a map from objects to values that refer back to them, some of which die: no entry is lost, and none
/// of the dead outlives a full collection.
#[test]
fn values_that_refer_to_their_keys_do_not_keep_them_alive() {
    type Entry<'gc> = Gc<'gc, Ephemeron<u64, Gc<'gc, u64>>>;
    #[derive(Trace)]
    struct Table<'gc> {
        keys: Gc<'gc, Array<Lock<Option<Gc<'gc, u64>>>>>,
        entries: Gc<'gc, Array<Lock<Option<Entry<'gc>>>>>,
    }
    const PLACES: usize = 20;
    each_arena_config(|config: Config| {
        let mut arena: Arena<Root![Table<'_>]> = Arena::new(config, |mc| Table {
            keys: mc.array_from_fn(PLACES, |_| Lock::new(None)),
            entries: mc.array_from_fn(PLACES, |_| Lock::new(None)),
        })
        .expect("an arena");
        let (mut random, mut model) = (Random::of(9), HashMap::new());
        for round in 0..60_u64 {
            arena.mutate(|mc, root| {
                let (table, place) = (root.get(mc), random.below(PLACES));
                let key = mc.new(round);
                table.keys.set(mc, place, Some(key));
                table.entries.set(mc, place, Some(mc.ephemeron(key, mc.new(key))));
                model.insert(place, round);
                let dropped = random.below(PLACES);
                table.keys.set(mc, dropped, None);
                model.remove(&dropped);
            });
            Boundary::ALL[random.below(Boundary::ALL.len())].pass(&mut arena);
            let is_exact = random.below(4) == 0;
            if is_exact {
                arena.collect_full();
            }
            arena.mutate(|mc, root| {
                for place in 0..PLACES {
                    let entry = root.get(mc).entries.at(mc, place);
                    let key = entry.and_then(|entry| entry.key(mc));
                    let value = entry.and_then(|entry| entry.value(mc)).map(|value| *value.get(mc));
                    assert_eq!(key.map(|key| *key.get(mc)), value.map(|key| *key.get(mc)), "round {round}");
                    let found = key.map(|key| *key.get(mc));
                    match model.get(&place) {
                        Some(expected) => assert_eq!(found, Some(*expected), "round {round}"),
                        None => assert!(found.is_none() || !is_exact, "round {round}: {found:?} has died"),
                    }
                }
            });
        }
        assert_eq!(arena.verify(), Ok(()));
    });
}
