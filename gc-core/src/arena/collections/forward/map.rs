//! Hash maps that are objects.

use super::forward;
use crate::arena::collections::{Cursor, Key, Map};
use crate::arena::{Gc, Mutation, Trace};
use crate::heap::HeapFull;

forward! {
    [K: Key<'gc>, V: Trace<'gc> + Copy] Map<'gc, K, V>:
    /// Whether a key has a value.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Map};
    /// # let arena = Arena::<Root![Map<'_, u32, char>]>::new(Config::default(), |_| Map::new())?;
    /// # arena.mutate(|mc, map| {
    /// map.insert(mc, 1, 'a');
    /// assert!(map.contains_key(mc, 1) && !map.contains_key(mc, 2));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    get contains_key(key: K) -> bool;

    /// The position before the first entry.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Map};
    /// # let arena = Arena::<Root![Map<'_, u32, char>]>::new(Config::default(), |_| Map::new())?;
    /// # arena.mutate(|mc, map| {
    /// map.insert(mc, 1, 'a');
    /// assert_eq!(map.cursor(mc).next(mc), Some((1, 'a')));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    get cursor() -> Cursor<'gc, K, V>;

    /// The keys and their values, in the order in which keys were inserted; as [`Map::iter`].
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Map};
    /// # let arena = Arena::<Root![Map<'_, u32, char>]>::new(Config::default(), |_| Map::new())?;
    /// # arena.mutate(|mc, map| {
    /// map.insert(mc, 2, 'b');
    /// map.insert(mc, 1, 'a');
    /// assert!(map.iter(mc).eq([(2, 'b'), (1, 'a')]));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    get iter() -> impl Iterator<Item = (K, V)> + use<'gc, K, V>;

    /// The keys, in the order in which keys were inserted; as [`Map::keys`].
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Map};
    /// # let arena = Arena::<Root![Map<'_, u32, char>]>::new(Config::default(), |_| Map::new())?;
    /// # arena.mutate(|mc, map| {
    /// map.insert(mc, 2, 'b');
    /// map.insert(mc, 1, 'a');
    /// assert!(map.keys(mc).eq([2, 1]));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    get keys() -> impl Iterator<Item = K> + use<'gc, K, V>;

    /// The values, in the order in which keys were inserted; as [`Map::values`].
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Map};
    /// # let arena = Arena::<Root![Map<'_, u32, char>]>::new(Config::default(), |_| Map::new())?;
    /// # arena.mutate(|mc, map| {
    /// map.insert(mc, 2, 'b');
    /// map.insert(mc, 1, 'a');
    /// assert!(map.values(mc).eq(['b', 'a']));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    get values() -> impl Iterator<Item = V> + use<'gc, K, V>;

    /// Gives a key a value; the one that it had.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Map};
    /// # let arena = Arena::<Root![Map<'_, u32, char>]>::new(Config::default(), |_| Map::new())?;
    /// # arena.mutate(|mc, map| {
    /// assert_eq!(map.insert(mc, 1, 'a'), None);
    /// assert_eq!(map.insert(mc, 1, 'b'), Some('a'));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If the heap is full.
    write insert(key: K, value: V) -> Option<V>;

    /// As `insert`, but a full heap is an error instead of a panic; the map is then as it was.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Map};
    /// # let arena = Arena::<Root![Map<'_, u32, char>]>::new(Config::default(), |_| Map::new())?;
    /// # arena.mutate(|mc, map| {
    /// assert!(map.try_insert(mc, 1, 'a').is_ok_and(|old| old.is_none()));
    /// assert_eq!(map.lookup(mc, 1), Some('a'));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// If the heap is full.
    write try_insert(key: K, value: V) -> Result<Option<V>, HeapFull>;

    /// The value of a key; if it has none, the one that `value` makes, which it then has.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Map};
    /// # let arena = Arena::<Root![Map<'_, u32, char>]>::new(Config::default(), |_| Map::new())?;
    /// # arena.mutate(|mc, map| {
    /// assert_eq!(map.get_or_insert_with(mc, 1, || 'a'), 'a');
    /// assert_eq!(map.get_or_insert_with(mc, 1, || 'b'), 'a');
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If the heap is full.
    write get_or_insert_with(key: K, value: impl FnOnce() -> V) -> V;

    /// As `get_or_insert_with`, but a full heap is an error instead of a panic; the key has no value then.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Map};
    /// # let arena = Arena::<Root![Map<'_, u32, char>]>::new(Config::default(), |_| Map::new())?;
    /// # arena.mutate(|mc, map| {
    /// assert!(map.try_get_or_insert_with(mc, 1, || 'a').is_ok_and(|value| value == 'a'));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// If the heap is full.
    write try_get_or_insert_with(key: K, value: impl FnOnce() -> V) -> Result<V, HeapFull>;

    /// Takes a key out; the value that it had.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Map};
    /// # let arena = Arena::<Root![Map<'_, u32, char>]>::new(Config::default(), |_| Map::new())?;
    /// # arena.mutate(|mc, map| {
    /// map.insert(mc, 1, 'a');
    /// assert_eq!(map.remove(mc, 1), Some('a'));
    /// assert_eq!(map.remove(mc, 1), None);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    write remove(key: K) -> Option<V>;

    /// Takes all keys out.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Map};
    /// # let arena = Arena::<Root![Map<'_, u32, char>]>::new(Config::default(), |_| Map::new())?;
    /// # arena.mutate(|mc, map| {
    /// map.insert(mc, 1, 'a');
    /// map.clear(mc);
    /// assert!(map.is_empty(mc));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    write clear();

    /// Takes all keys out but those for which `is_kept` is true.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Map};
    /// # let arena = Arena::<Root![Map<'_, u32, char>]>::new(Config::default(), |_| Map::new())?;
    /// # arena.mutate(|mc, map| {
    /// map.insert(mc, 1, 'a');
    /// map.insert(mc, 2, 'b');
    /// map.retain(mc, |key, _| key > 1);
    /// assert!(map.keys(mc).eq([2]));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    write retain(is_kept: impl FnMut(K, V) -> bool);
}
