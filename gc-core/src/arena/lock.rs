//! Cells that take part in the write barrier.

use super::gc::Gc;
use super::mutation::Mutation;
use super::trace::{Trace, describe};
use super::write::Write;
use crate::object::{Describer, Field, SlotMap, Tracer};
use std::cell::{BorrowError, BorrowMutError, Cell, Ref, RefCell, RefMut};
use std::fmt;
use std::ops::Range;

/// A [`Cell`] that may hold references: anybody may read it, only a [`Write`] may change it.
///
/// ```
/// # use gc_core::Config;
/// # use gc_core::arena::{Arena, Gc, Lock, Root, Trace};
/// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
/// #[derive(Trace)]
/// struct Account<'gc> { owner: Lock<Option<Gc<'gc, Account<'gc>>>>, balance: Lock<i64> }
///
/// arena.mutate(|mc, _| {
///     let account = mc.new(Account { owner: Lock::new(None), balance: Lock::new(10) });
///     account.write(mc).field(|account| &account.owner).set(Some(account));
///     assert_eq!(account.get(mc).owner.get().map(|owner| owner.get(mc).balance.get()), Some(10));
/// });
/// # Ok::<(), gc_core::ConfigError>(())
/// ```
#[repr(transparent)]
pub struct Lock<T>(Cell<T>);

impl<T> Lock<T> {
    /// A cell that holds `value`.
    ///
    /// ```
    /// # use gc_core::arena::Lock;
    /// assert_eq!(Lock::new(1).get(), 1);
    /// ```
    #[inline(always)]
    pub const fn new(value: T) -> Self {
        Lock(Cell::new(value))
    }

    /// A copy of what it holds.
    ///
    /// ```
    /// # use gc_core::arena::Lock;
    /// assert_eq!(Lock::new(1).get(), 1);
    /// ```
    #[inline(always)]
    pub fn get(&self) -> T
    where
        T: Copy,
    {
        self.0.get()
    }

    /// What it holds, once nobody else has it.
    ///
    /// ```
    /// # use gc_core::arena::Lock;
    /// assert_eq!(Lock::new(1).into_inner(), 1);
    /// ```
    #[inline(always)]
    pub fn into_inner(self) -> T {
        self.0.into_inner()
    }
}

/// What no cell is: the methods that a cell has on paper for such are there to tell the programmer what is missing.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a cell is changed through a `Write`, which tells the collector",
    label = "only a `Write` of the cell can do this",
    note = "for a field of an object: `gc.write(mc).field(|object| &object.cell).set(value)`; for an object that is a cell itself: `gc.set(mc, value)`, or `gc.borrow_mut(mc)`"
)]
pub trait ChangedWithoutWrite {}

/// These cannot be called.
#[doc(hidden)]
impl<T> Lock<T> {
    pub fn set(&self, _value: T)
    where
        Self: ChangedWithoutWrite,
    {
    }

    pub fn replace(&self, value: T) -> T
    where
        Self: ChangedWithoutWrite,
    {
        value
    }

    pub fn take(&self) -> T
    where
        Self: ChangedWithoutWrite,
        T: Default,
    {
        T::default()
    }
}

/// This cannot be called.
#[doc(hidden)]
impl<T> RefLock<T> {
    pub fn borrow_mut(&self) -> RefMut<'_, T>
    where
        Self: ChangedWithoutWrite,
    {
        unreachable!("no cell is `ChangedWithoutWrite`")
    }
}

impl<T> Write<Lock<T>> {
    /// Replaces what it holds.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Lock, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let cell = mc.new(Lock::new(1));
    /// cell.write(mc).set(2);
    /// assert_eq!(cell.get(mc).get(), 2);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[inline(always)]
    pub fn set(&self, value: T) {
        self.0.set(value);
    }

    /// Replaces what it holds; what it held.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Lock, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let cell = mc.new(Lock::new(1));
    /// assert_eq!(cell.write(mc).replace(2), 1);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[inline(always)]
    pub fn replace(&self, value: T) -> T {
        self.0.replace(value)
    }

