//! The nodes of an ordered map.

use crate::arena::{Gc, Lock, Mutation, OrderedKey, Trace, Write};
use crate::heap::HeapFull;
use std::array;

/// Most items of a node.
const MOST: usize = 16;
/// Least items of a node that is not the root.
const LEAST: usize = MOST / 4;
/// Neighbours that have no more items than this together become one node: there is room in it for more.
const MERGED: usize = MOST * 3 / 4;

/// A place for a key with what belongs to it.
type Item<K, T> = Lock<Option<(K, T)>>;

/// Up to 16 items in the order of their keys, which all differ.
#[derive(Trace)]
pub(super) struct Node<K, T> {
    length: Lock<u32>,
    /// The first `length` are there, the others `None`.
    items: [Item<K, T>; MOST],
}

/// A node that holds keys and their values.
pub(super) type Leaf<K, V> = Node<K, V>;
/// A node that holds links to nodes of the level below, each with the first key that is found through it.
pub(super) type Inner<'gc, K, V> = Node<K, Link<'gc, K, V>>;

impl<K: Copy, T: Copy> Node<K, T> {
    /// A node with these items.
    pub(super) fn new(items: &[Item<K, T>]) -> Self {
        let item = |index: usize| Lock::new(items.get(index).and_then(Lock::get));
        Node { length: Lock::new(items.len() as u32), items: array::from_fn(item) }
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.length.get() as usize
    }

    #[inline]
    pub(super) fn is_full(&self) -> bool {
        self.len() == MOST
    }

    /// Whether taking an item may leave too few for a node that is not the root.
    #[inline]
    pub(super) fn is_sparse(&self) -> bool {
        self.len() <= LEAST
    }

    /// Item `index`, if there is one.
    #[inline]
    pub(super) fn item(&self, index: usize) -> Option<(K, T)> {
        self.items.get(index)?.get()
    }

    /// The last item, if there is one.
    pub(super) fn last(&self) -> Option<(K, T)> {
        self.item(self.len().checked_sub(1)?)
    }

    /// How many items come before a place in the order.
    #[inline]
    pub(super) fn count_before(&self, is_before: impl Fn(&K) -> bool) -> usize {
        self.items[..self.len()].partition_point(|item| item.get().is_some_and(|(key, _)| is_before(&key)))
    }

    /// The position of a key, or where it would be inserted.
    #[inline]
    pub(super) fn position<'gc>(&self, mc: Mutation<'gc>, key: &K) -> Result<usize, usize>
    where
        K: OrderedKey<'gc>,
    {
        let position = self.count_before(|other| other.compare(key, mc).is_lt());
        let is_there = self.item(position).is_some_and(|(other, _)| other.compare(key, mc).is_eq());
        if is_there { Ok(position) } else { Err(position) }
    }
}

impl<K: Copy, T: Copy> Write<Node<K, T>> {
    fn items(&self) -> &Write<[Item<K, T>]> {
        self.field(|node| &node.items).as_slice()
    }

    fn set_length(&self, length: usize) {
        self.field(|node| &node.length).set(length as u32);
    }

    /// Replaces item `index`.
    pub(super) fn set(&self, index: usize, item: (K, T)) {
        self.items().at(index).set(Some(item));
    }

    /// Adds an item as item `index`: the node is not full.
    pub(super) fn insert(&self, index: usize, item: (K, T)) {
        let length = self.len();
        self.items().copy_within(index..length, index + 1);
        self.set(index, item);
        self.set_length(length + 1);
    }

    /// Takes item `index`, if there is one.
    pub(super) fn remove(&self, index: usize) -> Option<(K, T)> {
        let (item, length) = (self.item(index)?, self.len());
        self.items().copy_within(index + 1..length, index);
        self.truncate(length - 1);
        Some(item)
    }

    fn truncate(&self, length: usize) {
        self.items().iter().skip(length).for_each(|item| item.set(None));
        self.set_length(length);
    }

    /// Moves the first item of `right`, which follows in the order, to the end of this node.
    fn take_first_of(&self, right: &Self) {
        if let Some(item) = right.remove(0) {
            self.insert(self.len(), item);
        }
    }

    /// Moves the last item of `left`, which comes before in the order, to the start of this node.
    fn take_last_of(&self, left: &Self) {
        if let Some(item) = left.remove(left.len() - 1) {
            self.insert(0, item);
        }
    }
}

impl<'gc, K: Trace<'gc> + Copy, T: Trace<'gc> + Copy> Gc<'gc, Node<K, T>> {
    /// Moves the upper half of a full node to a new one.
    ///
    /// # Errors
    /// If the heap is full; the node is as it was then.
    fn try_split(self, mc: Mutation<'gc>) -> Result<Self, HeapFull> {
        let right = mc.try_new(Node::new(&self.get(mc).items[MOST / 2..]))?;
        self.write(mc).truncate(MOST / 2);
        Ok(right)
    }

    /// Shares the items of this node and `right`, which follows in the order, evenly between them, or moves all to this one if
    /// they are few.
    fn balance(self, right: Self, mc: Mutation<'gc>) {
        let (left, right) = (self.write(mc), right.write(mc));
        let count = left.len() + right.len();
        let aim = if count <= MERGED { count } else { count / 2 };
        while left.len() < aim {
            left.take_first_of(right);
        }
        while left.len() > aim {
            right.take_last_of(left);
        }
    }
}

