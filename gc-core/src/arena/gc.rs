//! References to objects of an arena.

use super::any::Any;
use super::mutation::Mutation;
use super::trace::Trace;
use super::write::Write;
use crate::object::{ObjectRef, SlotMap, Tracer};
use std::cell::Cell;
use std::fmt;
use std::marker::PhantomData;
use std::ptr;

/// Ties a type to one arena: invariant in `'gc`, and neither `Send` nor `Sync`.
pub(super) type Brand<'gc> = PhantomData<(Cell<&'gc ()>, *const ())>;

/// A reference to an object of the arena with the brand `'gc`: 4 bytes, `Copy`, and 4 bytes in an `Option` too.
///
/// It is good until the closure in which it was got ends; in the fields of other objects it is kept up to date by the
/// collector. What it refers to is read through the [`Mutation`]: a load from a base and an index.
///
/// There is no `==`: whether two are one object [`Gc::ptr_eq`] says, whether two objects are equal their type knows. For a
/// `Gc<Str>`, which a [`Map`](super::Map) takes to be equal to others with the same text, `==` could be either.
///
/// ```
/// use gc_core::Config;
/// use gc_core::arena::{Arena, Gc, Root, Trace};
///
/// #[derive(Trace)]
/// struct Point { x: i32, y: i32 }
///
/// let arena = Arena::<Root![Gc<'_, Point>]>::new(Config::default(), |mc| mc.new(Point { x: 3, y: 4 }))?;
/// arena.mutate(|mc, root| {
///     let point: Gc<'_, Point> = *root.get(mc);
///     assert_eq!(point.get(mc).x, 3);
/// });
/// assert_eq!(size_of::<Option<Gc<'static, Point>>>(), 4);
/// # Ok::<(), gc_core::ConfigError>(())
/// ```
#[repr(transparent)]
pub struct Gc<'gc, T: ?Sized> {
    object: ObjectRef,
    brand: Brand<'gc>,
    of: PhantomData<*const T>,
}

impl<T: ?Sized> Clone for Gc<'_, T> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ?Sized> Copy for Gc<'_, T> {}

impl<T: ?Sized> fmt::Debug for Gc<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Gc")
    }
}

// SAFETY: the one word of it is the reference, and is never null.
unsafe impl<'gc, T: ?Sized + Object<'gc>> Trace<'gc> for Gc<'gc, T> {
    type Id = Gc<'static, T::Id>;
    const SLOTS: SlotMap = SlotMap::REFERENCE;

    #[inline]
    fn trace(&self, tracer: &mut Tracer) {
        tracer.note(ptr::from_ref(self).cast());
    }
}

/// What a [`Gc`] may refer to: a value that is [`Trace`], or one of the arena's own kinds of objects, such as
/// [`Str`](super::Str) and [`Array`](super::Array).
///
/// ```
/// # use gc_core::Config;
/// # use gc_core::arena::{Arena, Gc, Mutation, Object, Root, Str};
/// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
/// fn is_same<'gc, T: ?Sized + Object<'gc>>(mc: Mutation<'gc>, one: Gc<'gc, T>, other: Gc<'gc, T>) -> bool {
///     one.id(mc) == other.id(mc)
/// }
///
/// arena.mutate(|mc, _| {
///     let text = mc.str("any object will do");
///     assert!(is_same::<Str>(mc, text, text) && !is_same(mc, mc.new(1), mc.new(1)));
/// });
/// # Ok::<(), gc_core::ConfigError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "a `Gc` cannot refer to `{Self}`",
    label = "not a type of objects",
    note = "derive `Trace` for it; in place of a slice use `Array<T>`, of `str` use `Str`, of a trait object `Any` or an enum"
)]
pub trait Object<'gc>: sealed::Sealed<'gc> + 'gc {
    /// Names the type, but for its lifetimes.
    type Id: 'static;
}

pub(super) mod sealed {
    /// Objects are made by this crate only: they are what their headers say.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` cannot be an object of its own kind",
        label = "`Object` is implemented by the types that are `Trace`",
        note = "derive `Trace` for it"
    )]
    pub trait Sealed<'gc> {}
}

