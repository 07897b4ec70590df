//! Closures, boundaries, roots and handles of arenas.

use crate::arena_boundaries::{Boundary, arena, crowd, each_arena_config};
use crate::support::each_config;
use gc_core::arena::{self, Any, Arena, Array, Gc, Handle, Lock, RefLock, Root, Str, Trace};
use gc_core::event::{Event, EventSink};
use gc_core::{Budget, Config, ConfigError, HeapFull};
use std::cell::Cell;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::{mem, thread};

/// A list of numbers.
#[derive(Trace)]
struct Node<'gc> {
    number: u64,
    next: Option<Gc<'gc, Node<'gc>>>,
}

type List = Root![Lock<Option<Gc<'_, Node<'_>>>>];

/// Puts a number in front of the list.
fn push(arena: &Arena<List>, number: u64) {
    arena.mutate(|mc, list| list.set(mc, Some(mc.new(Node { number, next: list.get(mc).get() }))));
}

fn numbers(arena: &Arena<List>) -> Vec<u64> {
    arena.mutate(|mc, list| {
        std::iter::successors(list.get(mc).get(), |node| node.get(mc).next)
            .map(|node| node.get(mc).number)
            .collect()
    })
}

/// Whether `f` panics with a message that contains `message`.
fn panics<T>(message: &str, f: impl FnOnce() -> T) -> bool {
    let Err(panic) = catch_unwind(AssertUnwindSafe(f)) else { return false };
    let said = panic.downcast_ref::<String>().cloned();
    said.or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string))
        .is_some_and(|said| said.contains(message))
}

#[test]
fn a_closure_within_another_sees_the_same_objects() {
    each_arena_config(|config| {
        let mut arena: Arena<List> = arena(config);
        arena.mutate(|mc, list| {
            push(&arena, 1);
            let outer = list.get(mc).get().expect("a node");
            let handle: Handle<Root![Node<'_>]> = arena.mutate(|mc, list| {
                push(&arena, 2);
                mc.stash(list.get(mc).get().expect("a node"))
            });
            assert_eq!((outer.get(mc).number, mc.fetch(&handle).get(mc).number), (1, 2));
            assert!(mc.fetch(&handle).get(mc).next.is_some_and(|next| next.ptr_eq(outer)));
        });
        arena.collect_full();
        assert_eq!((numbers(&arena), arena.verify()), (vec![2, 1], Ok(())));
    });
}

#[test]
fn arenas_do_not_know_of_each_other() {
    each_config(|config| {
        let mut arenas: Vec<Arena<List>> = (0..4).map(|_| arena(config.clone())).collect();
        for round in 0..200 {
            for (index, arena) in arenas.iter_mut().enumerate() {
                push(arena, round * 10 + index as u64);
                Boundary::ALL[(round as usize + index) % Boundary::ALL.len()].pass(arena);
            }
        }
        for (index, arena) in arenas.iter_mut().enumerate() {
            assert!(numbers(arena).into_iter().eq((0..200).rev().map(|round| round * 10 + index as u64)));
        }
        let handle: Handle<Root![u64]> = arenas[0].mutate(|mc, _| mc.stash(mc.new(1)));
        assert!(panics("wrong arena", || arenas[1].mutate(|mc, _| *mc.fetch(&handle).get(mc))));
    });
}