/// A reference to a node. From an inner node all of them lead to leaves, or all to inner nodes.
#[derive(Clone, Copy, Trace)]
pub(super) enum Link<'gc, K, V> {
    Leaf(Gc<'gc, Leaf<K, V>>),
    Inner(Gc<'gc, Inner<'gc, K, V>>),
}

/// Does the same with nodes of either kind.
macro_rules! either {
    ($link:expr, $node:ident => $result:expr) => {
        match $link {
            Link::Leaf($node) => $result,
            Link::Inner($node) => $result,
        }
    };
}

impl<'gc, K: Trace<'gc> + Copy, V: Trace<'gc> + Copy> Link<'gc, K, V> {
    pub(super) fn is_full(self, mc: Mutation<'gc>) -> bool {
        either!(self, node => node.get(mc).is_full())
    }

    fn is_sparse(self, mc: Mutation<'gc>) -> bool {
        either!(self, node => node.get(mc).is_sparse())
    }

    /// The link with the first key that is found through it, if there is one.
    pub(super) fn with_key(self, mc: Mutation<'gc>) -> Option<(K, Self)> {
        either!(self, node => node.get(mc).item(0).map(|(key, _)| (key, self)))
    }

    fn try_split(self, mc: Mutation<'gc>) -> Result<Self, HeapFull> {
        Ok(match self {
            Link::Leaf(node) => Link::Leaf(node.try_split(mc)?),
            Link::Inner(node) => Link::Inner(node.try_split(mc)?),
        })
    }

    fn balance(self, right: Self, mc: Mutation<'gc>) {
        match (self, right) {
            (Link::Leaf(left), Link::Leaf(right)) => left.balance(right, mc),
            (Link::Inner(left), Link::Inner(right)) => left.balance(right, mc),
            _ => unreachable!("neighbours are on the same level"),
        }
    }
}

impl<'gc, K: OrderedKey<'gc>, V: Trace<'gc> + Copy> Inner<'gc, K, V> {
    /// The index of the child in which a key is, if it is anywhere.
    #[inline]
    pub(super) fn index_of(&self, mc: Mutation<'gc>, key: &K) -> usize {
        self.count_before(|first| first.compare(key, mc).is_le()).saturating_sub(1)
    }

    /// The child in which a key is, if it is anywhere.
    #[inline]
    pub(super) fn child_of(&self, mc: Mutation<'gc>, key: &K) -> Option<Link<'gc, K, V>> {
        self.item(self.index_of(mc, key)).map(|(_, child)| child)
    }
}

impl<'gc, K: OrderedKey<'gc>, V: Trace<'gc> + Copy> Gc<'gc, Inner<'gc, K, V>> {
    /// Makes sure that child `index` is not full, if there is room for one more child.
    ///
    /// # Errors
    /// If the heap is full; nothing has changed then.
    pub(super) fn try_make_room(self, mc: Mutation<'gc>, index: usize) -> Result<(), HeapFull> {
        if let Some((_, child)) = self.get(mc).item(index).filter(|(_, child)| child.is_full(mc)) {
            let right = child.try_split(mc)?.with_key(mc);
            right.into_iter().for_each(|right| self.write(mc).insert(index + 1, right));
        }
        Ok(())
    }

    /// Makes sure that an item can be taken from child `index`, if there is another child.
    pub(super) fn refill(self, mc: Mutation<'gc>, index: usize) {
        let node = self.get(mc);
        if !node.item(index).is_some_and(|(_, child)| child.is_sparse(mc)) {
            return;
        }
        let first = index.min(node.len().saturating_sub(2));
        if let Some(((_, left), (_, right))) = node.item(first).zip(node.item(first + 1)) {
            left.balance(right, mc);
            match right.with_key(mc) {
                Some(right) => self.write(mc).set(first + 1, right),
                None => drop(self.write(mc).remove(first + 1)),
            }
        }
    }
}

#[cfg(test)]
impl<'gc, K: OrderedKey<'gc>, V: Trace<'gc> + Copy> Link<'gc, K, V> {
    /// Panics unless the nodes from this one down are as they should be: how many levels there are.
    pub(super) fn check(self, mc: Mutation<'gc>, is_root: bool) -> usize {
        let (keys, levels): (Vec<K>, Vec<usize>) = match self {
            Link::Leaf(leaf) => leaf.get(mc).items().map(|(key, _)| (key, 0)).unzip(),
            Link::Inner(node) => node
                .get(mc)
                .items()
                .map(|(key, child)| {
                    let first = child.with_key(mc).expect("a key").0;
                    assert!(first.compare(&key, mc).is_eq(), "the node above knows the first key");
                    (key, child.check(mc, false))
                })
                .unzip(),
        };
        let is_leaf = matches!(self, Link::Leaf(_));
        let least = if !is_root {
            LEAST
        } else if is_leaf {
            0
        } else {
            2
        };
        assert!(keys.len() >= least, "{} items", keys.len());
        assert!(keys.is_sorted_by(|a, b| a.compare(b, mc).is_lt()), "keys are in order");
        assert!(levels.windows(2).all(|pair| pair[0] == pair[1]), "leaves are on one level");
        levels.first().map_or(0, |level| level + usize::from(!is_leaf))
    }
}

#[cfg(test)]
impl<K: Copy, T: Copy> Node<K, T> {
    fn items(&self) -> impl Iterator<Item = (K, T)> {
        let (items, vacant) = self.items.split_at(self.len());
        assert!(vacant.iter().all(|item| item.get().is_none()), "nothing is kept behind the items");
        items.iter().map(|item| item.get().expect("an item"))
    }
}
