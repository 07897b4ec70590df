//! Hash maps.

use super::cursor::Cursor;
use super::key::Key;
use super::table::{Entry, Table, kept_hash};
use crate::arena::hash::of_text;
use crate::arena::mutation::full_heap;
use crate::arena::{Gc, Lock, Mutation, Str, Trace, Write};
use crate::heap::HeapFull;
use std::num::NonZeroU32;

/// A table, and the position and the content of an entry in it.
type Found<'gc, K, V> = (&'gc Table<'gc, K, V>, usize, Entry<K, V>);

/// A hash map that keeps the order in which keys were inserted.
///
/// Operations take O(1) on average. Hashes never come from addresses, and are kept: objects may be moved without a change to
/// the map. They are the same in all runs, so that keys chosen by somebody hostile can make a map slow.
///
/// ```
/// # use gc_core::Config;
/// # use gc_core::arena::{Arena, Gc, Map, Root, Str};
/// let arena = Arena::<Root![Map<'_, Gc<'_, Str>, u32>]>::new(Config::default(), |_| Map::new())?;
/// arena.mutate(|mc, map| {
///     assert_eq!(map.insert(mc, mc.str("one"), 0), None);
///     assert_eq!(map.insert(mc, mc.str("two"), 2), None);
///     assert_eq!(map.insert(mc, mc.str("one"), 1), Some(0));
///     assert_eq!(map.lookup(mc, mc.str("two")), Some(2));
///     assert_eq!(map.get(mc).get_str(mc, "one"), Some(1));
///     assert_eq!(map.get_or_insert_with(mc, mc.str("three"), || 3), 3);
///
///     map.retain(mc, |_, number| number != 2);
///     assert!(!map.contains_key(mc, mc.str("two")));
///     let keys: Vec<&str> = map.keys(mc).map(|key| key.as_str(mc)).collect();
///     assert_eq!(keys, ["one", "three"]);
///     assert_eq!(map.values(mc).sum::<u32>(), 4);
///
///     assert_eq!(map.remove(mc, mc.str("one")), Some(1));
///     assert_eq!(map.len(mc), 1);
///     map.clear(mc);
///     assert!(map.is_empty(mc));
/// });
/// # Ok::<(), gc_core::ConfigError>(())
/// ```
#[derive(Debug, Trace)]
pub struct Map<'gc, K, V> {
    length: Lock<u32>,
    table: Lock<Option<Gc<'gc, Table<'gc, K, V>>>>,
}

impl<K, V> Default for Map<'_, K, V> {
    fn default() -> Self {
        Map::new()
    }
}

