//! From code to objects.

use crate::code::{Constant, Instruction, Prototype};
use crate::globals::Globals;
use crate::object::{Closure, Function, Site, Slot, Value};
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
            constants: self.array(&prototype.constants, |constant| self.constant(constant))?,
            functions: self.array(&prototype.functions, |function| self.function(function))?,
            sites: self.sites(&prototype.sites)?,
            captures: self.mc.try_array(&prototype.captures)?,
            lines: self.mc.try_array(&prototype.lines)?,
            stack_slots: prototype.stack_slots,
            arity: prototype.arity,
        })
    }

    pub(crate) fn string(self, text: &str) -> Loaded<Gc<'gc, Str>> {
        self.state.get(self.mc).strings.try_intern(self.mc, text)
    }

    fn constant(self, constant: &Constant<'_>) -> Loaded<Slot<'gc>> {
        Ok(match *constant {
            Constant::Number(number) => Value::Number(number).pack(),
            Constant::String(text) => Value::String(self.string(text)?).pack(),
        })
    }

    fn sites(self, names: &[&str]) -> Loaded<Gc<'gc, Array<Site<'gc>>>> {
        let names: Vec<_> = names.iter().map(|name| self.string(name)).collect::<Loaded<_>>()?;
        self.mc.try_array_from_fn(names.len(), |index| Site::new(names[index]))
    }

    /// The code, with the globals as the machine numbers them.
    fn code(self, prototype: &Prototype<'_>) -> Loaded<Gc<'gc, Array<Instruction>>> {
        let numbers: Vec<_> = prototype.globals.iter().map(|name| self.global(name)).collect::<Loaded<_>>()?;
        let number = |global: u32| numbers[global as usize];
        self.mc.try_array_from_fn(prototype.code.len(), |index| match prototype.code[index] {
            Instruction::GetGlobal(global) => Instruction::GetGlobal(number(global)),
            Instruction::DefineGlobal(global) => Instruction::DefineGlobal(number(global)),
            Instruction::SetGlobal(global) => Instruction::SetGlobal(number(global)),
            other => other,
        })
    }

    pub(crate) fn global(self, name: &str) -> Loaded<u32> {
        let name = self.string(name)?;
        Globals::number(self.state.write(self.mc).field(|state| &state.globals), self.mc, name)
    }

    fn array<T, U: gc_core::arena::Trace<'gc> + Copy>(
        self,
        from: &[T],
        load: impl Fn(&T) -> Loaded<U>,
    ) -> Loaded<Gc<'gc, Array<U>>> {
        self.mc.try_array(&from.iter().map(load).collect::<Loaded<Vec<_>>>()?)
    }
}
