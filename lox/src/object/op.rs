//! Instructions that are loaded.

use super::{Function, Global, Site, Slot};
use gc_core::arena::{Gc, Str, Trace};

/// An instruction as the machine executes it: one of [`crate::code::Instruction`] with what it names in place of a number,
/// or several of them in one.
///
/// Those of several stand where the first of them stood, and the others are still behind it ([`crate::load`] puts them
/// together).
#[derive(Clone, Copy, Debug, Trace)]
pub(crate) enum Op<'gc> {
    Constant(Gc<'gc, Slot<'gc>>),
    Nil,
    True,
    False,
    Pop,
    GetLocal(u8),
    SetLocal(u8),
    GetGlobal(Gc<'gc, Global<'gc>>),
    DefineGlobal(Gc<'gc, Global<'gc>>),
    SetGlobal(Gc<'gc, Global<'gc>>),
    GetUpvalue(u8),
    SetUpvalue(u8),
    GetProperty(Gc<'gc, Site<'gc>>),
    SetProperty(Gc<'gc, Site<'gc>>),
    GetSuper(Gc<'gc, Site<'gc>>),
    Equal,
    Greater,
    Less,
    Add,
    Subtract,
    Multiply,
    Divide,
    Not,
    Negate,
    Print,
    Jump(u32),
    JumpIfFalse(u32),
    Loop(u32),
    Call(u8),
    Invoke(u8, Gc<'gc, Site<'gc>>),
    SuperInvoke(u8, Gc<'gc, Site<'gc>>),
    Closure(Gc<'gc, Function<'gc>>),
    CloseUpvalue,
    Return,
    Class(Gc<'gc, Str>),
    Inherit,
    Method(Gc<'gc, Str>),

    // Several in one.
    GetTwoLocals(u8, u8),
    GetLocalProperty(u8, Gc<'gc, Site<'gc>>),
    PopToLocal(u8),
    PopToProperty(Gc<'gc, Site<'gc>>),
    AddConstant(Gc<'gc, Slot<'gc>>),
    SubtractConstant(Gc<'gc, Slot<'gc>>),
    /// Drops the condition, whether it jumps or not.
    PopJumpIfFalse(u32),
    JumpUnlessLess(u32),
    JumpUnlessGreater(u32),
    JumpUnlessEqual(u32),
    JumpIfLess(u32),
    JumpIfGreater(u32),
    JumpIfEqual(u32),
}

#[cfg(test)]
mod tests {
    use super::Op;

    #[test]
    fn an_instruction_takes_eight_bytes() {
        assert_eq!(size_of::<Op<'_>>(), 8);
    }
}
