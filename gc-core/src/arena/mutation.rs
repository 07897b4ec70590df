//! What a program holds while it reads and changes an arena.

use super::array::Array;
use super::gc::{Brand, Gc, Object};
use super::hash;
use super::lock::Lock;
use super::trace::Trace;
use super::types::{Many, One, TypeRecord, Types};
use crate::heap::{self, Heap, HeapFull};
use crate::memory::Base;
use crate::object::{Header, ObjectRef};
use std::cell::UnsafeCell;
use std::fmt;
use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::ops::Range;
use std::{ptr, slice};

/// What all mutations of an arena share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) heap: UnsafeCell<Heap>,
    pub(super) types: Types,
}

/// The right to read and change an arena for as long as a closure runs. Nothing is collected and nothing moves meanwhile.
///
/// 16 bytes, to be passed by value.
///
/// ```
/// # use gc_core::Config;
/// # use gc_core::arena::{Arena, Gc, Mutation, Root, Str};
/// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
/// fn greeting<'gc>(mc: Mutation<'gc>, name: Gc<'gc, Str>) -> Gc<'gc, Str> {
///     mc.str(&format!("Hello, {}", name.as_str(mc)))
/// }
///
/// arena.mutate(|mc, _| assert_eq!(greeting(mc, mc.str("Ada")).as_str(mc), "Hello, Ada"));
/// # Ok::<(), gc_core::ConfigError>(())
/// ```
#[derive(Clone, Copy)]
pub struct Mutation<'gc> {
    base: Base,
    shared: &'gc Shared,
    brand: Brand<'gc>,
}

impl fmt::Debug for Mutation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mutation")
    }
}

impl<'gc> Mutation<'gc> {
    /// The right to an arena. Its brand must be one that no other arena has.
    #[inline(always)]
    pub(super) fn of(shared: &'gc Shared) -> Mutation<'gc> {
        // SAFETY: nobody has a reference to the heap: those of `with_heap` have ended.
        let base = unsafe { &*shared.heap.get() }.memory().base();
        Mutation { base, shared, brand: PhantomData }
    }

    /// Lets `f` use the heap. `f` is code of this crate that neither calls code of the program nor this function, nor does
    /// it move or free an object. It does not panic unless the heap is broken: a panic hook is code of the program.
    #[inline(always)]
    pub(super) fn with_heap<R>(self, f: impl FnOnce(&mut Heap) -> R) -> R {
        // SAFETY: this is the only reference to the heap, since those given to others have ended, and an arena is not used
        // on two threads at once. Objects lie outside of it.
        f(unsafe { &mut *self.shared.heap.get() })
    }

    /// The types that the arena has met.
    #[inline(always)]
    pub(super) fn types(self) -> &'gc Types {
        &self.shared.types
    }

    /// Where the body of an object lies.
    #[inline(always)]
    pub(super) fn body(self, object: ObjectRef) -> *mut u64 {
        self.base.granule(object.address()).wrapping_add(1)
    }

    /// The header of an object.
    #[inline(always)]
    pub(super) fn header(self, object: ObjectRef) -> Header {
        let place = self.base.granule(object.address());
        // SAFETY: an object starts with its header, aligned to 8 bytes, and nothing that could be changing it is running.
        Header::from_bits(unsafe { place.read() })
    }

    /// The write barrier of a whole object.
    #[inline(always)]
    pub(super) fn log(self, object: ObjectRef) {
        let header = self.header(object);
        self.with_heap(|heap| heap.log_all(object, header));
    }

    /// The write barrier of the words `range` of the body of an object, of which stores are made only there.
    #[inline(always)]
    pub(super) fn log_words(self, object: ObjectRef, range: Range<u32>) {
        let header = self.header(object);
        self.with_heap(|heap| heap.log_words(object, header, range));
    }

    /// The header of new objects of a type.
    #[inline(always)]
    pub(super) fn header_of(self, record: &'static TypeRecord) -> Header {
        match self.types().cached(record) {
            Some(header) => header,
            None => self
                .with_heap(|heap| self.types().look_up(record, heap))
                .expect("an arena has at most 65,536 types"),
        }
    }