#[test]
fn a_new_root_may_hold_the_old_one() {
    each_arena_config(|config| {
        let list: Arena<List> = arena(config);
        (0..50).for_each(|number| push(&list, number));
        type Pair = Root![(u64, Gc<'_, Lock<Option<Gc<'_, Node<'_>>>>>)];
        let mut pair: Arena<Pair> = list.map_root::<Pair>(|_, list| (7, list));
        Boundary::ALL.into_iter().for_each(|boundary| boundary.pass(&mut pair));
        assert_eq!(pair.mutate(|mc, root| root.get(mc).0), 7);
        let mut list: Arena<List> = pair.map_root::<List>(|mc, root| Lock::new(root.get(mc).1.get(mc).get()));
        list.collect_full();
        assert!(numbers(&list).into_iter().eq((0..50).rev()));
        assert_eq!(list.verify(), Ok(()));
    });
}

#[test]
fn the_state_of_a_run_lives_from_step_to_step_and_no_longer() {
    each_arena_config(|config| {
        let mut arena: Arena<List> = arena(config);
        arena.collect_full();
        let used = arena.memory_usage().heap_used;
        let sum = arena.run::<Root![(Lock<Option<Gc<'_, Node<'_>>>>, Lock<u64>)], u64>(
            |_, _| (Lock::new(None), Lock::new(0)),
            |mc, _, state| {
                let (nodes, round) = state.get(mc);
                if round.get() == 500 {
                    let nodes = std::iter::successors(nodes.get(), |node| node.get(mc).next);
                    return ControlFlow::Break(nodes.map(|node| node.get(mc).number).sum());
                }
                let node = mc.new(Node { number: round.get(), next: nodes.get() });
                state.write(mc).field(|state| &state.0).set(Some(node));
                state.write(mc).field(|state| &state.1).set(round.get() + 1);
                ControlFlow::Continue(())
            },
        );
        assert_eq!(sum, 499 * 500 / 2);
        arena.collect_full();
        assert_eq!((arena.memory_usage().heap_used, arena.verify()), (used, Ok(())));
    });
}

#[test]
fn a_program_is_asked_to_yield_when_something_is_due_and_not_before() {
    let config = Config { huge_pages: false, ..Config::default() };
    let mut arena: Arena<List> = arena(config);
    for _ in 0..20 {
        assert!(!arena.mutate(|mc, _| mc.should_yield()));
        let scavenges = arena.stats().minor_collections;
        let mut made = 0;
        arena.mutate(|mc, _| {
            while !mc.should_yield() {
                mc.new([0_u64; 7]);
                made += 1;
            }
        });
        assert!(made > 1_000, "{made}");
        assert_eq!(arena.stats().minor_collections, scavenges, "nothing is collected within a closure");
        arena.collect_if_due();
        assert_eq!(arena.stats().minor_collections, scavenges + 1);
    }
}

#[test]
fn a_panic_in_a_closure_leaves_the_arena_as_it_was_then() {
    each_arena_config(|config| {
        let mut arena: Arena<List> = arena(config);
        (0..20).for_each(|number| push(&arena, number));
        let faults: [fn(&mut Arena<List>); 4] = [
            |arena| {
                arena.mutate(|mc, _| {
                    mc.new(1);
                    panic!("as asked");
                });
            },
            |arena| {
                arena.mutate(|mc, _| {
                    mc.array_from_fn(9, |index| if index < 8 { mc.new(1) } else { panic!("as asked") });
                });
            },
            |arena| {
                arena.mutate(|mc, _| {
                    let cell = mc.new(RefLock::new(Some(mc.new(1_u64))));
                    let _borrowed = cell.borrow_mut(mc);
                    panic!("as asked");
                });
            },
            |arena| {
                arena.run::<Root![u64], ()>(
                    |_, _| 1,
                    |mc, _, state| {
                        mc.new(*state.get(mc));
                        panic!("as asked");
                    },
                );
            },
        ];
        for fault in faults {
            assert!(panics("as asked", || fault(&mut arena)));
            assert_eq!(arena.verify(), Ok(()));
            Boundary::ALL.into_iter().for_each(|boundary| boundary.pass(&mut arena));
            assert!(numbers(&arena).into_iter().eq((0..20).rev()));
        }
    });
}

/// Panics at the event with this number.
struct Faulty(u32);

impl EventSink for Faulty {
    fn event(&mut self, _: &Event) {
        self.0 = self.0.checked_sub(1).expect("as asked");
    }
}

#[test]
fn an_arena_is_not_used_again_when_a_panic_has_cut_a_collection_short() {
    for events in 0..5 {
        let mut arena: Arena<List> = arena(Config { huge_pages: false, ..Config::default() });
        (0..20).for_each(|number| push(&arena, number));
        arena.set_sink(Box::new(Faulty(events)));
        assert!(panics("as asked", || arena.collect_minor()), "{events}");
        assert!(panics("cut short", || numbers(&arena)));
        assert!(panics("cut short", || arena.collect_full()));
        assert!(panics("cut short", || arena.verify()));
        assert!(
            panics("cut short", || arena.run::<Root![()], ()>(|_, _| (), |_, _, _| ControlFlow::Break(())))
        );
    }
}

type Borrowed = Root![RefLock<Option<Gc<'_, u64>>>];

#[test]
fn a_borrow_that_is_leaked_does_not_hide_what_is_borrowed() {
    each_arena_config(|config| {
        let mut arena: Arena<Borrowed> = arena(config);
        arena.mutate(|mc, root| {
            let mut borrowed = root.borrow_mut(mc);
            *borrowed = Some(mc.new(7));
            mem::forget(borrowed);
        });
        for boundary in Boundary::ALL {
            boundary.pass(&mut arena);
            arena.mutate(|mc, root| assert!(root.get(mc).try_borrow().is_err()));
            assert_eq!(arena.verify(), Ok(()));
        }
    });
}

#[test]
fn a_permission_to_store_goes_no_further_than_the_value() {
    let arena: Arena<Root![[Lock<u64>; 2]]> = arena(Config { huge_pages: false, ..Config::default() });
    arena.mutate(|mc, root| {
        // A projection is good for any borrow of the value: what else outlives that is a constant, or leaked.
        let other: &'static Lock<u64> = Box::leak(Box::new(Lock::new(7)));
        let elsewhere = "a part of another object";
        assert!(panics(elsewhere, || root.write(mc).field(|_| other).set(8)));
        assert!(panics(elsewhere, || root.write(mc).at(0).field_if(|_| Some(other)).map(|it| it.set(8))));
        assert!(root.write(mc).field_if(|_| None::<&Lock<u64>>).is_none());
        root.write(mc).at(1).set(9);
        assert_eq!((other.get(), root.get(mc).each_ref().map(Lock::get)), (7, [0, 9]));
    });
}

#[test]
fn a_type_that_is_left_to_run_time_is_found_again() {
    each_arena_config(|config| {
        let mut arena: Arena<Root![Gc<'_, Array<Any<'_>>>]> = Arena::new(config, |mc| {
            mc.array(&[
                mc.new(()).erase(),
                mc.new(1_u64).erase(),
                mc.new(Lock::new(1_u64)).erase(),
                mc.array(&[1_u64]).erase(),
                mc.array::<u64>(&[]).erase(),
                mc.array::<Gc<'_, u64>>(&[]).erase(),
                mc.array::<(u64, Gc<'_, u64>)>(&[]).erase(),
                mc.str("").erase(),
                mc.ephemeron(mc.new(1_u64), mc.new(2_u64)).erase(),
            ])
        })
        .expect("an arena");
        for boundary in Boundary::ALL {
            boundary.pass(&mut arena);
            arena.mutate(|mc, root| {
                let objects = root.get(mc).as_slice(mc).iter().copied();
                let found = objects.map(|any| {
                    [
                        any.is::<()>(mc),
                        any.is::<u64>(mc),
                        any.is::<Lock<u64>>(mc),
                        any.is::<Array<u64>>(mc),
                        any.is::<Array<Gc<'_, u64>>>(mc),
                        any.is::<Array<(u64, Gc<'_, u64>)>>(mc),
                        any.is::<Str>(mc),
                    ]
                });
                let only = |index: usize| std::array::from_fn(|other| other == index);
                assert!(found.eq([0, 1, 2, 3, 3, 4, 5, 6, 7].map(only)));
            });
        }
    });
}

type Texts = Root![Gc<'_, Array<Gc<'_, Str>>>];

#[test]
fn texts_are_kept_byte_by_byte() {
    each_arena_config(|config| {
        let texts: Vec<String> =
            (0..40).map(|length| "aß語🦀".chars().cycle().take(length * length).collect()).collect();
        let mut arena: Arena<Texts> =
            Arena::new(config, |mc| mc.array_from_fn(texts.len(), |index| mc.str(&texts[index])))
                .expect("an arena");
        for boundary in Boundary::ALL {
            boundary.pass(&mut arena);
            arena.mutate(|mc, root| {
                for (text, kept) in texts.iter().zip(root.get(mc).as_slice(mc)) {
                    assert_eq!((kept.as_str(mc), kept.hash(mc)), (text.as_str(), mc.str(text).hash(mc)));
                }
            });
        }
    });
}

#[test]
fn handles_are_dropped_on_any_thread_and_their_places_used_again() {
    each_config(|config| {
        let mut arena: Arena<Root![()]> = arena(config);
        arena.collect_full();
        let used = arena.memory_usage().heap_used;
        for round in 0..20_u64 {
            let handles: Vec<Handle<Root![u64]>> =
                arena.mutate(|mc, _| (0..50).map(|number| mc.stash(mc.new(round * 100 + number))).collect());
            Boundary::ALL[round as usize % Boundary::ALL.len()].pass(&mut arena);
            arena.mutate(|mc, _| {
                let numbers = handles.iter().map(|handle| *mc.fetch(handle).get(mc));
                assert!(numbers.eq(round * 100..round * 100 + 50));
            });
            let dropper = thread::spawn(move || drop(handles));
            // Meanwhile the arena goes on.
            Boundary::IfDue.pass(&mut arena);
            dropper.join().expect("dropped");
        }
        arena.collect_full();
        assert_eq!((arena.memory_usage().heap_used, arena.verify()), (used, Ok(())));
        let outlives: Handle<Root![u64]> = arena.mutate(|mc, _| mc.stash(mc.new(1)));
        drop(arena);
        drop(outlives);
    });
}

#[test]
fn an_idle_arena_may_be_sent_to_another_thread() {
    each_config(|config| {
        let mut arena: Arena<List> = arena(config);
        (0..100).for_each(|number| push(&arena, number));
        let mut arena = thread::spawn(move || {
            arena.collect_full();
            (100..200).for_each(|number| push(&arena, number));
            arena
        })
        .join()
        .expect("an arena");
        arena.step(Budget::Work(10));
        assert!(numbers(&arena).into_iter().eq((0..200).rev()));
        assert_eq!(arena.verify(), Ok(()));
    });
}

type Made<'gc> = Gc<'gc, u64>;
type Maybe<'gc> = Option<(u64, Made<'gc>)>;

/// An array of references, one of values with a map, and one of values that are traced.
type ThreeArrays<'gc> =
    (Gc<'gc, Array<Made<'gc>>>, Gc<'gc, Array<(u64, Made<'gc>)>>, Gc<'gc, Array<Maybe<'gc>>>);

type Arrays = Root![Lock<Option<ThreeArrays<'_>>>];

/// Makes arrays of all kinds, whose values are made by a function that makes objects itself.
fn make_arrays<'gc>(
    mc: arena::Mutation<'gc>,
    length: usize,
    number: impl Fn(usize) -> u64,
) -> ThreeArrays<'gc> {
    let made = |index| mc.new(number(index));
    let pair = |index| (number(index), made(index));
    (
        mc.array_from_fn(length, made),
        mc.array_from_fn(length, pair),
        mc.array_from_fn(length, |index| Some(pair(index))),
    )
}

#[test]
fn arrays_may_be_made_while_their_values_are() {
    each_arena_config(|config| {
        for boundary in Boundary::ALL {
            let mut arena: Arena<Arrays> = arena(config.clone());
            arena.mutate(|mc, root| {
                crowd(mc, &config);
                root.set(mc, Some(make_arrays(mc, 200, |index| index as u64)));
            });
            for _ in 0..3 {
                boundary.pass(&mut arena);
                arena.mutate(|mc, root| {
                    let (references, pairs, options) = root.get(mc).get().expect("they were made");
                    for index in 0..200 {
                        let (number, made) = pairs.as_slice(mc)[index];
                        let (other, maybe) = options.as_slice(mc)[index].expect("a pair");
                        let made = [references.as_slice(mc)[index], made, maybe].map(|made| *made.get(mc));
                        assert_eq!((number, other, made), (index as u64, index as u64, [index as u64; 3]));
                    }
                });
            }
            assert_eq!(arena.verify(), Ok(()));
        }
    });
}

#[test]
fn an_array_whose_values_are_never_finished_is_garbage() {
    each_arena_config(|config| {
        for boundary in Boundary::ALL {
            let mut arena: Arena<Arrays> = arena(config.clone());
            for first_bad in [0, 1, 100, 300, 500] {
                let calls = Cell::new(0);
                let cut_short = catch_unwind(AssertUnwindSafe(|| {
                    arena.mutate(|mc, _| {
                        crowd(mc, &config);
                        make_arrays(mc, 200, |index| {
                            assert!(calls.replace(calls.get() + 1) < first_bad, "as the test wants");
                            index as u64
                        });
                    });
                }));
                assert!(cut_short.is_err());
                assert_eq!(arena.verify(), Ok(()));
                boundary.pass(&mut arena);
                arena.collect_full();
                arena.compact();
                assert_eq!(arena.verify(), Ok(()));
            }
            assert!(arena.memory_usage().heap_used < 1_000);
        }
    });
}

/// What an array may be filled with.
fn check_filled<'gc, T: Trace<'gc> + arena::Fill>(
    mc: arena::Mutation<'gc>,
    value: impl Fn() -> T,
    is_same: impl Fn(&T) -> bool,
) {
    for length in [0, 1, 7, 1_000, 100_000] {
        let array = mc.array_filled(length, value());
        assert_eq!(array.as_slice(mc).iter().filter(|value| is_same(value)).count(), length);
        assert_eq!(array.len(mc), length);
    }
}

#[test]
fn arrays_are_filled_with_copies() {
    each_arena_config(|config| {
        let mut arena: Arena<List> = arena(config);
        arena.mutate(|mc, _| {
            let number = mc.new(5_u64);
            check_filled(mc, || (), |()| true);
            check_filled(mc, || 7_u8, |value| *value == 7);
            check_filled(mc, || [1.5_f32; 3], |value| *value == [1.5; 3]);
            check_filled(mc, || number, |value| value.ptr_eq(number));
            check_filled(
                mc,
                || Lock::new(Some(number)),
                |value| value.get().is_some_and(|it| it.ptr_eq(number)),
            );
            check_filled(mc, || Lock::new((1_u8, number)), |value| value.get().1.ptr_eq(number));
        });
        arena.collect_full();
        assert_eq!(arena.verify(), Ok(()));
    });
}

/// Why there is no arena.
#[derive(Debug, PartialEq)]
enum NoArena {
    Settings,
    Full,
    Guest,
}

impl From<ConfigError> for NoArena {
    fn from(_: ConfigError) -> NoArena {
        NoArena::Settings
    }
}

impl From<HeapFull> for NoArena {
    fn from(_: HeapFull) -> NoArena {
        NoArena::Full
    }
}

#[test]
fn a_root_that_cannot_be_made_is_an_error() {
    type Number = Root![Gc<'_, u64>];
    each_config(|config| {
        let no_settings = Config { max_old_bytes: 1, ..config.clone() };
        let error =
            Arena::<Number>::try_new(no_settings, |_| -> Result<_, NoArena> { unreachable!("no heap") });
        assert_eq!(error.err(), Some(NoArena::Settings));
        let error = Arena::<Number>::try_new(config.clone(), |_| Err(NoArena::Guest));
        assert_eq!(error.err(), Some(NoArena::Guest));
        let full = Arena::<Root![Gc<'_, Array<u8>>]>::try_new(config.clone(), |mc| {
            Ok::<_, NoArena>(mc.try_array_filled(usize::MAX, 1)?)
        });
        assert_eq!(full.err(), Some(NoArena::Full));

        let arena =
            Arena::<Number>::try_new(config, |mc| Ok::<_, NoArena>(mc.try_new(7)?)).expect("an arena");
        let (arena, error) =
            arena.try_map_root::<Number, _>(|_, _| Err(NoArena::Guest)).expect_err("the guest's");
        assert_eq!(error, NoArena::Guest);
        let mapped = arena.try_map_root::<Root![u64], NoArena>(|mc, root| Ok(*root.get(mc).get(mc)));
        let mut arena = mapped.map_err(|(_, error)| error).expect("an arena");
        assert_eq!(arena.turn(|mc, root| *root.get(mc)), 7);
        assert_eq!(arena.verify(), Ok(()));
    });
}
