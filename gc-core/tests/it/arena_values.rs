//! Values of 8 bytes in all spaces, and host values, which are dropped once, in time.

use crate::arena_support::{Random, collect_in_any_way, each_arena_config};
use crate::support::{each_config, with_semispaces};
use gc_core::arena::{
    Any, Arena, Array, Gc, Interner, Lock, Mutation, NanBox, Root, Static, Str, Trace, Unpacked,
};
use gc_core::{Config, MIN_SEMISPACE_BYTES};
use std::cell::RefCell;
use std::cmp::Ordering;
use std::num::NonZeroI32;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::thread::{self, ThreadId};
use std::time::Duration;

/// Values in the array.
const VALUES: usize = 200;

/// A number in every place where a type of std may have references.
type Everywhere<'gc> = (
    Result<Gc<'gc, u64>, Gc<'gc, Str>>,
    Result<Gc<'gc, u64>, Gc<'gc, Str>>,
    Option<Result<(), Gc<'gc, u64>>>,
    Duration,
    Ordering,
    fn(u64) -> u64,
    NonZeroI32,
    Gc<'gc, u64>,
    u8,
    [Result<u8, Gc<'gc, u64>>; 2],
    Result<u8, u16>,
    (Gc<'gc, u64>,),
);

fn double(number: u64) -> u64 {
    2 * number
}

#[test]
fn types_of_std_keep_what_is_in_them() {
    each_arena_config(|config| {
        let mut arena = Arena::<Root![Everywhere<'_>]>::new(config, |mc| {
            let number = |number: u64| mc.new(number);
            (
                Ok(number(1)),
                Err(mc.str("two")),
                Some(Err(number(3))),
                Duration::from_millis(4),
                Ordering::Less,
                double,
                NonZeroI32::MIN,
                number(5),
                6,
                [Ok(7), Err(number(8))],
                Err(9),
                (number(10),),
            )
        })
        .unwrap();
        let mut random = Random::new(1);
        for _ in 0..40 {
            collect_in_any_way(&mut arena, &mut random);
            arena.mutate(|mc, root| {
                let it = root.get(mc);
                let numbers =
                    [it.0.unwrap(), it.2.unwrap().unwrap_err(), it.7, it.9[1].unwrap_err(), it.11.0];
                assert_eq!(numbers.map(|number| *number.get(mc)), [1, 3, 5, 8, 10]);
                assert_eq!(it.1.unwrap_err().as_str(mc), "two");
                assert_eq!((it.3.as_millis(), it.4, it.5(4), it.6), (4, Ordering::Less, 8, NonZeroI32::MIN));
                assert_eq!((it.8, it.9[0].ok(), it.10), (6, Some(7), Err(9)));
            });
            assert_eq!(arena.verify(), Ok(()));
        }
    });
}

#[derive(Trace)]
struct Values<'gc> {
    array: Gc<'gc, Array<Lock<NanBox<'gc>>>>,
    field: Lock<NanBox<'gc>>,
    after: u32,
}

/// What a value should be.
#[derive(Clone, Debug)]
enum Expected {
    Number(u64),
    Integer(i32),
    Bool(bool),
    Null,
    Undefined,
    Text(String),
}

impl Expected {
    fn random(random: &mut Random) -> Expected {
        let bits = random.bits();
        match random.below(8) {
            0 => Expected::Number(bits),
            1 => Expected::Number((bits as f64).to_bits()),
            2 => Expected::Integer(bits as i32),
            3 => Expected::Bool(bits.is_multiple_of(2)),
            4 => Expected::Null,
            5 => Expected::Undefined,
            _ => Expected::Text(format!("{bits}")),
        }
    }

    fn make<'gc>(&self, mc: Mutation<'gc>) -> NanBox<'gc> {
        match self {
            Expected::Number(bits) => f64::from_bits(*bits).into(),
            Expected::Integer(integer) => (*integer).into(),
            Expected::Bool(truth) => (*truth).into(),
            Expected::Null => NanBox::NULL,
            Expected::Undefined => NanBox::UNDEFINED,
            Expected::Text(text) => mc.str(text).into(),
        }
    }

    #[track_caller]
    fn check<'gc>(&self, mc: Mutation<'gc>, value: NanBox<'gc>) {
        let is_same = match (self, value.unpack()) {
            (Expected::Number(bits), Unpacked::Number(number)) => {
                f64::from_bits(*bits).is_nan() && number.is_nan() || *bits == number.to_bits()
            }
            (Expected::Integer(expected), Unpacked::Integer(integer)) => *expected == integer,
            (Expected::Bool(expected), Unpacked::Bool(truth)) => *expected == truth,
            (Expected::Null, Unpacked::Null) | (Expected::Undefined, Unpacked::Undefined) => true,
            (Expected::Text(text), Unpacked::Object(object)) => {
                object.downcast::<Str>(mc).is_some_and(|string| string.as_str(mc) == text)
            }
            _ => false,
        };
        assert!(is_same, "{value:?} in place of {self:?}");
    }
}