    /// The object of a root; `None` if it is one of another arena.
    pub(super) fn rooted(self, root: &heap::Root) -> Option<ObjectRef> {
        self.with_heap(|heap| heap.root_target(root))
    }

    /// Makes an object that holds `value`.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let number = mc.new(5_u32);
    /// assert_eq!(*number.get(mc), 5);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If the heap is full. A program that wants to go on then uses [`Mutation::try_new`].
    #[inline(always)]
    #[track_caller]
    #[expect(clippy::new_ret_no_self, reason = "it is the arena's objects that are made")]
    pub fn new<T: Trace<'gc>>(self, value: T) -> Gc<'gc, T> {
        match self.bump::<T>() {
            // SAFETY: nobody knows of the object yet.
            Some(object) => unsafe { self.fill(object, value) },
            None => self.new_slow(value),
        }
    }

    #[cold]
    #[inline(never)]
    #[track_caller]
    fn new_slow<T: Trace<'gc>>(self, value: T) -> Gc<'gc, T> {
        self.try_new_slow(value).unwrap_or_else(|full| full_heap(full))
    }

    /// Makes an object that holds `value`. Never collects: if it finds the heap crowded, [`Mutation::should_yield`] says so.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let number = mc.try_new(5_u32).expect("room");
    /// assert_eq!(*number.get(mc), 5);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// If the heap is full. Everything is collected at the next boundary; when that does not help, the program holds too much.
    #[inline(always)]
    pub fn try_new<T: Trace<'gc>>(self, value: T) -> Result<Gc<'gc, T>, HeapFull> {
        match self.bump::<T>() {
            // SAFETY: nobody knows of the object yet.
            Some(object) => Ok(unsafe { self.fill(object, value) }),
            None => self.try_new_slow(value),
        }
    }

