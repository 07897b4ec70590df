//! References that do not keep their objects alive.

use super::gc::{Gc, Object, sealed};
use super::mutation::{Mutation, full_heap};
use super::trace::Trace;
use super::types::{LibraryForm, TypeRecord};
use crate::heap::HeapFull;
use crate::object::{SlotMap, Tracer};
use std::any::{TypeId, type_name};
use std::convert::Infallible;
use std::fmt;
use std::marker::PhantomData;

/// A key that is not kept alive, and a value that is kept alive while the key is: B. Hayes, "Ephemerons: a new
/// finalization mechanism" (1997). Only ever met behind a [`Gc`].
///
/// When the key dies, the value is let go, however the value refers to the key. See
/// [`Heap::alloc_ephemeron`](crate::Heap::alloc_ephemeron).
///
/// ```
/// # use gc_core::Config;
/// # use gc_core::arena::{Arena, Ephemeron, Gc, Root};
/// type Entry = Root![Gc<'_, Ephemeron<u32, u64>>];
/// let mut arena = Arena::<Entry>::new(Config::default(), |mc| {
///     mc.ephemeron(mc.new(1_u32), mc.new(2_u64))
/// })?;
/// arena.mutate(|mc, root| assert!(!root.get(mc).is_dead(mc) && root.get(mc).key(mc).is_some()));
/// arena.collect_full();
/// arena.mutate(|mc, root| assert!(root.get(mc).key(mc).is_none() && root.get(mc).value(mc).is_none()));
/// # Ok::<(), gc_core::ConfigError>(())
/// ```
#[derive(Debug)]
pub struct Ephemeron<K: ?Sized, V: ?Sized>(PhantomData<*const K>, PhantomData<*const V>, Infallible);

impl<'gc, K: ?Sized + Object<'gc>, V: ?Sized + Object<'gc>> sealed::Sealed<'gc> for Ephemeron<K, V> {}

impl<'gc, K: ?Sized + Object<'gc>, V: ?Sized + Object<'gc>> Object<'gc> for Ephemeron<K, V> {
    type Id = Ephemeron<K::Id, V::Id>;
}

/// Records by types of key and value.
struct Pair<K: ?Sized, V: ?Sized>(PhantomData<*const K>, PhantomData<*const V>);

impl<'gc, K: ?Sized + Object<'gc>, V: ?Sized + Object<'gc>> Pair<K, V> {
    const RECORD: &'static TypeRecord = &TypeRecord::library(
        TypeId::of::<Ephemeron<K::Id, V::Id>>,
        type_name::<Ephemeron<K, V>>,
        LibraryForm::Ephemeron,
    );
}

impl<'gc> Mutation<'gc> {
    /// Makes an ephemeron.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let entry = mc.ephemeron(mc.new(1), mc.str("value"));
    /// assert_eq!(entry.value(mc).map(|value| value.as_str(mc)), Some("value"));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If the heap is full.
    #[must_use]
    #[track_caller]
    pub fn ephemeron<K: ?Sized + Object<'gc>, V: ?Sized + Object<'gc>>(
        self,
        key: Gc<'gc, K>,
        value: Gc<'gc, V>,
    ) -> Gc<'gc, Ephemeron<K, V>> {
        self.try_ephemeron(key, value).unwrap_or_else(|full| full_heap(full))
    }

    /// Makes an ephemeron.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let entry = mc.try_ephemeron(mc.new(1), mc.str("value")).expect("room");
    /// assert!(entry.key(mc).is_some());
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// If the heap is full.
    pub fn try_ephemeron<K: ?Sized + Object<'gc>, V: ?Sized + Object<'gc>>(
        self,
        key: Gc<'gc, K>,
        value: Gc<'gc, V>,
    ) -> Result<Gc<'gc, Ephemeron<K, V>>, HeapFull> {
        self.make_ephemeron(Pair::<K, V>::RECORD, key.object(), Some(value.object()))
    }

    /// Makes a weak reference.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let number = mc.new(1);
    /// assert!(mc.weak(number).upgrade(mc).is_some_and(|same| same.ptr_eq(number)));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If the heap is full.
    #[must_use]
    #[track_caller]
    pub fn weak<T: ?Sized + Object<'gc>>(self, target: Gc<'gc, T>) -> Weak<'gc, T> {
        self.try_weak(target).unwrap_or_else(|full| full_heap(full))
    }

    /// Makes a weak reference.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let weak = mc.try_weak(mc.new(1)).expect("room");
    /// assert!(weak.upgrade(mc).is_some());
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// If the heap is full.
    pub fn try_weak<T: ?Sized + Object<'gc>>(self, target: Gc<'gc, T>) -> Result<Weak<'gc, T>, HeapFull> {
        self.make_ephemeron(Pair::<T, ()>::RECORD, target.object(), None).map(Weak)
    }
}

