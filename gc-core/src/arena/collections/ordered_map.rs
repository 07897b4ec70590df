//! Ordered maps.

use super::key::OrderedKey;
use super::node::{Inner, Leaf, Link, Node};
use super::range::Range;
use crate::arena::mutation::full_heap;
use crate::arena::{Gc, Lock, Mutation, Trace, Write};
use crate::heap::HeapFull;
use std::fmt;
use std::ops::RangeBounds;

/// A map that keeps its keys in their order: a B+ tree (R. Bayer, E. McCreight: "Organization and maintenance of large ordered
/// indexes", 1972; D. Comer: "The ubiquitous B-tree", 1979), whose nodes are split and merged on the way down.
///
/// Operations take O(log n).
///
/// ```
/// # use gc_core::Config;
/// # use gc_core::arena::{Arena, OrderedMap, Root};
/// let arena = Arena::<Root![OrderedMap<'_, u32, char>]>::new(Config::default(), |_| OrderedMap::new())?;
/// arena.mutate(|mc, map| {
///     for (key, letter) in [(3, 'd'), (1, 'b'), (2, 'x'), (0, 'a')] {
///         assert_eq!(map.insert(mc, key, letter), None);
///     }
///     assert_eq!(map.insert(mc, 2, 'c'), Some('x'));
///     assert_eq!(map.values(mc).collect::<String>(), "abcd");
///     assert!(map.range(mc, 1..3).eq([(1, 'b'), (2, 'c')]));
///     assert_eq!((map.first(mc), map.last(mc)), (Some((0, 'a')), Some((3, 'd'))));
///
///     assert_eq!(map.remove(mc, 1), Some('b'));
///     assert_eq!(map.lookup(mc, 1), None);
///     assert!(map.contains_key(mc, 2));
///     assert_eq!(map.pop_first(mc), Some((0, 'a')));
///     assert_eq!(map.pop_last(mc), Some((3, 'd')));
///     assert!(map.keys(mc).eq([2]));
///     map.clear(mc);
///     assert!(map.is_empty(mc));
/// });
/// # Ok::<(), gc_core::ConfigError>(())
/// ```
#[derive(Trace)]
pub struct OrderedMap<'gc, K, V> {
    length: Lock<u32>,
    /// How often keys have come and gone: what positions were found before are no good when it has changed.
    version: Lock<u32>,
    root: Lock<Option<Link<'gc, K, V>>>,
}

impl<K, V> fmt::Debug for OrderedMap<'_, K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OrderedMap").field("length", &self.length).finish_non_exhaustive()
    }
}

impl<K, V> Default for OrderedMap<'_, K, V> {
    fn default() -> Self {
        OrderedMap::new()
    }
}

impl<K, V> OrderedMap<'_, K, V> {
    /// A map with nothing in it.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, OrderedMap, Root};
    /// # let arena = Arena::<Root![OrderedMap<'_, u32, char>]>::new(Config::default(), |_| OrderedMap::new())?;
    /// # arena.mutate(|mc, map| {
    /// assert!(map.get(mc).is_empty());
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        OrderedMap { length: Lock::new(0), version: Lock::new(0), root: Lock::new(None) }
    }

    /// How many keys there are.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, OrderedMap, Root};
    /// # let arena = Arena::<Root![OrderedMap<'_, u32, char>]>::new(Config::default(), |_| OrderedMap::new())?;
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
    /// # use gc_core::arena::{Arena, OrderedMap, Root};
    /// # let arena = Arena::<Root![OrderedMap<'_, u32, char>]>::new(Config::default(), |_| OrderedMap::new())?;
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

    #[inline]
    pub(super) fn version(&self) -> u32 {
        self.version.get()
    }
}

