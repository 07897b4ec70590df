//! Functions that are running.

use crate::object::{Closure, Function, Op};
use gc_core::arena::{Gc, Mutation};

/// How many functions may run within one another, the program among them.
pub(crate) const MAX_FRAMES: usize = 64;

/// A function that is running.
#[derive(Clone, Copy)]
pub(super) struct Frame<'gc> {
    pub(super) closure: Gc<'gc, Closure<'gc>>,
    /// The place of the callee on the stack; arguments and locals are above it.
    pub(super) base: u32,
    /// The next instruction.
    pub(super) ip: usize,
    pub(super) code: &'gc [Op<'gc>],
}

impl<'gc> Frame<'gc> {
    #[inline(always)]
    pub(super) fn new(mc: Mutation<'gc>, closure: Gc<'gc, Closure<'gc>>, base: usize) -> Self {
        let code = closure.get(mc).function.get(mc).code.as_slice(mc);
        Frame { closure, base: base as u32, ip: 0, code }
    }

    pub(super) fn function(&self, mc: Mutation<'gc>) -> &'gc Function<'gc> {
        self.closure.get(mc).function.get(mc)
    }

    /// The line of the instruction that is being executed.
    pub(super) fn line(&self, mc: Mutation<'gc>) -> u32 {
        self.function(mc).lines.as_slice(mc)[self.ip - 1]
    }

    /// The instruction to execute, and goes on to the next.
    #[inline(always)]
    pub(super) fn fetch(&mut self) -> Op<'gc> {
        let op = self.code[self.ip];
        self.ip += 1;
        op
    }

    /// The place of a local on the stack.
    #[inline(always)]
    pub(super) fn place(&self, local: u8) -> usize {
        self.base as usize + usize::from(local)
    }
}