    /// The usual way to make an object for a `T`: one that is small, with room and its header at hand. Its body is not written.
    #[inline(always)]
    fn bump<T: Trace<'gc>>(self) -> Option<ObjectRef> {
        let header = self.types().cached(One::<T>::RECORD)?;
        let object = self.with_heap(|heap| heap.bump(One::<T>::SIZE))?;
        let place = self.base.granule(object.address());
        // SAFETY: an object starts with its header, aligned to 8 bytes, and nobody knows of this one yet.
        unsafe { place.write(header.bits()) };
        Some(object)
    }

    // Not on the way of those who find room: it is the last thing that they would call, so they need not save a register.
    #[cold]
    #[inline(never)]
    fn try_new_slow<T: Trace<'gc>>(self, value: T) -> Result<Gc<'gc, T>, HeapFull> {
        let header = self.header_of(One::<T>::RECORD);
        let object = self.with_heap(|heap| heap.allocate_still(header))?;
        // SAFETY: nobody knows of the object yet.
        Ok(unsafe { self.fill(object, value) })
    }

    /// Writes the value of an object that has been made for a `T`.
    ///
    /// # Safety
    /// Nobody knows of the object yet.
    #[inline(always)]
    unsafe fn fill<T: Trace<'gc>>(self, object: ObjectRef, value: T) -> Gc<'gc, T> {
        let place = self.body(object).cast::<T>();
        // SAFETY: the object has room for a `T`, aligned to 8 bytes, and nobody knows of it yet.
        unsafe { place.write(value) };
        Gc::of(object)
    }

    /// Whether something is due at the next boundary: a scavenge, or a step of a marking. Loops that run for long ask this
    /// now and then, and return to the boundary if it is so. It is true before the heap is full: a loop that asks after
    /// each object, and keeps no more than fits, is not refused one for the garbage that it made.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root};
    /// # let mut arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// arena.mutate(|mc, _| {
    ///     loop {
    ///         mc.new([0_u64; 8]);
    ///         if mc.should_yield() {
    ///             break;
    ///         }
    ///     }
    /// });
    /// arena.collect_if_due();
    /// arena.mutate(|mc, _| assert!(!mc.should_yield()));
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    #[inline(always)]
    pub fn should_yield(self) -> bool {
        self.with_heap(|heap| heap.owes())
    }

    /// How many sample points allocations have come upon since the last call: see [`Arena::sample_allocations`]. Asked right
    /// after an allocation, it tells whether to note who has made it.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root};
    /// # let mut arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// arena.sample_allocations(Box::new(std::iter::repeat(1_000)));
    /// arena.mutate(|mc, _| {
    ///     let points: u32 = (0..100).map(|_| { mc.new([0_u64; 9]); mc.take_sample() }).sum();
    ///     assert_eq!(points, 8); // 100 objects of 80 bytes
    /// });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// [`Arena::sample_allocations`]: super::Arena::sample_allocations
    #[inline(always)]
    pub fn take_sample(self) -> u32 {
        self.with_heap(|heap| heap.take_sample())
    }

    /// Makes an array that holds copies of `values`.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// assert_eq!(mc.array(&[1, 2, 3]).as_slice(mc), [1, 2, 3]);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If the heap is full.
    #[track_caller]
    pub fn array<T: Trace<'gc> + Copy>(self, values: &[T]) -> Gc<'gc, Array<T>> {
        self.try_array(values).unwrap_or_else(|full| full_heap(full))
    }

    /// Makes an array that holds copies of `values`.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let array = mc.try_array(&[1, 2, 3]).expect("room");
    /// assert_eq!(array.len(mc), 3);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// If the heap is full.
    pub fn try_array<T: Trace<'gc> + Copy>(self, values: &[T]) -> Result<Gc<'gc, Array<T>>, HeapFull> {
        // SAFETY: `values` are so many, and copying them is all that is done with them.
        unsafe { self.array_from_raw(values.as_ptr(), values.len()) }
    }

    /// Makes an array of `length` values that are all the same: `Copy` ones, or [`Lock`]s of such.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Lock, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// assert_eq!(mc.array_filled(3, 7).as_slice(mc), [7, 7, 7]);
    ///
    /// let cells = mc.array_filled(3, Lock::new(7));
    /// cells.set(mc, 1, 8);
    /// assert_eq!([0, 1, 2].map(|index| cells.at(mc, index)), [7, 8, 7]);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If the heap is full.
    #[track_caller]
    pub fn array_filled<T: Trace<'gc> + Fill>(self, length: usize, value: T) -> Gc<'gc, Array<T>> {
        self.try_array_filled(length, value).unwrap_or_else(|full| full_heap(full))
    }

    /// As [`Mutation::array_filled`].
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let zeros = mc.try_array_filled(1_000, 0_u8).expect("room");
    /// assert_eq!(zeros.len(mc), 1_000);
    /// assert!(mc.try_array_filled(usize::MAX, 0_u8).is_err());
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// If the heap is full.
    pub fn try_array_filled<T: Trace<'gc> + Fill>(
        self,
        length: usize,
        value: T,
    ) -> Result<Gc<'gc, Array<T>>, HeapFull> {
        let (array, place) = self.array_of_room::<T>(length)?;
        // SAFETY: there is room for `length` values, and nobody knows of the array yet. Copies are good, as it is `Fill`.
        unsafe { fill_with_copies(place, length, &value) };
        Ok(array)
    }

    /// Makes an array of `length` values, each of which `value` makes, given its index. It is called only if there is room for
    /// the array.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let squares = mc.array_from_fn(4, |index| index * index);
    /// assert_eq!(squares.as_slice(mc), [0, 1, 4, 9]);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If the heap is full.
    #[track_caller]
    pub fn array_from_fn<T: Trace<'gc>>(
        self,
        length: usize,
        value: impl FnMut(usize) -> T,
    ) -> Gc<'gc, Array<T>> {
        self.try_array_from_fn(length, value).unwrap_or_else(|full| full_heap(full))
    }

    /// As [`Mutation::array_from_fn`].
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Lock, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let cells = mc.try_array_from_fn(4, Lock::new).expect("room");
    /// assert_eq!(cells.at(mc, 3), 3);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// If the heap is full.
    pub fn try_array_from_fn<T: Trace<'gc>>(
        self,
        length: usize,
        value: impl FnMut(usize) -> T,
    ) -> Result<Gc<'gc, Array<T>>, HeapFull> {
        if T::SLOTS.is_traced() {
            return self.array_from_list(length, value);
        }
        let (array, place) = self.array_of_room::<T>(length)?;
        // SAFETY: there is room for `length` values, and nobody knows of the array yet. Where its references are a map tells.
        let mut room = unsafe { Room::new(place, length) };
        (0..length).map(value).for_each(|value| room.push(value));
        Ok(array)
    }

    /// As `try_array_from_fn`, for values that the collector asks where their references are: if `value` panics it must not come
    /// across an array in which some are missing, so they are made elsewhere first.
    fn array_from_list<T: Trace<'gc>>(
        self,
        length: usize,
        value: impl FnMut(usize) -> T,
    ) -> Result<Gc<'gc, Array<T>>, HeapFull> {
        let size = self.array_header::<T>(length)?.size();
        self.with_heap(|heap| heap.check_limit(size))?;
        let mut values = Vec::new();
        values.try_reserve_exact(length).map_err(|_| HeapFull::new(size.bytes()))?;
        values.extend((0..length).map(value));
        // SAFETY: `values` are so many. They are moved: being `Trace` they have no drop code that could be missed or run
        // twice.
        unsafe { self.array_from_raw(values.as_ptr(), length) }
    }

    /// Makes an array of cells that hold what `start` holds, in its first places, and `rest` in the others.
    ///
    /// # Panics
    /// If `start` has more than `length` cells.
    ///
    /// # Errors
    /// If the heap is full.
    pub(super) fn try_locks<T: Trace<'gc> + Copy>(
        self,
        length: usize,
        start: &[Lock<T>],
        rest: T,
    ) -> Result<Gc<'gc, Array<Lock<T>>>, HeapFull> {
        assert!(start.len() <= length, "an array of {length} cells has no room for {}", start.len());
        let (array, place) = self.array_of_room::<Lock<T>>(length)?;
        // SAFETY: there is room for `length` cells. What they hold is `Copy`.
        unsafe { place.copy_from_nonoverlapping(start.as_ptr(), start.len()) };
        let behind = place.wrapping_add(start.len());
        // SAFETY: the same; nobody knows of the array yet.
        unsafe { fill_with_copies(behind, length - start.len(), &Lock::new(rest)) };
        Ok(array)
    }

    /// The header of an array of this length.
    #[inline(always)]
    fn array_header<T: Trace<'gc>>(self, length: usize) -> Result<Header, HeapFull> {
        let empty = self.header_of(Many::<T>::RECORD);
        let header = Many::<T>::header_of_length(empty, length);
        header.ok_or_else(|| self.refuse())
    }

    /// Refuses an object that is larger than any can be.
    #[cold]
    #[inline(never)]
    fn refuse(self) -> HeapFull {
        self.with_heap(|heap| heap.refuse_still(u64::MAX))
    }

    /// Makes an array of the values at a place.
    ///
    /// # Safety
    /// There are `length` of them, and copying them is good for all: they are `Copy`, or not used again.
    unsafe fn array_from_raw<T: Trace<'gc>>(
        self,
        values: *const T,
        length: usize,
    ) -> Result<Gc<'gc, Array<T>>, HeapFull> {
        let (array, place) = self.array_of_room::<T>(length)?;
        // SAFETY: there is room for `length` values, and nobody knows of the array yet.
        unsafe { place.copy_from_nonoverlapping(values, length) };
        Ok(array)
    }

    /// Makes an array in which nothing is yet, and where its values are to be put before anything else is done.
    fn array_of_room<T: Trace<'gc>>(self, length: usize) -> Result<(Gc<'gc, Array<T>>, *mut T), HeapFull> {
        let header = self.array_header::<T>(length)?;
        let object = self.with_heap(|heap| heap.allocate_still(header))?;
        Ok((Gc::of(object), self.body(object).cast()))
    }

    /// Makes an object of raw bytes: `start`, and the texts behind it.
    pub(super) fn try_bytes<T: ?Sized + Object<'gc>, const N: usize>(
        self,
        record: &'static TypeRecord,
        start: [u8; N],
        texts: &[&str],
    ) -> Result<Gc<'gc, T>, HeapFull> {
        let length = N.saturating_add(hash::length_of(texts));
        let header = Header::bytes(self.header_of(record).shape(), length);
        let header = header.ok_or_else(|| self.refuse())?;
        let object = self.with_heap(|heap| heap.allocate_still(header))?;
        self.with_heap(|heap| heap.write_bytes(object, length, &start, texts));
        Ok(Gc::of(object))
    }

    /// Makes an ephemeron.
    pub(super) fn make_ephemeron<T: ?Sized + Object<'gc>>(
        self,
        record: &'static TypeRecord,
        key: ObjectRef,
        value: Option<ObjectRef>,
    ) -> Result<Gc<'gc, T>, HeapFull> {
        let header = self.header_of(record);
        let object = self.with_heap(|heap| heap.ephemeron_still(header, key, value))?;
        Ok(Gc::of(object))
    }
}

