//! A function while its code is written.

use crate::code::{Capture, Instruction, Prototype};

/// What sort of function is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FunctionKind {
    Program,
    Function,
    Method,
    Initializer,
}

impl FunctionKind {
    /// The name of the local at the bottom of the frame: nobody can write the empty one.
    fn callee_name(self) -> &'static str {
        match self {
            FunctionKind::Method | FunctionKind::Initializer => "this",
            FunctionKind::Program | FunctionKind::Function => "",
        }
    }
}

/// A function whose end has not been read yet.
#[derive(Debug)]
pub(super) struct FunctionState<'src> {
    pub(super) kind: FunctionKind,
    prototype: Prototype<'src>,
    /// The locals in scope, as they lie on the stack.
    locals: Vec<Local<'src>>,
    /// How many blocks there are around the place; 0 outside of all functions and blocks.
    pub(super) scope_depth: u32,
    /// How many values lie on the stack here, when it runs.
    height: i32,
    /// Bytes of code that the book's machine would have by now.
    book_bytes: usize,
    /// How many constants it would have.
    book_constants: usize,
}

/// A local variable.
#[derive(Debug)]
struct Local<'src> {
    name: &'src str,
    /// The depth of its block; none until it has its first value.
    depth: Option<u32>,
    is_captured: bool,
}

/// A jump forward whose target is not known yet.
#[derive(Debug)]
#[must_use]
pub(super) struct Jump {
    at: usize,
    /// Behind the jump: the height of the stack, and the bytes of code in the book.
    height: i32,
    book_bytes: usize,
}

/// A place to jump back to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Label {
    at: u32,
    book_bytes: usize,
}

/// Why a limit of the language is exceeded.
pub(super) type Limit = &'static str;

/// Locals, captures and constants are numbered by bytes.
const MAX_NUMBERED: usize = 256;
/// Jumps are written in two bytes.
const MAX_JUMP: usize = u16::MAX as usize;

impl<'src> FunctionState<'src> {
    pub(super) fn new(kind: FunctionKind, name: Option<&'src str>) -> Self {
        let callee = Local { name: kind.callee_name(), depth: Some(0), is_captured: false };
        FunctionState {
            kind,
            prototype: Prototype { name, stack_slots: 1, ..Prototype::default() },
            locals: vec![callee],
            scope_depth: 0,
            height: 1,
            book_bytes: 0,
            book_constants: 0,
        }
    }

    pub(super) fn into_prototype(self) -> Prototype<'src> {
        self.prototype
    }

    /// Writes an instruction that stands in `line`.
    pub(super) fn emit(&mut self, instruction: Instruction<'src>, line: u32) {
        self.prototype.code.push(instruction);
        self.prototype.lines.push(line);
        self.book_bytes += instruction.book_bytes();
        self.height += instruction.stack_effect();
        self.prototype.stack_slots = self.prototype.stack_slots.max(self.height.unsigned_abs());
    }

    /// Writes a jump to a place that [`FunctionState::land`] will give it.
    pub(super) fn emit_jump(&mut self, jump: Instruction<'src>, line: u32) -> Jump {
        self.emit(jump, line);
        Jump { at: self.prototype.code.len() - 1, height: self.height, book_bytes: self.book_bytes }
    }

    /// Lets a jump go here.
    pub(super) fn land(&mut self, jump: Jump) -> Result<(), Limit> {
        let target = self.label().at;
        let code = &mut self.prototype.code[jump.at];
        *code = code.with_target(target);
        self.height = jump.height;
        if self.book_bytes - jump.book_bytes > MAX_JUMP { Err("Too much code to jump over.") } else { Ok(()) }
    }

    /// This place.
    pub(super) fn label(&self) -> Label {
        Label { at: self.prototype.code.len() as u32, book_bytes: self.book_bytes }
    }

    /// Writes a jump back.
    pub(super) fn emit_loop(&mut self, label: Label, line: u32) -> Result<(), Limit> {
        self.emit(Instruction::Loop(label.at), line);
        if self.book_bytes - label.book_bytes > MAX_JUMP { Err("Loop body too large.") } else { Ok(()) }
    }

    /// Counts a constant as the book's machine would.
    pub(super) fn count_constant(&mut self) -> Result<(), Limit> {
        if self.book_constants == MAX_NUMBERED {
            return Err("Too many constants in one chunk.");
        }
        self.book_constants += 1;
        Ok(())
    }

    /// Adds a function that is written in this one; its number.
    pub(super) fn add_function(&mut self, function: Prototype<'src>) -> Result<usize, Limit> {
        self.count_constant()?;
        self.prototype.functions.push(function);
        Ok(self.prototype.functions.len() - 1)
    }

    /// Adds a parameter, whose local the caller declares.
    pub(super) fn add_parameter(&mut self) -> Result<(), Limit> {
        self.height += 1;
        self.prototype.stack_slots += 1;
        self.prototype.arity =
            self.prototype.arity.checked_add(1).ok_or("Can't have more than 255 parameters.")?;
        Ok(())
    }

    /// Adds a local, which has no value yet: what is pushed next.
    pub(super) fn add_local(&mut self, name: &'src str) -> Result<(), Limit> {
        if self.locals.len() == MAX_NUMBERED {
            return Err("Too many local variables in function.");
        }
        self.locals.push(Local { name, depth: None, is_captured: false });
        Ok(())
    }

    /// Whether the innermost block has a local of this name.
    pub(super) fn declares(&self, name: &str) -> bool {
        let in_block = |local: &&Local<'_>| local.depth.is_none_or(|depth| depth >= self.scope_depth);
        self.locals.iter().rev().take_while(in_block).any(|local| local.name == name)
    }

    /// Gives the last local its value, which is on the stack.
    pub(super) fn initialize_local(&mut self) {
        let depth = self.scope_depth;
        if let Some(local) = self.locals.last_mut() {
            local.depth = Some(depth);
        }
    }

    /// The local of this name, and whether it has a value.
    pub(super) fn local(&self, name: &str) -> Option<(u8, bool)> {
        let index = self.locals.iter().rposition(|local| local.name == name)?;
        Some((index as u8, self.locals[index].depth.is_some()))
    }

    /// Notes that a closure refers to a local.
    pub(super) fn mark_captured(&mut self, local: u8) {
        self.locals[usize::from(local)].is_captured = true;
    }

    /// Adds a captured variable, if it is not among them; its number.
    pub(super) fn add_capture(&mut self, capture: Capture) -> Result<u8, Limit> {
        let captures = &mut self.prototype.captures;
        if let Some(known) = captures.iter().position(|&known| known == capture) {
            return Ok(known as u8);
        }
        if captures.len() == MAX_NUMBERED {
            return Err("Too many closure variables in function.");
        }
        captures.push(capture);
        Ok((captures.len() - 1) as u8)
    }

    /// Counts the bytes that a closure's captures take in the book.
    pub(super) fn count_captures(&mut self, captures: usize) {
        self.book_bytes += 2 * captures;
    }

    /// Leaves a block, with its locals.
    pub(super) fn end_scope(&mut self, line: u32) {
        self.scope_depth -= 1;
        let depth = self.scope_depth;
        while self.locals.last().is_some_and(|local| local.depth.is_some_and(|own| own > depth)) {
            let is_captured = self.locals.pop().is_some_and(|local| local.is_captured);
            self.emit(if is_captured { Instruction::CloseUpvalue } else { Instruction::Pop }, line);
        }
    }
}