#[diagnostic::do_not_recommend]
impl<'gc, T: Trace<'gc>> sealed::Sealed<'gc> for T {}

#[diagnostic::do_not_recommend]
impl<'gc, T: Trace<'gc>> Object<'gc> for T {
    type Id = T::Id;
}

impl<'gc, T: ?Sized> Gc<'gc, T> {
    /// The reference to an object that is a `T`, of the arena with this brand.
    #[inline(always)]
    pub(super) fn of(object: ObjectRef) -> Self {
        Gc { object, brand: PhantomData, of: PhantomData }
    }

    /// Which object it is.
    #[inline(always)]
    pub(super) fn object(self) -> ObjectRef {
        self.object
    }

    /// Whether both refer to the same object.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let (one, other) = (mc.new(1), mc.new(1));
    /// assert!(one.ptr_eq(one) && !one.ptr_eq(other));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    #[inline(always)]
    pub fn ptr_eq<U: ?Sized>(self, other: Gc<'gc, U>) -> bool {
        self.object == other.object
    }

    /// A number that this object keeps for as long as it lives, wherever it is moved, and no other object of the arena
    /// ever has. The first call for an object takes note of it in a table, which costs about as much as an insertion into a
    /// `HashMap`.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Gc, Root};
    /// # let mut arena = Arena::<Root![Gc<'_, u32>]>::new(Config::default(), |mc| mc.new(1))?;
    /// let before = arena.mutate(|mc, root| root.get(mc).id(mc));
    /// arena.collect_minor();
    /// assert_eq!(arena.mutate(|mc, root| root.get(mc).id(mc)), before);
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    pub fn id(self, mc: Mutation<'gc>) -> u64 {
        mc.with_heap(|heap| heap.identity(self.object))
    }

    /// As [`Gc::id`], mixed so that all of its bits are good for a hash table.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let (one, other) = (mc.new(1), mc.new(1));
    /// assert_eq!(one.hash_id(mc), one.hash_id(mc));
    /// assert_ne!(one.hash_id(mc), other.hash_id(mc));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    pub fn hash_id(self, mc: Mutation<'gc>) -> u64 {
        super::hash::mix(self.id(mc))
    }

    /// As [`Gc::hash_id`], if that or [`Gc::id`] has been called for this object before.
    pub(super) fn known_hash_id(self, mc: Mutation<'gc>) -> Option<u64> {
        mc.with_heap(|heap| heap.known_identity(self.object)).map(super::hash::mix)
    }
}

impl<'gc, T: ?Sized + Object<'gc>> Gc<'gc, T> {
    /// The same reference, its type left to run time.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let any = mc.new(1_u32).erase();
    /// assert!(any.is::<u32>(mc));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    #[inline(always)]
    pub fn erase(self) -> Any<'gc> {
        Any::of(self.object)
    }
}

impl<'gc, T: Trace<'gc>> Gc<'gc, T> {
    /// The value.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let pair: &(u32, bool) = mc.new((1, true)).get(mc);
    /// assert_eq!(*pair, (1, true));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    #[inline(always)]
    pub fn get(self, mc: Mutation<'gc>) -> &'gc T {
        let value = mc.body(self.object).cast::<T>();
        // SAFETY: the object holds a `T`, which is not moved before `'gc` ends, and changed only in its cells.
        unsafe { &*value }
    }

    /// The value, to store into its cells: goes through the write barrier once, for any number of stores.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Lock, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let pair = mc.new((Lock::new(1), Lock::new(2)));
    /// let write = pair.write(mc);
    /// write.field(|pair| &pair.0).set(3);
    /// write.field(|pair| &pair.1).set(4);
    /// assert_eq!(pair.get(mc).0.get() + pair.get(mc).1.get(), 7);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[inline(always)]
    pub fn write(self, mc: Mutation<'gc>) -> &'gc Write<T> {
        if !T::SLOTS.is_empty() {
            mc.log(self.object);
        }
        Write::of(self.get(mc))
    }
}