/// What an array can be filled with, by [`Mutation::array_filled`]: values that are `Copy`, and [`Lock`]s of such.
///
/// ```
/// # use gc_core::Config;
/// # use gc_core::arena::{Arena, Array, Fill, Gc, Mutation, Root, Trace};
/// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
/// fn ten<'gc, T: Trace<'gc> + Fill>(mc: Mutation<'gc>, value: T) -> Gc<'gc, Array<T>> {
///     mc.array_filled(10, value)
/// }
///
/// arena.mutate(|mc, _| assert_eq!(ten(mc, 'a').as_slice(mc), ['a'; 10]));
/// # Ok::<(), gc_core::ConfigError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "an array cannot be filled with copies of a `{Self}`",
    label = "neither `Copy` nor a `Lock` of what is",
    note = "make each of the values by `array_from_fn`"
)]
pub trait Fill: sealed::Copied {}

impl<T: Copy> Fill for T {}
impl<T: Copy> Fill for Lock<T> {}

mod sealed {
    /// Values are copied bit by bit.
    pub trait Copied {}

    impl<T: Copy> Copied for T {}
    impl<T: Copy> Copied for super::Lock<T> {}
}

/// Fills a place with `length` copies of a value.
///
/// # Safety
/// There is room for so many, which nobody reads meanwhile, and copying the value bit by bit is good.
#[inline]
unsafe fn fill_with_copies<T>(place: *mut T, length: usize, value: &T) {
    // SAFETY: there is room for so many.
    let room = unsafe { slice::from_raw_parts_mut(place.cast::<MaybeUninit<T>>(), length) };
    for cell in room {
        // SAFETY: the value is one, and a copy of it is good.
        cell.write(unsafe { ptr::read(value) });
    }
}

