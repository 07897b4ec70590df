//! The collections of the typed face against std's, with collections of the heap anywhere between operations.

use crate::support::{always_marking, each_config, with_age};
use gc_core::arena::collections::{ById, Cursor};
use gc_core::arena::{
    Arena, Gc, Key, Lock, Map, Mutation, OrderedKey, OrderedMap, Root, Str, Trace, Vec as GcVec, Write,
};
use gc_core::{Budget, Config};
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::strategy::Union;
use proptest::test_runner::{Config as ProptestConfig, TestRunner};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::ops::Bound::{Excluded, Unbounded};

/// A value that a language might have: references, and other things in the same place.
#[derive(Clone, Copy, Debug, Trace)]
enum Value<'gc> {
    Nil,
    Number(f64),
    Text(Gc<'gc, Str>),
    List(Gc<'gc, GcVec<'gc, Value<'gc>>>),
    Table(Gc<'gc, Map<'gc, &'static str, Value<'gc>>>),
    Sorted(Gc<'gc, OrderedMap<'gc, bool, Value<'gc>>>),
}

/// Names of a few numbers.
const NAMES: [&str; 4] = ["", "one", "two", "a name of more than eight bytes"];

/// Types that can stand for numbers up to some thousands.
trait Sample<'gc>: Trace<'gc> + Copy {
    fn of(mc: Mutation<'gc>, number: u32) -> Self;
    fn number(self, mc: Mutation<'gc>) -> u32;
}

impl<'gc> Sample<'gc> for u64 {
    fn of(_: Mutation<'gc>, number: u32) -> Self {
        number.into()
    }

    fn number(self, _: Mutation<'gc>) -> u32 {
        self as u32
    }
}

impl<'gc> Sample<'gc> for i16 {
    fn of(_: Mutation<'gc>, number: u32) -> Self {
        number as i16 - 500
    }

    fn number(self, _: Mutation<'gc>) -> u32 {
        (self + 500) as u32
    }
}

impl<'gc> Sample<'gc> for char {
    fn of(_: Mutation<'gc>, number: u32) -> Self {
        char::from_u32(number).expect("a small number")
    }

    fn number(self, _: Mutation<'gc>) -> u32 {
        self.into()
    }
}

impl<'gc> Sample<'gc> for Gc<'gc, Str> {
    fn of(mc: Mutation<'gc>, number: u32) -> Self {
        mc.str(&format!("number {number:04}"))
    }

    fn number(self, mc: Mutation<'gc>) -> u32 {
        self.as_str(mc)[7..].parse().expect("a number")
    }
}

impl<'gc> Sample<'gc> for Option<Gc<'gc, u32>> {
    fn of(mc: Mutation<'gc>, number: u32) -> Self {
        (number != 0).then(|| mc.new(number))
    }

    fn number(self, mc: Mutation<'gc>) -> u32 {
        self.map_or(0, |number| *number.get(mc))
    }
}

impl<'gc> Sample<'gc> for Value<'gc> {
    fn of(mc: Mutation<'gc>, number: u32) -> Self {
        let plain = Value::Number(number.into());
        match number % 6 {
            _ if number == 0 => Value::Nil,
            0 | 1 => plain,
            2 => Value::Text(Sample::of(mc, number)),
            3 => {
                let list = mc.new(GcVec::new());
                list.push(mc, plain);
                Value::List(list)
            }
            4 => {
                let table = mc.new(Map::new());
                table.insert(mc, "number", plain);
                Value::Table(table)
            }
            _ => {
                let sorted = mc.new(OrderedMap::new());
                sorted.insert(mc, true, plain);
                Value::Sorted(sorted)
            }
        }
    }

    fn number(self, mc: Mutation<'gc>) -> u32 {
        match self {
            Value::Nil => 0,
            Value::Number(number) => number as u32,
            Value::Text(text) => text.number(mc),
            Value::List(list) => list.at(mc, 0).number(mc),
            Value::Table(table) => table.lookup(mc, "number").expect("a number").number(mc),
            Value::Sorted(sorted) => sorted.last(mc).expect("a number").1.number(mc),
        }
    }
}

impl<'gc> Sample<'gc> for (bool, &'static str, Gc<'gc, Str>) {
    fn of(mc: Mutation<'gc>, number: u32) -> Self {
        (number.is_multiple_of(2), NAMES[number as usize / 2 % 4], Sample::of(mc, number / 8))
    }

    fn number(self, mc: Mutation<'gc>) -> u32 {
        let name = NAMES.iter().position(|name| *name == self.1).expect("a name");
        self.2.number(mc) * 8 + name as u32 * 2 + u32::from(!self.0)
    }
}

/// A key of a program's own, most of whose hashes collide, and whose order is its own.
#[derive(Clone, Copy, Debug, Trace)]
enum Own<'gc> {
    Even(u16),
    Odd(Gc<'gc, u32>),
}

impl<'gc> Key<'gc> for Own<'gc> {
    fn hash(&self, mc: Mutation<'gc>) -> u64 {
        u64::from(self.number(mc) % 3)
    }

    fn equals(&self, other: &Self, mc: Mutation<'gc>) -> bool {
        self.number(mc) == other.number(mc)
    }
}

