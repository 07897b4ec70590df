//! The stack of values.

use crate::object::{Slot, Value};

/// Places on the stack: 64 frames of 256, as in the book.
pub(crate) const STACK_SLOTS: usize = 64 * 256;

/// The values that functions work on, those of the caller below those of the callee.
///
/// Invariant: no function is called that needs more places than there are, so that neither `push` nor `pop` ever leaves
/// the stack. The indices are masked for the compiler's sake, which has no other way to know.
pub(super) struct Stack<'gc> {
    slots: Box<[Slot<'gc>; STACK_SLOTS]>,
    top: usize,
}

const MASK: usize = STACK_SLOTS - 1;

impl<'gc> Stack<'gc> {
    pub(super) fn new() -> Self {
        let slots = vec![Value::Nil.pack(); STACK_SLOTS].into_boxed_slice();
        Stack { slots: slots.try_into().ok().expect("it has that length"), top: 0 }
    }

    /// How many values there are.
    #[inline(always)]
    pub(super) fn len(&self) -> usize {
        self.top
    }

    #[inline(always)]
    pub(super) fn push(&mut self, value: Slot<'gc>) {
        self.slots[self.top & MASK] = value;
        self.top += 1;
    }

    #[inline(always)]
    pub(super) fn pop(&mut self) -> Slot<'gc> {
        self.top -= 1;
        self.slots[self.top & MASK]
    }

    /// The value with `depth` others on top of it.
    #[inline(always)]
    pub(super) fn peek(&self, depth: usize) -> Slot<'gc> {
        self.slots[(self.top - 1 - depth) & MASK]
    }

    /// Changes the value with `depth` others on top of it.
    #[inline(always)]
    pub(super) fn poke(&mut self, depth: usize, value: Slot<'gc>) {
        self.slots[(self.top - 1 - depth) & MASK] = value;
    }

    #[inline(always)]
    pub(super) fn at(&self, place: usize) -> Slot<'gc> {
        self.slots[place & MASK]
    }

    #[inline(always)]
    pub(super) fn set(&mut self, place: usize, value: Slot<'gc>) {
        self.slots[place & MASK] = value;
    }

    /// Drops all values from a place on.
    #[inline(always)]
    pub(super) fn truncate(&mut self, place: usize) {
        self.top = place;
    }

    pub(super) fn as_slice(&self) -> &[Slot<'gc>] {
        &self.slots[..self.top]
    }
}
