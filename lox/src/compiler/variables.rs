//! Variables: where they live, and how they come into being.

use super::Compiler;
use super::function::{FunctionState, Limit};
use crate::code::{Capture, Instruction};
use crate::token::{Token, TokenKind};

/// Where a variable lives.
#[derive(Clone, Copy, Debug)]
enum Variable<'src> {
    Local(u8),
    Upvalue(u8),
    Global(&'src str),
}

impl<'src> Variable<'src> {
    fn get(self) -> Instruction<'src> {
        match self {
            Variable::Local(slot) => Instruction::GetLocal(slot),
            Variable::Upvalue(index) => Instruction::GetUpvalue(index),
            Variable::Global(name) => Instruction::GetGlobal(name),
        }
    }

    fn set(self) -> Instruction<'src> {
        match self {
            Variable::Local(slot) => Instruction::SetLocal(slot),
            Variable::Upvalue(index) => Instruction::SetUpvalue(index),
            Variable::Global(name) => Instruction::SetGlobal(name),
        }
    }
}

impl<'src> Compiler<'src> {
    /// The function that is being compiled.
    pub(super) fn function(&mut self) -> &mut FunctionState<'src> {
        self.functions.last_mut().expect("the program is never left")
    }

    pub(super) fn emit(&mut self, instruction: Instruction<'src>) {
        let line = self.parser.previous.line;
        self.function().emit(instruction, line);
    }

    /// Emits an instruction that has a constant in the book.
    pub(super) fn emit_constant(&mut self, instruction: Instruction<'src>) {
        self.count_constant();
        self.emit(instruction);
    }

    /// What a limit allows, or an error and something in its place.
    pub(super) fn within<T: Default>(&mut self, result: Result<T, Limit>) -> T {
        result.unwrap_or_else(|limit| {
            self.parser.error(limit);
            T::default()
        })
    }

    /// Reads the name of a variable and declares it; its name.
    pub(super) fn declare_variable(&mut self, message: &'static str) -> &'src str {
        self.parser.expect(TokenKind::Identifier, message);
        let name = self.parser.previous.text;
        self.declare(name);
        if self.function().scope_depth == 0 {
            self.count_constant();
        }
        name
    }

    /// Counts the constant that a name is in the book.
    pub(super) fn count_constant(&mut self) {
        let counted = self.function().count_constant();
        self.within(counted);
    }

    /// Declares a local, unless this is the outermost scope, where variables are global and late bound.
    pub(super) fn declare(&mut self, name: &'src str) {
        if self.function().scope_depth == 0 {
            return;
        }
        if self.function().declares(name) {
            self.parser.error("Already a variable with this name in this scope.");
        }
        self.add_local(name);
    }

    pub(super) fn add_local(&mut self, name: &'src str) {
        let added = self.function().add_local(name);
        self.within(added);
    }

    /// Makes what is on top of the stack the first value of a variable that was declared.
    pub(super) fn define_variable(&mut self, name: &'src str) {
        if self.function().scope_depth > 0 {
            return self.function().initialize_local();
        }
        self.emit(Instruction::DefineGlobal(name));
    }

    /// Reads a use of a variable, or an assignment to it.
    pub(super) fn named_variable(&mut self, name: Token<'src>, can_assign: bool) {
        let variable = self.resolve(name.text);
        if can_assign && self.parser.accept(TokenKind::Equal) {
            self.expression();
            self.emit(variable.set());
        } else {
            self.emit(variable.get());
        }
    }

    /// Emits the use of a variable that the program does not name itself.
    pub(super) fn get_variable(&mut self, name: &'src str) {
        let variable = self.resolve(name);
        self.emit(variable.get());
    }

    fn resolve(&mut self, name: &'src str) -> Variable<'src> {
        let innermost = self.functions.len() - 1;
        if let Some(slot) = self.resolve_local(innermost, name) {
            return Variable::Local(slot);
        }
        if let Some(index) = self.resolve_upvalue(innermost, name) {
            return Variable::Upvalue(index);
        }
        self.count_constant();
        Variable::Global(name)
    }

    fn resolve_local(&mut self, function: usize, name: &str) -> Option<u8> {
        let (slot, has_value) = self.functions[function].local(name)?;
        if !has_value {
            self.parser.error("Can't read local variable in its own initializer.");
        }
        Some(slot)
    }

    /// The number of a variable of a function around this one, captured by all that lie between.
    fn resolve_upvalue(&mut self, function: usize, name: &str) -> Option<u8> {
        let around = function.checked_sub(1)?;
        let capture = match self.resolve_local(around, name) {
            Some(slot) => {
                self.functions[around].mark_captured(slot);
                Capture::Local(slot)
            }
            None => Capture::Upvalue(self.resolve_upvalue(around, name)?),
        };
        let added = self.functions[function].add_capture(capture);
        Some(self.within(added))
    }
}
