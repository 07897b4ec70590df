//! `big_heap`: many doubly linked lists, parts of which are replaced and exchanged; every operation is timed.

use super::{Found, Plain, Slots};
use crate::latencies::Latencies;
use workloads::programs::Shuffle;
use workloads::{Checksum, Parameters, Random};

/// Mean size of a record in Tenure, and of a slot that refers to one: what `live` is divided by.
const MEAN_BYTES: u64 = 48;
const SLOT_BYTES: u64 = 4;

/// Most words that a record has.
pub(crate) const MOST_WORDS: usize = 6;

/// Records: words, and links to both sides that can be stored to.
///
/// In Tenure a record has two, four or six words. Here all have room for six, since a type has one size.
pub(crate) trait Records: Copy {
    type Record: Clone;

    /// A record in front of `next`.
    fn record(self, words: [u64; MOST_WORDS], next: Option<Self::Record>) -> Self::Record;
    fn words(self, record: &Self::Record) -> [u64; MOST_WORDS];
    fn next(self, record: &Self::Record) -> Option<Self::Record>;
    fn set_next(self, record: &Self::Record, next: Option<Self::Record>);
    fn set_previous(self, record: &Self::Record, previous: Option<&Self::Record>);
    /// Whether what is before `record` is `previous`.
    fn is_behind(self, record: &Self::Record, previous: Option<&Self::Record>) -> bool;
}

/// The first record of each list.
pub(crate) type Root<R> = Vec<Option<<R as Records>::Record>>;

/// A place in the lists: in which one, behind how many records.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    pub(crate) list: usize,
    pub(crate) depth: u32,
}

/// The words of the record with this number.
fn words(number: u32) -> [u64; MOST_WORDS] {
    let word = |index: u32| u64::from(number) | u64::from(index.wrapping_mul(number ^ 0x9E37_79B9)) << 32;
    let count = 2 * (1 + number as usize % 3);
    std::array::from_fn(|index| if index < count { word(index as u32) } else { 0 })
}

fn prepend<R: Records>(records: R, number: u32, next: Option<R::Record>) -> R::Record {
    let record = records.record(words(number), next.clone());
    if let Some(next) = next {
        records.set_previous(&next, Some(&record));
    }
    record
}

/// New records from `depth` to the end of a list of `length`.
pub(crate) fn fresh<R: Records>(records: R, depth: u32, length: u32, base: u32) -> Option<R::Record> {
    let mut first = None;
    for depth in (depth..length).rev() {
        first = Some(prepend(records, base.wrapping_add(depth), first));
    }
    first
}

/// The record before a place; none if that is the first one.
fn before<R: Records>(records: R, root: &impl Slots<R::Record>, place: Place) -> Option<R::Record> {
    if place.depth == 0 {
        return None;
    }
    let mut record = root.load(place.list);
    for _ in 1..place.depth {
        record = record.and_then(|record| records.next(&record));
    }
    record
}

fn behind<R: Records>(
    records: R,
    root: &impl Slots<R::Record>,
    place: Place,
    before: Option<&R::Record>,
) -> Option<R::Record> {
    before.map_or_else(|| root.load(place.list), |before| records.next(before))
}

/// Makes `end` what follows behind `before`, at `place`.
fn attach<R: Records>(
    records: R,
    root: &mut impl Slots<R::Record>,
    place: Place,
    before: Option<&R::Record>,
    end: Option<R::Record>,
) {
    if let Some(first) = &end {
        records.set_previous(first, before);
    }
    match before {
        Some(before) => records.set_next(before, end),
        None => root.store(place.list, end),
    }
}

/// Puts new records in the place of those from `place` on.
pub(crate) fn replace<R: Records>(
    records: R,
    root: &mut impl Slots<R::Record>,
    place: Place,
    length: u32,
    base: u32,
) {
    let end = fresh(records, place.depth, length, base);
    let before = before(records, root, place);
    attach(records, root, place, before.as_ref(), end);
}

/// Puts one more record in front of a list.
pub(crate) fn lengthen<R: Records>(records: R, root: &mut impl Slots<R::Record>, list: usize, number: u32) {
    let record = prepend(records, number, root.load(list));
    root.store(list, Some(record));
}

/// Exchanges the ends of two lists.
pub(crate) fn exchange<R: Records>(records: R, root: &mut impl Slots<R::Record>, left: Place, right: Place) {
    let (left_before, right_before) = (before(records, root, left), before(records, root, right));
    let left_end = behind(records, root, left, left_before.as_ref());
    let right_end = behind(records, root, right, right_before.as_ref());
    attach(records, root, left, left_before.as_ref(), right_end);
    attach(records, root, right, right_before.as_ref(), left_end);
}