    /// Leaves the default value in its place; what it held.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Lock, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let cell = mc.new(Lock::new(Some(1)));
    /// assert_eq!((cell.write(mc).take(), cell.get(mc).get()), (Some(1), None));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[inline(always)]
    pub fn take(&self) -> T
    where
        T: Default,
    {
        self.0.take()
    }
}

impl<T: Copy> Write<[Lock<T>]> {
    /// Replaces what all of them hold.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Lock, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let cells = mc.new([Lock::new(1), Lock::new(2)]);
    /// cells.write(mc).as_slice().fill(3);
    /// assert_eq!(cells.get(mc).each_ref().map(Lock::get), [3, 3]);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    pub fn fill(&self, value: T) {
        self.iter().for_each(|lock| lock.set(value));
    }

    /// Copies what those of `source` hold to as many from `target` on, as if all were read before any is replaced.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Lock, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let cells = mc.new([1, 2, 3, 4].map(Lock::new));
    /// cells.write(mc).as_slice().copy_within(0..3, 1);
    /// assert_eq!(cells.get(mc).each_ref().map(Lock::get), [1, 1, 2, 3]);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If there are not so many.
    #[track_caller]
    pub fn copy_within(&self, source: Range<usize>, target: usize) {
        let (from, to) = (&self[source.clone()], Write::of(&self[target..target + source.len()]));
        let copies = from.iter().zip(to.iter());
        if target <= source.start {
            copies.for_each(|(from, to)| to.set(from.get()));
        } else {
            copies.rev().for_each(|(from, to)| to.set(from.get()));
        }
    }
}

impl<'gc, T: Trace<'gc>> Gc<'gc, Lock<T>> {
    /// Replaces what the object holds.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Lock, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let cell = mc.new(Lock::new(1));
    /// cell.set(mc, 2);
    /// assert_eq!(cell.get(mc).get(), 2);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[inline(always)]
    pub fn set(self, mc: Mutation<'gc>, value: T) {
        self.write(mc).set(value);
    }
}

impl<T: Copy + fmt::Debug> fmt::Debug for Lock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Lock").field(&self.get()).finish()
    }
}

impl<T: Default> Default for Lock<T> {
    fn default() -> Self {
        Lock::new(T::default())
    }
}

// SAFETY: the references are those of what it holds, which is changed through a `Write` only.
unsafe impl<'gc, T: Trace<'gc>> Trace<'gc> for Lock<T> {
    type Id = Lock<T::Id>;
    const SLOTS: SlotMap = T::SLOTS;
    const FIELDS: &'static [Field] = T::FIELDS;
    const ELEMENT_BYTES: usize = T::ELEMENT_BYTES;

    #[inline]
    fn trace(&self, tracer: &mut Tracer) {
        // SAFETY: nobody stores into the cell meanwhile: the collector runs alone, and so does the barrier.
        let value = unsafe { &*self.0.as_ptr() };
        value.trace(tracer);
    }

    fn describe_fields(&self, describer: &mut Describer) {
        // SAFETY: the same; a snapshot is taken between closures.
        let value = unsafe { &*self.0.as_ptr() };
        value.describe_fields(describer);
    }
}

/// A [`RefCell`] that may hold references: anybody may borrow it to read, only a [`Write`] may borrow it to change.
///
/// A borrow that is leaked stays one: the collector does not mind, and later borrows to change are refused.
///
/// ```
/// # use gc_core::Config;
/// # use gc_core::arena::{Arena, Gc, RefLock, Root, Str};
/// # type Names = Root![RefLock<[Gc<'_, Str>; 2]>];
/// # let arena = Arena::<Names>::new(Config::default(), |mc| RefLock::new([mc.str("first"), mc.str("second")]))?;
/// arena.mutate(|mc, root| {
///     let mut names = root.borrow_mut(mc);
///     names[1] = names[0];
/// });
/// arena.mutate(|mc, root| assert_eq!(root.borrow(mc)[1].as_str(mc), "first"));
/// # Ok::<(), gc_core::ConfigError>(())
/// ```
pub struct RefLock<T>(RefCell<T>);

impl<T> RefLock<T> {
    /// A cell that holds `value`.
    ///
    /// ```
    /// # use gc_core::arena::RefLock;
    /// assert_eq!(*RefLock::new(1).borrow(), 1);
    /// ```
    #[inline(always)]
    pub const fn new(value: T) -> Self {
        RefLock(RefCell::new(value))
    }

