//! Maps whose keys are objects that they do not keep alive.

use super::gc::{Gc, Object};
use super::mutation::{Mutation, full_heap};
use super::trace::Trace;
use super::weak::Ephemeron;
use super::weak_table::WeakTable;
use super::write::Write;
use crate::heap::HeapFull;
use crate::object::{SlotMap, Tracer};
use std::fmt;

/// A map from objects, each told from all others by its identity, to objects. An entry lives as long as its key, even if
/// its value refers to the key: entries are [`Ephemeron`]s.
///
/// Each entry costs an ephemeron, of 16 bytes, 11 to 32 bytes of the table, and the [identity](Gc::id) that its key is
/// given. Entries with dead keys leave the map by themselves, and it shrinks as it is used.
///
/// ```
/// use gc_core::Config;
/// use gc_core::arena::{Arena, Gc, Lock, Root, Str, Trace, WeakMap};
///
/// #[derive(Trace)]
/// struct Vm<'gc> { notes: WeakMap<'gc, u32, Str>, kept: Lock<Option<Gc<'gc, u32>>> }
///
/// let mut arena = Arena::<Root![Vm<'_>]>::new(Config::default(), |_| Vm {
///     notes: WeakMap::default(),
///     kept: Lock::new(None),
/// })?;
/// arena.mutate(|mc, vm| {
///     let [kept, other] = [mc.new(1), mc.new(2)];
///     let vm = vm.write(mc);
///     let notes = vm.field(|vm| &vm.notes);
///     notes.insert(mc, kept, mc.str("kept"));
///     notes.insert(mc, other, mc.str("other"));
///     assert!(notes.contains(mc, other));
///     vm.field(|vm| &vm.kept).set(Some(kept));
/// });
/// arena.collect_full();
/// arena.mutate(|mc, vm| {
///     let vm = vm.get(mc);
///     let note = vm.kept.get().and_then(|kept| vm.notes.get(mc, kept));
///     assert_eq!(note.map(|note| note.as_str(mc)), Some("kept"));
///     assert_eq!(vm.notes.len(mc), 1);
/// });
/// # Ok::<(), gc_core::ConfigError>(())
/// ```
pub struct WeakMap<'gc, K: ?Sized, V: ?Sized> {
    table: WeakTable<'gc, K, V>,
}

impl<K: ?Sized, V: ?Sized> Default for WeakMap<'_, K, V> {
    fn default() -> Self {
        WeakMap { table: WeakTable::default() }
    }
}

impl<K: ?Sized, V: ?Sized> fmt::Debug for WeakMap<'_, K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WeakMap").finish_non_exhaustive()
    }
}

impl<'gc, K: ?Sized + Object<'gc>, V: ?Sized + Object<'gc>> WeakMap<'gc, K, V> {
    /// The value of a key, if it has one.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, WeakMap};
    /// # let arena = Arena::<Root![WeakMap<'_, u32, u64>]>::new(Config::default(), |_| WeakMap::default())?;
    /// # arena.mutate(|mc, map| {
    /// let key = mc.new(1);
    /// assert!(map.get(mc).get(mc, key).is_none());
    /// map.insert(mc, key, mc.new(2));
    /// assert_eq!(map.get(mc).get(mc, key).map(|value| *value.get(mc)), Some(2));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    pub fn get(&self, mc: Mutation<'gc>, key: Gc<'gc, K>) -> Option<Gc<'gc, V>> {
        self.find(mc, key)?.value(mc)
    }

    /// Whether a key has a value.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, WeakMap};
    /// # let arena = Arena::<Root![WeakMap<'_, u32, u64>]>::new(Config::default(), |_| WeakMap::default())?;
    /// # arena.mutate(|mc, map| {
    /// let (key, other) = (mc.new(1), mc.new(1));
    /// map.insert(mc, key, mc.new(2));
    /// assert!(map.get(mc).contains(mc, key) && !map.get(mc).contains(mc, other));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    pub fn contains(&self, mc: Mutation<'gc>, key: Gc<'gc, K>) -> bool {
        self.find(mc, key).is_some()
    }

    /// How many keys are alive, as far as the collector has found out. Goes through the whole table.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, WeakMap};
    /// # let arena = Arena::<Root![WeakMap<'_, u32, u64>]>::new(Config::default(), |_| WeakMap::default())?;
    /// # arena.mutate(|mc, map| {
    /// let key = mc.new(1);
    /// map.insert(mc, key, mc.new(2));
    /// assert_eq!(map.get(mc).len(mc), 1);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    pub fn len(&self, mc: Mutation<'gc>) -> usize {
        self.table.len(mc)
    }

    /// Whether none is alive.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, WeakMap};
    /// # let arena = Arena::<Root![WeakMap<'_, u32, u64>]>::new(Config::default(), |_| WeakMap::default())?;
    /// # arena.mutate(|mc, map| {
    /// assert!(map.get(mc).is_empty(mc));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    pub fn is_empty(&self, mc: Mutation<'gc>) -> bool {
        self.len(mc) == 0
    }

    fn find(&self, mc: Mutation<'gc>, key: Gc<'gc, K>) -> Option<Gc<'gc, Ephemeron<K, V>>> {
        self.table.find(mc, key.known_hash_id(mc)?, |other| other.ptr_eq(key))
    }
}

