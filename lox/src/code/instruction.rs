//! What the machine executes.

use gc_core::arena::Trace;

/// One instruction: those of *Crafting Interpreters*, decoded. They work on a stack of values.
///
/// Places to jump to are indices of instructions, and globals are numbered, by the prototype and later by the machine.
/// A *site* is a place where a property is looked up by name: it remembers where it was found the last time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Trace)]
pub(crate) enum Instruction {
    Constant(u8),
    Nil,
    True,
    False,
    Pop,
    GetLocal(u8),
    SetLocal(u8),
    GetGlobal(u32),
    DefineGlobal(u32),
    SetGlobal(u32),
    GetUpvalue(u8),
    SetUpvalue(u8),
    GetProperty(u8),
    SetProperty(u8),
    GetSuper(u8),
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
    /// Leaves the condition on the stack.
    JumpIfFalse(u32),
    /// A jump back.
    Loop(u32),
    Call(u8),
    Invoke { site: u8, arguments: u8 },
    SuperInvoke { site: u8, arguments: u8 },
    Closure(u8),
    CloseUpvalue,
    Return,
    Class(u8),
    Inherit,
    Method(u8),
}

impl Instruction {
    /// How many values more there are on the stack behind it.
    pub(crate) fn stack_effect(self) -> i32 {
        use Instruction::*;
        match self {
            Constant(_) | Nil | True | False | GetLocal(_) | GetGlobal(_) | GetUpvalue(_) | Closure(_) | Class(_) => 1,
            SetLocal(_) | SetGlobal(_) | SetUpvalue(_) | GetProperty(_) | Not | Negate => 0,
            Jump(_) | JumpIfFalse(_) | Loop(_) => 0,
            Pop | DefineGlobal(_) | SetProperty(_) | GetSuper(_) | Equal | Greater | Less | Add | Subtract => -1,
            Multiply | Divide | Print | CloseUpvalue | Return | Inherit | Method(_) => -1,
            Call(arguments) | Invoke { arguments, .. } => -i32::from(arguments),
            SuperInvoke { arguments, .. } => -i32::from(arguments) - 1,
        }
    }

    /// Bytes that it takes in the code of the book, whose limits for jumps count these; without the captures of a closure.
    pub(crate) fn book_bytes(self) -> usize {
        use Instruction::*;
        match self {
            Nil | True | False | Pop | Equal | Greater | Less | Add | Subtract | Multiply | Divide | Not | Negate => 1,
            Print | CloseUpvalue | Return | Inherit => 1,
            Constant(_) | GetLocal(_) | SetLocal(_) | GetGlobal(_) | DefineGlobal(_) | SetGlobal(_) => 2,
            GetUpvalue(_) | SetUpvalue(_) | GetProperty(_) | SetProperty(_) | GetSuper(_) => 2,
            Call(_) | Closure(_) | Class(_) | Method(_) => 2,
            Jump(_) | JumpIfFalse(_) | Loop(_) | Invoke { .. } | SuperInvoke { .. } => 3,
        }
    }

    /// The same jump to another place.
    pub(crate) fn with_target(self, target: u32) -> Instruction {
        match self {
            Instruction::Jump(_) => Instruction::Jump(target),
            Instruction::JumpIfFalse(_) => Instruction::JumpIfFalse(target),
            Instruction::Loop(_) => Instruction::Loop(target),
            other => unreachable!("{other:?} is no jump"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Instruction;

    #[test]
    fn an_instruction_takes_eight_bytes() {
        assert_eq!(size_of::<Instruction>(), 8);
    }
}