impl<'gc> OrderedKey<'gc> for Own<'gc> {
    fn compare(&self, other: &Self, mc: Mutation<'gc>) -> Ordering {
        self.number(mc).cmp(&other.number(mc))
    }
}

impl<'gc> Sample<'gc> for Own<'gc> {
    fn of(mc: Mutation<'gc>, number: u32) -> Self {
        if number.is_multiple_of(2) { Own::Even(number as u16) } else { Own::Odd(mc.new(number)) }
    }

    fn number(self, mc: Mutation<'gc>) -> u32 {
        match self {
            Own::Even(number) => number.into(),
            Own::Odd(number) => *number.get(mc),
        }
    }
}

/// What happens between two mutations.
#[derive(Clone, Copy, Debug)]
enum Boundary {
    Nothing,
    Due,
    Minor,
    Full,
    Compact,
    Idle(u64),
}

impl Boundary {
    fn any() -> impl Strategy<Value = Boundary> {
        prop_oneof![
            4 => Just(Boundary::Nothing),
            4 => Just(Boundary::Due),
            3 => Just(Boundary::Minor),
            1 => Just(Boundary::Full),
            1 => Just(Boundary::Compact),
            4 => (1..20_u64).prop_map(Boundary::Idle),
        ]
    }

    fn take<R: ?Sized>(self, arena: &mut Arena<R>) {
        match self {
            Boundary::Nothing => {}
            Boundary::Due => arena.collect_if_due(),
            Boundary::Minor => arena.collect_minor(),
            Boundary::Full => arena.collect_full(),
            Boundary::Compact => arena.compact(),
            Boundary::Idle(work) => drop(arena.step(Budget::Work(work))),
        }
    }
}