impl<'gc, K: OrderedKey<'gc>, V: Trace<'gc> + Copy> OrderedMap<'gc, K, V> {
    /// The value of a key, if it has one.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, OrderedMap, Root};
    /// # let arena = Arena::<Root![OrderedMap<'_, u32, char>]>::new(Config::default(), |_| OrderedMap::new())?;
    /// # arena.mutate(|mc, map| {
    /// map.insert(mc, 1, 'a');
    /// assert_eq!(map.get(mc).get(mc, 1), Some('a'));
    /// assert_eq!(map.get(mc).get(mc, 2), None);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    pub fn get(&self, mc: Mutation<'gc>, key: K) -> Option<V> {
        let leaf = self.leaf_of(mc, &key)?.get(mc);
        let (_, value) = leaf.item(leaf.position(mc, &key).ok()?)?;
        Some(value)
    }

    /// Whether a key has a value.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, OrderedMap, Root};
    /// # let arena = Arena::<Root![OrderedMap<'_, u32, char>]>::new(Config::default(), |_| OrderedMap::new())?;
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

    /// The leaf in which a key is, if it is anywhere; `None` if there are no keys.
    fn leaf_of(&self, mc: Mutation<'gc>, key: &K) -> Option<Gc<'gc, Leaf<K, V>>> {
        let mut link = self.root.get()?;
        loop {
            match link {
                Link::Leaf(leaf) => return Some(leaf),
                Link::Inner(node) => link = node.get(mc).child_of(mc, key)?,
            }
        }
    }

    /// Where the first key is that is not before a place in the order: leaf and index.
    pub(super) fn seek(
        &self,
        mc: Mutation<'gc>,
        is_before: impl Fn(&K) -> bool,
    ) -> Option<(Gc<'gc, Leaf<K, V>>, usize)> {
        let (mut link, mut behind) = (self.root.get()?, None);
        loop {
            match link {
                Link::Leaf(leaf) => {
                    let index = leaf.get(mc).count_before(&is_before);
                    let Some(next) = behind.filter(|_| index == leaf.get(mc).len()) else {
                        return Some((leaf, index));
                    };
                    (link, behind) = (next, None);
                }
                Link::Inner(node) => {
                    let index = node.get(mc).count_before(&is_before).saturating_sub(1);
                    link = node.get(mc).item(index)?.1;
                    behind = node.get(mc).item(index + 1).map(|(_, next)| next).or(behind);
                }
            }
        }
    }

    /// The first key and its value, if there are any.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, OrderedMap, Root};
    /// # let arena = Arena::<Root![OrderedMap<'_, u32, char>]>::new(Config::default(), |_| OrderedMap::new())?;
    /// # arena.mutate(|mc, map| {
    /// map.insert(mc, 2, 'b');
    /// map.insert(mc, 1, 'a');
    /// assert_eq!(map.get(mc).first(mc), Some((1, 'a')));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    pub fn first(&self, mc: Mutation<'gc>) -> Option<(K, V)> {
        self.iter(mc).next()
    }

    /// The last key and its value, if there are any.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, OrderedMap, Root};
    /// # let arena = Arena::<Root![OrderedMap<'_, u32, char>]>::new(Config::default(), |_| OrderedMap::new())?;
    /// # arena.mutate(|mc, map| {
    /// map.insert(mc, 2, 'b');
    /// map.insert(mc, 1, 'a');
    /// assert_eq!(map.get(mc).last(mc), Some((2, 'b')));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    pub fn last(&self, mc: Mutation<'gc>) -> Option<(K, V)> {
        let mut link = self.root.get()?;
        loop {
            match link {
                Link::Leaf(leaf) => return leaf.get(mc).last(),
                Link::Inner(node) => link = node.get(mc).last()?.1,
            }
        }
    }

    /// The keys within bounds and their values, in order.
    ///
    /// The iterator goes from each key to the first that is greater when it comes by: keys inserted behind it meanwhile are
    /// seen, keys that have been removed are not. O(1) on average for each key, and O(log n) if the map has got or lost a key.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, OrderedMap, Root};
    /// # let arena = Arena::<Root![OrderedMap<'_, u32, char>]>::new(Config::default(), |_| OrderedMap::new())?;
    /// # arena.mutate(|mc, map| {
    /// for (key, letter) in (0..).zip("abcde".chars()) {
    ///     map.insert(mc, key, letter);
    /// }
    /// assert!(map.get(mc).range(mc, 1..3).eq([(1, 'b'), (2, 'c')]));
    /// assert!(map.get(mc).range(mc, 4..).eq([(4, 'e')]));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    pub fn range<'a>(&'a self, mc: Mutation<'gc>, bounds: impl RangeBounds<K>) -> Range<'a, 'gc, K, V> {
        Range::new(self, mc, (bounds.start_bound().cloned(), bounds.end_bound().cloned()))
    }

    /// The keys and their values, in order; as [`OrderedMap::range`].
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, OrderedMap, Root};
    /// # let arena = Arena::<Root![OrderedMap<'_, u32, char>]>::new(Config::default(), |_| OrderedMap::new())?;
    /// # arena.mutate(|mc, map| {
    /// map.insert(mc, 2, 'b');
    /// map.insert(mc, 1, 'a');
    /// assert!(map.get(mc).iter(mc).eq([(1, 'a'), (2, 'b')]));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    pub fn iter<'a>(&'a self, mc: Mutation<'gc>) -> Range<'a, 'gc, K, V> {
        self.range(mc, ..)
    }

    /// The keys, in order; as [`OrderedMap::range`].
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, OrderedMap, Root};
    /// # let arena = Arena::<Root![OrderedMap<'_, u32, char>]>::new(Config::default(), |_| OrderedMap::new())?;
    /// # arena.mutate(|mc, map| {
    /// map.insert(mc, 2, 'b');
    /// map.insert(mc, 1, 'a');
    /// assert!(map.get(mc).keys(mc).eq([1, 2]));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    pub fn keys(&self, mc: Mutation<'gc>) -> impl Iterator<Item = K> {
        self.iter(mc).map(|(key, _)| key)
    }

    /// The values, in the order of their keys; as [`OrderedMap::range`].
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, OrderedMap, Root};
    /// # let arena = Arena::<Root![OrderedMap<'_, u32, char>]>::new(Config::default(), |_| OrderedMap::new())?;
    /// # arena.mutate(|mc, map| {
    /// map.insert(mc, 2, 'b');
    /// map.insert(mc, 1, 'a');
    /// assert!(map.get(mc).values(mc).eq(['a', 'b']));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    pub fn values(&self, mc: Mutation<'gc>) -> impl Iterator<Item = V> {
        self.iter(mc).map(|(_, value)| value)
    }
}

