//! Arrays: any number of values in one object.

use super::gc::{Gc, Object, sealed};
use super::mutation::Mutation;
use super::trace::Trace;
use super::types::{Many, WORD_BYTES};
use super::write::Write;
use std::convert::Infallible;
use std::marker::PhantomData;
use std::ops::Range;
use std::slice;

/// An object that holds any number of `T`, decided when it is made. Only ever met behind a [`Gc`].
///
/// Its values are changed like fields: an `Array<Lock<T>>` is one whose elements can be stored into.
///
/// ```
/// # use gc_core::Config;
/// # use gc_core::arena::{Arena, Array, Gc, Lock, Root};
/// let arena = Arena::<Root![Gc<'_, Array<Lock<u64>>>]>::new(Config::default(), |mc| {
///     mc.array_from_fn(3, |index| Lock::new(index as u64))
/// })?;
/// arena.mutate(|mc, root| {
///     let array = *root.get(mc);
///     array.set(mc, 1, 10);
///     let values: Vec<u64> = array.as_slice(mc).iter().map(Lock::get).collect();
///     assert_eq!(values, [0, 10, 2]);
///
///     array.write_range(mc, 1..3).fill(7);
///     array.write_range(mc, 0..3).copy_within(0..1, 2);
///     array.write_range(mc, 0..1).iter().for_each(|value| value.set(1));
///     assert_eq!([0, 1, 2].map(|index| array.at(mc, index)), [1, 7, 0]);
/// });
/// # Ok::<(), gc_core::ConfigError>(())
/// ```
#[derive(Debug)]
pub struct Array<T>(PhantomData<T>, Infallible);

impl<'gc, T: Trace<'gc>> sealed::Sealed<'gc> for Array<T> {}

impl<'gc, T: Trace<'gc>> Object<'gc> for Array<T> {
    type Id = Array<T::Id>;
}

impl<'gc, T: Trace<'gc>> Gc<'gc, Array<T>> {
    /// How many values there are.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// assert_eq!(mc.array(&[1, 2, 3]).len(mc), 3);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    #[inline(always)]
    pub fn len(self, mc: Mutation<'gc>) -> usize {
        Many::<T>::length(mc.header(self.object()))
    }

    /// Whether there are none.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// assert!(mc.array::<u32>(&[]).is_empty(mc));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    #[inline(always)]
    pub fn is_empty(self, mc: Mutation<'gc>) -> bool {
        self.len(mc) == 0
    }

    /// The values.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let sum: i32 = mc.array(&[1, 2, 3]).as_slice(mc).iter().sum();
    /// assert_eq!(sum, 6);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    #[inline(always)]
    pub fn as_slice(self, mc: Mutation<'gc>) -> &'gc [T] {
        let values = mc.body(self.object()).cast::<T>();
        // SAFETY: the object holds so many `T`s, which are not moved before `'gc` ends, and changed only in their cells.
        unsafe { slice::from_raw_parts(values, self.len(mc)) }
    }

    /// The permission to store into value `index`.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Lock, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let pairs = mc.array_from_fn(2, |index| (index, Lock::new(0)));
    /// pairs.write_at(mc, 1).field(|pair| &pair.1).set(5);
    /// assert_eq!(pairs.as_slice(mc)[1].1.get(), 5);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If there is no such value.
    #[inline(always)]
    #[track_caller]
    pub fn write_at(self, mc: Mutation<'gc>, index: usize) -> &'gc Write<T> {
        let value = &self.as_slice(mc)[index];
        self.log(mc, index..index + 1);
        Write::of(value)
    }

    /// The permission to store into the values `range`.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Lock, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let cells = mc.array_from_fn(4, Lock::new);
    /// cells.write_range(mc, 1..3).fill(7);
    /// assert_eq!([0, 1, 2, 3].map(|index| cells.at(mc, index)), [0, 7, 7, 3]);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If there are no such values.
    #[inline]
    #[track_caller]
    pub fn write_range(self, mc: Mutation<'gc>, range: Range<usize>) -> &'gc Write<[T]> {
        let values = &self.as_slice(mc)[range.clone()];
        self.log(mc, range);
        Write::of(values)
    }

    /// The write barrier of the values `range`, which are there.
    #[inline(always)]
    fn log(self, mc: Mutation<'gc>, range: Range<usize>) {
        if !T::SLOTS.is_empty() && !range.is_empty() {
            // In bounds, so that these are less than 2^32 words.
            let word = |index: usize| (index * (size_of::<T>() / WORD_BYTES)) as u32;
            mc.log_words(self.object(), word(range.start)..word(range.end));
        }
    }
}

impl<'gc, T: Trace<'gc>> Gc<'gc, Array<super::Lock<T>>> {
    /// A copy of value `index`.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Lock, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let cells = mc.array_from_fn(3, Lock::new);
    /// assert_eq!(cells.at(mc, 2), 2);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If there is no such value.
    #[must_use]
    #[inline(always)]
    #[track_caller]
    pub fn at(self, mc: Mutation<'gc>, index: usize) -> T
    where
        T: Copy,
    {
        self.as_slice(mc)[index].get()
    }

    /// Replaces value `index`.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Lock, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let cells = mc.array_from_fn(3, Lock::new);
    /// cells.set(mc, 2, 7);
    /// assert_eq!(cells.at(mc, 2), 7);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If there is no such value.
    #[inline(always)]
    #[track_caller]
    pub fn set(self, mc: Mutation<'gc>, index: usize, value: T) {
        self.write_at(mc, index).set(value);
    }
}