fn values(mc: Mutation<'_>) -> Values<'_> {
    let array = mc.array_from_fn(VALUES, |_| Lock::default());
    Values { array, field: Lock::default(), after: 7 }
}

#[test]
fn values_of_8_bytes_are_what_they_were() {
    each_arena_config(|config| {
        let mut arena = Arena::<Root![Values<'_>]>::new(config, values).unwrap();
        let mut random = Random::new(4);
        let mut expected = vec![Expected::Undefined; VALUES + 1];
        for _ in 0..1_500 {
            let place = random.below(VALUES + 1);
            expected[place] = Expected::random(&mut random);
            arena.mutate(|mc, root| {
                let value = expected[place].make(mc);
                match place {
                    VALUES => root.write(mc).field(|values| &values.field).set(value),
                    _ => root.get(mc).array.set(mc, place, value),
                }
            });
            collect_in_any_way(&mut arena, &mut random);
            arena.mutate(|mc, root| {
                let values = root.get(mc);
                let all = values.array.as_slice(mc).iter().chain([&values.field]);
                all.zip(&expected).for_each(|(value, expected)| expected.check(mc, value.get()));
                assert_eq!(values.after, 7);
            });
        }
    });
}

#[test]
fn a_value_refers_to_an_object_by_identity() {
    let arena = Arena::<Root![()]>::new(Config::default(), |_| ()).unwrap();
    arena.mutate(|mc, _| {
        let [one, same, other] = [mc.new(1_u32), mc.new(1), mc.new(2)];
        assert!(NanBox::from(one).is_same(one.erase().into()));
        assert!(!NanBox::from(one).is_same(same.into()) && !NanBox::from(one).is_same(other.into()));
        assert!(NanBox::from(one).as_object().is_some_and(|object| object.ptr_eq(one.erase())));
    });
}

/// What has been dropped, and where.
type Log = Arc<Mutex<Vec<(usize, ThreadId)>>>;

/// A value that takes note of its end.
struct Probe {
    number: usize,
    log: Log,
}

impl Drop for Probe {
    fn drop(&mut self) {
        self.log.lock().unwrap().push((self.number, thread::current().id()));
    }
}

fn probe(log: &Log, number: usize) -> Probe {
    Probe { number, log: Arc::clone(log) }
}

fn dropped(log: &Log) -> Vec<usize> {
    let mut numbers: Vec<_> = log.lock().unwrap().iter().map(|(number, _)| *number).collect();
    numbers.sort_unstable();
    numbers
}

type Probes = Root![Gc<'_, Array<Lock<Option<Gc<'_, Static<Probe>>>>>>];

fn probes(config: Config) -> Arena<Probes> {
    Arena::new(config, |mc| mc.array_from_fn(VALUES, |_| Lock::new(None))).expect("an arena")
}

#[test]
fn host_values_are_dropped_once_and_only_when_they_are_dead() {
    each_arena_config(|config| {
        let (mut arena, mut random, log) = (probes(config), Random::new(5), Log::default());
        let mut held = [None; VALUES];
        for number in 0..1_500 {
            let place = random.below(VALUES);
            arena.mutate(|mc, root| root.get(mc).set(mc, place, Some(mc.host(probe(&log, number)))));
            held[place] = Some(number);
            let is_everything = collect_in_any_way(&mut arena, &mut random);
            let dropped = dropped(&log);
            assert!(dropped.windows(2).all(|pair| pair[0] < pair[1]), "one is dropped twice");
            arena.mutate(|mc, root| {
                for (place, number) in held.iter().enumerate() {
                    let value = root.get(mc).at(mc, place).map(|value| value.get(mc).number);
                    assert_eq!(value, *number);
                    assert!(number.is_none_or(|number| dropped.binary_search(&number).is_err()));
                }
            });
            if is_everything {
                assert_eq!(dropped.len() + held.iter().flatten().count(), number + 1);
            }
        }
        drop(arena);
        assert!(dropped(&log).into_iter().eq(0..1_500));
    });
}

#[test]
fn a_young_host_value_is_dropped_by_a_scavenge() {
    each_config(|config| {
        let (mut arena, log) = (probes(config), Log::default());
        arena.mutate(|mc, _| {
            let value = mc.host(probe(&log, 1));
            assert_eq!((value.get(mc).number, dropped(&log)), (1, vec![]));
        });
        assert_eq!(dropped(&log), []);
        arena.collect_minor();
        assert_eq!(dropped(&log), [1]);
    });
}

#[test]
fn a_host_value_is_dropped_by_the_thread_that_collects() {
    let (mut arena, log) = (probes(Config::default()), Log::default());
    arena.mutate(|mc, _| mc.host(probe(&log, 1)).get(mc).number);
    let thread = thread::spawn(move || {
        arena.collect_full();
        thread::current().id()
    });
    assert_eq!(thread.join().unwrap(), log.lock().unwrap()[0].1);
}

#[test]
fn host_values_stay_when_the_root_is_replaced() {
    let (arena, log) = (probes(Config::default()), Log::default());
    arena.mutate(|mc, root| root.get(mc).set(mc, 3, Some(mc.host(probe(&log, 1)))));
    let mut arena = arena.map_root::<Root![Any<'_>]>(|mc, root| root.get(mc).at(mc, 3).unwrap().erase());
    arena.collect_full();
    assert_eq!(dropped(&log), []);
    drop(arena);
    assert_eq!(dropped(&log), [1]);
}

#[test]
fn a_host_value_that_is_to_be_finalized_is_dropped_after_that() {
    each_config(|config| {
        let (mut arena, log) = (probes(config), Log::default());
        arena.mutate(|mc, _| mc.finalize_when_dead(mc.host(probe(&log, 1))));
        arena.collect_full();
        arena.mutate(|mc, _| {
            let object = mc.next_finalizable().expect("the value");
            let value = object.downcast::<Static<Probe>>(mc).expect("a probe");
            assert_eq!((value.get(mc).number, dropped(&log)), (1, vec![]));
        });
        arena.collect_full();
        assert_eq!(dropped(&log), [1]);
    });
}

#[test]
fn the_type_of_a_host_value_is_told_at_run_time() {
    let arena = Arena::<Root![()]>::new(Config::default(), |_| ()).unwrap();
    arena.mutate(|mc, _| {
        let any = mc.host(7_u32).erase();
        assert_eq!(any.downcast::<Static<u32>>(mc).map(|value| **value.get(mc)), Some(7));
        assert!(!any.is::<Static<i32>>(mc) && !any.is::<u32>(mc) && !any.is::<Static<[u32; 1]>>(mc));
        assert!(!mc.new(7_u32).erase().is::<Static<u32>>(mc));
        assert!(any.type_name(mc).contains("Static<u32>"));
    });
}

/// Runs code when it is dropped.
struct OnDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

#[test]
fn a_panic_while_values_are_dropped_leaves_all_in_order() {
    each_config(|config| {
        let (mut arena, log) = (probes(config), Log::default());
        arena.mutate(|mc, root| {
            let first = mc.host(probe(&log, 1));
            let panics = mc.host(OnDrop(|| panic!("in drop code")));
            let last = mc.host(probe(&log, 2));
            root.get(mc).set(mc, 0, Some(mc.host(probe(&log, 3))));
            assert!(!first.ptr_eq(last) && !first.ptr_eq(panics));
        });
        let panic = catch_unwind(AssertUnwindSafe(|| arena.collect_full())).expect_err("a panic");
        assert_eq!(panic.downcast_ref(), Some(&"in drop code"));
        assert_eq!(dropped(&log), [1, 2]);
        arena.verify().unwrap();
        arena.collect_full();
        arena
            .mutate(|mc, root| assert_eq!(root.get(mc).at(mc, 0).map(|value| value.get(mc).number), Some(3)));
    });
}

#[test]
fn drop_code_may_use_and_drop_other_arenas() {
    each_config(|config| {
        let log = Log::default();
        let (mut arena, other) = (probes(config.clone()), probes(config));
        other.mutate(|mc, root| root.get(mc).set(mc, 0, Some(mc.host(probe(&log, 1)))));
        let mut other = Some(other);
        arena.mutate(|mc, _| {
            let drops = OnDrop(move || {
                let mut other = other.take().expect("dropped once");
                other.mutate(|mc, root| assert!(root.get(mc).at(mc, 0).is_some()));
                other.collect_full();
            });
            let _ = mc.host(drops);
        });
        assert_eq!(dropped(&log), []);
        arena.collect_full();
        assert_eq!(dropped(&log), [1]);
    });
}

thread_local! {
    static ARENA: RefCell<Option<Arena<Probes>>> = const { RefCell::new(None) };
}

#[test]
fn drop_code_finds_its_own_arena_in_use() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    ARENA.set(Some(probes(Config::default())));
    ARENA.with_borrow_mut(|arena| {
        let (arena, seen) = (arena.as_mut().expect("the arena"), Arc::clone(&seen));
        arena.mutate(|mc, _| {
            let looks = OnDrop(move || {
                let is_free = ARENA.with(|arena| arena.try_borrow().is_ok());
                seen.lock().unwrap().push(is_free);
            });
            let _ = mc.host(looks);
        });
        arena.collect_full();
    });
    assert_eq!(*seen.lock().unwrap(), [false]);
}

#[test]
fn host_values_count_as_external_memory() {
    each_config(|config| {
        let mut arena = probes(config);
        let log = Log::default();
        let before = arena.memory_usage().external;
        arena.mutate(|mc, root| {
            root.get(mc).set(mc, 0, Some(mc.host(probe(&log, 1))));
            root.get(mc).set(mc, 1, Some(mc.host_sized(probe(&log, 2), 5_000)));
        });
        assert_eq!(arena.memory_usage().external - before, 5_000 + size_of::<Probe>() as u64);
        arena.mutate(|mc, root| root.get(mc).set(mc, 1, None));
        arena.collect_full();
        assert_eq!(arena.memory_usage().external - before, size_of::<Probe>() as u64);
    });
}

#[test]
fn external_memory_of_host_values_calls_for_collections() {
    let (mut arena, log) = (probes(Config::default()), Log::default());
    for number in 0..2_000 {
        arena.mutate(|mc, root| {
            let place = number % VALUES;
            root.get(mc).set(mc, place, Some(mc.host_sized(probe(&log, number), 1 << 20)));
        });
        arena.collect_if_due();
        assert!(arena.memory_usage().external < 1 << 30);
    }
    let stats = arena.stats();
    assert!(stats.minor_collections > 100, "{}", stats.minor_collections);
    assert!(stats.full_collections + stats.incremental_collections > 3);
}

#[test]
fn a_host_value_for_which_there_is_no_room_is_dropped() {
    let config = Config { max_old_bytes: 1 << 20, ..with_semispaces(Config::default(), MIN_SEMISPACE_BYTES) };
    let (arena, log) = (probes(config), Log::default());
    arena.mutate(|mc, _| {
        let mut number = 0;
        while mc.try_host(probe(&log, number)).is_ok() {
            number += 1;
        }
        assert_eq!(dropped(&log), [number]);
    });
    drop(arena);
    let dropped = dropped(&log);
    assert!(dropped.iter().copied().eq(0..dropped.len()));
}

#[test]
fn a_text_in_parts_is_the_same_string_and_costs_no_other() {
    each_arena_config(|config| {
        let mut arena = Arena::<Root![Interner<'_>]>::new(config, |_| Interner::default()).unwrap();
        arena.mutate(|mc, names| {
            let name = names.intern(mc, "grün und blau");
            let used_before = arena.memory_usage().heap_used;
            for parts in
                [&["grün", " und ", "blau"][..], &["", "grün und blau"], &["grü", "", "n und bla", "u"]]
            {
                assert!(names.intern_parts(mc, parts).ptr_eq(name), "{parts:?}");
                assert!(names.get(mc).get_parts(mc, parts).is_some_and(|same| same.ptr_eq(name)));
            }
            assert_eq!(arena.memory_usage().heap_used, used_before);
            let longer = names.intern_parts(mc, &["grün", " und ", "blau", "!"]);
            assert!(longer.ptr_eq(names.intern(mc, "grün und blau!")) && !longer.ptr_eq(name));
            assert_eq!(mc.str_from_parts(&[]).as_str(mc), "");
        });
        arena.collect_full();
        assert_eq!(arena.verify(), Ok(()));
    });
}
