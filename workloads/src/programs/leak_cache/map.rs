//! A hash map on the heap that remembers in which order its entries came.

use crate::programs::object_bytes;
use gc_core::{Heap, HeapFull, Layout, Local, Shape, View};

/// Slots of an entry. Its word 0 is the key.
const CHAIN: u32 = 0;
const NEXT: u32 = 1;
const VALUE: u32 = 2;
const ENTRY_SLOTS: u16 = 3;

/// Buckets of an empty map. They are doubled when there are as many entries.
const FIRST_BUCKETS: u32 = 64;

/// A hash map with chained buckets, whose entries are also linked in the order in which they came.
#[derive(Debug)]
pub(super) struct Map {
    entry: Shape,
    buckets_shape: Shape,
    buckets: Local,
    bucket_count: u32,
    /// An entry without a value, before the first.
    ends: Local,
    /// The latest entry; `ends` if there is none.
    last: Local,
    /// The entry that is worked on.
    current: Local,
    /// The one before it in its bucket.
    before: Local,
    len: u32,
}

impl Map {
    /// An empty map, whose handles live in the current scope.
    pub(super) fn new(heap: &mut Heap) -> Result<Self, HeapFull> {
        let entry = heap.register("Entry", Layout::Fixed { slots: ENTRY_SLOTS, bytes: 8 });
        let buckets_shape = heap.register("Buckets", Layout::Slots);
        let buckets = heap.alloc_array(buckets_shape, FIRST_BUCKETS)?;
        let ends = heap.alloc(entry)?;
        let (last, current, before) = (heap.duplicate(ends), heap.duplicate(ends), heap.duplicate(ends));
        let bucket_count = FIRST_BUCKETS;
        Ok(Map { entry, buckets_shape, buckets, bucket_count, ends, last, current, before, len: 0 })
    }

    /// Number of entries.
    pub(super) fn len(&self) -> u32 {
        self.len
    }

    /// The value of `key`: a handle in the current scope.
    pub(super) fn find(&self, heap: &mut Heap, key: u64) -> Option<Local> {
        let mut found = heap.advance(self.current, self.buckets, self.bucket(key));
        while found && heap.view(self.current).word(0) != key {
            found = heap.advance(self.current, self.current, CHAIN);
        }
        if found { heap.load(self.current, VALUE) } else { None }
    }

    /// Adds an entry, the last in order. There is none of this key.
    pub(super) fn insert(&mut self, heap: &mut Heap, key: u64, value: Local) -> Result<(), HeapFull> {
        if self.len == self.bucket_count {
            self.double_buckets(heap)?;
        }
        let bucket = self.bucket(key);
        let chain = heap.load(self.buckets, bucket);
        let entry = heap.alloc_with(self.entry, [chain, None, Some(value)])?;
        heap.store_word(entry, 0, key);
        heap.store(self.buckets, bucket, Some(entry));
        heap.store(self.last, NEXT, Some(entry));
        heap.assign(self.last, entry);
        self.len += 1;
        Ok(())
    }

    /// Removes the entry that came first.
    pub(super) fn remove_first(&mut self, heap: &mut Heap) {
        if !heap.advance(self.current, self.ends, NEXT) {
            return;
        }
        self.unchain(heap);
        heap.copy_slots(self.current, NEXT..NEXT + 1, self.ends, NEXT);
        heap.store(self.current, NEXT, None);
        if heap.view(self.ends).slot(NEXT).is_none() {
            heap.assign(self.last, self.ends);
        }
        self.len -= 1;
    }

    /// Every key with its value, in the order in which they came.
    pub(super) fn first_to_last<'h>(&self, heap: &'h Heap) -> impl Iterator<Item = (u64, View<'h>)> {
        let first = heap.view(self.ends).slot(NEXT);
        let entries = std::iter::successors(first, |entry| entry.slot(NEXT));
        entries.filter_map(|entry| Some((entry.word(0), entry.slot(VALUE)?)))
    }

    /// Puts all entries into twice as many buckets.
    fn double_buckets(&mut self, heap: &mut Heap) -> Result<(), HeapFull> {
        let buckets = heap.alloc_array(self.buckets_shape, 2 * self.bucket_count)?;
        heap.assign(self.buckets, buckets);
        self.bucket_count *= 2;
        let mut found = heap.advance(self.current, self.ends, NEXT);
        while found {
            let bucket = self.bucket(heap.view(self.current).word(0));
            heap.copy_slots(self.buckets, bucket..bucket + 1, self.current, CHAIN);
            heap.store(self.buckets, bucket, Some(self.current));
            found = heap.advance(self.current, self.current, NEXT);
        }
        Ok(())
    }

    /// Takes `current` out of its bucket's chain.
    fn unchain(&self, heap: &mut Heap) {
        let bucket = self.bucket(heap.view(self.current).word(0));
        if is_at(heap, self.buckets, bucket, self.current) {
            heap.copy_slots(self.current, CHAIN..CHAIN + 1, self.buckets, bucket);
            return;
        }
        heap.advance(self.before, self.buckets, bucket);
        while !is_at(heap, self.before, CHAIN, self.current) {
            heap.advance(self.before, self.before, CHAIN);
        }
        heap.copy_slots(self.current, CHAIN..CHAIN + 1, self.before, CHAIN);
        // The handle would keep what it refers to alive.
        heap.assign(self.before, self.ends);
    }

    fn bucket(&self, key: u64) -> u32 {
        let spread = key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
        ((spread * u64::from(self.bucket_count)) >> 32) as u32
    }
}

/// Whether slot `index` of `object` holds `target`.
fn is_at(heap: &Heap, object: Local, index: u32, target: Local) -> bool {
    heap.view(object).slot(index).is_some_and(|held| held.same(heap.view(target)))
}

/// Bytes of a map that came to have so many entries, without their values.
pub(super) fn live_bytes(entries: u64) -> u64 {
    let buckets = entries.next_power_of_two().max(FIRST_BUCKETS.into());
    object_bytes(buckets, 0) + (entries + 1) * object_bytes(ENTRY_SLOTS.into(), 8)
}