/// Runs a test with random programs under all settings.
fn each_program<S: Debug + Clone>(step: impl Strategy<Value = S>, test: impl Fn(Config, &[(S, Boundary)])) {
    // Under a sanitizer each takes ten times as long.
    let cases = if cfg!(asan) { 6 } else { 12 };
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    let steps = proptest::collection::vec((step, Boundary::any()), 1..60);
    let outcome = TestRunner::new(config).run(&steps, |steps| {
        each_config(|config| {
            test(config.clone(), &steps);
            test(Config { large_object_bytes: 1 << 10, ..always_marking(config.clone()) }, &steps);
            test(with_age(always_marking(config), 0), &steps);
        });
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
}

/// An operation on a vector. Positions are taken modulo how many there are.
#[derive(Clone, Debug)]
enum VecStep {
    Push(u32),
    Pop,
    Set(usize, u32),
    Insert(usize, u32),
    Remove(usize),
    SwapRemove(usize),
    Swap(usize, usize),
    Truncate(usize),
    Clear,
    Extend(u32),
    /// Pushes every n-th value again, and drops the first at every third, while it goes through.
    ChangeOnTheWay(usize),
}

fn vec_step() -> impl Strategy<Value = VecStep> {
    let (position, number) = (any::<usize>, || 0..1_000_u32);
    prop_oneof![
        4 => number().prop_map(VecStep::Push),
        3 => Just(VecStep::Pop),
        3 => (position(), number()).prop_map(|(position, number)| VecStep::Set(position, number)),
        2 => (position(), number()).prop_map(|(position, number)| VecStep::Insert(position, number)),
        2 => position().prop_map(VecStep::Remove),
        2 => position().prop_map(VecStep::SwapRemove),
        2 => (position(), position()).prop_map(|(a, b)| VecStep::Swap(a, b)),
        1 => position().prop_map(VecStep::Truncate),
        1 => Just(VecStep::Clear),
        3 => (0..200_u32).prop_map(VecStep::Extend),
        1 => (1..5_usize).prop_map(VecStep::ChangeOnTheWay),
    ]
}

/// Takes a step with a vector and its model.
fn take_vec_step<'gc, T: Sample<'gc>>(
    mc: Mutation<'gc>,
    vec: &Write<GcVec<'gc, T>>,
    model: &mut Vec<u32>,
    step: &VecStep,
) {
    let sample = |number| T::of(mc, number);
    let count = model.len();
    match *step {
        VecStep::Push(number) => {
            vec.push(mc, sample(number));
            model.push(number);
        }
        VecStep::Pop => assert_eq!(vec.pop(mc).map(|value| value.number(mc)), model.pop()),
        VecStep::Insert(at, number) => {
            vec.insert(mc, at % (count + 1), sample(number));
            model.insert(at % (count + 1), number);
        }
        VecStep::Clear => {
            vec.clear(mc);
            model.clear();
        }
        VecStep::Extend(by) => {
            vec.extend(mc, (0..by).map(sample));
            model.extend(0..by);
        }
        VecStep::Truncate(length) => {
            vec.truncate(mc, length % (count + 2));
            model.truncate(length % (count + 2));
        }
        VecStep::ChangeOnTheWay(nth) => change_on_the_way(mc, vec, model, nth),
        _ if count == 0 => {}
        VecStep::Set(at, number) => {
            vec.set(mc, at % count, sample(number));
            model[at % count] = number;
        }
        VecStep::Remove(at) => assert_eq!(vec.remove(mc, at % count).number(mc), model.remove(at % count)),
        VecStep::SwapRemove(at) => {
            assert_eq!(vec.swap_remove(mc, at % count).number(mc), model.swap_remove(at % count));
        }
        VecStep::Swap(a, b) => {
            vec.swap(mc, a % count, b % count);
            model.swap(a % count, b % count);
        }
    }
}

fn change_on_the_way<'gc, T: Sample<'gc>>(
    mc: Mutation<'gc>,
    vec: &Write<GcVec<'gc, T>>,
    model: &mut Vec<u32>,
    nth: usize,
) {
    let most = 2 * model.len();
    for (position, value) in vec.iter(mc).take(most).enumerate() {
        assert_eq!(value.number(mc), model[position]);
        if position.is_multiple_of(nth) {
            vec.push(mc, value);
            model.push(value.number(mc));
        }
        if position % 3 == 2 {
            assert_eq!(vec.remove(mc, 0).number(mc), model.remove(0));
        }
    }
}

fn assert_vec<'gc, T: Sample<'gc>>(mc: Mutation<'gc>, vec: &GcVec<'gc, T>, model: &[u32]) {
    assert_eq!((vec.len(), vec.is_empty()), (model.len(), model.is_empty()));
    assert!(vec.capacity(mc) >= vec.len());
    assert!(vec.iter(mc).map(|value| value.number(mc)).eq(model.iter().copied()));
    assert_eq!(vec.last(mc).map(|value| value.number(mc)), model.last().copied());
    assert!(vec.get(mc, vec.len()).is_none() && vec.get(mc, usize::MAX).is_none());
}

/// Vectors of all kinds: as fields, and as objects of their own.
#[derive(Trace)]
struct Vecs<'gc> {
    words: GcVec<'gc, u64>,
    chars: Gc<'gc, GcVec<'gc, char>>,
    texts: GcVec<'gc, Gc<'gc, Str>>,
    options: GcVec<'gc, Option<Gc<'gc, u32>>>,
    values: Gc<'gc, GcVec<'gc, Value<'gc>>>,
    tuples: GcVec<'gc, (bool, &'static str, Gc<'gc, Str>)>,
}

fn vecs<'gc>(mc: Mutation<'gc>) -> Vecs<'gc> {
    Vecs {
        words: GcVec::with_capacity(10),
        chars: mc.new(GcVec::default()),
        texts: GcVec::new(),
        options: GcVec::new(),
        values: mc.new(GcVec::with_capacity(1)),
        tuples: GcVec::new(),
    }
}

