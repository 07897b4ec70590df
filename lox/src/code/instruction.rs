//! What the machine executes.

/// One instruction: those of *Crafting Interpreters*, decoded, with their constants and names in them. They work on a stack of
/// values. Places to jump to are indices of instructions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Instruction<'src> {
    Number(f64),
    String(&'src str),
    Nil,
    True,
    False,
    Pop,
    GetLocal(u8),
    SetLocal(u8),
    GetGlobal(&'src str),
    DefineGlobal(&'src str),
    SetGlobal(&'src str),
    GetUpvalue(u8),
    SetUpvalue(u8),
    GetProperty(&'src str),
    SetProperty(&'src str),
    GetSuper(&'src str),
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
    Invoke {
        name: &'src str,
        arguments: u8,
    },
    SuperInvoke {
        name: &'src str,
        arguments: u8,
    },
    /// The function of this number among those that are written in the one that is executed.
    Closure(usize),
    CloseUpvalue,
    Return,
    Class(&'src str),
    Inherit,
    Method(&'src str),
}

impl Instruction<'_> {
    /// How many values more there are on the stack behind it.
    pub(crate) fn stack_effect(self) -> i32 {
        use Instruction::*;
        match self {
            Number(_) | String(_) | Nil | True | False | GetLocal(_) | GetGlobal(_) | GetUpvalue(_) => 1,
            Closure(_) | Class(_) => 1,
            SetLocal(_) | SetGlobal(_) | SetUpvalue(_) | GetProperty(_) | Not | Negate => 0,
            Jump(_) | JumpIfFalse(_) | Loop(_) => 0,
            Pop | DefineGlobal(_) | SetProperty(_) | GetSuper(_) | Equal | Greater | Less | Add
            | Subtract => -1,
            Multiply | Divide | Print | CloseUpvalue | Return | Inherit | Method(_) => -1,
            Call(arguments) | Invoke { arguments, .. } => -i32::from(arguments),
            SuperInvoke { arguments, .. } => -i32::from(arguments) - 1,
        }
    }

    /// Bytes that it takes in the code of the book, whose limits for jumps count these; without the captures of a closure.
    pub(crate) fn book_bytes(self) -> usize {
        use Instruction::*;
        match self {
            Nil | True | False | Pop | Equal | Greater | Less | Add | Subtract | Multiply | Divide | Not
            | Negate => 1,
            Print | CloseUpvalue | Return | Inherit => 1,
            Number(_) | String(_) | GetLocal(_) | SetLocal(_) | GetGlobal(_) | DefineGlobal(_)
            | SetGlobal(_) => 2,
            GetUpvalue(_) | SetUpvalue(_) | GetProperty(_) | SetProperty(_) | GetSuper(_) => 2,
            Call(_) | Closure(_) | Class(_) | Method(_) => 2,
            Jump(_) | JumpIfFalse(_) | Loop(_) | Invoke { .. } | SuperInvoke { .. } => 3,
        }
    }

    /// The same jump to another place.
    pub(crate) fn with_target(self, target: u32) -> Self {
        match self {
            Instruction::Jump(_) => Instruction::Jump(target),
            Instruction::JumpIfFalse(_) => Instruction::JumpIfFalse(target),
            Instruction::Loop(_) => Instruction::Loop(target),
            other => unreachable!("{other:?} is no jump"),
        }
    }
}