/// The place of an array that is being filled. What is still missing when it is dropped, since the program has panicked,
/// becomes zero: nobody ever knows of the array then, but if it was born old the collector will look for references in it, and
/// zero is null.
struct Room<T> {
    place: *mut T,
    filled: usize,
    length: usize,
}

impl<T> Room<T> {
    /// # Safety
    /// There is room for so many values, which nobody reads until this is dropped, and nobody if it is not full then.
    unsafe fn new(place: *mut T, length: usize) -> Room<T> {
        Room { place, filled: 0, length }
    }

    #[inline(always)]
    fn push(&mut self, value: T) {
        debug_assert!(self.filled < self.length, "an iterator over a range ends with it");
        // SAFETY: there is room for another value.
        unsafe { self.place.wrapping_add(self.filled).write(value) };
        self.filled += 1;
    }
}

impl<T> Drop for Room<T> {
    #[inline(always)]
    fn drop(&mut self) {
        let missing = self.place.wrapping_add(self.filled);
        // SAFETY: there is room for so many values.
        unsafe { missing.write_bytes(0, self.length - self.filled) };
    }
}

#[cold]
#[inline(never)]
#[track_caller]
pub(super) fn full_heap(full: HeapFull) -> ! {
    panic!("{full}; `try_` functions return this as an error")
}