#[test]
fn vectors_do_what_those_of_std_do() {
    each_program(vec_step(), |config, steps| {
        let mut arena = Arena::<Root![Vecs<'_>]>::new(config, vecs).expect("settings");
        let mut models: [Vec<u32>; 6] = Default::default();
        for (step, boundary) in steps {
            arena.mutate(|mc, root| {
                let (vecs, [words, chars, texts, options, values, tuples]) = (root.write(mc), &mut models);
                take_vec_step(mc, vecs.field(|vecs| &vecs.words), words, step);
                take_vec_step(mc, vecs.chars.write(mc), chars, step);
                take_vec_step(mc, vecs.field(|vecs| &vecs.texts), texts, step);
                take_vec_step(mc, vecs.field(|vecs| &vecs.options), options, step);
                take_vec_step(mc, vecs.values.write(mc), values, step);
                take_vec_step(mc, vecs.field(|vecs| &vecs.tuples), tuples, step);
            });
            boundary.take(&mut arena);
            arena.mutate(|mc, root| {
                let (vecs, [words, chars, texts, options, values, tuples]) = (root.get(mc), &models);
                assert_vec(mc, &vecs.words, words);
                assert_vec(mc, vecs.chars.get(mc), chars);
                assert_vec(mc, &vecs.texts, texts);
                assert_vec(mc, &vecs.options, options);
                assert_vec(mc, vecs.values.get(mc), values);
                assert_vec(mc, &vecs.tuples, tuples);
            });
        }
        assert_eq!(arena.verify(), Ok(()));
    });
}

/// An operation on a map.
#[derive(Clone, Debug)]
enum MapStep {
    Insert(u32, u32),
    GetOrInsert(u32, u32),
    Remove(u32),
    Clear,
    /// Keeps the keys that this number does not divide.
    Retain(u32),
    /// Inserts so many keys from this one on.
    InsertMany(u32, u32),
    /// Removes so many keys from this one on.
    RemoveMany(u32, u32),
    /// Puts the cursor at the start.
    Rewind,
    /// Has the cursor go on so many times.
    Next(u32),
}

fn map_step(keys: u32) -> Union<impl Strategy<Value = MapStep>> {
    let key = move || 0..keys;
    Union::new_weighted(vec![
        (4, (key(), key()).prop_map(|(key, value)| MapStep::Insert(key, value)).boxed()),
        (2, (key(), key()).prop_map(|(key, value)| MapStep::GetOrInsert(key, value)).boxed()),
        (4, key().prop_map(MapStep::Remove).boxed()),
        (1, Just(MapStep::Clear).boxed()),
        (1, (2..9_u32).prop_map(MapStep::Retain).boxed()),
        (4, (key(), 0..keys / 2).prop_map(|(key, count)| MapStep::InsertMany(key, count)).boxed()),
        (3, (key(), 0..keys / 2).prop_map(|(key, count)| MapStep::RemoveMany(key, count)).boxed()),
        (2, Just(MapStep::Rewind).boxed()),
        (6, (1..20_u32).prop_map(MapStep::Next).boxed()),
    ])
}

/// A map as a list: keys and values, each with a number that says when it was inserted.
#[derive(Default)]
struct MapModel {
    entries: Vec<(u32, u32, u32)>,
    inserted: u32,
    /// The cursor is behind all that were inserted before this one; none in a map that has never had an entry.
    cursor: Option<u32>,
}

impl MapModel {
    fn insert(&mut self, key: u32, value: u32) -> Option<u32> {
        if let Some((_, _, old)) = self.entries.iter_mut().find(|(_, other, _)| *other == key) {
            return Some(std::mem::replace(old, value));
        }
        self.entries.push((self.inserted, key, value));
        self.inserted += 1;
        None
    }

    fn get(&self, key: u32) -> Option<u32> {
        self.entries.iter().find(|(_, other, _)| *other == key).map(|(.., value)| *value)
    }

    fn remove(&mut self, key: u32) -> Option<u32> {
        let position = self.entries.iter().position(|(_, other, _)| *other == key)?;
        Some(self.entries.remove(position).2)
    }

    fn next(&mut self) -> Option<(u32, u32)> {
        let cursor = self.cursor?;
        let (number, key, value) = *self.entries.iter().find(|(number, ..)| *number >= cursor)?;
        self.cursor = Some(number + 1);
        Some((key, value))
    }

    fn pairs(&self) -> impl Iterator<Item = (u32, u32)> {
        self.entries.iter().map(|(_, key, value)| (*key, *value))
    }
}

/// A map and a cursor in it.
#[derive(Trace)]
struct Mapping<'gc, K> {
    map: Map<'gc, K, Value<'gc>>,
    cursor: Lock<Option<Cursor<'gc, K, Value<'gc>>>>,
}

