//! What a program holds while it reads and changes an arena.

use super::array::Array;
use super::gc::{Brand, Gc, Object};
use super::trace::Trace;
use super::types::{Many, One, TypeRecord, Types};
use crate::heap::{Heap, HeapFull};
use crate::memory::Base;
use crate::object::{Header, ObjectRef, SLOTS_START};
use std::cell::UnsafeCell;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Range;

/// What all mutations of an arena share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) heap: UnsafeCell<Heap>,
    pub(super) types: Types,
}

/// The right to read and change an arena for as long as a closure runs. Nothing is collected and nothing moves meanwhile.
///
/// 16 bytes, to be passed by value.
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
    /// it move or free an object.
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
    pub(super) fn body(self, object: ObjectRef) -> *mut u8 {
        self.base.pointer_to(object.address().word(SLOTS_START))
    }

    /// The header of an object.
    #[inline(always)]
    pub(super) fn header(self, object: ObjectRef) -> Header {
        self.with_heap(|heap| object.header(heap.memory()))
    }

    /// The write barrier of a whole object.
    #[inline(always)]
    pub(super) fn log(self, object: ObjectRef) {
        self.with_heap(|heap| {
            let header = object.header(heap.memory());
            heap.log_all(object, header);
        });
    }

    /// The write barrier of the words `range` of the body of an object, of which stores are made only there.
    #[inline(always)]
    pub(super) fn log_words(self, object: ObjectRef, range: Range<u32>) {
        self.with_heap(|heap| {
            let header = object.header(heap.memory());
            heap.log_words(object, header, range);
        });
    }

    /// The header of new objects of a type.
    #[inline(always)]
    pub(super) fn header_of(self, record: &'static TypeRecord) -> Header {
        match self.types().cached(record) {
            Some(header) => header,
            None => self.with_heap(|heap| self.types().look_up(record, heap)),
        }
    }

    /// Makes an object that holds `value`.
    ///
    /// # Panics
    /// If the heap is full. A program that wants to go on then uses [`Mutation::try_new`].
    #[inline(always)]
    #[track_caller]
    pub fn new<T: Trace<'gc>>(self, value: T) -> Gc<'gc, T> {
        match self.try_new(value) {
            Ok(gc) => gc,
            Err(full) => full_heap(full),
        }
    }

    /// Makes an object that holds `value`. Never collects: if it finds the heap crowded, [`Mutation::should_yield`] says so.
    ///
    /// # Errors
    /// If the heap is full. Everything is collected at the next boundary; when that does not help, the program holds too much.
    #[inline(always)]
    pub fn try_new<T: Trace<'gc>>(self, value: T) -> Result<Gc<'gc, T>, HeapFull> {
        let header = self.header_of(One::<T>::RECORD);
        let object = self.with_heap(|heap| heap.allocate_still(header, One::<T>::SIZE))?;
        let place = self.body(object).cast::<T>();
        // SAFETY: the object has room for a `T`, aligned to 8 bytes, and nobody knows of it yet.
        unsafe { place.write(value) };
        Ok(Gc::of(object))
    }

    /// Whether something is due at the next boundary: a scavenge, or a step of a marking. Loops that run for long ask this
    /// now and then, and return to the boundary if it is so. It is true before the heap is full: a loop that asks after each
    /// object, and keeps no more than fits, is not refused one for the garbage that it made.
    #[must_use]
    #[inline(always)]
    pub fn should_yield(self) -> bool {
        self.with_heap(|heap| heap.is_due())
    }

    /// Makes an array that holds copies of `values`.
    ///
    /// # Panics
    /// If the heap is full.
    #[track_caller]
    pub fn array<T: Trace<'gc> + Copy>(self, values: &[T]) -> Gc<'gc, Array<T>> {
        self.try_array(values).unwrap_or_else(|full| full_heap(full))
    }

    /// Makes an array that holds copies of `values`.
    ///
    /// # Errors
    /// If the heap is full.
    pub fn try_array<T: Trace<'gc> + Copy>(self, values: &[T]) -> Result<Gc<'gc, Array<T>>, HeapFull> {
        // SAFETY: `values` are so many, and copying them is all that is done with them.
        unsafe { self.array_from_raw(values.as_ptr(), values.len()) }
    }

    /// Makes an array of `length` values, each of which `value` makes, given its index. It is called before there is room.
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
    /// # Errors
    /// If the heap is full.
    pub fn try_array_from_fn<T: Trace<'gc>>(
        self,
        length: usize,
        value: impl FnMut(usize) -> T,
    ) -> Result<Gc<'gc, Array<T>>, HeapFull> {
        let size = self.array_header::<T>(length)?.size();
        self.with_heap(|heap| heap.check_limit(size))?;
        let values: Vec<T> = (0..length).map(value).collect();
        // SAFETY: `values` are so many. They are moved: being `Trace` they have no drop code that could be missed or run
        // twice.
        unsafe { self.array_from_raw(values.as_ptr(), length) }
    }

    /// The header of an array of this length.
    #[inline(always)]
    fn array_header<T: Trace<'gc>>(self, length: usize) -> Result<Header, HeapFull> {
        let empty = self.header_of(Many::<T>::RECORD);
        Many::<T>::header_of_length(empty, length).ok_or_else(|| HeapFull::new(u64::MAX))
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
        let header = self.array_header::<T>(length)?;
        let object = self.with_heap(|heap| heap.allocate_still(header, header.size()))?;
        let place = self.body(object).cast::<T>();
        // SAFETY: the object has room for them, aligned to 8 bytes, and nobody knows of it yet.
        unsafe { place.copy_from_nonoverlapping(values, length) };
        Ok(Gc::of(object))
    }

    /// Makes an object of raw bytes.
    pub(super) fn try_bytes<T: ?Sized + Object<'gc>>(
        self,
        record: &'static TypeRecord,
        bytes: [&[u8]; 2],
    ) -> Result<Gc<'gc, T>, HeapFull> {
        let length = bytes[0].len() + bytes[1].len();
        let header = Header::bytes(self.header_of(record).shape(), length);
        let header = header.ok_or_else(|| HeapFull::new(length as u64))?;
        let object = self.with_heap(|heap| heap.allocate_still(header, header.size()))?;
        self.with_heap(|heap| heap.write_bytes(object, bytes));
        Ok(Gc::of(object))
    }

    /// Makes an ephemeron.
    pub(super) fn try_ephemeron<T: ?Sized + Object<'gc>>(
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

#[cold]
#[inline(never)]
#[track_caller]
pub(super) fn full_heap(full: HeapFull) -> ! {
    panic!("{full}; `try_` functions return this as an error")
}
