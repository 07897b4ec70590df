//! A full arena says so as a value, and can be emptied and filled again; a program that yields when it should never
//! sees it full.

use crate::arena_boundaries::{Random, each_arena_config};
use crate::support::{PAGE, each_calm_config, each_config, with_semispaces};
use gc_core::arena::{Any, Arena, Array, Gc, Lock, Mutation, Root, Trace};
use gc_core::{Config, HeapFull, MIN_SEMISPACE_BYTES, NearLimit, Stress};
use std::collections::VecDeque;
use std::iter;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Pages of the old generation.
const PAGES: u64 = 4;

/// An element of a list, with an object of some size.
#[derive(Trace)]
struct Node<'gc> {
    next: Option<Gc<'gc, Node<'gc>>>,
    object: Any<'gc>,
}

type List = Root![Lock<Option<Gc<'_, Node<'_>>>>];

/// Settings for an arena with so many pages of old space and the least of new space.
fn limited(config: Config, pages: u64) -> Config {
    Config { max_old_bytes: pages * PAGE, ..with_semispaces(config, MIN_SEMISPACE_BYTES) }
}

/// What programs fill the heap with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Filling {
    Values,
    References,
    Mixed,
    Large,
}

impl Filling {
    const ALL: [Filling; 4] = [Filling::Values, Filling::References, Filling::Mixed, Filling::Large];

    /// The usual size of an object, in bytes.
    const fn bytes(self) -> u64 {
        match self {
            Filling::Values => PAGE / 32,
            Filling::References | Filling::Mixed => PAGE / 16,
            Filling::Large => PAGE * 5 / 4,
        }
    }

    /// Makes an object of about so many bytes.
    fn make<'gc>(self, mc: Mutation<'gc>, bytes: u64) -> Result<Any<'gc>, HeapFull> {
        let bytes = bytes as usize;
        Ok(match self {
            Filling::Values => mc.try_new([7_u64; Filling::Values.bytes() as usize / 8])?.erase(),
            Filling::References => {
                let object = mc.try_new(1_u64)?;
                mc.try_array_from_fn(bytes / 4, |_| Lock::new(Some(object)))?.erase()
            }
            Filling::Mixed => {
                let object = mc.try_new(1_u64)?;
                mc.try_array_from_fn(bytes / 16, |index| Lock::new((index as u64, Some(object))))?.erase()
            }
            Filling::Large => mc.try_array(&vec![7_u8; bytes])?.erase(),
        })
    }
}

type ListRef<'gc> = Gc<'gc, Lock<Option<Gc<'gc, Node<'gc>>>>>;

/// Puts an object in front of the list.
fn push<'gc>(mc: Mutation<'gc>, list: ListRef<'gc>, filling: Filling) -> Result<(), HeapFull> {
    let object = filling.make(mc, filling.bytes())?;
    let node = mc.try_new(Node { next: list.get(mc).get(), object })?;
    list.set(mc, Some(node));
    Ok(())
}

/// Fills the heap in one closure; how many objects that took.
fn fill(arena: &Arena<List>, filling: Filling) -> u64 {
    arena.mutate(|mc, list| iter::repeat(()).take_while(|()| push(mc, list, filling).is_ok()).count() as u64)
}

/// How long the list is.
fn length(arena: &Arena<List>) -> u64 {
    arena.mutate(|mc, list| iter::successors(list.get(mc).get(), |node| node.get(mc).next).count() as u64)
}

fn list(config: Config) -> Arena<List> {
    Arena::new(config, |_| Lock::new(None)).expect("an arena")
}

#[test]
fn a_closure_that_never_yields_is_refused_and_loses_nothing() {
    each_config(|config| {
        for filling in Filling::ALL {
            let mut arena = list(limited(config.clone(), PAGES));
            let made = fill(&arena, filling);
            assert!(made >= PAGES / 2, "{filling:?}: {made}");
            assert_eq!(length(&arena), made);
            assert_eq!(arena.verify(), Ok(()));
            arena.collect_if_due();
            assert_eq!(length(&arena), made, "{filling:?}");
            assert_eq!((arena.verify(), arena.stats().heap_full), (Ok(()), 1));
        }
    });
}

#[test]
fn a_heap_is_filled_and_emptied_again_and_again() {
    const ROUNDS: u64 = 300;
    each_calm_config(|config| {
        // Verifying each of the collections would take minutes.
        let config = Config { stress: Stress::default(), ..limited(config, PAGES) };
        for filling in Filling::ALL {
            let mut arena = list(config.clone());
            let mut first = None;
            for round in 0..ROUNDS {
                let made = fill(&arena, filling);
                arena.mutate(|mc, list| list.set(mc, None));
                arena.collect_if_due();
                let usage = arena.memory_usage();
                let (made_first, used, most) =
                    *first.get_or_insert((made, usage.heap_used, usage.rss + 2 * PAGE));
                assert!(made >= made_first / 2, "{filling:?}, round {round}: {made} after {made_first}");
                assert_eq!(usage.heap_used, used, "{filling:?}, round {round}");
                assert!(usage.rss <= most, "{filling:?}, round {round}: {} after {most}", usage.rss);
            }
            assert_eq!((arena.verify(), arena.stats().heap_full), (Ok(()), ROUNDS));
        }
    });
}

