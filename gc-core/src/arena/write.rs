//! Permission to store into the cells of an object.

use std::ops::Deref;
use std::ptr;

/// A value inside an object that has been through the write barrier, and may be stored into until the closure ends.
///
/// [`Gc::write`](super::Gc::write) gives one for a whole object; [`Write::field`] goes on to a part of it. A [`Lock`](super::Lock) or
/// [`RefLock`](super::RefLock) can only be changed through one: no reference gets into an object without the collector hearing of it.
///
/// ```
/// # use gc_core::Config;
/// # use gc_core::arena::{Arena, Gc, Lock, Root, Trace};
/// #[derive(Trace)]
/// struct Pair<'gc> { left: Lock<Option<Gc<'gc, Pair<'gc>>>>, right: Lock<Option<Gc<'gc, Pair<'gc>>>> }
///
/// # let empty = || Pair { left: Lock::new(None), right: Lock::new(None) };
/// let arena = Arena::<Root![Pair<'_>]>::new(Config::default(), |_| Pair { left: Lock::new(None), right: Lock::new(None) })?;
/// arena.mutate(|mc, root| {
///     let pair = root.write(mc);
///     pair.field(|pair| &pair.left).set(Some(root));
///     pair.field(|pair| &pair.right).set(pair.left.get());
///     assert!(pair.right.get().is_some_and(|right| right.ptr_eq(root)));
/// });
/// # Ok::<(), gc_core::ConfigError>(())
/// ```
#[derive(Debug)]
#[repr(transparent)]
pub struct Write<T: ?Sized>(T);

impl<T: ?Sized> Write<T> {
    /// The permission for a value inside an object that has been through the barrier.
    #[inline(always)]
    pub(super) fn of(value: &T) -> &Write<T> {
        // SAFETY: it has the same layout.
        unsafe { &*(ptr::from_ref(value) as *const Write<T>) }
    }
}

impl<T> Write<T> {
    /// The permission for a part of the value.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Lock, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let pair = mc.new((Lock::new(1), "constant"));
    /// pair.write(mc).field(|pair| &pair.0).set(2);
    /// assert_eq!(pair.get(mc).0.get(), 2);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If `project` leads out of the value, to a part of another object.
    #[inline(always)]
    #[track_caller]
    pub fn field<U>(&self, project: impl for<'a> FnOnce(&'a T) -> &'a U) -> &Write<U> {
        let part = project(&self.0);
        self.check_part(part);
        Write::of(part)
    }

    /// The permission for a part that the value may not have, such as the contents of one variant.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Lock, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let cell = mc.new(Some(Lock::new(1)));
    /// if let Some(lock) = cell.write(mc).field_if(Option::as_ref) {
    ///     lock.set(2);
    /// }
    /// assert_eq!(cell.get(mc).as_ref().map(Lock::get), Some(2));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If `project` leads out of the value, to a part of another object.
    #[inline(always)]
    #[track_caller]
    pub fn field_if<U>(&self, project: impl for<'a> FnOnce(&'a T) -> Option<&'a U>) -> Option<&Write<U>> {
        let part = project(&self.0)?;
        self.check_part(part);
        Some(Write::of(part))
    }

    /// Stops a projection that leads elsewhere: the barrier has heard of this value only. Where the projection is known to
    /// the compiler, so is the answer.
    #[inline(always)]
    #[track_caller]
    fn check_part<U>(&self, part: &U) {
        let offset = ptr::from_ref(part).addr().wrapping_sub(ptr::from_ref(self).addr());
        let fits = offset <= size_of::<T>() && size_of::<U>() <= size_of::<T>() - offset;
        assert!(fits, "the projection leads to a part of another object");
    }
}

impl<T, const N: usize> Write<[T; N]> {
    /// The permission for element `index`.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Lock, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let cells = mc.new([Lock::new(1), Lock::new(2)]);
    /// cells.write(mc).at(1).set(3);
    /// assert_eq!(cells.get(mc)[1].get(), 3);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If there is no such element.
    #[inline(always)]
    #[track_caller]
    pub fn at(&self, index: usize) -> &Write<T> {
        Write::of(&self.0[index])
    }

    /// The permission for all elements, as a slice.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Lock, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let cells = mc.new([Lock::new(1), Lock::new(2)]);
    /// cells.write(mc).as_slice().fill(3);
    /// assert_eq!(cells.get(mc)[1].get(), 3);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[inline(always)]
    pub fn as_slice(&self) -> &Write<[T]> {
        Write::of(&self.0)
    }
}

impl<T> Write<[T]> {
    /// The permission for element `index`.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Lock, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let cells = mc.array_from_fn(3, Lock::new);
    /// cells.write_range(mc, 1..3).at(0).set(7);
    /// assert_eq!(cells.at(mc, 1), 7);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If there is no such element.
    #[inline(always)]
    #[track_caller]
    pub fn at(&self, index: usize) -> &Write<T> {
        Write::of(&self.0[index])
    }

    /// The permissions for all elements.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Lock, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let cells = mc.array_from_fn(3, Lock::new);
    /// cells.write_range(mc, 0..3).iter().for_each(|cell| cell.set(cell.get() * 10));
    /// assert_eq!(cells.at(mc, 2), 20);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Write<T>> + ExactSizeIterator {
        self.0.iter().map(Write::of)
    }
}

impl<T: ?Sized> Deref for Write<T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        &self.0
    }
}
