//! Functions that are running.

use crate::object::{Closure, Function, Op};
use gc_core::arena::{Gc, Mutation};

/// How many functions may run within one another, the program among them.
pub(crate) const MAX_FRAMES: usize = 64;

/// A function that is running.
///
/// Numbers and references alternate: LLVM would make vectors of neighbours of the same kind, and take each out of them again
/// for every instruction.
#[derive(Clone, Copy)]
#[repr(C)]
pub(super) struct Frame<'gc> {
    pub(super) code: &'gc [Op<'gc>],
    pub(super) closure: &'gc Closure<'gc>,
    /// The next instruction.
    pub(super) ip: usize,
    pub(super) function: &'gc Function<'gc>,
    /// The place of the callee on the stack; arguments and locals are above it.
    pub(super) base: usize,
}

/// A function that waits for the one that it has called.
#[derive(Clone, Copy)]
pub(super) struct Caller<'gc> {
    pub(super) frame: Frame<'gc>,
    pub(super) closure: Gc<'gc, Closure<'gc>>,
}

impl<'gc> Frame<'gc> {
    #[inline(always)]
    pub(super) fn new(mc: Mutation<'gc>, closure: &'gc Closure<'gc>, base: usize) -> Self {
        let function = closure.function.get(mc);
        Frame { code: function.code.as_slice(mc), closure, ip: 0, function, base }
    }

    /// The line of the instruction that is being executed.
    pub(super) fn line(&self, mc: Mutation<'gc>) -> u32 {
        self.function.lines.as_slice(mc)[self.ip - 1]
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
        self.base + usize::from(local)
    }
}
