//! Vectors.

use super::storage::Storage;
use crate::arena::mutation::full_heap;
use crate::arena::{Lock, Mutation, Trace, Write};
use crate::heap::HeapFull;

/// Least room that a vector makes.
const MIN_CAPACITY: usize = 4;

/// A growable sequence of values.
///
/// A value without references takes the room of a `T`; one with references that of an `Option<T>`, which is the same for
/// references, and for enums and structs in which there is one.
///
/// ```
/// # use gc_core::Config;
/// # use gc_core::arena::{Arena, Root, Vec};
/// let arena = Arena::<Root![Vec<'_, u32>]>::new(Config::default(), |_| Vec::new())?;
/// arena.mutate(|mc, vec| {
///     vec.extend(mc, 0..5);
///     assert_eq!(vec.remove(mc, 1), 1);
///     vec.insert(mc, 0, 7);
///     vec.swap(mc, 0, 3);
///     assert_eq!(vec.iter(mc).collect::<std::vec::Vec<_>>(), [3, 0, 2, 7, 4]);
///     assert_eq!(vec.swap_remove(mc, 0), 3);
///     vec.set(mc, 1, 9);
///     assert_eq!((vec.at(mc, 0), vec.at(mc, 1), vec.last(mc)), (4, 9, Some(7)));
///     assert_eq!(vec.pop(mc), Some(7));
///     assert_eq!(vec.get(mc).get(mc, 4), None);
///     vec.truncate(mc, 1);
///     assert_eq!(vec.len(mc), 1);
///     vec.clear(mc);
///     assert!(vec.is_empty(mc));
/// });
/// # Ok::<(), gc_core::ConfigError>(())
/// ```
///
/// A field is changed through a [`Write`] of the object that it is in:
///
/// ```
/// # use gc_core::Config;
/// # use gc_core::arena::{Arena, Gc, Root, Str, Trace, Vec};
/// #[derive(Trace)]
/// struct Class<'gc> { name: &'static str, methods: Vec<'gc, Gc<'gc, Str>> }
///
/// # let arena = Arena::<Root![Class<'_>]>::new(Config::default(), |_| {
/// #     Class { name: "Point", methods: Vec::with_capacity(2) }
/// # })?;
/// # arena.mutate(|mc, class| {
/// class.write(mc).field(|class| &class.methods).push(mc, mc.str("norm"));
/// assert_eq!(class.get(mc).methods.at(mc, 0).as_str(mc), "norm");
/// # });
/// # Ok::<(), gc_core::ConfigError>(())
/// ```
#[derive(Debug, Trace)]
pub struct Vec<'gc, T> {
    length: Lock<u32>,
    /// How many values the first storage is to have room for.
    reserved: u32,
    storage: Storage<'gc, T>,
}

impl<T> Default for Vec<'_, T> {
    fn default() -> Self {
        Vec::new()
    }
}

