//! Variables that closures share.

use super::{Slot, Value};
use gc_core::arena::{Gc, Lock, Trace};
use std::cell::Cell;

/// A variable of a function that closures refer to: *open* while the function runs and the variable lies on the stack,
/// *closed* afterwards, when it lies here.
#[derive(Debug, Trace)]
pub(crate) struct Upvalue<'gc> {
    /// Its place on the stack, or [`CLOSED`].
    place: Cell<u32>,
    /// The value, once it is closed.
    pub(crate) value: Lock<Slot<'gc>>,
    /// The next open one: they are in a list, the highest on the stack first.
    pub(crate) next: Lock<Option<Gc<'gc, Upvalue<'gc>>>>,
}

/// No place on the stack.
const CLOSED: u32 = u32::MAX;

impl<'gc> Upvalue<'gc> {
    /// An open one.
    pub(crate) fn open(place: usize, next: Option<Gc<'gc, Upvalue<'gc>>>) -> Self {
        Upvalue { place: Cell::new(place as u32), value: Lock::new(Value::Nil.pack()), next: Lock::new(next) }
    }

    /// Where it is on the stack, if it is open.
    #[inline(always)]
    pub(crate) fn place(&self) -> Option<usize> {
        let place = self.place.get();
        (place != CLOSED).then_some(place as usize)
    }

    /// Marks it closed; its value must have been stored.
    pub(crate) fn close(&self) {
        self.place.set(CLOSED);
    }
}
