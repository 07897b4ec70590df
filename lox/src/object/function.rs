//! Functions and closures.

use super::{Op, Upvalue};
use crate::code::Capture;
use gc_core::arena::{Array, Gc, Mutation, Str, Trace};

/// A function as it is written in a program, loaded.
#[derive(Debug, Trace)]
pub(crate) struct Function<'gc> {
    /// None is the program's.
    pub(crate) name: Option<Gc<'gc, Str>>,
    pub(crate) code: Gc<'gc, Array<Op<'gc>>>,
    /// The line of each instruction.
    pub(crate) lines: Gc<'gc, Array<u32>>,
    pub(crate) captures: Gc<'gc, Array<Capture>>,
    /// How many places on the stack a call needs, from that of the callee on.
    pub(crate) stack_slots: u32,
    /// How many parameters it has.
    pub(crate) arity: u8,
}

/// A function with the variables of the functions around it that it uses.
#[derive(Debug, Trace)]
pub(crate) struct Closure<'gc> {
    pub(crate) function: Gc<'gc, Function<'gc>>,
    pub(crate) upvalues: Gc<'gc, Array<Gc<'gc, Upvalue<'gc>>>>,
}

impl<'gc> Function<'gc> {
    /// The function as it is printed.
    pub(crate) fn printed(&self, mc: Mutation<'gc>) -> String {
        match self.name {
            Some(name) => format!("<fn {}>", name.as_str(mc)),
            None => "<script>".into(),
        }
    }
}
