//! Functions that are running.

use crate::code::Instruction;
use crate::object::{Closure, Function};
use gc_core::arena::{Gc, Mutation};

/// How many functions may run within one another, the program among them.
pub(crate) const MAX_FRAMES: usize = 64;

/// A function that is running.
#[derive(Clone, Copy)]
pub(super) struct Frame<'gc> {
    pub(super) closure: Gc<'gc, Closure<'gc>>,
    /// The place of the callee on the stack; arguments and locals are above it.
    pub(super) base: usize,
    /// The next instruction.
    pub(super) ip: usize,
    pub(super) function: &'gc Function<'gc>,
    pub(super) code: &'gc [Instruction],
}

impl<'gc> Frame<'gc> {
    #[inline(always)]
    pub(super) fn new(mc: Mutation<'gc>, closure: Gc<'gc, Closure<'gc>>, base: usize, ip: usize) -> Self {
        let function = closure.get(mc).function.get(mc);
        Frame { closure, base, ip, function, code: function.code.as_slice(mc) }
    }

    /// The line of the instruction that is being executed.
    pub(super) fn line(&self, mc: Mutation<'gc>) -> u32 {
        self.function.lines.as_slice(mc)[self.ip - 1]
    }
}