impl<T> Vec<'_, T> {
    /// A vector with nothing in it.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Vec};
    /// # let arena = Arena::<Root![Vec<'_, u32>]>::new(Config::default(), |_| Vec::new())?;
    /// # arena.mutate(|mc, vec| {
    /// assert!(vec.get(mc).is_empty());
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Vec::with_capacity(0)
    }

    /// A vector with nothing in it, which makes room for at least `capacity` values when it gets the first.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Vec};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let vec = mc.new(Vec::<u32>::with_capacity(100));
    /// assert_eq!((vec.len(mc), vec.capacity(mc)), (0, 100));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    pub const fn with_capacity(capacity: usize) -> Self {
        let reserved = if capacity > u32::MAX as usize { u32::MAX } else { capacity as u32 };
        Vec { length: Lock::new(0), reserved, storage: Storage::new() }
    }

    /// How many values there are.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Vec};
    /// # let arena = Arena::<Root![Vec<'_, u32>]>::new(Config::default(), |_| Vec::new())?;
    /// # arena.mutate(|mc, vec| {
    /// vec.extend(mc, [5, 6, 7]);
    /// assert_eq!(vec.get(mc).len(), 3);
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
    /// # use gc_core::arena::{Arena, Root, Vec};
    /// # let arena = Arena::<Root![Vec<'_, u32>]>::new(Config::default(), |_| Vec::new())?;
    /// # arena.mutate(|mc, vec| {
    /// assert!(vec.get(mc).is_empty());
    /// vec.push(mc, 5);
    /// assert!(!vec.get(mc).is_empty());
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<'gc, T: Trace<'gc> + Copy> Vec<'gc, T> {
    /// How many values there may be before more room is made.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Vec};
    /// # let arena = Arena::<Root![Vec<'_, u32>]>::new(Config::default(), |_| Vec::new())?;
    /// # arena.mutate(|mc, vec| {
    /// vec.extend(mc, 0..10);
    /// assert!(vec.get(mc).capacity(mc) >= 10);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    pub fn capacity(&self, mc: Mutation<'gc>) -> usize {
        self.storage.capacity(mc).max(self.reserved as usize)
    }

    /// Value `index`, if there is one.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Vec};
    /// # let arena = Arena::<Root![Vec<'_, u32>]>::new(Config::default(), |_| Vec::new())?;
    /// # arena.mutate(|mc, vec| {
    /// vec.extend(mc, [5, 6]);
    /// assert_eq!(vec.get(mc).get(mc, 1), Some(6));
    /// assert_eq!(vec.get(mc).get(mc, 2), None);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    #[inline]
    pub fn get(&self, mc: Mutation<'gc>, index: usize) -> Option<T> {
        if index < self.len() { self.storage.get(mc, index) } else { None }
    }

    /// Value `index`.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Vec};
    /// # let arena = Arena::<Root![Vec<'_, u32>]>::new(Config::default(), |_| Vec::new())?;
    /// # arena.mutate(|mc, vec| {
    /// vec.extend(mc, [5, 6]);
    /// assert_eq!(vec.get(mc).at(mc, 1), 6);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If there is no such value.
    #[must_use]
    #[inline]
    #[track_caller]
    pub fn at(&self, mc: Mutation<'gc>, index: usize) -> T {
        self.get(mc, index).unwrap_or_else(|| no_value(index, self.len()))
    }

    /// The last value, if there is one.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Vec};
    /// # let arena = Arena::<Root![Vec<'_, u32>]>::new(Config::default(), |_| Vec::new())?;
    /// # arena.mutate(|mc, vec| {
    /// assert_eq!(vec.get(mc).last(mc), None);
    /// vec.extend(mc, [5, 6]);
    /// assert_eq!(vec.get(mc).last(mc), Some(6));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    #[inline]
    pub fn last(&self, mc: Mutation<'gc>) -> Option<T> {
        self.get(mc, self.len().checked_sub(1)?)
    }

    /// The values in order.
    ///
    /// The iterator is a position: it gives what is there when it comes by. When values before it are removed, those behind
    /// it move forward, and it misses some; values pushed meanwhile it will come to.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Vec};
    /// # let arena = Arena::<Root![Vec<'_, u32>]>::new(Config::default(), |_| Vec::new())?;
    /// # arena.mutate(|mc, numbers| {
    /// numbers.push(mc, 100);
    /// for number in numbers.iter(mc) {
    ///     if number > 1 {
    ///         numbers.push(mc, number / 2);
    ///     }
    /// }
    /// assert!(numbers.iter(mc).eq([100, 50, 25, 12, 6, 3, 1]));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[inline]
    pub fn iter<'a>(&'a self, mc: Mutation<'gc>) -> Iter<'a, 'gc, T> {
        Iter { vec: self, mc, position: 0 }
    }

    #[track_caller]
    fn check(&self, index: usize) {
        if index >= self.len() {
            no_value(index, self.len());
        }
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn no_value(index: usize, length: usize) -> ! {
    panic!("no value {index}: the vector has {length}")
}

impl<'gc, T: Trace<'gc> + Copy> Write<Vec<'gc, T>> {
    /// Adds a value at the end. O(1) on average: when there is no room, twice as much is made.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Vec};
    /// # let arena = Arena::<Root![Vec<'_, u32>]>::new(Config::default(), |_| Vec::new())?;
    /// # arena.mutate(|mc, vec| {
    /// let vec = vec.write(mc);
    /// vec.push(mc, 5);
    /// vec.push(mc, 6);
    /// assert!(vec.iter(mc).eq([5, 6]));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If the heap is full.
    #[inline]
    #[track_caller]
    pub fn push(&self, mc: Mutation<'gc>, value: T) {
        self.try_push(mc, value).unwrap_or_else(|full| full_heap(full));
    }

    /// As `push`, but a full heap is an error instead of a panic; the vector is then as it was.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Vec};
    /// # let arena = Arena::<Root![Vec<'_, u32>]>::new(Config::default(), |_| Vec::new())?;
    /// # arena.mutate(|mc, vec| {
    /// let vec = vec.write(mc);
    /// assert!(vec.try_push(mc, 5).is_ok());
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// If the heap is full.
    #[inline]
    pub fn try_push(&self, mc: Mutation<'gc>, value: T) -> Result<(), HeapFull> {
        let length = self.len();
        if length == self.storage.capacity(mc) {
            self.try_grow(mc, value)?;
        }
        self.storage.set(mc, length, value);
        self.set_length(length + 1);
        Ok(())
    }

    #[cold]
    #[inline(never)]
    fn try_grow(&self, mc: Mutation<'gc>, any: T) -> Result<(), HeapFull> {
        let capacity = (2 * self.len()).max(self.reserved as usize).max(MIN_CAPACITY);
        self.field(|vec| &vec.storage).try_grow(mc, capacity, any)
    }

    /// There are at most 2^31 - 1 values: no array has more.
    #[inline]
    fn set_length(&self, length: usize) {
        self.field(|vec| &vec.length).set(length as u32);
    }

    /// Takes the last value, if there is one. O(1).
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Vec};
    /// # let arena = Arena::<Root![Vec<'_, u32>]>::new(Config::default(), |_| Vec::new())?;
    /// # arena.mutate(|mc, vec| {
    /// let vec = vec.write(mc);
    /// vec.push(mc, 5);
    /// assert_eq!(vec.pop(mc), Some(5));
    /// assert_eq!(vec.pop(mc), None);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[inline]
    pub fn pop(&self, mc: Mutation<'gc>) -> Option<T> {
        let value = self.last(mc)?;
        self.truncate(mc, self.len() - 1);
        Some(value)
    }

    /// Replaces value `index`. O(1).
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Vec};
    /// # let arena = Arena::<Root![Vec<'_, u32>]>::new(Config::default(), |_| Vec::new())?;
    /// # arena.mutate(|mc, vec| {
    /// let vec = vec.write(mc);
    /// vec.extend(mc, [5, 6]);
    /// vec.set(mc, 0, 7);
    /// assert!(vec.iter(mc).eq([7, 6]));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If there is no such value.
    #[inline]
    #[track_caller]
    pub fn set(&self, mc: Mutation<'gc>, index: usize, value: T) {
        self.check(index);
        self.storage.set(mc, index, value);
    }

    /// Exchanges values `a` and `b`. O(1).
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Vec};
    /// # let arena = Arena::<Root![Vec<'_, u32>]>::new(Config::default(), |_| Vec::new())?;
    /// # arena.mutate(|mc, vec| {
    /// let vec = vec.write(mc);
    /// vec.extend(mc, [5, 6, 7]);
    /// vec.swap(mc, 0, 2);
    /// assert!(vec.iter(mc).eq([7, 6, 5]));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If there are no such values.
    #[track_caller]
    pub fn swap(&self, mc: Mutation<'gc>, a: usize, b: usize) {
        let (at_a, at_b) = (self.at(mc, a), self.at(mc, b));
        self.storage.set(mc, a, at_b);
        self.storage.set(mc, b, at_a);
    }

    /// Adds a value as value `index`. O(n): those behind it move.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Vec};
    /// # let arena = Arena::<Root![Vec<'_, u32>]>::new(Config::default(), |_| Vec::new())?;
    /// # arena.mutate(|mc, vec| {
    /// let vec = vec.write(mc);
    /// vec.extend(mc, [5, 7]);
    /// vec.insert(mc, 1, 6);
    /// assert!(vec.iter(mc).eq([5, 6, 7]));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If there are fewer than `index` values, or the heap is full.
    #[track_caller]
    pub fn insert(&self, mc: Mutation<'gc>, index: usize, value: T) {
        self.try_insert(mc, index, value).unwrap_or_else(|full| full_heap(full));
    }

    /// As `insert`, but a full heap is an error instead of a panic; the vector is then as it was.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Vec};
    /// # let arena = Arena::<Root![Vec<'_, u32>]>::new(Config::default(), |_| Vec::new())?;
    /// # arena.mutate(|mc, vec| {
    /// let vec = vec.write(mc);
    /// assert!(vec.try_insert(mc, 0, 5).is_ok());
    /// assert_eq!(vec.at(mc, 0), 5);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If there are fewer than `index` values.
    ///
    /// # Errors
    /// If the heap is full.
    #[track_caller]
    pub fn try_insert(&self, mc: Mutation<'gc>, index: usize, value: T) -> Result<(), HeapFull> {
        let length = self.len();
        assert!(index <= length, "no place {index} to insert at: the vector has {length} values");
        self.try_push(mc, value)?;
        self.storage.copy_within(mc, index..length, index + 1);
        self.storage.set(mc, index, value);
        Ok(())
    }

    /// Takes value `index`. O(n): those behind it move.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Vec};
    /// # let arena = Arena::<Root![Vec<'_, u32>]>::new(Config::default(), |_| Vec::new())?;
    /// # arena.mutate(|mc, vec| {
    /// let vec = vec.write(mc);
    /// vec.extend(mc, [5, 6, 7]);
    /// assert_eq!(vec.remove(mc, 0), 5);
    /// assert!(vec.iter(mc).eq([6, 7]));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If there is no such value.
    #[track_caller]
    pub fn remove(&self, mc: Mutation<'gc>, index: usize) -> T {
        let (value, length) = (self.at(mc, index), self.len());
        self.storage.copy_within(mc, index + 1..length, index);
        self.truncate(mc, length - 1);
        value
    }

    /// Takes value `index`, and puts the last one in its place. O(1).
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Vec};
    /// # let arena = Arena::<Root![Vec<'_, u32>]>::new(Config::default(), |_| Vec::new())?;
    /// # arena.mutate(|mc, vec| {
    /// let vec = vec.write(mc);
    /// vec.extend(mc, [5, 6, 7]);
    /// assert_eq!(vec.swap_remove(mc, 0), 5);
    /// assert!(vec.iter(mc).eq([7, 6]));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If there is no such value.
    #[track_caller]
    pub fn swap_remove(&self, mc: Mutation<'gc>, index: usize) -> T {
        let last = self.len().saturating_sub(1);
        self.swap(mc, index, last);
        let value = self.at(mc, last);
        self.truncate(mc, last);
        value
    }

    /// Removes all values but the first `length`. O(1) for each.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Vec};
    /// # let arena = Arena::<Root![Vec<'_, u32>]>::new(Config::default(), |_| Vec::new())?;
    /// # arena.mutate(|mc, vec| {
    /// let vec = vec.write(mc);
    /// vec.extend(mc, [5, 6, 7]);
    /// vec.truncate(mc, 1);
    /// assert!(vec.iter(mc).eq([5]));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    pub fn truncate(&self, mc: Mutation<'gc>, length: usize) {
        if length < self.len() {
            self.storage.vacate(mc, length..self.len());
            self.set_length(length);
        }
    }

    /// Removes all values; their room is kept.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Vec};
    /// # let arena = Arena::<Root![Vec<'_, u32>]>::new(Config::default(), |_| Vec::new())?;
    /// # arena.mutate(|mc, vec| {
    /// let vec = vec.write(mc);
    /// vec.extend(mc, [5, 6, 7]);
    /// vec.clear(mc);
    /// assert!(vec.is_empty() && vec.capacity(mc) >= 3);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    pub fn clear(&self, mc: Mutation<'gc>) {
        self.truncate(mc, 0);
    }

    /// Adds values at the end.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Vec};
    /// # let arena = Arena::<Root![Vec<'_, u32>]>::new(Config::default(), |_| Vec::new())?;
    /// # arena.mutate(|mc, vec| {
    /// let vec = vec.write(mc);
    /// vec.push(mc, 5);
    /// vec.extend(mc, [6, 7]);
    /// assert!(vec.iter(mc).eq([5, 6, 7]));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If the heap is full.
    #[track_caller]
    pub fn extend(&self, mc: Mutation<'gc>, values: impl IntoIterator<Item = T>) {
        self.try_extend(mc, values).unwrap_or_else(|full| full_heap(full));
    }

    /// As `extend`, but a full heap is an error instead of a panic.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Vec};
    /// # let arena = Arena::<Root![Vec<'_, u32>]>::new(Config::default(), |_| Vec::new())?;
    /// # arena.mutate(|mc, vec| {
    /// let vec = vec.write(mc);
    /// assert!(vec.try_extend(mc, 5..8).is_ok());
    /// assert_eq!(vec.len(), 3);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// If the heap is full; those values that there was room for are removed again.
    pub fn try_extend(&self, mc: Mutation<'gc>, values: impl IntoIterator<Item = T>) -> Result<(), HeapFull> {
        let length = self.len();
        let extended = values.into_iter().try_for_each(|value| self.try_push(mc, value));
        extended.inspect_err(|_| self.truncate(mc, length))
    }
}

/// The values of a vector, from [`Vec::iter`].
///
/// ```
/// # use gc_core::Config;
/// # use gc_core::arena::{Arena, Root, Vec};
/// # let arena = Arena::<Root![Vec<'_, u32>]>::new(Config::default(), |_| Vec::new())?;
/// # arena.mutate(|mc, vec| {
/// vec.extend(mc, [5, 6, 7]);
/// let mut values = vec.iter(mc);
/// assert_eq!(values.next(), Some(5));
/// vec.set(mc, 1, 9);
/// assert!(values.eq([9, 7]));
/// # });
/// # Ok::<(), gc_core::ConfigError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Iter<'a, 'gc, T> {
    vec: &'a Vec<'gc, T>,
    mc: Mutation<'gc>,
    position: usize,
}

impl<'gc, T: Trace<'gc> + Copy> Iterator for Iter<'_, 'gc, T> {
    type Item = T;

    #[inline]
    fn next(&mut self) -> Option<T> {
        let value = self.vec.get(self.mc, self.position)?;
        self.position += 1;
        Some(value)
    }
}