impl<K, V> Map<'_, K, V> {
    /// A map with nothing in it.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Map, Root};
    /// # let arena = Arena::<Root![Map<'_, u32, char>]>::new(Config::default(), |_| Map::new())?;
    /// # arena.mutate(|mc, map| {
    /// assert!(map.get(mc).is_empty());
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Map { length: Lock::new(0), table: Lock::new(None) }
    }

    /// How many keys there are.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Map, Root};
    /// # let arena = Arena::<Root![Map<'_, u32, char>]>::new(Config::default(), |_| Map::new())?;
    /// # arena.mutate(|mc, map| {
    /// map.insert(mc, 1, 'a');
    /// map.insert(mc, 1, 'b');
    /// assert_eq!(map.get(mc).len(), 1);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    #[inline]
    pub fn len(&self) -> usize {
        self.length.get() as usize
    }

    /// Whether there are none.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Map, Root};
    /// # let arena = Arena::<Root![Map<'_, u32, char>]>::new(Config::default(), |_| Map::new())?;
    /// # arena.mutate(|mc, map| {
    /// assert!(map.get(mc).is_empty());
    /// map.insert(mc, 1, 'a');
    /// assert!(!map.get(mc).is_empty());
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<'gc, K: Key<'gc>, V: Trace<'gc> + Copy> Map<'gc, K, V> {
    /// The value of a key, if it has one.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Map, Root};
    /// # let arena = Arena::<Root![Map<'_, u32, char>]>::new(Config::default(), |_| Map::new())?;
    /// # arena.mutate(|mc, map| {
    /// map.insert(mc, 1, 'a');
    /// assert_eq!(map.get(mc).get(mc, 1), Some('a'));
    /// assert_eq!(map.get(mc).get(mc, 2), None);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    #[inline]
    pub fn get(&self, mc: Mutation<'gc>, key: K) -> Option<V> {
        let (_, _, entry) = self.find(mc, kept_hash(key.hash(mc)), |other| key.equals(other, mc))?;
        Some(entry.value)
    }

    /// Whether a key has a value.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Map, Root};
    /// # let arena = Arena::<Root![Map<'_, u32, char>]>::new(Config::default(), |_| Map::new())?;
    /// # arena.mutate(|mc, map| {
    /// map.insert(mc, 1, 'a');
    /// assert!(map.get(mc).contains_key(mc, 1) && !map.get(mc).contains_key(mc, 2));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    pub fn contains_key(&self, mc: Mutation<'gc>, key: K) -> bool {
        self.get(mc, key).is_some()
    }

    /// Where the entry of a key is, which has this hash, and the entry.
    #[inline]
    fn find(
        &self,
        mc: Mutation<'gc>,
        hash: NonZeroU32,
        is_key: impl Fn(&K) -> bool,
    ) -> Option<Found<'gc, K, V>> {
        let table = self.table.get()?.get(mc);
        let position = table.find(mc, hash, is_key)?;
        Some((table, position, table.entry(mc, position)?))
    }

    /// The position before the first entry.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Map, Root};
    /// # let arena = Arena::<Root![Map<'_, u32, char>]>::new(Config::default(), |_| Map::new())?;
    /// # arena.mutate(|mc, map| {
    /// map.insert(mc, 1, 'a');
    /// let mut cursor = map.get(mc).cursor(mc);
    /// assert_eq!(cursor.next(mc), Some((1, 'a')));
    /// assert_eq!(cursor.next(mc), None);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    pub fn cursor(&self, _: Mutation<'gc>) -> Cursor<'gc, K, V> {
        Cursor::new(self.table.get())
    }

    /// The keys and their values, in the order in which keys were inserted. What is seen when the map is changed meanwhile,
    /// [`Cursor`] tells.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Map, Root};
    /// # let arena = Arena::<Root![Map<'_, u32, char>]>::new(Config::default(), |_| Map::new())?;
    /// # arena.mutate(|mc, map| {
    /// map.insert(mc, 2, 'b');
    /// map.insert(mc, 1, 'a');
    /// assert!(map.get(mc).iter(mc).eq([(2, 'b'), (1, 'a')]));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    pub fn iter(&self, mc: Mutation<'gc>) -> impl Iterator<Item = (K, V)> + use<'gc, K, V> {
        let mut cursor = self.cursor(mc);
        std::iter::from_fn(move || cursor.next(mc))
    }

    /// The keys, as [`Map::iter`] gives them.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Map, Root};
    /// # let arena = Arena::<Root![Map<'_, u32, char>]>::new(Config::default(), |_| Map::new())?;
    /// # arena.mutate(|mc, map| {
    /// map.insert(mc, 2, 'b');
    /// map.insert(mc, 1, 'a');
    /// assert!(map.get(mc).keys(mc).eq([2, 1]));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    pub fn keys(&self, mc: Mutation<'gc>) -> impl Iterator<Item = K> + use<'gc, K, V> {
        self.iter(mc).map(|(key, _)| key)
    }

    /// The values, as [`Map::iter`] gives them.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Map, Root};
    /// # let arena = Arena::<Root![Map<'_, u32, char>]>::new(Config::default(), |_| Map::new())?;
    /// # arena.mutate(|mc, map| {
    /// map.insert(mc, 2, 'b');
    /// map.insert(mc, 1, 'a');
    /// assert!(map.get(mc).values(mc).eq(['b', 'a']));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    pub fn values(&self, mc: Mutation<'gc>) -> impl Iterator<Item = V> + use<'gc, K, V> {
        self.iter(mc).map(|(_, value)| value)
    }
}

