//! References whose types are left to run time.

use super::gc::{Brand, Gc, Object};
use super::mutation::Mutation;
use super::trace::Trace;
use crate::object::{ObjectRef, SlotMap, Tracer};
use std::any::TypeId;
use std::marker::PhantomData;
use std::{fmt, ptr};

/// A reference to an object of any type: [`Gc::erase`] makes one, [`Any::downcast`] gets the type back.
///
/// ```
/// # use gc_core::Config;
/// # use gc_core::arena::{Any, Arena, Gc, Root};
/// let arena = Arena::<Root![Any<'_>]>::new(Config::default(), |mc| mc.new(7_u64).erase())?;
/// arena.mutate(|mc, root| {
///     let any = *root.get(mc);
///     let number: Gc<'_, u64> = any.downcast(mc).expect("a number");
///     assert_eq!(*number.get(mc), 7);
///     assert!(any.downcast::<u32>(mc).is_none());
/// });
/// # Ok::<(), gc_core::ConfigError>(())
/// ```
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct Any<'gc> {
    object: ObjectRef,
    brand: Brand<'gc>,
}

impl<'gc> Any<'gc> {
    #[inline(always)]
    pub(super) fn of(object: ObjectRef) -> Self {
        Any { object, brand: PhantomData }
    }

    /// Which object it is.
    #[inline(always)]
    pub(super) fn object(self) -> ObjectRef {
        self.object
    }

    /// Whether the object is a `T`.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Str};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let any = mc.str("text").erase();
    /// assert!(any.is::<Str>(mc) && !any.is::<u32>(mc));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    pub fn is<T: ?Sized + Object<'gc>>(self, mc: Mutation<'gc>) -> bool {
        mc.types().id_of(mc.header(self.object)) == Some(TypeId::of::<T::Id>())
    }

    /// A reference to the object as a `T`, if it is one.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Str};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let any = mc.str("text").erase();
    /// assert_eq!(any.downcast::<Str>(mc).map(|text| text.as_str(mc)), Some("text"));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    pub fn downcast<T: ?Sized + Object<'gc>>(self, mc: Mutation<'gc>) -> Option<Gc<'gc, T>> {
        self.is::<T>(mc).then(|| Gc::of(self.object))
    }

    /// The name of the object's type, for reports.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// assert_eq!(mc.new(1_u32).erase().type_name(mc), "u32");
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    pub fn type_name(self, mc: Mutation<'gc>) -> &'static str {
        mc.types().name_of(mc.header(self.object))
    }

    /// Whether both refer to the same object.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let number = mc.new(1);
    /// assert!(number.erase().ptr_eq(number.erase()));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    #[inline(always)]
    pub fn ptr_eq(self, other: Any<'gc>) -> bool {
        self.object == other.object
    }

    /// As [`Gc::id`].
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let number = mc.new(1);
    /// assert_eq!(number.erase().id(mc), number.id(mc));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    pub fn id(self, mc: Mutation<'gc>) -> u64 {
        mc.with_heap(|heap| heap.identity(self.object))
    }
}

impl fmt::Debug for Any<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Any")
    }
}

impl<'gc, T: ?Sized + Object<'gc>> From<Gc<'gc, T>> for Any<'gc> {
    #[inline(always)]
    fn from(gc: Gc<'gc, T>) -> Self {
        gc.erase()
    }
}

// SAFETY: the one word of it is the reference, and is never null.
unsafe impl<'gc> Trace<'gc> for Any<'gc> {
    type Id = Any<'static>;
    const SLOTS: SlotMap = SlotMap::REFERENCE;

    #[inline]
    fn trace(&self, tracer: &mut Tracer) {
        tracer.note(ptr::from_ref(self).cast());
    }
}