impl<'gc, K: OrderedKey<'gc>, V: Trace<'gc> + Copy> Write<OrderedMap<'gc, K, V>> {
    /// Gives a key a value; the one that it had. The new key is not kept if there is an equal one.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, OrderedMap, Root};
    /// # let arena = Arena::<Root![OrderedMap<'_, u32, char>]>::new(Config::default(), |_| OrderedMap::new())?;
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

    /// As `insert`, but a full heap is an error instead of a panic; the map then has the keys and values that it had.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, OrderedMap, Root};
    /// # let arena = Arena::<Root![OrderedMap<'_, u32, char>]>::new(Config::default(), |_| OrderedMap::new())?;
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
        let mut leaf = self.try_leaf_of(mc, &key)?;
        if let Ok(index) = leaf.get(mc).position(mc, &key) {
            let old = leaf.get(mc).item(index);
            old.into_iter().for_each(|(key, _)| leaf.write(mc).set(index, (key, value)));
            return Ok(old.map(|(_, value)| value));
        }
        if leaf.get(mc).is_full() {
            self.try_make_room(mc, &key)?;
            leaf = self.try_leaf_of(mc, &key)?;
        }
        self.insert_into(mc, leaf, (key, value));
        Ok(None)
    }

    /// The leaf in which a key is, if it is anywhere; makes the first one.
    fn try_leaf_of(&self, mc: Mutation<'gc>, key: &K) -> Result<Gc<'gc, Leaf<K, V>>, HeapFull> {
        if let Some(leaf) = self.leaf_of(mc, key) {
            return Ok(leaf);
        }
        let leaf = mc.try_new(Node::new(&[]))?;
        self.set_root(Some(Link::Leaf(leaf)));
        Ok(leaf)
    }

    fn set_root(&self, root: Option<Link<'gc, K, V>>) {
        self.field(|map| &map.root).set(root);
    }

    fn set_length(&self, length: usize) {
        self.field(|map| &map.length).set(length as u32);
        self.field(|map| &map.version).set(self.version().wrapping_add(1));
    }

    /// Splits every full node on the way to where a key belongs: each split leaves the same keys in the map, and finds room for
    /// one more child in the node above.
    fn try_make_room(&self, mc: Mutation<'gc>, key: &K) -> Result<(), HeapFull> {
        let mut link = self.try_root_with_room(mc)?;
        while let Some(Link::Inner(node)) = link {
            node.try_make_room(mc, node.get(mc).index_of(mc, key))?;
            link = node.get(mc).child_of(mc, key);
        }
        Ok(())
    }

    /// The root, which is not full: instead of one that is there is a new one above it.
    fn try_root_with_room(&self, mc: Mutation<'gc>) -> Result<Option<Link<'gc, K, V>>, HeapFull> {
        if let Some(root) = self.root.get().filter(|root| root.is_full(mc)) {
            let node: Gc<'gc, Inner<'gc, K, V>> = mc.try_new(Node::new(&[Lock::new(root.with_key(mc))]))?;
            node.try_make_room(mc, 0)?;
            self.set_root(Some(Link::Inner(node)));
        }
        Ok(self.root.get())
    }

    /// Puts an item into the leaf where it belongs, which has room.
    fn insert_into(&self, mc: Mutation<'gc>, leaf: Gc<'gc, Leaf<K, V>>, item: (K, V)) {
        let first = leaf.get(mc).item(0);
        let (Ok(index) | Err(index)) = leaf.get(mc).position(mc, &item.0);
        leaf.write(mc).insert(index, item);
        self.set_length(self.len() + 1);
        first.into_iter().for_each(|(first, _)| self.update_first_key(mc, leaf, first));
    }

    /// Has the nodes above a leaf know its first key, which was `old` until now.
    fn update_first_key(&self, mc: Mutation<'gc>, leaf: Gc<'gc, Leaf<K, V>>, old: K) {
        let Some((first, _)) = leaf.get(mc).item(0).filter(|(first, _)| first.compare(&old, mc).is_ne())
        else {
            return;
        };
        let mut link = self.root.get();
        while let Some(Link::Inner(node)) = link {
            let index = node.get(mc).index_of(mc, &old);
            let item = node.get(mc).item(index);
            if let Some((_, child)) = item.filter(|(key, _)| key.compare(&old, mc).is_eq()) {
                node.write(mc).set(index, (first, child));
            }
            link = item.map(|(_, child)| child);
        }
    }

    /// Takes a key out; the value that it had.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, OrderedMap, Root};
    /// # let arena = Arena::<Root![OrderedMap<'_, u32, char>]>::new(Config::default(), |_| OrderedMap::new())?;
    /// # arena.mutate(|mc, map| {
    /// let map = map.write(mc);
    /// map.insert(mc, 1, 'a');
    /// assert_eq!(map.remove(mc, 1), Some('a'));
    /// assert_eq!(map.remove(mc, 1), None);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    pub fn remove(&self, mc: Mutation<'gc>, key: K) -> Option<V> {
        let mut leaf = self.leaf_of(mc, &key)?;
        leaf.get(mc).position(mc, &key).ok()?;
        if leaf.get(mc).is_sparse() {
            self.refill(mc, &key);
            leaf = self.leaf_of(mc, &key)?;
        }
        self.remove_from(mc, leaf, &key)
    }

    /// Fills up every sparse node on the way to a key, at the expense of its neighbours, so that it can do without an item.
    fn refill(&self, mc: Mutation<'gc>, key: &K) {
        let mut link = self.root.get();
        while let Some(Link::Inner(node)) = link {
            node.refill(mc, node.get(mc).index_of(mc, key));
            link = node.get(mc).child_of(mc, key);
        }
        if let Some(Link::Inner(root)) = self.root.get()
            && root.get(mc).len() == 1
        {
            self.set_root(root.get(mc).last().map(|(_, child)| child));
        }
    }

    /// Takes a key out of the leaf that it is in.
    fn remove_from(&self, mc: Mutation<'gc>, leaf: Gc<'gc, Leaf<K, V>>, key: &K) -> Option<V> {
        let index = leaf.get(mc).position(mc, key).ok()?;
        let (old, value) = leaf.write(mc).remove(index)?;
        self.set_length(self.len() - 1);
        if index == 0 {
            self.update_first_key(mc, leaf, old);
        }
        Some(value)
    }

    /// Takes the first key out; it and its value.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, OrderedMap, Root};
    /// # let arena = Arena::<Root![OrderedMap<'_, u32, char>]>::new(Config::default(), |_| OrderedMap::new())?;
    /// # arena.mutate(|mc, map| {
    /// let map = map.write(mc);
    /// map.insert(mc, 2, 'b');
    /// map.insert(mc, 1, 'a');
    /// assert_eq!(map.pop_first(mc), Some((1, 'a')));
    /// assert_eq!(map.len(), 1);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    pub fn pop_first(&self, mc: Mutation<'gc>) -> Option<(K, V)> {
        let (key, value) = self.first(mc)?;
        self.remove(mc, key);
        Some((key, value))
    }

    /// Takes the last key out; it and its value.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, OrderedMap, Root};
    /// # let arena = Arena::<Root![OrderedMap<'_, u32, char>]>::new(Config::default(), |_| OrderedMap::new())?;
    /// # arena.mutate(|mc, map| {
    /// let map = map.write(mc);
    /// map.insert(mc, 2, 'b');
    /// map.insert(mc, 1, 'a');
    /// assert_eq!(map.pop_last(mc), Some((2, 'b')));
    /// assert_eq!(map.len(), 1);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    pub fn pop_last(&self, mc: Mutation<'gc>) -> Option<(K, V)> {
        let (key, value) = self.last(mc)?;
        self.remove(mc, key);
        Some((key, value))
    }

    /// Takes all keys out. O(1).
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, OrderedMap, Root};
    /// # let arena = Arena::<Root![OrderedMap<'_, u32, char>]>::new(Config::default(), |_| OrderedMap::new())?;
    /// # arena.mutate(|mc, map| {
    /// let map = map.write(mc);
    /// map.insert(mc, 1, 'a');
    /// map.clear(mc);
    /// assert!(map.is_empty());
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    pub fn clear(&self, _: Mutation<'gc>) {
        self.set_root(None);
        self.set_length(0);
    }
}