impl<K> Mapping<'_, K> {
    fn new() -> Self {
        Mapping { map: Map::new(), cursor: Lock::new(None) }
    }
}

type Mapped<'gc, K> = Gc<'gc, Mapping<'gc, K>>;

/// Takes a step with a map and its model; `key` makes keys.
fn take_map_step<'gc, K: Key<'gc>>(
    mc: Mutation<'gc>,
    mapping: Mapped<'gc, K>,
    model: &mut MapModel,
    step: &MapStep,
    (key, number): (&impl Fn(u32) -> K, &impl Fn(K) -> u32),
) {
    let map = mapping.write(mc).field(|mapping| &mapping.map);
    let (sample, value_of) = (|value| Value::of(mc, value), |value: Value<'gc>| value.number(mc));
    match *step {
        MapStep::Insert(at, value) => {
            assert_eq!(map.insert(mc, key(at), sample(value)).map(value_of), model.insert(at, value));
        }
        MapStep::GetOrInsert(at, value) => {
            let got = value_of(map.get_or_insert_with(mc, key(at), || sample(value)));
            assert_eq!(got, model.get(at).unwrap_or(value));
            model.insert(at, got);
        }
        MapStep::Remove(at) => assert_eq!(map.remove(mc, key(at)).map(value_of), model.remove(at)),
        MapStep::Clear => {
            map.clear(mc);
            model.entries.clear();
        }
        MapStep::Retain(by) => {
            map.retain(mc, |key, _| !number(key).is_multiple_of(by));
            model.entries.retain(|(_, key, _)| !key.is_multiple_of(by));
        }
        MapStep::InsertMany(start, count) => {
            for at in start..start + count {
                assert_eq!(map.insert(mc, key(at), sample(at)).map(value_of), model.insert(at, at));
            }
        }
        MapStep::RemoveMany(start, count) => {
            for at in start..start + count {
                assert_eq!(map.remove(mc, key(at)).map(value_of), model.remove(at));
            }
        }
        MapStep::Rewind => {
            mapping.write(mc).field(|mapping| &mapping.cursor).set(Some(map.cursor(mc)));
            model.cursor = (model.inserted > 0).then_some(0);
        }
        MapStep::Next(times) => {
            for _ in 0..times {
                let mut cursor = mapping.get(mc).cursor.get();
                let next = cursor.as_mut().and_then(|cursor| cursor.next(mc));
                mapping.write(mc).field(|mapping| &mapping.cursor).set(cursor);
                assert_eq!(next.map(|(key, value)| (number(key), value_of(value))), model.next());
            }
        }
    }
}

fn assert_map<'gc, K: Key<'gc>>(
    mc: Mutation<'gc>,
    mapping: Mapped<'gc, K>,
    model: &MapModel,
    (key, number): (&impl Fn(u32) -> K, &impl Fn(K) -> u32),
) {
    let map = &mapping.get(mc).map;
    assert_eq!((map.len(), map.is_empty()), (model.entries.len(), model.entries.is_empty()));
    assert!(map.iter(mc).map(|(key, value)| (number(key), value.number(mc))).eq(model.pairs()));
    for at in 0..10 {
        assert_eq!(map.get(mc, key(at)).map(|value| value.number(mc)), model.get(at));
        assert_eq!(map.contains_key(mc, key(at)), model.get(at).is_some());
    }
}

/// Keys that are told apart by their identities need to be kept.
const IDENTITIES: u32 = 120;

#[derive(Trace)]
struct Maps<'gc> {
    objects: GcVec<'gc, Gc<'gc, u32>>,
    words: Mapped<'gc, u64>,
    texts: Mapped<'gc, Gc<'gc, Str>>,
    tuples: Mapped<'gc, (bool, &'static str, Gc<'gc, Str>)>,
    own: Mapped<'gc, Own<'gc>>,
    identities: Mapped<'gc, ById<Gc<'gc, u32>>>,
}

