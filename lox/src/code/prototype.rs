//! A function as it was compiled.

use super::Instruction;
use gc_core::arena::Trace;

/// A function of a program, or the program itself, before it is loaded into a machine.
#[derive(Debug, Default)]
pub(crate) struct Prototype<'src> {
    /// None is the program's.
    pub(crate) name: Option<&'src str>,
    /// How many parameters it has.
    pub(crate) arity: u8,
    /// The variables of the functions around it that it uses.
    pub(crate) captures: Vec<Capture>,
    /// How many places on the stack it needs, its own and its arguments' included.
    pub(crate) stack_slots: u32,
    pub(crate) code: Vec<Instruction<'src>>,
    /// The line of each instruction.
    pub(crate) lines: Vec<u32>,
    /// The functions that are written in it.
    pub(crate) functions: Vec<Prototype<'src>>,
}

/// Where a closure finds a variable of the functions around it when it is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Trace)]
pub(crate) enum Capture {
    /// Among the locals of the function around it.
    Local(u8),
    /// Among the variables that that function has captured itself.
    Upvalue(u8),
}
