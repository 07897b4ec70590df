//! From code to objects.

mod fuse;

use crate::code::{Instruction, Prototype};
use crate::object::{Closure, Function, Global, Op, Site, Slot, Value};
use crate::state::State;
use gc_core::HeapFull;
use gc_core::arena::{Array, Gc, Mutation, Str};

/// Puts compiled functions into the arena.
#[derive(Clone, Copy)]
pub(crate) struct Loader<'gc> {
    mc: Mutation<'gc>,
    state: Gc<'gc, State<'gc>>,
}

type Loaded<T> = Result<T, HeapFull>;

impl<'gc> Loader<'gc> {
    pub(crate) fn new(mc: Mutation<'gc>, state: Gc<'gc, State<'gc>>) -> Self {
        Loader { mc, state }
    }

    /// Loads a whole program.
    pub(crate) fn program(self, prototype: &Prototype<'_>) -> Loaded<Gc<'gc, Closure<'gc>>> {
        let function = self.function(prototype)?;
        self.mc.try_new(Closure { function, upvalues: self.mc.try_array(&[])? })
    }

    fn function(self, prototype: &Prototype<'_>) -> Loaded<Gc<'gc, Function<'gc>>> {
        self.mc.try_new(Function {
            name: prototype.name.map(|name| self.string(name)).transpose()?,
            code: self.code(prototype)?,
            lines: self.mc.try_array(&prototype.lines)?,
            captures: self.mc.try_array(&prototype.captures)?,
            stack_slots: prototype.stack_slots,
            arity: prototype.arity,
        })
    }

    pub(crate) fn string(self, text: &str) -> Loaded<Gc<'gc, Str>> {
        self.state.get(self.mc).strings.try_intern(self.mc, text)
    }

    pub(crate) fn global(self, name: &str) -> Loaded<Gc<'gc, Global<'gc>>> {
        let globals = self.state.write(self.mc).field(|state| &state.globals);
        Global::named(globals, self.mc, self.string(name)?)
    }

    fn code(self, prototype: &Prototype<'_>) -> Loaded<Gc<'gc, Array<Op<'gc>>>> {
        let ops = prototype.code.iter().map(|&instruction| self.op(prototype, instruction));
        let mut ops = ops.collect::<Loaded<Vec<_>>>()?;
        fuse::fuse(&mut ops, &prototype.lines);
        self.mc.try_array(&ops)
    }

    fn op(self, prototype: &Prototype<'_>, instruction: Instruction<'_>) -> Loaded<Op<'gc>> {
        Ok(match instruction {
            Instruction::Number(number) => Op::Constant(self.constant(Value::Number(number))?),
            Instruction::String(text) => Op::Constant(self.constant(Value::String(self.string(text)?))?),
            Instruction::Nil => Op::Nil,
            Instruction::True => Op::True,
            Instruction::False => Op::False,
            Instruction::Pop => Op::Pop,
            Instruction::GetLocal(slot) => Op::GetLocal(slot),
            Instruction::SetLocal(slot) => Op::SetLocal(slot),
            Instruction::GetGlobal(name) => Op::GetGlobal(self.global(name)?),
            Instruction::DefineGlobal(name) => Op::DefineGlobal(self.global(name)?),
            Instruction::SetGlobal(name) => Op::SetGlobal(self.global(name)?),
            Instruction::GetUpvalue(index) => Op::GetUpvalue(index),
            Instruction::SetUpvalue(index) => Op::SetUpvalue(index),
            Instruction::GetProperty(name) => Op::GetProperty(self.site(name)?),
            Instruction::SetProperty(name) => Op::SetProperty(self.site(name)?),
            Instruction::GetSuper(name) => Op::GetSuper(self.site(name)?),
            Instruction::Equal => Op::Equal,
            Instruction::Greater => Op::Greater,
            Instruction::Less => Op::Less,
            Instruction::Add => Op::Add,
            Instruction::Subtract => Op::Subtract,
            Instruction::Multiply => Op::Multiply,
            Instruction::Divide => Op::Divide,
            Instruction::Not => Op::Not,
            Instruction::Negate => Op::Negate,
            Instruction::Print => Op::Print,
            Instruction::Jump(target) => Op::Jump(target),
            Instruction::JumpIfFalse(target) => Op::JumpIfFalse(target),
            Instruction::Loop(target) => Op::Loop(target),
            Instruction::Call(arguments) => Op::Call(arguments),
            Instruction::Invoke { name, arguments } => Op::Invoke(arguments, self.site(name)?),
            Instruction::SuperInvoke { name, arguments } => Op::SuperInvoke(arguments, self.site(name)?),
            Instruction::Closure(number) => Op::Closure(self.function(&prototype.functions[number])?),
            Instruction::CloseUpvalue => Op::CloseUpvalue,
            Instruction::Return => Op::Return,
            Instruction::Class(name) => Op::Class(self.string(name)?),
            Instruction::Inherit => Op::Inherit,
            Instruction::Method(name) => Op::Method(self.string(name)?),
        })
    }

    fn constant(self, value: Value<'gc>) -> Loaded<Gc<'gc, Slot<'gc>>> {
        self.mc.try_new(value.pack())
    }

    fn site(self, name: &str) -> Loaded<Gc<'gc, Site<'gc>>> {
        self.mc.try_new(Site::new(self.string(name)?))
    }
}