fn maps<'gc>(mc: Mutation<'gc>) -> Maps<'gc> {
    Maps {
        objects: GcVec::new(),
        words: mc.new(Mapping::new()),
        texts: mc.new(Mapping::new()),
        tuples: mc.new(Mapping::new()),
        own: mc.new(Mapping::new()),
        identities: mc.new(Mapping::new()),
    }
}

/// Does something to all maps, each with its model and what makes its keys and tells their numbers.
macro_rules! each_map {
    ($mc:ident, $root:ident, $models:expr, $do:ident($($step:ident)?)) => {{
        let (maps, [words, texts, tuples, own, identities]) = ($root.get($mc), $models);
        let object = |number: u32| ById(maps.objects.at($mc, number as usize));
        $do($mc, maps.words, words, $($step,)? (&|number| Sample::of($mc, number), &|key: u64| key.number($mc)));
        $do($mc, maps.texts, texts, $($step,)? (&|number| Sample::of($mc, number), &|key: Gc<'_, Str>| key.number($mc)));
        $do($mc, maps.tuples, tuples, $($step,)? (&|number| Sample::of($mc, number), &|key: (_, _, _)| key.number($mc)));
        $do($mc, maps.own, own, $($step,)? (&|number| Sample::of($mc, number), &|key: Own<'_>| key.number($mc)));
        $do($mc, maps.identities, identities, $($step,)? (&object, &|key: ById<Gc<'_, u32>>| *key.0.get($mc)));
    }};
}

#[test]
fn maps_do_what_lists_of_pairs_do() {
    each_program(map_step(IDENTITIES * 2 / 3), |config, steps| {
        let mut arena = Arena::<Root![Maps<'_>]>::new(config, maps).expect("settings");
        arena.mutate(|mc, root| {
            let objects = root.write(mc).field(|root| &root.objects);
            objects.extend(mc, (0..IDENTITIES).map(|number| mc.new(number)));
        });
        let mut models: [MapModel; 5] = Default::default();
        for (step, boundary) in steps {
            arena.mutate(|mc, root| each_map!(mc, root, &mut models, take_map_step(step)));
            boundary.take(&mut arena);
            arena.mutate(|mc, root| each_map!(mc, root, &models, assert_map()));
        }
        assert_eq!(arena.verify(), Ok(()));
    });
}

/// Takes a step with an ordered map and its model; `cursor` is the last key seen.
fn take_ordered_step<'gc, K: OrderedKey<'gc> + Sample<'gc>>(
    mc: Mutation<'gc>,
    map: Gc<'gc, OrderedMap<'gc, K, Value<'gc>>>,
    (model, cursor): &mut (BTreeMap<u32, u32>, Option<u32>),
    step: &MapStep,
) {
    let (key, sample) = (|at| K::of(mc, at), |value| Value::of(mc, value));
    let value_of = |value: Value<'gc>| value.number(mc);
    let pair_of = |(key, value): (K, Value<'gc>)| (key.number(mc), value.number(mc));
    match *step {
        MapStep::Insert(at, value) | MapStep::GetOrInsert(at, value) => {
            assert_eq!(map.insert(mc, key(at), sample(value)).map(value_of), model.insert(at, value));
        }
        MapStep::Remove(at) => assert_eq!(map.remove(mc, key(at)).map(value_of), model.remove(&at)),
        MapStep::Clear => {
            map.clear(mc);
            model.clear();
        }
        MapStep::Retain(by) => {
            for key in map.keys(mc).filter(|key| key.number(mc).is_multiple_of(by)) {
                map.remove(mc, key);
            }
            model.retain(|key, _| !key.is_multiple_of(by));
            assert_eq!(map.pop_first(mc).map(pair_of), model.pop_first());
            assert_eq!(map.pop_last(mc).map(pair_of), model.pop_last());
        }
        MapStep::InsertMany(start, count) => {
            for at in (start..start + count).step_by(2).chain(start..start + count) {
                assert_eq!(map.insert(mc, key(at), sample(at)).map(value_of), model.insert(at, at));
            }
        }
        MapStep::RemoveMany(start, count) => {
            for at in (start..start + count).rev() {
                assert_eq!(map.remove(mc, key(at)).map(value_of), model.remove(&at));
            }
        }
        MapStep::Rewind => *cursor = None,
        MapStep::Next(times) => {
            let start = cursor.map_or(Unbounded, |last| Excluded(key(last)));
            let mut range = map.range(mc, (start, Unbounded));
            for _ in 0..times {
                let next = model.range((cursor.map_or(Unbounded, Excluded), Unbounded)).next();
                let next = next.map(|(key, value)| (*key, *value));
                assert_eq!(range.next().map(pair_of), next);
                *cursor = next.map(|(key, _)| key).or(*cursor);
                if next.is_some_and(|(key, _)| key.is_multiple_of(5)) {
                    let at = cursor.unwrap_or_default() * 7 % 300;
                    assert_eq!(map.remove(mc, key(at)).map(value_of), model.remove(&at));
                }
            }
        }
    }
}

fn assert_ordered<'gc, K: OrderedKey<'gc> + Sample<'gc>>(
    mc: Mutation<'gc>,
    map: Gc<'gc, OrderedMap<'gc, K, Value<'gc>>>,
    (model, _): &(BTreeMap<u32, u32>, Option<u32>),
) {
    let pair_of = |(key, value): (K, Value<'gc>)| (key.number(mc), value.number(mc));
    let model_pair = |(key, value): (&u32, &u32)| (*key, *value);
    assert_eq!((map.len(mc), map.is_empty(mc)), (model.len(), model.is_empty()));
    assert!(map.iter(mc).map(pair_of).eq(model.iter().map(model_pair)));
    assert_eq!(map.first(mc).map(pair_of), model.first_key_value().map(model_pair));
    assert_eq!(map.last(mc).map(pair_of), model.last_key_value().map(model_pair));
    for at in (0..300).step_by(37) {
        assert_eq!(map.lookup(mc, K::of(mc, at)).map(|value| value.number(mc)), model.get(&at).copied());
        let range = map.range(mc, K::of(mc, at)..=K::of(mc, at + 40)).map(pair_of);
        assert!(range.eq(model.range(at..=at + 40).map(model_pair)));
        let range = map.range(mc, K::of(mc, at)..K::of(mc, at + 1)).map(pair_of);
        assert!(range.eq(model.range(at..at + 1).map(model_pair)));
    }
}

#[derive(Trace)]
struct OrderedMaps<'gc> {
    numbers: Gc<'gc, OrderedMap<'gc, i16, Value<'gc>>>,
    texts: Gc<'gc, OrderedMap<'gc, Gc<'gc, Str>, Value<'gc>>>,
    own: Gc<'gc, OrderedMap<'gc, Own<'gc>, Value<'gc>>>,
}

#[test]
fn ordered_maps_do_what_those_of_std_do() {
    each_program(map_step(600), |config, steps| {
        let mut arena = Arena::<Root![OrderedMaps<'_>]>::new(config, |mc| OrderedMaps {
            numbers: mc.new(OrderedMap::new()),
            texts: mc.new(OrderedMap::default()),
            own: mc.new(OrderedMap::new()),
        })
        .expect("settings");
        let mut models: [(BTreeMap<u32, u32>, Option<u32>); 3] = Default::default();
        for (step, boundary) in steps {
            arena.mutate(|mc, root| {
                take_ordered_step(mc, root.get(mc).numbers, &mut models[0], step);
                take_ordered_step(mc, root.get(mc).texts, &mut models[1], step);
                take_ordered_step(mc, root.get(mc).own, &mut models[2], step);
            });
            boundary.take(&mut arena);
            arena.mutate(|mc, root| {
                assert_ordered(mc, root.get(mc).numbers, &models[0]);
                assert_ordered(mc, root.get(mc).texts, &models[1]);
                assert_ordered(mc, root.get(mc).own, &models[2]);
            });
        }
        assert_eq!(arena.verify(), Ok(()));
    });
}