impl<'gc, V: Trace<'gc> + Copy> Map<'gc, Gc<'gc, Str>, V> {
    /// The value of the key with this text, if it has one: no string is made for that.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Gc, Map, Root, Str};
    /// # let arena = Arena::<Root![Map<'_, Gc<'_, Str>, u32>]>::new(Config::default(), |_| Map::new())?;
    /// # arena.mutate(|mc, map| {
    /// map.insert(mc, mc.str("one"), 1);
    /// assert_eq!(map.get(mc).get_str(mc, "one"), Some(1));
    /// assert_eq!(map.get(mc).get_str(mc, "two"), None);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    pub fn get_str(&self, mc: Mutation<'gc>, text: &str) -> Option<V> {
        let (_, _, entry) = self.find(mc, kept_hash(of_text(text)), |key| key.as_str(mc) == text)?;
        Some(entry.value)
    }
}

impl<'gc, K: Key<'gc>, V: Trace<'gc> + Copy> Write<Map<'gc, K, V>> {
    /// Gives a key a value; the one that it had. A key that is there keeps its place in the order, and the new one is not kept.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Map, Root};
    /// # let arena = Arena::<Root![Map<'_, u32, char>]>::new(Config::default(), |_| Map::new())?;
    /// # arena.mutate(|mc, map| {
    /// let map = map.write(mc);
    /// assert_eq!(map.insert(mc, 1, 'a'), None);
    /// assert_eq!(map.insert(mc, 1, 'b'), Some('a'));
    /// assert_eq!(map.get(mc, 1), Some('b'));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If the heap is full.
    #[track_caller]
    pub fn insert(&self, mc: Mutation<'gc>, key: K, value: V) -> Option<V> {
        self.try_insert(mc, key, value).unwrap_or_else(|full| full_heap(full))
    }

    /// As `insert`, but a full heap is an error instead of a panic; the map is then as it was.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Map, Root};
    /// # let arena = Arena::<Root![Map<'_, u32, char>]>::new(Config::default(), |_| Map::new())?;
    /// # arena.mutate(|mc, map| {
    /// let map = map.write(mc);
    /// assert!(map.try_insert(mc, 1, 'a').is_ok_and(|old| old.is_none()));
    /// assert_eq!(map.get(mc, 1), Some('a'));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// If the heap is full.
    pub fn try_insert(&self, mc: Mutation<'gc>, key: K, value: V) -> Result<Option<V>, HeapFull> {
        let hash = kept_hash(key.hash(mc));
        if let Some((table, position, entry)) = self.find(mc, hash, |other| key.equals(other, mc)) {
            table.set(mc, position, Some(Entry { value, ..entry }));
            return Ok(Some(entry.value));
        }
        let table = Gc::try_with_room(mc, self.table.get(), self.len())?;
        table.append(mc, Entry { hash, key, value });
        self.field(|map| &map.table).set(Some(table));
        self.set_length(self.len() + 1);
        Ok(None)
    }

    fn set_length(&self, length: usize) {
        self.field(|map| &map.length).set(length as u32);
    }

    /// The value of a key; if it has none, the one that `value` makes, which it then has.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Map, Root};
    /// # let arena = Arena::<Root![Map<'_, u32, char>]>::new(Config::default(), |_| Map::new())?;
    /// # arena.mutate(|mc, map| {
    /// let map = map.write(mc);
    /// assert_eq!(map.get_or_insert_with(mc, 1, || 'a'), 'a');
    /// assert_eq!(map.get_or_insert_with(mc, 1, || 'b'), 'a');
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If the heap is full.
    #[track_caller]
    pub fn get_or_insert_with(&self, mc: Mutation<'gc>, key: K, value: impl FnOnce() -> V) -> V {
        self.try_get_or_insert_with(mc, key, value).unwrap_or_else(|full| full_heap(full))
    }

