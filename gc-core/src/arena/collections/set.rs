//! Hash sets.

use super::key::Key;
use super::map::Map;
use crate::arena::{Mutation, Trace, Write};
use crate::heap::HeapFull;

/// A hash set that keeps the order in which keys were inserted: a [`Map`] without values.
///
/// ```
/// # use gc_core::Config;
/// # use gc_core::arena::{Arena, Root, Set};
/// let arena = Arena::<Root![Set<'_, char>]>::new(Config::default(), |_| Set::new())?;
/// arena.mutate(|mc, set| {
///     assert!("hello".chars().filter(|letter| !set.insert(mc, *letter)).eq(['l']));
///     assert!(set.remove(mc, 'e') && !set.remove(mc, 'x'));
///     assert!(set.contains(mc, 'h'));
///     assert_eq!(set.iter(mc).collect::<String>(), "hlo");
///     set.retain(mc, |letter| letter != 'l');
///     assert_eq!(set.len(mc), 2);
///     set.clear(mc);
///     assert!(set.is_empty(mc));
/// });
/// # Ok::<(), gc_core::ConfigError>(())
/// ```
#[derive(Debug, Trace)]
pub struct Set<'gc, K> {
    map: Map<'gc, K, ()>,
}

impl<K> Default for Set<'_, K> {
    fn default() -> Self {
        Set::new()
    }
}

impl<K> Set<'_, K> {
    /// A set with nothing in it.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Set};
    /// # let arena = Arena::<Root![Set<'_, u32>]>::new(Config::default(), |_| Set::new())?;
    /// # arena.mutate(|mc, set| {
    /// assert!(set.get(mc).is_empty());
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Set { map: Map::new() }
    }

    /// How many keys there are.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Set};
    /// # let arena = Arena::<Root![Set<'_, u32>]>::new(Config::default(), |_| Set::new())?;
    /// # arena.mutate(|mc, set| {
    /// set.insert(mc, 5);
    /// set.insert(mc, 5);
    /// assert_eq!(set.get(mc).len(), 1);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    #[inline]
    pub fn len(&self) -> usize {
        self.map.len()
    }

    /// Whether there are none.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Set};
    /// # let arena = Arena::<Root![Set<'_, u32>]>::new(Config::default(), |_| Set::new())?;
    /// # arena.mutate(|mc, set| {
    /// assert!(set.get(mc).is_empty());
    /// set.insert(mc, 5);
    /// assert!(!set.get(mc).is_empty());
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.map.is_empty()
    }
}

impl<'gc, K: Key<'gc>> Set<'gc, K> {
    /// Whether a key is in the set. O(1) on average.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Set};
    /// # let arena = Arena::<Root![Set<'_, u32>]>::new(Config::default(), |_| Set::new())?;
    /// # arena.mutate(|mc, set| {
    /// set.insert(mc, 5);
    /// assert!(set.get(mc).contains(mc, 5) && !set.get(mc).contains(mc, 6));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    pub fn contains(&self, mc: Mutation<'gc>, key: K) -> bool {
        self.map.contains_key(mc, key)
    }

    /// The keys, in the order in which they were inserted. What is seen when the set is changed meanwhile, [`Cursor`](super::Cursor) tells.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Set};
    /// # let arena = Arena::<Root![Set<'_, u32>]>::new(Config::default(), |_| Set::new())?;
    /// # arena.mutate(|mc, set| {
    /// set.insert(mc, 6);
    /// set.insert(mc, 5);
    /// assert!(set.get(mc).iter(mc).eq([6, 5]));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    pub fn iter(&self, mc: Mutation<'gc>) -> impl Iterator<Item = K> + use<'gc, K> {
        self.map.keys(mc)
    }
}

impl<'gc, K: Key<'gc>> Write<Set<'gc, K>> {
    fn map(&self) -> &Write<Map<'gc, K, ()>> {
        self.field(|set| &set.map)
    }

    /// Puts a key in; whether it was not there. O(1) on average.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Set};
    /// # let arena = Arena::<Root![Set<'_, u32>]>::new(Config::default(), |_| Set::new())?;
    /// # arena.mutate(|mc, set| {
    /// let set = set.write(mc);
    /// assert!(set.insert(mc, 5));
    /// assert!(!set.insert(mc, 5));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If the heap is full.
    #[track_caller]
    pub fn insert(&self, mc: Mutation<'gc>, key: K) -> bool {
        self.map().insert(mc, key, ()).is_none()
    }

    /// As `insert`, but a full heap is an error instead of a panic; the set is then as it was.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Set};
    /// # let arena = Arena::<Root![Set<'_, u32>]>::new(Config::default(), |_| Set::new())?;
    /// # arena.mutate(|mc, set| {
    /// let set = set.write(mc);
    /// assert!(set.try_insert(mc, 5).is_ok_and(|is_new| is_new));
    /// assert!(set.contains(mc, 5));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// If the heap is full.
    pub fn try_insert(&self, mc: Mutation<'gc>, key: K) -> Result<bool, HeapFull> {
        Ok(self.map().try_insert(mc, key, ())?.is_none())
    }

    /// Takes a key out; whether it was there. O(1) on average.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Set};
    /// # let arena = Arena::<Root![Set<'_, u32>]>::new(Config::default(), |_| Set::new())?;
    /// # arena.mutate(|mc, set| {
    /// let set = set.write(mc);
    /// set.insert(mc, 5);
    /// assert!(set.remove(mc, 5));
    /// assert!(!set.remove(mc, 5));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    pub fn remove(&self, mc: Mutation<'gc>, key: K) -> bool {
        self.map().remove(mc, key).is_some()
    }

    /// Takes all keys out. O(n).
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Set};
    /// # let arena = Arena::<Root![Set<'_, u32>]>::new(Config::default(), |_| Set::new())?;
    /// # arena.mutate(|mc, set| {
    /// let set = set.write(mc);
    /// set.insert(mc, 5);
    /// set.clear(mc);
    /// assert!(set.is_empty());
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    pub fn clear(&self, mc: Mutation<'gc>) {
        self.map().clear(mc);
    }

    /// Takes all keys out but those for which `is_kept` is true. O(n).
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Set};
    /// # let arena = Arena::<Root![Set<'_, u32>]>::new(Config::default(), |_| Set::new())?;
    /// # arena.mutate(|mc, set| {
    /// let set = set.write(mc);
    /// for key in 1..=4 {
    ///     set.insert(mc, key);
    /// }
    /// set.retain(mc, |key| key % 2 == 0);
    /// assert!(set.iter(mc).eq([2, 4]));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    pub fn retain(&self, mc: Mutation<'gc>, mut is_kept: impl FnMut(K) -> bool) {
        self.map().retain(mc, |key, ()| is_kept(key));
    }
}