impl<'gc, K: OrderedKey<'gc>, V: Trace<'gc> + Copy> Gc<'gc, OrderedMap<'gc, K, V>> {
    /// The value of a key, if it has one: `get` of the map that the object is.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, OrderedMap, Root};
    /// # let arena = Arena::<Root![OrderedMap<'_, u32, char>]>::new(Config::default(), |_| OrderedMap::new())?;
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

#[cfg(test)]
mod tests {
    use super::OrderedMap;
    use crate::arena::{Arena, Gc, Mutation, Root};
    use crate::heap::Config;
    use std::collections::BTreeSet;

    type Numbers<'gc> = Gc<'gc, OrderedMap<'gc, u32, u32>>;

    /// Inserts the keys in this order and then removes them in that; fails if the tree is ever not as it should be.
    fn check(inserted: impl Iterator<Item = u32>, removed: impl Iterator<Item = u32>, most_levels: usize) {
        let arena = Arena::<Root![OrderedMap<'_, u32, u32>]>::new(Config::default(), |_| OrderedMap::new());
        arena.expect("settings").mutate(|mc, map| {
            let mut keys = BTreeSet::new();
            for key in inserted {
                assert_eq!(map.insert(mc, key, key).is_none(), keys.insert(key));
                assert!(levels(mc, map) <= most_levels);
            }
            for key in removed {
                assert_eq!(map.remove(mc, key).is_some(), keys.remove(&key));
                assert!(levels(mc, map) <= most_levels);
                assert_eq!(map.len(mc), keys.len());
            }
            assert!(map.keys(mc).eq(keys));
        });
    }

    fn levels<'gc>(mc: Mutation<'gc>, map: Numbers<'gc>) -> usize {
        map.get(mc).root.get().map_or(0, |root| root.check(mc, true))
    }

    #[test]
    fn the_tree_is_balanced_in_whichever_order_keys_come_and_go() {
        // 7 has no divisor in common with 1,000, nor has 333.
        let scattered = |factor: u32| (0..1_000).map(move |number| number * factor % 1_000);
        check(0..1_000, 0..1_000, 3);
        check((0..1_000).rev(), (0..1_000).rev(), 3);
        check(0..1_000, (0..1_000).rev(), 3);
        check(scattered(7), scattered(333), 3);
        check(scattered(333), 200..990, 3);
        check(scattered(7).chain(0..2_000), (0..2_000).step_by(3).chain(5..1_995), 3);
    }

    #[test]
    fn a_tree_that_has_lost_nearly_all_keys_is_low() {
        let arena = Arena::<Root![OrderedMap<'_, u32, u32>]>::new(Config::default(), |_| OrderedMap::new());
        arena.expect("settings").mutate(|mc, map| {
            (0..1_000).for_each(|key| assert_eq!(map.insert(mc, key, key), None));
            assert!(levels(mc, map) >= 2);
            (3..1_000).for_each(|key| assert_eq!(map.remove(mc, key), Some(key)));
            assert_eq!(levels(mc, map), 0);
        });
    }
}
