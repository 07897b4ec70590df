//! The hash table of a map.

use super::storage::Places;
use crate::arena::hash::mix;
use crate::arena::{Array, Gc, Lock, Mutation, Trace};
use crate::heap::HeapFull;
use std::num::NonZeroU32;

/// Least number of entries that there is room for.
const MIN_CAPACITY: usize = 4;
/// Up to this room the entries are looked through one by one.
const MAX_SCANNED: usize = 8;

/// A key with its value.
#[derive(Clone, Copy, Debug, Trace)]
pub(super) struct Entry<K, V> {
    /// Kept so that a table can be made anew without asking keys; is never 0 so that an entry that is `None` needs no room.
    pub(super) hash: NonZeroU32,
    pub(super) key: K,
    pub(super) value: V,
}

const _: () = assert!(size_of::<Option<Entry<u64, u64>>>() == size_of::<Entry<u64, u64>>());

/// The hash that entries keep, made of the hash of a key.
#[inline]
pub(super) fn kept_hash(hash: u64) -> NonZeroU32 {
    NonZeroU32::MIN | (mix(hash) >> 32) as u32
}

/// Entries in the order in which they were inserted, and an index that leads from hashes to them.
///
/// When there is no room left, the entries that have not been removed go to another table, to which this one then refers, and
/// this one is never changed again: so that a position in it can be translated to one in the next.
#[derive(Debug, Trace)]
pub(super) struct Table<'gc, K, V> {
    /// The first `used` are in use. Those that have been removed are `None`.
    entries: Gc<'gc, Places<Entry<K, V>>>,
    /// Positions, counted from 1, in the first place that was free from that of the hash on; 0 where a place is free. Half of
    /// the places at least are.
    index: Option<Gc<'gc, Array<Lock<u32>>>>,
    used: Lock<u32>,
    next: Lock<Option<Gc<'gc, Table<'gc, K, V>>>>,
}

impl<'gc, K: Trace<'gc> + Copy, V: Trace<'gc> + Copy> Table<'gc, K, V> {
    /// A table with room for a third more than `count` entries, at least for one.
    fn try_new(mc: Mutation<'gc>, count: usize) -> Result<Gc<'gc, Self>, HeapFull> {
        let capacity = (count + count / 2 + 1).next_power_of_two().max(MIN_CAPACITY);
        let index = if capacity > MAX_SCANNED { Some(mc.try_locks(2 * capacity, &[], 0)?) } else { None };
        let entries = mc.try_locks(capacity, &[], None)?;
        mc.try_new(Table { entries, index, used: Lock::new(0), next: Lock::new(None) })
    }

    /// How many entries there are, counting those that have been removed.
    #[inline]
    fn used(&self) -> usize {
        self.used.get() as usize
    }

    /// The entry at a position in use, unless it has been removed.
    #[inline]
    pub(super) fn entry(&self, mc: Mutation<'gc>, position: usize) -> Option<Entry<K, V>> {
        self.entries.at(mc, position)
    }

    /// The first entry from a position on, and the position behind it.
    #[inline]
    pub(super) fn entry_from(&self, mc: Mutation<'gc>, position: usize) -> Option<(Entry<K, V>, usize)> {
        let left = self.entries.as_slice(mc).get(position..self.used())?;
        left.iter().zip(position + 1..).find_map(|(entry, behind)| Some((entry.get()?, behind)))
    }

    /// The position of the entry with a key, which has this hash.
    #[inline]
    pub(super) fn find(
        &self,
        mc: Mutation<'gc>,
        hash: NonZeroU32,
        is_key: impl Fn(&K) -> bool,
    ) -> Option<usize> {
        let entries = self.entries.as_slice(mc);
        let mut is_it = |position: &usize| {
            entries[*position].get().is_some_and(|entry| entry.hash == hash && is_key(&entry.key))
        };
        match self.index {
            None => (0..self.used()).find(is_it),
            Some(index) => {
                probe(index.as_slice(mc), hash).map_while(|(_, position)| position).find(&mut is_it)
            }
        }
    }

    /// Replaces or removes the entry at a position in use.
    #[inline]
    pub(super) fn set(&self, mc: Mutation<'gc>, position: usize, entry: Option<Entry<K, V>>) {
        self.entries.set(mc, position, entry);
    }

    /// Removes all entries.
    pub(super) fn clear(&self, mc: Mutation<'gc>) {
        self.entries.write_range(mc, 0..self.used()).fill(None);
    }

    /// Where a position in this table, which has been left for another, is in that.
    pub(super) fn translated(&self, mc: Mutation<'gc>, position: usize) -> usize {
        self.entries.as_slice(mc)[..position].iter().filter(|entry| entry.get().is_some()).count()
    }

    /// The table that this one has been left for.
    #[inline]
    pub(super) fn next(&self) -> Option<Gc<'gc, Table<'gc, K, V>>> {
        self.next.get()
    }
}

/// The places of an index in which a hash may be, from the first one on without an end: with the positions there.
#[inline]
fn probe(index: &[Lock<u32>], hash: NonZeroU32) -> impl Iterator<Item = (usize, Option<usize>)> {
    let mask = index.len() - 1;
    // The lowest bit of the hash is always set.
    (hash.get() as usize >> 1..).map(move |place| {
        let position = index[place & mask].get() as usize;
        (place & mask, position.checked_sub(1))
    })
}

impl<'gc, K: Trace<'gc> + Copy, V: Trace<'gc> + Copy> Gc<'gc, Table<'gc, K, V>> {
    /// A table with room for one more entry than there are in `old`, if any: `count` of them. Takes their place.
    pub(super) fn try_with_room(
        mc: Mutation<'gc>,
        old: Option<Self>,
        count: usize,
    ) -> Result<Self, HeapFull> {
        let Some(old) = old else { return Table::try_new(mc, 0) };
        if old.get(mc).used() < old.get(mc).entries.len(mc) {
            return Ok(old);
        }
        let table = Table::try_new(mc, count)?;
        let entries = old.get(mc).entries.as_slice(mc).iter().filter_map(Lock::get);
        entries.for_each(|entry| table.append(mc, entry));
        old.write(mc).field(|old| &old.next).set(Some(table));
        Ok(table)
    }

    /// Adds an entry, for which there is room.
    pub(super) fn append(self, mc: Mutation<'gc>, entry: Entry<K, V>) {
        let (table, position) = (self.get(mc), self.get(mc).used());
        table.entries.set(mc, position, Some(entry));
        if let Some(index) = table.index {
            let mut places = probe(index.as_slice(mc), entry.hash);
            let free = places.find_map(|(place, position)| position.is_none().then_some(place));
            free.into_iter().for_each(|place| index.set(mc, place, position as u32 + 1));
        }
        self.write(mc).field(|table| &table.used).set(position as u32 + 1);
    }
}