#[test]
fn whoever_is_near_the_limit_is_asked_to_raise_it() {
    each_config(|config| {
        for filling in Filling::ALL {
            let mut arena = list(limited(config.clone(), PAGES));
            let asked = Arc::new(AtomicU64::new(0));
            let count = Arc::clone(&asked);
            arena.on_near_limit(Box::new(move |near: NearLimit| {
                count.fetch_add(1, Ordering::Relaxed);
                (near.max_old_bytes < 2 * PAGES * PAGE).then_some(near.max_old_bytes + PAGE)
            }));
            let mut made = 0;
            loop {
                let more = fill(&arena, filling);
                made += more;
                asked.store(0, Ordering::Relaxed);
                arena.collect_if_due();
                assert_eq!(length(&arena), made, "{filling:?}");
                if more == 0 && arena.memory_usage().heap_total >= 2 * PAGES * PAGE {
                    break;
                }
                assert!(asked.load(Ordering::Relaxed) > 0, "{filling:?}: nobody is asked");
            }
            assert_eq!(arena.verify(), Ok(()));
        }
    });
}

/// What an object takes of the old generation.
fn room_bytes(config: &Config, bytes: u64) -> u64 {
    let size_bytes = bytes + 256;
    if size_bytes > config.large_object_bytes { size_bytes.next_multiple_of(PAGE) } else { size_bytes }
}

/// Keeps the latest objects, as many as take less than half of what the limit allows, and allocates many times the limit.
fn keep_the_latest(config: Config, filling: Filling) {
    const PLACES: usize = 1_000;
    type Latest = Root![Gc<'_, Array<Lock<Option<Any<'_>>>>>];
    let config = limited(config, 4 * PAGES);
    let mut arena: Arena<Latest> =
        Arena::new(config.clone(), |mc| mc.array_from_fn(PLACES, |_| Lock::new(None))).expect("an arena");
    let mut random = Random::of(3);
    let (mut live, mut live_bytes) = (VecDeque::new(), 0);
    let (mut allocated_bytes, mut place) = (0, 0);
    while allocated_bytes < 8 * 4 * PAGES * PAGE {
        arena.mutate(|mc, root| {
            loop {
                let bytes = filling.bytes() * (1 + random.below(16) as u64) / 8;
                let object = filling.make(mc, bytes).unwrap_or_else(|full| {
                    panic!("{filling:?}: {full}; {allocated_bytes} bytes allocated, {live_bytes} live")
                });
                place = (place + 1) % PLACES;
                root.get(mc).set(mc, place, Some(object));
                let room_bytes =
                    room_bytes(&config, if filling == Filling::Values { filling.bytes() } else { bytes });
                live.push_back((place, room_bytes));
                (allocated_bytes, live_bytes) = (allocated_bytes + bytes, live_bytes + room_bytes);
                while live_bytes > 4 * PAGES * PAGE * 2 / 5 || live.len() == PLACES {
                    let (oldest, bytes) = live.pop_front().expect("there are some");
                    root.get(mc).set(mc, oldest, None);
                    live_bytes -= bytes;
                }
                if mc.should_yield() {
                    break;
                }
            }
        });
        arena.collect_if_due();
    }
    assert_eq!((arena.verify(), arena.stats().heap_full), (Ok(()), 0));
}

#[test]
fn a_program_that_yields_when_it_should_never_sees_the_heap_full() {
    each_arena_config(|config| {
        // Verifying each of the collections would take minutes.
        let config = Config { stress: Stress { verify: false, ..config.stress }, ..config };
        Filling::ALL.into_iter().for_each(|filling| keep_the_latest(config.clone(), filling));
    });
}

#[test]
fn arrays_that_no_heap_can_hold_are_refused_before_they_are_made() {
    each_config(|config| {
        let mut arena = list(limited(config, PAGES));
        arena.on_near_limit(Box::new(|near| {
            assert!(near.requested_bytes < 1 << 30, "no limit has room for that");
            None
        }));
        for length in [PAGES * PAGE, u64::from(u32::MAX), 1 << 40, u64::MAX] {
            arena.mutate(|mc, _| {
                let make = |_| -> Lock<Option<Any<'_>>> { unreachable!("there is no room") };
                let refused_before = arena.stats().heap_full;
                assert!(mc.try_array_from_fn(length as usize, make).is_err(), "{length}");
                assert!(
                    mc.try_array_from_fn(length as usize, |_| -> u64 { unreachable!("no room") }).is_err()
                );
                assert!(mc.try_array_filled(length as usize, Lock::new((1_u64, None::<Any<'_>>))).is_err());
                assert_eq!(arena.stats().heap_full, refused_before + 3, "{length}");
            });
            arena.collect_if_due();
        }
        assert_eq!(arena.verify(), Ok(()));
    });
}
