//! The stack of values.

use crate::object::{Slot, Value};

/// Places on the stack: 64 frames of 256, as in the book.
pub(crate) const STACK_SLOTS: usize = 64 * 256;

/// The values that functions work on, those of the caller below those of the callee.
///
/// Invariant: no function is called that needs more places than there are, so that no place lies outside. They are masked
/// for the compiler's sake, which has no other way to know.
pub(super) struct Stack<'gc> {
    slots: Box<[Slot<'gc>; STACK_SLOTS]>,
}

const MASK: usize = STACK_SLOTS - 1;

impl<'gc> Stack<'gc> {
    pub(super) fn new() -> Self {
        let slots = vec![Value::Nil.pack(); STACK_SLOTS].into_boxed_slice();
        Stack { slots: slots.try_into().expect("it has that length") }
    }

    #[inline(always)]
    pub(super) fn at(&self, place: usize) -> Slot<'gc> {
        self.slots[place & MASK]
    }

    #[inline(always)]
    pub(super) fn set(&mut self, place: usize, value: Slot<'gc>) {
        self.slots[place & MASK] = value;
    }

    /// The values below a place.
    pub(super) fn below(&self, top: usize) -> &[Slot<'gc>] {
        &self.slots[..top]
    }
}
