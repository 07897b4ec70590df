//! The hash table under the weak collections.

use super::array::Array;
use super::gc::{Gc, Object};
use super::lock::Lock;
use super::mutation::Mutation;
use super::trace::Trace;
use super::weak::Ephemeron;
use super::write::Write;
use crate::heap::HeapFull;
use crate::object::{SlotMap, Tracer};
use std::cell::Cell;
use std::fmt;
use std::mem::offset_of;

/// Entries of the smallest table.
const MIN_ENTRIES: usize = 8;

/// A hash table of ephemerons, with open addressing and linear probing.
///
/// Ephemerons die whenever the collector finds their keys dead; the table is told nothing. A dead entry is passed over,
/// and used for the next insertion that comes by. So that the table fits what is alive in it, it is made anew after a
/// number of insertions in proportion to its size, wherever they went.
pub(super) struct WeakTable<'gc, K: ?Sized, V: ?Sized> {
    entries: Lock<Option<Gc<'gc, Entries<'gc, K, V>>>>,
    /// Insertions left before it is made anew.
    room: Cell<u32>,
}

type Entries<'gc, K, V> = Array<Entry<'gc, K, V>>;
type Pair<'gc, K, V> = Gc<'gc, Ephemeron<K, V>>;

/// An entry: free, in use, or dead, which means without an ephemeron or with one whose key has died.
struct Entry<'gc, K: ?Sized, V: ?Sized> {
    pair: Lock<Option<Pair<'gc, K, V>>>,
    digest: Cell<Digest>,
}

/// What an entry keeps of a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Digest(u32);

impl Digest {
    /// That of an entry that has never been used: a search ends here.
    const FREE: Digest = Digest(0);

    fn of(hash: u64) -> Digest {
        Digest(hash as u32 | 1)
    }

    /// Where in a table to begin.
    fn start(self) -> usize {
        self.0 as usize >> 1
    }
}

impl<'gc, K: ?Sized + Object<'gc>, V: ?Sized + Object<'gc>> Entry<'gc, K, V> {
    fn free() -> Self {
        Entry { pair: Lock::new(None), digest: Cell::new(Digest::FREE) }
    }

    fn is_live(&self, mc: Mutation<'gc>) -> bool {
        self.pair.get().is_some_and(|pair| !pair.is_dead(mc))
    }
}

impl<K: ?Sized, V: ?Sized> Default for WeakTable<'_, K, V> {
    fn default() -> Self {
        WeakTable { entries: Lock::new(None), room: Cell::new(0) }
    }
}

impl<K: ?Sized, V: ?Sized> fmt::Debug for WeakTable<'_, K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WeakTable").field("room", &self.room).finish_non_exhaustive()
    }
}

impl<'gc, K: ?Sized + Object<'gc>, V: ?Sized + Object<'gc>> WeakTable<'gc, K, V> {
    /// The live ephemeron with this hash whose key `is_wanted`.
    pub(super) fn find(
        &self,
        mc: Mutation<'gc>,
        hash: u64,
        is_wanted: impl Fn(Gc<'gc, K>) -> bool,
    ) -> Option<Pair<'gc, K, V>> {
        self.find_entry(mc, hash, is_wanted).map(|(_, pair)| pair)
    }

    /// How many live ones there are.
    pub(super) fn len(&self, mc: Mutation<'gc>) -> usize {
        self.entries(mc).iter().filter(|entry| entry.is_live(mc)).count()
    }

    /// Takes out the live ephemeron with this hash whose key `is_wanted`.
    pub(super) fn remove(
        &self,
        mc: Mutation<'gc>,
        hash: u64,
        is_wanted: impl Fn(Gc<'gc, K>) -> bool,
    ) -> Option<Pair<'gc, K, V>> {
        let (index, pair) = self.find_entry(mc, hash, is_wanted)?;
        self.set_pair(mc, index, None);
        Some(pair)
    }

    /// Adds an ephemeron. There is room, and none with the same key.
    pub(super) fn add(&self, mc: Mutation<'gc>, hash: u64, pair: Pair<'gc, K, V>) {
        self.add_digest(mc, Digest::of(hash), pair);
    }