    /// As `get_or_insert_with`, but a full heap is an error instead of a panic; the key has no value then.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Map, Root};
    /// # let arena = Arena::<Root![Map<'_, u32, char>]>::new(Config::default(), |_| Map::new())?;
    /// # arena.mutate(|mc, map| {
    /// let map = map.write(mc);
    /// assert!(map.try_get_or_insert_with(mc, 1, || 'a').is_ok_and(|value| value == 'a'));
    /// assert_eq!(map.get(mc, 1), Some('a'));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// If the heap is full.
    pub fn try_get_or_insert_with(
        &self,
        mc: Mutation<'gc>,
        key: K,
        value: impl FnOnce() -> V,
    ) -> Result<V, HeapFull> {
        if let Some(value) = self.get(mc, key) {
            return Ok(value);
        }
        let value = value();
        self.try_insert(mc, key, value)?;
        Ok(value)
    }

    /// Takes a key out; the value that it had. The order of the others stays as it is.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Map, Root};
    /// # let arena = Arena::<Root![Map<'_, u32, char>]>::new(Config::default(), |_| Map::new())?;
    /// # arena.mutate(|mc, map| {
    /// let map = map.write(mc);
    /// map.insert(mc, 1, 'a');
    /// assert_eq!(map.remove(mc, 1), Some('a'));
    /// assert_eq!(map.remove(mc, 1), None);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    pub fn remove(&self, mc: Mutation<'gc>, key: K) -> Option<V> {
        let hash = kept_hash(key.hash(mc));
        let (table, position, entry) = self.find(mc, hash, |other| key.equals(other, mc))?;
        table.set(mc, position, None);
        self.set_length(self.len() - 1);
        Some(entry.value)
    }

    /// Takes all keys out. O(n).
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Map, Root};
    /// # let arena = Arena::<Root![Map<'_, u32, char>]>::new(Config::default(), |_| Map::new())?;
    /// # arena.mutate(|mc, map| {
    /// let map = map.write(mc);
    /// map.insert(mc, 1, 'a');
    /// map.clear(mc);
    /// assert!(map.is_empty());
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    pub fn clear(&self, mc: Mutation<'gc>) {
        if let Some(table) = self.table.get() {
            table.get(mc).clear(mc);
            self.set_length(0);
        }
    }

    /// Takes all keys out but those for which `is_kept` is true. O(n).
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Map, Root};
    /// # let arena = Arena::<Root![Map<'_, u32, char>]>::new(Config::default(), |_| Map::new())?;
    /// # arena.mutate(|mc, map| {
    /// let map = map.write(mc);
    /// map.insert(mc, 1, 'a');
    /// map.insert(mc, 2, 'b');
    /// map.retain(mc, |key, _| key > 1);
    /// assert!(map.keys(mc).eq([2]));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    pub fn retain(&self, mc: Mutation<'gc>, mut is_kept: impl FnMut(K, V) -> bool) {
        for (key, value) in self.iter(mc) {
            if !is_kept(key, value) {
                self.remove(mc, key);
            }
        }
    }
}

impl<'gc, K: Key<'gc>, V: Trace<'gc> + Copy> Gc<'gc, Map<'gc, K, V>> {
    /// The value of a key, if it has one: `get` of the map that the object is.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Map, Root};
    /// # let arena = Arena::<Root![Map<'_, u32, char>]>::new(Config::default(), |_| Map::new())?;
    /// # arena.mutate(|mc, map| {
    /// map.insert(mc, 1, 'a');
    /// assert_eq!(map.lookup(mc, 1), Some('a'));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    #[inline]
    pub fn lookup(self, mc: Mutation<'gc>, key: K) -> Option<V> {
        self.get(mc).get(mc, key)
    }
}