    /// Borrows what it holds.
    ///
    /// ```
    /// # use gc_core::arena::RefLock;
    /// assert_eq!(*RefLock::new(1).borrow(), 1);
    /// ```
    ///
    /// # Panics
    /// If it is borrowed to be changed.
    #[inline]
    #[track_caller]
    pub fn borrow(&self) -> Ref<'_, T> {
        self.0.borrow()
    }

    /// Borrows what it holds.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, RefLock, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let cell = mc.new(RefLock::new(1));
    /// let changed = cell.borrow_mut(mc);
    /// assert!(cell.get(mc).try_borrow().is_err());
    /// # drop(changed);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// If it is borrowed to be changed.
    #[inline]
    pub fn try_borrow(&self) -> Result<Ref<'_, T>, BorrowError> {
        self.0.try_borrow()
    }
}

impl<T> Write<RefLock<T>> {
    /// Borrows what it holds, to change it.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, RefLock, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let pair = mc.new((RefLock::new([1, 2]), true));
    /// pair.write(mc).field(|pair| &pair.0).borrow_mut().swap(0, 1);
    /// assert_eq!(*pair.get(mc).0.borrow(), [2, 1]);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If it is borrowed.
    #[inline]
    #[track_caller]
    pub fn borrow_mut(&self) -> RefMut<'_, T> {
        self.0.borrow_mut()
    }

    /// Borrows what it holds, to change it.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, RefLock, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let cell = mc.new(RefLock::new(1));
    /// let read = cell.borrow(mc);
    /// assert!(cell.write(mc).try_borrow_mut().is_err());
    /// # drop(read);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// If it is borrowed.
    #[inline]
    pub fn try_borrow_mut(&self) -> Result<RefMut<'_, T>, BorrowMutError> {
        self.0.try_borrow_mut()
    }
}

impl<'gc, T: Trace<'gc>> Gc<'gc, RefLock<T>> {
    /// Borrows what the object holds.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, RefLock, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let cell = mc.new(RefLock::new([1, 2]));
    /// assert_eq!(cell.borrow(mc).len(), 2);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If it is borrowed to be changed.
    #[inline]
    #[track_caller]
    pub fn borrow(self, mc: Mutation<'gc>) -> Ref<'gc, T> {
        self.get(mc).borrow()
    }

    /// Borrows what the object holds, to change it.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, RefLock, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let cell = mc.new(RefLock::new([1, 2]));
    /// cell.borrow_mut(mc)[0] = 3;
    /// assert_eq!(*cell.borrow(mc), [3, 2]);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If it is borrowed.
    #[inline]
    #[track_caller]
    pub fn borrow_mut(self, mc: Mutation<'gc>) -> RefMut<'gc, T> {
        self.write(mc).borrow_mut()
    }
}

impl<T: fmt::Debug> fmt::Debug for RefLock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RefLock").field(&self.0).finish()
    }
}

impl<T: Default> Default for RefLock<T> {
    fn default() -> Self {
        RefLock::new(T::default())
    }
}

// SAFETY: the references are those of what it holds, which is changed through a `Write` only.
unsafe impl<'gc, T: Trace<'gc>> Trace<'gc> for RefLock<T> {
    type Id = RefLock<T::Id>;
    /// Where a `RefCell` keeps its value, the value alone can tell.
    const SLOTS: SlotMap = if T::SLOTS.is_empty() { SlotMap::NONE } else { SlotMap::TRACED };

    #[inline]
    fn trace(&self, tracer: &mut Tracer) {
        // SAFETY: nobody has a reference to change it, whether it counts as borrowed or not. The collector runs between
        // closures, when guards have ended or been leaked. The barrier runs within one, but looks at values only of which no
        // part has been through it, and a guard is given out after that.
        let value = unsafe { &*self.0.as_ptr() };
        value.trace(tracer);
    }

    fn describe_fields(&self, describer: &mut Describer) {
        // SAFETY: the same; a snapshot is taken between closures.
        let value = unsafe { &*self.0.as_ptr() };
        describe(value, describer);
    }
}
