//! `lru_cache`: a hash map whose entries are linked in order of use; the least recently used is evicted.

use super::{Found, Plain, Slots};
use workloads::{Checksum, Parameters, Random};

/// Entries, whose links can be stored to, each with a value of some bytes of which the first eight hold a number.
pub(crate) trait Objects: Copy {
    type Entry: Clone;

    /// An entry without links and value: where the ring of entries begins and ends.
    fn ends(self) -> Self::Entry;
    fn entry(self, key: u64, number: u64, value_bytes: usize) -> Self::Entry;
    fn key(self, entry: &Self::Entry) -> u64;
    /// The number in an entry's value; one that none has if there is no value.
    fn number(self, entry: &Self::Entry) -> u64;
    fn link(self, entry: &Self::Entry, link: Link) -> Option<Self::Entry>;
    fn set_link(self, entry: &Self::Entry, link: Link, to: Option<Self::Entry>);
    fn is_same(self, left: &Self::Entry, right: &Self::Entry) -> bool;
}

/// A link of an entry.
#[derive(Clone, Copy)]
pub(crate) enum Link {
    /// To the next one in its bucket.
    Chain,
    Newer,
    Older,
}

/// The first entry of each bucket, and where the ring begins and ends.
pub(crate) type Root<O> = (Vec<Option<<O as Objects>::Entry>>, <O as Objects>::Entry);

/// An empty cache.
pub(crate) fn empty<O: Objects>(objects: O, capacity: usize) -> Root<O> {
    let ends = objects.ends();
    objects.set_link(&ends, Link::Newer, Some(ends.clone()));
    objects.set_link(&ends, Link::Older, Some(ends.clone()));
    ((0..capacity).map(|_| None).collect(), ends)
}

/// What is found where.
#[derive(Clone, Copy)]
pub(crate) struct LookUp {
    pub(crate) key: u64,
    pub(crate) number: u64,
    pub(crate) value_bytes: usize,
    pub(crate) is_full: bool,
}

/// Looks a key up: the number of the look-up that has inserted it, and whether that was this one.
pub(crate) fn look_up<O: Objects>(
    objects: O,
    buckets: &mut impl Slots<O::Entry>,
    ends: &O::Entry,
    ask: LookUp,
) -> (u64, bool) {
    let bucket = bucket(ask.key, buckets.count());
    let found = find(objects, buckets.load(bucket), ask.key);
    let is_new = found.is_none();
    let entry = match found {
        Some(entry) => {
            unlink(objects, &entry);
            entry
        }
        None => {
            if ask.is_full {
                evict(objects, buckets, ends);
            }
            let entry = objects.entry(ask.key, ask.number, ask.value_bytes);
            objects.set_link(&entry, Link::Chain, buckets.load(bucket));
            buckets.store(bucket, Some(entry.clone()));
            entry
        }
    };
    link_newest(objects, ends, &entry);
    (objects.number(&entry), is_new)
}

fn find<O: Objects>(objects: O, mut entry: Option<O::Entry>, key: u64) -> Option<O::Entry> {
    while let Some(candidate) = entry {
        if objects.key(&candidate) == key {
            return Some(candidate);
        }
        entry = objects.link(&candidate, Link::Chain);
    }
    None
}

fn neighbour<O: Objects>(objects: O, entry: &O::Entry, link: Link) -> O::Entry {
    objects.link(entry, link).expect("entries form a ring")
}

/// Takes an entry out of the ring.
fn unlink<O: Objects>(objects: O, entry: &O::Entry) {
    let (newer, older) = (neighbour(objects, entry, Link::Newer), neighbour(objects, entry, Link::Older));
    objects.set_link(&newer, Link::Older, Some(older.clone()));
    objects.set_link(&older, Link::Newer, Some(newer));
}

/// Puts an entry into the ring as the newest.
fn link_newest<O: Objects>(objects: O, ends: &O::Entry, entry: &O::Entry) {
    let older = neighbour(objects, ends, Link::Older);
    objects.set_link(entry, Link::Newer, Some(ends.clone()));
    objects.set_link(entry, Link::Older, Some(older.clone()));
    objects.set_link(&older, Link::Newer, Some(entry.clone()));
    objects.set_link(ends, Link::Older, Some(entry.clone()));
}

/// Takes the oldest entry out of the ring and out of its bucket.
fn evict<O: Objects>(objects: O, buckets: &mut impl Slots<O::Entry>, ends: &O::Entry) {
    let oldest = neighbour(objects, ends, Link::Newer);
    unlink(objects, &oldest);
    let bucket = bucket(objects.key(&oldest), buckets.count());
    let next = objects.link(&oldest, Link::Chain);
    let first = buckets.load(bucket).expect("the oldest is in its bucket");
    if objects.is_same(&first, &oldest) {
        return buckets.store(bucket, next);
    }
    let mut before = first;
    loop {
        let behind = objects.link(&before, Link::Chain).expect("the oldest is in its bucket");
        if objects.is_same(&behind, &oldest) {
            return objects.set_link(&before, Link::Chain, next);
        }
        before = behind;
    }
}

fn bucket(key: u64, buckets: usize) -> usize {
    let spread = key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
    ((spread * buckets as u64) >> 32) as usize
}

/// Adds every key with the number of the look-up that has inserted it, the most recently used first.
pub(crate) fn newest_first<O: Objects>(objects: O, ends: &O::Entry, checksum: &mut Checksum) {
    let mut entry = neighbour(objects, ends, Link::Older);
    while !objects.is_same(&entry, ends) {
        checksum.add(objects.key(&entry));
        checksum.add(objects.number(&entry));
        entry = neighbour(objects, &entry, Link::Older);
    }
}

/// What the program does, a step each.
pub(crate) trait Stage {
    fn look_up(&mut self, ask: LookUp) -> (u64, bool);
    fn newest_first(&mut self, checksum: &mut Checksum);
}

impl<O: Objects> Stage for Plain<O, Root<O>> {
    fn look_up(&mut self, ask: LookUp) -> (u64, bool) {
        look_up(self.objects, &mut self.root.0, &self.root.1, ask)
    }

    fn newest_first(&mut self, checksum: &mut Checksum) {
        newest_first(self.objects, &self.root.1, checksum);
    }
}

/// Runs the program.
pub(crate) fn run(stage: &mut impl Stage, parameters: &Parameters) -> Found {
    let (capacity, keys) = (parameters.get("capacity"), parameters.get_u32("keys"));
    let value_bytes = parameters.get("value") as usize;
    let (mut random, mut checksum, mut entries) = (Random::new(parameters.seed()), Checksum::default(), 0);
    for number in 0..parameters.get("lookups") {
        let key = skewed(&mut random, keys).into();
        let (inserted, is_new) =
            stage.look_up(LookUp { key, number, value_bytes, is_full: entries == capacity });
        entries = if is_new { (entries + 1).min(capacity) } else { entries };
        checksum.add(inserted);
    }
    stage.newest_first(&mut checksum);
    checksum.into()
}

/// A number below a number below a number below `bound`.
fn skewed(random: &mut Random, bound: u32) -> u32 {
    let once = 1 + random.below(bound);
    let twice = 1 + random.below(once);
    random.below(twice)
}