impl<'gc, K: ?Sized + Object<'gc>, V: ?Sized + Object<'gc>> Write<WeakMap<'gc, K, V>> {
    /// Gives a key a value; the one it had.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, WeakMap};
    /// # let arena = Arena::<Root![WeakMap<'_, u32, u64>]>::new(Config::default(), |_| WeakMap::default())?;
    /// # arena.mutate(|mc, map| {
    /// let map = map.write(mc);
    /// let key = mc.new(1);
    /// assert!(map.insert(mc, key, mc.new(2)).is_none());
    /// assert_eq!(map.insert(mc, key, mc.new(3)).map(|value| *value.get(mc)), Some(2));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If the heap is full.
    #[track_caller]
    pub fn insert(&self, mc: Mutation<'gc>, key: Gc<'gc, K>, value: Gc<'gc, V>) -> Option<Gc<'gc, V>> {
        self.try_insert(mc, key, value).unwrap_or_else(|full| full_heap(full))
    }

    /// As [`Write::insert`], but a full heap is an error instead of a panic.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, WeakMap};
    /// # let arena = Arena::<Root![WeakMap<'_, u32, u64>]>::new(Config::default(), |_| WeakMap::default())?;
    /// # arena.mutate(|mc, map| {
    /// let map = map.write(mc);
    /// let key = mc.new(1);
    /// assert!(map.try_insert(mc, key, mc.new(2)).is_ok_and(|old| old.is_none()));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// If the heap is full; nothing has changed.
    pub fn try_insert(
        &self,
        mc: Mutation<'gc>,
        key: Gc<'gc, K>,
        value: Gc<'gc, V>,
    ) -> Result<Option<Gc<'gc, V>>, HeapFull> {
        let table = self.field(|map| &map.table);
        table.reserve(mc)?;
        let pair = mc.try_ephemeron(key, value)?;
        let old = self.remove(mc, key);
        table.add(mc, key.hash_id(mc), pair);
        Ok(old)
    }

    /// Takes a key and its value out; the value.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, WeakMap};
    /// # let arena = Arena::<Root![WeakMap<'_, u32, u64>]>::new(Config::default(), |_| WeakMap::default())?;
    /// # arena.mutate(|mc, map| {
    /// let map = map.write(mc);
    /// let key = mc.new(1);
    /// map.insert(mc, key, mc.new(2));
    /// assert_eq!(map.remove(mc, key).map(|value| *value.get(mc)), Some(2));
    /// assert!(!map.contains(mc, key));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    pub fn remove(&self, mc: Mutation<'gc>, key: Gc<'gc, K>) -> Option<Gc<'gc, V>> {
        self.table.remove(mc, key.known_hash_id(mc)?, |other| other.ptr_eq(key))?.value(mc)
    }

    /// Forgets dead entries at once, rather than little by little, and makes the table as small as fits the living.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, WeakMap};
    /// # let mut arena = Arena::<Root![WeakMap<'_, u32, u64>]>::new(Config::default(), |_| WeakMap::default())?;
    /// arena.mutate(|mc, map| {
    ///     for number in 0..1_000 {
    ///         map.insert(mc, mc.new(number), mc.new(1));
    ///     }
    /// });
    /// arena.collect_full();
    /// arena.mutate(|mc, map| {
    ///     assert_eq!(map.write(mc).purge(mc), Ok(()));
    ///     assert!(map.get(mc).is_empty(mc));
    /// });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// If there is no room for the new table; the old one stays.
    pub fn purge(&self, mc: Mutation<'gc>) -> Result<(), HeapFull> {
        self.field(|map| &map.table).rebuild(mc)
    }
}

impl<'gc, K: ?Sized + Object<'gc>, V: ?Sized + Object<'gc>> Gc<'gc, WeakMap<'gc, K, V>> {
    /// Gives a key a value; the one it had.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Gc, Root, WeakMap};
    /// let arena = Arena::<Root![WeakMap<'_, u32, u64>]>::new(Config::default(), |_| WeakMap::default())?;
    /// arena.mutate(|mc, map| {
    ///     let key = mc.new(1);
    ///     assert!(map.insert(mc, key, mc.new(2)).is_none());
    ///     assert_eq!(map.insert(mc, key, mc.new(3)).map(|value| *value.get(mc)), Some(2));
    ///     assert_eq!(map.remove(mc, key).map(|value| *value.get(mc)), Some(3));
    /// });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If the heap is full.
    #[track_caller]
    pub fn insert(self, mc: Mutation<'gc>, key: Gc<'gc, K>, value: Gc<'gc, V>) -> Option<Gc<'gc, V>> {
        self.write(mc).insert(mc, key, value)
    }

    /// Takes a key and its value out; the value.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, WeakMap};
    /// # let arena = Arena::<Root![WeakMap<'_, u32, u64>]>::new(Config::default(), |_| WeakMap::default())?;
    /// # arena.mutate(|mc, map| {
    /// let key = mc.new(1);
    /// map.insert(mc, key, mc.new(2));
    /// assert_eq!(map.remove(mc, key).map(|value| *value.get(mc)), Some(2));
    /// assert!(map.remove(mc, key).is_none());
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    pub fn remove(self, mc: Mutation<'gc>, key: Gc<'gc, K>) -> Option<Gc<'gc, V>> {
        self.write(mc).remove(mc, key)
    }
}

// SAFETY: the references are those of the table.
unsafe impl<'gc, K: ?Sized + Object<'gc>, V: ?Sized + Object<'gc>> Trace<'gc> for WeakMap<'gc, K, V> {
    type Id = WeakMap<'static, K::Id, V::Id>;
    const SLOTS: SlotMap = WeakTable::<'gc, K, V>::SLOTS.at(std::mem::offset_of!(Self, table));

    #[inline]
    fn trace(&self, tracer: &mut Tracer) {
        self.table.trace(tracer);
    }
}
