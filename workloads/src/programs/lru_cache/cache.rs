//! The cache on the heap.

use crate::programs::object_bytes;
use gc_core::{Heap, HeapFull, Layout, Local, Shape, View};

/// Slots of an entry. Its word 0 is the key.
const CHAIN: u32 = 0;
const NEWER: u32 = 1;
const OLDER: u32 = 2;
const VALUE: u32 = 3;
const ENTRY_SLOTS: u16 = 4;

/// A hash map with chained buckets, whose entries also form a ring in order of use.
///
/// The ring is closed by an entry without a value, `ends`: the entry older than it is the newest, the entry newer
/// than it the oldest. So no link is ever null, and no end is a special case.
///
/// All handles but those of a new entry are made once. An operation moves them along (`advance`, `assign`).
#[derive(Debug)]
pub(super) struct Cache {
    entry: Shape,
    value: Shape,
    buckets: Local,
    ends: Local,
    /// The entry that is worked on.
    current: Local,
    /// Its neighbours.
    newer: Local,
    older: Local,
    capacity: u32,
    entries: u32,
    value_bytes: u32,
}

impl Cache {
    /// An empty cache, whose handles live in the current scope.
    pub(super) fn new(heap: &mut Heap, capacity: u32, value_bytes: u32) -> Result<Self, HeapFull> {
        let entry = heap.register("Entry", Layout::Fixed { slots: ENTRY_SLOTS, bytes: 8 });
        let value = heap.register("Value", Layout::Bytes);
        let buckets = heap.register("Buckets", Layout::Slots);
        let buckets = heap.alloc_array(buckets, capacity)?;
        let ends = heap.alloc(entry)?;
        heap.store(ends, NEWER, Some(ends));
        heap.store(ends, OLDER, Some(ends));
        let (current, newer, older) = (heap.duplicate(ends), heap.duplicate(ends), heap.duplicate(ends));
        Ok(Cache { entry, value, buckets, ends, current, newer, older, capacity, entries: 0, value_bytes })
    }

    /// Looks `key` up, inserting it if it is not there; the number of the lookup that inserted it.
    pub(super) fn look_up(&mut self, heap: &mut Heap, key: u64, number: u64) -> Result<u64, HeapFull> {
        if self.find(heap, key) {
            self.unlink(heap);
        } else {
            self.make_room(heap);
            self.insert(heap, key, number)?;
        }
        self.link_newest(heap);
        Ok(inserted(heap.view(self.current)))
    }

    /// Every key with the number of the lookup that inserted it, the most recently used first.
    pub(super) fn newest_first<'h>(&self, heap: &'h Heap) -> impl Iterator<Item = (u64, u64)> + 'h {
        let ends = heap.view(self.ends);
        let entries = std::iter::successors(ends.slot(OLDER), |entry| entry.slot(OLDER));
        entries.take_while(move |entry| !entry.same(ends)).map(|entry| (key_of(entry), inserted(entry)))
    }

    /// Makes `current` the entry of `key`; false if there is none.
    fn find(&self, heap: &mut Heap, key: u64) -> bool {
        let mut found = heap.advance(self.current, self.buckets, self.bucket(key));
        while found && key_of(heap.view(self.current)) != key {
            found = heap.advance(self.current, self.current, CHAIN);
        }
        found
    }

    /// Makes `current` a new entry, reached from its bucket but not yet part of the ring.
    fn insert(&mut self, heap: &mut Heap, key: u64, number: u64) -> Result<(), HeapFull> {
        let value = heap.alloc_array(self.value, self.value_bytes)?;
        heap.store_word(value, 0, number);
        let first = heap.load(self.buckets, self.bucket(key));
        let entry = heap.alloc_with(self.entry, [first, None, None, Some(value)])?;
        heap.store_word(entry, 0, key);
        heap.store(self.buckets, self.bucket(key), Some(entry));
        heap.assign(self.current, entry);
        self.entries += 1;
        Ok(())
    }

    /// Evicts the oldest entry if the cache is full.
    fn make_room(&mut self, heap: &mut Heap) {
        if self.entries < self.capacity {
            return;
        }
        heap.advance(self.current, self.ends, NEWER);
        self.unlink(heap);
        self.unchain(heap);
        self.entries -= 1;
    }

    /// Takes `current` out of the ring.
    fn unlink(&self, heap: &mut Heap) {
        heap.advance(self.newer, self.current, NEWER);
        heap.advance(self.older, self.current, OLDER);
        heap.store(self.newer, OLDER, Some(self.older));
        heap.store(self.older, NEWER, Some(self.newer));
    }

    /// Puts `current` into the ring as the newest entry.
    fn link_newest(&self, heap: &mut Heap) {
        heap.advance(self.older, self.ends, OLDER);
        heap.store(self.current, NEWER, Some(self.ends));
        heap.store(self.current, OLDER, Some(self.older));
        heap.store(self.older, NEWER, Some(self.current));
        heap.store(self.ends, OLDER, Some(self.current));
    }

    /// Takes `current` out of its bucket's chain.
    fn unchain(&self, heap: &mut Heap) {
        let bucket = self.bucket(key_of(heap.view(self.current)));
        if is_at(heap, self.buckets, bucket, self.current) {
            heap.copy_slots(self.current, CHAIN..CHAIN + 1, self.buckets, bucket);
            return;
        }
        heap.advance(self.older, self.buckets, bucket);
        while !is_at(heap, self.older, CHAIN, self.current) {
            heap.advance(self.older, self.older, CHAIN);
        }
        heap.copy_slots(self.current, CHAIN..CHAIN + 1, self.older, CHAIN);
    }

    fn bucket(&self, key: u64) -> u32 {
        let spread = key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
        ((spread * u64::from(self.capacity)) >> 32) as u32
    }
}

/// Whether slot `index` of `object` holds `target`.
fn is_at(heap: &Heap, object: Local, index: u32, target: Local) -> bool {
    heap.view(object).slot(index).is_some_and(|held| held.same(heap.view(target)))
}

fn key_of(entry: View<'_>) -> u64 {
    entry.word(0)
}

/// The number of the lookup that inserted `entry`; one that no lookup has if its value is lost.
fn inserted(entry: View<'_>) -> u64 {
    entry.slot(VALUE).map_or(u64::MAX, |value| value.word(0))
}

/// Bytes of a cache with so many entries.
pub(super) fn live_bytes(capacity: u32, entries: u64, value_bytes: u32) -> u64 {
    let entry = object_bytes(ENTRY_SLOTS.into(), 8);
    object_bytes(capacity.into(), 0) + (entries + 1) * entry + entries * object_bytes(0, value_bytes.into())
}