/// The numbers of all records of a list; a damaged one has a number that none has, and so does a list without any.
pub(crate) fn numbers<R: Records>(
    records: R,
    root: &impl Slots<R::Record>,
    list: usize,
    length: u32,
    sum: &mut Checksum,
) {
    let (mut previous, mut next) = (None, root.load(list));
    if next.is_none() {
        sum.add(u64::MAX);
    }
    // One record too many tells that a list is too long, even if it has no end.
    for _ in 0..=length {
        let Some(record) = next else { return };
        let found = records.words(&record);
        let is_intact = found == words(found[0] as u32) && records.is_behind(&record, previous.as_ref());
        sum.add(if is_intact { found[0] & u64::from(u32::MAX) } else { u64::MAX });
        next = records.next(&record);
        previous = Some(record);
    }
}

/// What the program does, a step each.
pub(crate) trait Stage {
    fn replace(&mut self, place: Place, length: u32, base: u32);
    /// Makes a list and drops it.
    fn litter(&mut self, length: u32, base: u32);
    fn lengthen(&mut self, list: usize, number: u32);
    fn exchange(&mut self, left: Place, right: Place);
    fn numbers(&mut self, list: usize, length: u32, sum: &mut Checksum);
}

impl<R: Records> Stage for Plain<R, Root<R>> {
    fn replace(&mut self, place: Place, length: u32, base: u32) {
        replace(self.objects, &mut self.root, place, length, base);
    }

    fn litter(&mut self, length: u32, base: u32) {
        drop(fresh(self.objects, 0, length, base));
    }

    fn lengthen(&mut self, list: usize, number: u32) {
        lengthen(self.objects, &mut self.root, list, number);
    }

    fn exchange(&mut self, left: Place, right: Place) {
        exchange(self.objects, &mut self.root, left, right);
    }

    fn numbers(&mut self, list: usize, length: u32, sum: &mut Checksum) {
        numbers(self.objects, &self.root, list, length, sum);
    }
}

/// What the parameters say.
#[derive(Clone, Copy)]
struct Shape {
    lists: u32,
    length: u32,
    fresh: u32,
    survivors_percent: u32,
}

impl Shape {
    fn of(parameters: &Parameters) -> Self {
        let length = parameters.get_u32("length");
        Shape {
            lists: (parameters.get("live") * 1_024 / (u64::from(length) * MEAN_BYTES + SLOT_BYTES)).max(1)
                as u32,
            length,
            fresh: parameters.get_u32("fresh"),
            survivors_percent: parameters.get_u32("survivors"),
        }
    }
}

/// Lists that are all empty.
pub(crate) fn empty<R>(parameters: &Parameters) -> Vec<Option<R>> {
    (0..Shape::of(parameters).lists).map(|_| None).collect()
}

/// Runs the program.
pub(crate) fn run(stage: &mut impl Stage, parameters: &Parameters) -> Found {
    let shape = Shape::of(parameters);
    build(stage, parameters, shape);
    let operations = parameters.get_u32("operations");
    let mut latencies = Latencies::with_capacity(operations as usize);
    let mut random = Random::new(parameters.seed());
    for operation in 0..operations {
        latencies.time(|| operate(stage, shape, &mut random, operation));
    }
    let mut checksum = Checksum::default();
    (0..shape.lists as usize).for_each(|list| stage.numbers(list, shape.length, &mut checksum));
    Found { latencies: Some(latencies), ..checksum.into() }
}

fn build(stage: &mut impl Stage, parameters: &Parameters, Shape { lists, length, .. }: Shape) {
    if parameters.get("order") == 0 {
        for list in 0..lists {
            stage.replace(Place { list: list as usize, depth: 0 }, length, list.wrapping_mul(length));
        }
        return;
    }
    for depth in (0..length).rev() {
        for list in Shuffle::new(lists, parameters.seed().wrapping_add(depth.into())) {
            stage.lengthen(list as usize, list.wrapping_mul(length).wrapping_add(depth));
        }
    }
}

fn operate(stage: &mut impl Stage, shape: Shape, random: &mut Random, operation: u32) {
    let Shape { lists, length, fresh, survivors_percent } = shape;
    for index in 0..fresh {
        let made_before = operation.wrapping_mul(fresh).wrapping_add(index);
        let base = lists.wrapping_add(made_before).wrapping_mul(length);
        if random.chance(survivors_percent) {
            let place = Place { list: random.below(lists) as usize, depth: random.below(length) };
            stage.replace(place, length, base);
        } else {
            stage.litter(length, base);
        }
    }
    let depth = random.below(length);
    let mut place = || Place { list: random.below(lists) as usize, depth };
    let (left, right) = (place(), place());
    stage.exchange(left, right);
}
