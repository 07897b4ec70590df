//! Ordered maps that are objects.

use super::forward;
use crate::arena::collections::{OrderedKey, OrderedMap, Range};
use crate::arena::{Gc, Mutation, Trace};
use crate::heap::HeapFull;
use std::ops::RangeBounds;

forward! {
    [K: OrderedKey<'gc>, V: Trace<'gc> + Copy] OrderedMap<'gc, K, V>:
    /// Whether a key has a value.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, OrderedMap};
    /// # let arena = Arena::<Root![OrderedMap<'_, u32, char>]>::new(Config::default(), |_| OrderedMap::new())?;
    /// # arena.mutate(|mc, map| {
    /// map.insert(mc, 1, 'a');
    /// assert!(map.contains_key(mc, 1) && !map.contains_key(mc, 2));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    get contains_key(key: K) -> bool;

    /// The first key and its value, if there are any.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, OrderedMap};
    /// # let arena = Arena::<Root![OrderedMap<'_, u32, char>]>::new(Config::default(), |_| OrderedMap::new())?;
    /// # arena.mutate(|mc, map| {
    /// map.insert(mc, 2, 'b');
    /// map.insert(mc, 1, 'a');
    /// assert_eq!(map.first(mc), Some((1, 'a')));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    get first() -> Option<(K, V)>;

    /// The last key and its value, if there are any.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, OrderedMap};
    /// # let arena = Arena::<Root![OrderedMap<'_, u32, char>]>::new(Config::default(), |_| OrderedMap::new())?;
    /// # arena.mutate(|mc, map| {
    /// map.insert(mc, 2, 'b');
    /// map.insert(mc, 1, 'a');
    /// assert_eq!(map.last(mc), Some((2, 'b')));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    get last() -> Option<(K, V)>;

    /// The keys within bounds and their values, in order; as [`OrderedMap::range`].
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, OrderedMap};
    /// # let arena = Arena::<Root![OrderedMap<'_, u32, char>]>::new(Config::default(), |_| OrderedMap::new())?;
    /// # arena.mutate(|mc, map| {
    /// map.insert(mc, 2, 'b');
    /// map.insert(mc, 1, 'a');
    /// assert!(map.range(mc, 2..).eq([(2, 'b')]));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    get range(bounds: impl RangeBounds<K>) -> Range<'gc, 'gc, K, V>;

    /// The keys and their values, in order; as [`OrderedMap::iter`].
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, OrderedMap};
    /// # let arena = Arena::<Root![OrderedMap<'_, u32, char>]>::new(Config::default(), |_| OrderedMap::new())?;
    /// # arena.mutate(|mc, map| {
    /// map.insert(mc, 2, 'b');
    /// map.insert(mc, 1, 'a');
    /// assert!(map.iter(mc).eq([(1, 'a'), (2, 'b')]));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    get iter() -> Range<'gc, 'gc, K, V>;

    /// The keys, in order; as [`OrderedMap::keys`].
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, OrderedMap};
    /// # let arena = Arena::<Root![OrderedMap<'_, u32, char>]>::new(Config::default(), |_| OrderedMap::new())?;
    /// # arena.mutate(|mc, map| {
    /// map.insert(mc, 2, 'b');
    /// map.insert(mc, 1, 'a');
    /// assert!(map.keys(mc).eq([1, 2]));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    get keys() -> impl Iterator<Item = K>;

    /// The values, in the order of their keys; as [`OrderedMap::values`].
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, OrderedMap};
    /// # let arena = Arena::<Root![OrderedMap<'_, u32, char>]>::new(Config::default(), |_| OrderedMap::new())?;
    /// # arena.mutate(|mc, map| {
    /// map.insert(mc, 2, 'b');
    /// map.insert(mc, 1, 'a');
    /// assert!(map.values(mc).eq(['a', 'b']));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    get values() -> impl Iterator<Item = V>;

    /// Gives a key a value; the one that it had.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, OrderedMap};
    /// # let arena = Arena::<Root![OrderedMap<'_, u32, char>]>::new(Config::default(), |_| OrderedMap::new())?;
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

    /// As `insert`, but a full heap is an error instead of a panic; the map then has the keys and values that it had.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, OrderedMap};
    /// # let arena = Arena::<Root![OrderedMap<'_, u32, char>]>::new(Config::default(), |_| OrderedMap::new())?;
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

    /// Takes a key out; the value that it had.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, OrderedMap};
    /// # let arena = Arena::<Root![OrderedMap<'_, u32, char>]>::new(Config::default(), |_| OrderedMap::new())?;
    /// # arena.mutate(|mc, map| {
    /// map.insert(mc, 1, 'a');
    /// assert_eq!(map.remove(mc, 1), Some('a'));
    /// assert_eq!(map.remove(mc, 1), None);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    write remove(key: K) -> Option<V>;

    /// Takes the first key out, if there is one: that and its value.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, OrderedMap};
    /// # let arena = Arena::<Root![OrderedMap<'_, u32, char>]>::new(Config::default(), |_| OrderedMap::new())?;
    /// # arena.mutate(|mc, map| {
    /// map.insert(mc, 2, 'b');
    /// map.insert(mc, 1, 'a');
    /// assert_eq!(map.pop_first(mc), Some((1, 'a')));
    /// assert_eq!(map.len(mc), 1);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    write pop_first() -> Option<(K, V)>;

    /// Takes the last key out, if there is one: that and its value.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, OrderedMap};
    /// # let arena = Arena::<Root![OrderedMap<'_, u32, char>]>::new(Config::default(), |_| OrderedMap::new())?;
    /// # arena.mutate(|mc, map| {
    /// map.insert(mc, 2, 'b');
    /// map.insert(mc, 1, 'a');
    /// assert_eq!(map.pop_last(mc), Some((2, 'b')));
    /// assert_eq!(map.len(mc), 1);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    write pop_last() -> Option<(K, V)>;

    /// Takes all keys out.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, OrderedMap};
    /// # let arena = Arena::<Root![OrderedMap<'_, u32, char>]>::new(Config::default(), |_| OrderedMap::new())?;
    /// # arena.mutate(|mc, map| {
    /// map.insert(mc, 1, 'a');
    /// map.clear(mc);
    /// assert!(map.is_empty(mc));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    write clear();
}
