//! Ranges of ordered maps.

use super::key::OrderedKey;
use super::node::Leaf;
use super::ordered_map::OrderedMap;
use crate::arena::{Gc, Mutation, Trace};
use std::fmt;
use std::ops::Bound;

/// Keys of an [`OrderedMap`] and their values, in order, from [`OrderedMap::range`].
///
/// A position that outlives a closure is the last key that was seen: another range goes on behind it.
///
/// ```
/// # use gc_core::Config;
/// # use gc_core::arena::{Arena, OrderedMap, Root};
/// use std::ops::Bound::{Excluded, Unbounded};
///
/// let arena = Arena::<Root![OrderedMap<'_, u32, ()>]>::new(Config::default(), |_| OrderedMap::new())?;
/// arena.mutate(|mc, map| (0..50).for_each(|key| assert!(map.insert(mc, key, ()).is_none())));
/// let seen = arena.mutate(|mc, map| map.keys(mc).take(20).last());
/// let next = arena.mutate(|mc, map| {
///     let start = seen.map_or(Unbounded, Excluded);
///     map.range(mc, (start, Unbounded)).next()
/// });
/// assert_eq!(next, Some((20, ())));
/// # Ok::<(), gc_core::ConfigError>(())
/// ```
pub struct Range<'a, 'gc, K, V> {
    map: &'a OrderedMap<'gc, K, V>,
    mc: Mutation<'gc>,
    start: Bound<K>,
    end: Bound<K>,
    /// Where the next key is, if the map has this version.
    next: Option<(Gc<'gc, Leaf<K, V>>, usize)>,
    version: u32,
}

impl<K, V> fmt::Debug for Range<'_, '_, K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Range").field("map", &self.map).finish_non_exhaustive()
    }
}

impl<'a, 'gc, K: OrderedKey<'gc>, V: Trace<'gc> + Copy> Range<'a, 'gc, K, V> {
    pub(super) fn new(
        map: &'a OrderedMap<'gc, K, V>,
        mc: Mutation<'gc>,
        (start, end): (Bound<K>, Bound<K>),
    ) -> Self {
        Range { map, mc, start, end, next: None, version: 0 }
    }

    /// The next key and its value, wherever the range ends.
    fn next_item(&mut self) -> Option<(K, V)> {
        let known = self.next.filter(|(leaf, index)| self.is_current() && *index < leaf.get(self.mc).len());
        let (leaf, index) = known.or_else(|| self.map.seek(self.mc, |key| self.starts_behind(key)))?;
        (self.next, self.version) = (Some((leaf, index + 1)), self.map.version());
        leaf.get(self.mc).item(index)
    }

    fn is_current(&self) -> bool {
        self.version == self.map.version()
    }

    fn starts_behind(&self, key: &K) -> bool {
        match &self.start {
            Bound::Unbounded => false,
            Bound::Included(start) => key.compare(start, self.mc).is_lt(),
            Bound::Excluded(start) => key.compare(start, self.mc).is_le(),
        }
    }

    fn ends_before(&self, key: &K) -> bool {
        match &self.end {
            Bound::Unbounded => false,
            Bound::Included(end) => key.compare(end, self.mc).is_gt(),
            Bound::Excluded(end) => key.compare(end, self.mc).is_ge(),
        }
    }
}

impl<'gc, K: OrderedKey<'gc>, V: Trace<'gc> + Copy> Iterator for Range<'_, 'gc, K, V> {
    type Item = (K, V);

    fn next(&mut self) -> Option<(K, V)> {
        let (key, value) = self.next_item().filter(|(key, _)| !self.ends_before(key))?;
        self.start = Bound::Excluded(key);
        Some((key, value))
    }
}
