//! Vectors that are objects.

use super::forward;
use crate::arena::collections::vec::{Iter, Vec};
use crate::arena::{Gc, Mutation, Trace};
use crate::heap::HeapFull;

forward! {
    [T: Trace<'gc> + Copy] Vec<'gc, T>:
    /// How many values there may be before more room is made.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Vec};
    /// # let arena = Arena::<Root![Vec<'_, u32>]>::new(Config::default(), |_| Vec::new())?;
    /// # arena.mutate(|mc, vec| {
    /// vec.extend(mc, 0..10);
    /// assert!(vec.capacity(mc) >= 10);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    get capacity() -> usize;

    /// Value `index`.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Vec};
    /// # let arena = Arena::<Root![Vec<'_, u32>]>::new(Config::default(), |_| Vec::new())?;
    /// # arena.mutate(|mc, vec| {
    /// vec.extend(mc, [5, 6]);
    /// assert_eq!(vec.at(mc, 1), 6);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If there is no such value.
    get at(index: usize) -> T;

    /// The last value, if there is one.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Vec};
    /// # let arena = Arena::<Root![Vec<'_, u32>]>::new(Config::default(), |_| Vec::new())?;
    /// # arena.mutate(|mc, vec| {
    /// assert_eq!(vec.last(mc), None);
    /// vec.extend(mc, [5, 6]);
    /// assert_eq!(vec.last(mc), Some(6));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    get last() -> Option<T>;

    /// The values in order; as [`Vec::iter`].
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Vec};
    /// # let arena = Arena::<Root![Vec<'_, u32>]>::new(Config::default(), |_| Vec::new())?;
    /// # arena.mutate(|mc, vec| {
    /// vec.extend(mc, [5, 6]);
    /// assert!(vec.iter(mc).eq([5, 6]));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    get iter() -> Iter<'gc, 'gc, T>;

    /// Adds a value at the end.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Vec};
    /// # let arena = Arena::<Root![Vec<'_, u32>]>::new(Config::default(), |_| Vec::new())?;
    /// # arena.mutate(|mc, vec| {
    /// vec.push(mc, 5);
    /// assert_eq!(vec.at(mc, 0), 5);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If the heap is full.
    write push(value: T);

    /// As `push`, but a full heap is an error instead of a panic; the vector is then as it was.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Vec};
    /// # let arena = Arena::<Root![Vec<'_, u32>]>::new(Config::default(), |_| Vec::new())?;
    /// # arena.mutate(|mc, vec| {
    /// assert!(vec.try_push(mc, 5).is_ok());
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// If the heap is full.
    write try_push(value: T) -> Result<(), HeapFull>;

    /// Takes the last value, if there is one.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Vec};
    /// # let arena = Arena::<Root![Vec<'_, u32>]>::new(Config::default(), |_| Vec::new())?;
    /// # arena.mutate(|mc, vec| {
    /// vec.push(mc, 5);
    /// assert_eq!(vec.pop(mc), Some(5));
    /// assert_eq!(vec.pop(mc), None);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    write pop() -> Option<T>;

    /// Replaces value `index`.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Vec};
    /// # let arena = Arena::<Root![Vec<'_, u32>]>::new(Config::default(), |_| Vec::new())?;
    /// # arena.mutate(|mc, vec| {
    /// vec.extend(mc, [5, 6]);
    /// vec.set(mc, 0, 7);
    /// assert!(vec.iter(mc).eq([7, 6]));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If there is no such value.
    write set(index: usize, value: T);

    /// Exchanges values `a` and `b`.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Vec};
    /// # let arena = Arena::<Root![Vec<'_, u32>]>::new(Config::default(), |_| Vec::new())?;
    /// # arena.mutate(|mc, vec| {
    /// vec.extend(mc, [5, 6, 7]);
    /// vec.swap(mc, 0, 2);
    /// assert!(vec.iter(mc).eq([7, 6, 5]));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If there are no such values.
    write swap(a: usize, b: usize);

    /// Adds a value as value `index`. O(n): those behind it move.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Vec};
    /// # let arena = Arena::<Root![Vec<'_, u32>]>::new(Config::default(), |_| Vec::new())?;
    /// # arena.mutate(|mc, vec| {
    /// vec.extend(mc, [5, 7]);
    /// vec.insert(mc, 1, 6);
    /// assert!(vec.iter(mc).eq([5, 6, 7]));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If there are fewer than `index` values, or the heap is full.
    write insert(index: usize, value: T);

    /// As `insert`, but a full heap is an error instead of a panic; the vector is then as it was.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Vec};
    /// # let arena = Arena::<Root![Vec<'_, u32>]>::new(Config::default(), |_| Vec::new())?;
    /// # arena.mutate(|mc, vec| {
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
    write try_insert(index: usize, value: T) -> Result<(), HeapFull>;

    /// Takes value `index`. O(n): those behind it move.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Vec};
    /// # let arena = Arena::<Root![Vec<'_, u32>]>::new(Config::default(), |_| Vec::new())?;
    /// # arena.mutate(|mc, vec| {
    /// vec.extend(mc, [5, 6, 7]);
    /// assert_eq!(vec.remove(mc, 0), 5);
    /// assert!(vec.iter(mc).eq([6, 7]));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If there is no such value.
    write remove(index: usize) -> T;

    /// Takes value `index`, and puts the last one in its place.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Vec};
    /// # let arena = Arena::<Root![Vec<'_, u32>]>::new(Config::default(), |_| Vec::new())?;
    /// # arena.mutate(|mc, vec| {
    /// vec.extend(mc, [5, 6, 7]);
    /// assert_eq!(vec.swap_remove(mc, 0), 5);
    /// assert!(vec.iter(mc).eq([7, 6]));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If there is no such value.
    write swap_remove(index: usize) -> T;

    /// Removes all values but the first `length`.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Vec};
    /// # let arena = Arena::<Root![Vec<'_, u32>]>::new(Config::default(), |_| Vec::new())?;
    /// # arena.mutate(|mc, vec| {
    /// vec.extend(mc, [5, 6, 7]);
    /// vec.truncate(mc, 1);
    /// assert!(vec.iter(mc).eq([5]));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    write truncate(length: usize);

    /// Removes all values; their room is kept.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Vec};
    /// # let arena = Arena::<Root![Vec<'_, u32>]>::new(Config::default(), |_| Vec::new())?;
    /// # arena.mutate(|mc, vec| {
    /// vec.extend(mc, [5, 6]);
    /// vec.clear(mc);
    /// assert!(vec.is_empty(mc) && vec.capacity(mc) >= 2);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    write clear();

    /// Adds values at the end.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Vec};
    /// # let arena = Arena::<Root![Vec<'_, u32>]>::new(Config::default(), |_| Vec::new())?;
    /// # arena.mutate(|mc, vec| {
    /// vec.push(mc, 5);
    /// vec.extend(mc, [6, 7]);
    /// assert!(vec.iter(mc).eq([5, 6, 7]));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If the heap is full.
    write extend(values: impl IntoIterator<Item = T>);

    /// As `extend`, but a full heap is an error instead of a panic; the vector is then as it was.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Vec};
    /// # let arena = Arena::<Root![Vec<'_, u32>]>::new(Config::default(), |_| Vec::new())?;
    /// # arena.mutate(|mc, vec| {
    /// assert!(vec.try_extend(mc, 5..8).is_ok());
    /// assert_eq!(vec.len(mc), 3);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// If the heap is full.
    write try_extend(values: impl IntoIterator<Item = T>) -> Result<(), HeapFull>;
}