    fn add_digest(&self, mc: Mutation<'gc>, digest: Digest, pair: Pair<'gc, K, V>) {
        let not_live = self.probe(mc, digest).find(|(_, entry)| !entry.is_live(mc));
        let (index, entry) = not_live.expect("a quarter of the entries are free");
        entry.digest.set(digest);
        self.set_pair(mc, index, Some(pair));
        self.room.update(|room| room - 1);
    }

    fn set_pair(&self, mc: Mutation<'gc>, index: usize, pair: Option<Pair<'gc, K, V>>) {
        let entries = self.entries.get().expect("there are entries");
        entries.write_at(mc, index).field(|entry| &entry.pair).set(pair);
    }

    fn find_entry(
        &self,
        mc: Mutation<'gc>,
        hash: u64,
        is_wanted: impl Fn(Gc<'gc, K>) -> bool,
    ) -> Option<(usize, Pair<'gc, K, V>)> {
        let digest = Digest::of(hash);
        let used = self.probe(mc, digest).take_while(|(_, entry)| entry.digest.get() != Digest::FREE);
        used.filter(|(_, entry)| entry.digest.get() == digest).find_map(|(index, entry)| {
            let pair = entry.pair.get()?;
            is_wanted(pair.key(mc)?).then_some((index, pair))
        })
    }

    /// The entries in the order in which they are tried, with their numbers.
    fn probe(
        &self,
        mc: Mutation<'gc>,
        digest: Digest,
    ) -> impl Iterator<Item = (usize, &'gc Entry<'gc, K, V>)> + use<'gc, K, V> {
        let entries = self.entries(mc);
        let count = entries.len();
        (0..count).map(move |step| {
            let index = (digest.start() + step) & (count - 1);
            (index, &entries[index])
        })
    }

    fn entries(&self, mc: Mutation<'gc>) -> &'gc [Entry<'gc, K, V>] {
        self.entries.get().map_or(&[], |entries| entries.as_slice(mc))
    }
}

impl<'gc, K: ?Sized + Object<'gc>, V: ?Sized + Object<'gc>> Write<WeakTable<'gc, K, V>> {
    /// Makes room for one ephemeron more.
    pub(super) fn reserve(&self, mc: Mutation<'gc>) -> Result<(), HeapFull> {
        if self.room.get() > 0 { Ok(()) } else { self.rebuild(mc) }
    }

    /// Makes the table anew, as large as fits what is alive in it, and one more. If that cannot be had, it stays as it is.
    pub(super) fn rebuild(&self, mc: Mutation<'gc>) -> Result<(), HeapFull> {
        let (old, live) = (self.entries(mc), self.len(mc));
        // A quarter to a half of the entries are in use, and three quarters may be in the end.
        let count = (2 * (live + 1)).next_power_of_two().max(MIN_ENTRIES);
        let new = mc.try_array_from_fn(count, |_| Entry::free())?;
        self.field(|table| &table.entries).set(Some(new));
        self.room.set((count / 4 * 3) as u32);
        for entry in old.iter().filter(|entry| entry.is_live(mc)) {
            self.add_digest(mc, entry.digest.get(), entry.pair.get().expect("it is alive"));
        }
        Ok(())
    }
}

// SAFETY: the reference is where the map says, and null if there is no table yet.
unsafe impl<'gc, K: ?Sized + Object<'gc>, V: ?Sized + Object<'gc>> Trace<'gc> for WeakTable<'gc, K, V> {
    type Id = WeakTable<'static, K::Id, V::Id>;
    const SLOTS: SlotMap = SlotMap::REFERENCE.at(offset_of!(Self, entries));

    #[inline]
    fn trace(&self, tracer: &mut Tracer) {
        self.entries.trace(tracer);
    }
}

// SAFETY: the reference is where the map says, and null if there is no ephemeron.
unsafe impl<'gc, K: ?Sized + Object<'gc>, V: ?Sized + Object<'gc>> Trace<'gc> for Entry<'gc, K, V> {
    type Id = Entry<'static, K::Id, V::Id>;
    const SLOTS: SlotMap = SlotMap::REFERENCE.at(offset_of!(Self, pair));

    #[inline]
    fn trace(&self, tracer: &mut Tracer) {
        self.pair.trace(tracer);
    }
}