impl<'gc, K: ?Sized + Object<'gc>, V: ?Sized + Object<'gc>> Gc<'gc, Ephemeron<K, V>> {
    /// The key, if it is alive.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let key = mc.new(1);
    /// let entry = mc.ephemeron(key, mc.new(2));
    /// assert!(entry.key(mc).is_some_and(|same| same.ptr_eq(key)));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    pub fn key(self, mc: Mutation<'gc>) -> Option<Gc<'gc, K>> {
        mc.with_heap(|heap| heap.ephemeron_target(self.object(), 0)).map(Gc::of)
    }

    /// Whether the key has been found dead. Asking this keeps nothing alive, whereas a key or a value that is read while
    /// a marking is under way lives until the next one.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Ephemeron, Gc, Root};
    /// # let mut arena = Arena::<Root![Gc<'_, Ephemeron<u32, u64>>]>::new(Config::default(), |mc| {
    /// #     mc.ephemeron(mc.new(1), mc.new(2))
    /// # })?;
    /// arena.mutate(|mc, entry| assert!(!entry.get(mc).is_dead(mc)));
    /// arena.collect_full();
    /// arena.mutate(|mc, entry| assert!(entry.get(mc).is_dead(mc)));
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    pub fn is_dead(self, mc: Mutation<'gc>) -> bool {
        mc.with_heap(|heap| heap.is_cleared(self.object()))
    }

    /// The value, if the key is alive.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let entry = mc.ephemeron(mc.new(1), mc.new(2));
    /// assert_eq!(entry.value(mc).map(|value| *value.get(mc)), Some(2));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    pub fn value(self, mc: Mutation<'gc>) -> Option<Gc<'gc, V>> {
        mc.with_heap(|heap| heap.ephemeron_target(self.object(), 1)).map(Gc::of)
    }
}

/// A reference that does not keep its object alive: 4 bytes, and an object of 16 bytes that it leads to.
///
/// ```
/// # use gc_core::Config;
/// # use gc_core::arena::{Arena, Root, Weak};
/// let mut arena = Arena::<Root![Weak<'_, u32>]>::new(Config::default(), |mc| mc.weak(mc.new(1)))?;
/// arena.mutate(|mc, root| assert!(root.get(mc).upgrade(mc).is_some()));
/// arena.collect_full();
/// arena.mutate(|mc, root| assert!(root.get(mc).is_dead(mc) && root.get(mc).upgrade(mc).is_none()));
/// # Ok::<(), gc_core::ConfigError>(())
/// ```
pub struct Weak<'gc, T: ?Sized>(Gc<'gc, Ephemeron<T, ()>>);

impl<T: ?Sized> Clone for Weak<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ?Sized> Copy for Weak<'_, T> {}

impl<T: ?Sized> fmt::Debug for Weak<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Weak")
    }
}

impl<'gc, T: ?Sized> Weak<'gc, T> {
    /// The ephemeron that it leads to.
    pub(super) fn ephemeron(self) -> Gc<'gc, Ephemeron<T, ()>> {
        self.0
    }
}

impl<'gc, T: ?Sized + Object<'gc>> Weak<'gc, T> {
    /// The object, if it is alive.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let weak = mc.weak(mc.new(1));
    /// assert_eq!(weak.upgrade(mc).map(|number| *number.get(mc)), Some(1));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    #[inline]
    pub fn upgrade(self, mc: Mutation<'gc>) -> Option<Gc<'gc, T>> {
        self.0.key(mc)
    }

    /// Whether the object has been found dead. See [`Ephemeron`]'s `is_dead`.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Weak};
    /// # let mut arena = Arena::<Root![Weak<'_, u32>]>::new(Config::default(), |mc| mc.weak(mc.new(1)))?;
    /// arena.mutate(|mc, weak| assert!(!weak.get(mc).is_dead(mc)));
    /// arena.collect_full();
    /// arena.mutate(|mc, weak| assert!(weak.get(mc).is_dead(mc)));
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    pub fn is_dead(self, mc: Mutation<'gc>) -> bool {
        self.0.is_dead(mc)
    }
}

// SAFETY: the one word of it is a reference to an object that is an ephemeron.
unsafe impl<'gc, T: ?Sized + Object<'gc>> Trace<'gc> for Weak<'gc, T> {
    type Id = Weak<'static, T::Id>;
    const SLOTS: SlotMap = SlotMap::REFERENCE;

    #[inline]
    fn trace(&self, tracer: &mut Tracer) {
        self.0.trace(tracer);
    }
}
