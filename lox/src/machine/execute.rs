//! The instructions.

use super::{Machine, Stop, error};
use crate::code::Instruction;
use crate::object::{Class, Slot, Value};
use gc_core::arena::{Gc, Str};

impl<'gc> Machine<'_, 'gc> {
    /// Executes instructions until the program ends or stops.
    pub(super) fn execute(&mut self) -> Result<(), Stop> {
        loop {
            let instruction = self.frame.code[self.frame.ip];
            self.frame.ip += 1;
            match instruction {
                Instruction::Constant(index) => self.stack.push(self.constant(index)),
                Instruction::Nil => self.stack.push(Value::Nil.pack()),
                Instruction::True => self.stack.push(Value::Bool(true).pack()),
                Instruction::False => self.stack.push(Value::Bool(false).pack()),
                Instruction::Pop => drop(self.stack.pop()),
                Instruction::GetLocal(slot) => self.stack.push(self.stack.at(self.frame.base + usize::from(slot))),
                Instruction::SetLocal(slot) => {
                    self.stack.set(self.frame.base + usize::from(slot), self.stack.peek(0));
                }
                Instruction::GetGlobal(number) => self.get_global(number)?,
                Instruction::DefineGlobal(number) => {
                    let value = self.stack.pop();
                    self.globals.set(self.mc, number as usize, value);
                }
                Instruction::SetGlobal(number) => self.set_global(number)?,
                Instruction::GetUpvalue(index) => self.stack.push(self.upvalue(index)),
                Instruction::SetUpvalue(index) => self.set_upvalue(index, self.stack.peek(0)),
                Instruction::GetProperty(site) => self.get_property(site)?,
                Instruction::SetProperty(site) => self.set_property(site)?,
                Instruction::GetSuper(site) => self.get_super(site)?,
                Instruction::Equal => {
                    let right = self.stack.pop();
                    let equal = Value::are_equal(self.stack.peek(0), right);
                    self.stack.poke(0, Value::Bool(equal).pack());
                }
                Instruction::Greater => self.binary(|left, right| Value::Bool(left > right))?,
                Instruction::Less => self.binary(|left, right| Value::Bool(left < right))?,
                Instruction::Add => self.add()?,
                Instruction::Subtract => self.binary(|left, right| Value::Number(left - right))?,
                Instruction::Multiply => self.binary(|left, right| Value::Number(left * right))?,
                Instruction::Divide => self.binary(|left, right| Value::Number(left / right))?,
                Instruction::Not => {
                    let falsey = self.stack.peek(0).unpack().is_falsey();
                    self.stack.poke(0, Value::Bool(falsey).pack());
                }
                Instruction::Negate => match self.stack.peek(0).unpack() {
                    Value::Number(number) => self.stack.poke(0, Value::Number(-number).pack()),
                    _ => return error("Operand must be a number."),
                },
                Instruction::Print => self.print()?,
                Instruction::Jump(target) => self.frame.ip = target as usize,
                Instruction::JumpIfFalse(target) => {
                    if self.stack.peek(0).unpack().is_falsey() {
                        self.frame.ip = target as usize;
                    }
                }
                Instruction::Loop(target) => {
                    self.frame.ip = target as usize;
                    self.yield_if_due()?;
                }
                Instruction::Call(arguments) => {
                    self.call_value(self.stack.peek(usize::from(arguments)), arguments)?;
                    self.yield_if_due()?;
                }
                Instruction::Invoke { site, arguments } => {
                    self.invoke(site, arguments)?;
                    self.yield_if_due()?;
                }
                Instruction::SuperInvoke { site, arguments } => {
                    self.super_invoke(site, arguments)?;
                    self.yield_if_due()?;
                }
                Instruction::Closure(index) => self.close_function(index)?,
                Instruction::CloseUpvalue => {
                    self.close_upvalues(self.stack.len() - 1);
                    self.stack.pop();
                }
                Instruction::Return => {
                    if self.return_value() {
                        return Ok(());
                    }
                }
                Instruction::Class(name) => {
                    let class = Class::make(self.mc, self.name(name))?;
                    self.stack.push(Value::Class(class).pack());
                }
                Instruction::Inherit => self.inherit()?,
                Instruction::Method(name) => self.add_method(name)?,
            }
        }
    }

    /// Lets the heap have its turn, if it asks for that.
    #[inline(always)]
    fn yield_if_due(&self) -> Result<(), Stop> {
        if self.mc.should_yield() { Err(Stop::Yield) } else { Ok(()) }
    }

    #[inline(always)]
    fn constant(&self, index: u8) -> Slot<'gc> {
        self.frame.function.constants.as_slice(self.mc)[usize::from(index)]
    }

    /// A constant that is a name.
    pub(super) fn name(&self, index: u8) -> Gc<'gc, Str> {
        match self.constant(index).unpack() {
            Value::String(name) => name,
            other => unreachable!("{other:?} is no name"),
        }
    }

    #[inline(always)]
    fn binary(&mut self, operation: impl Fn(f64, f64) -> Value<'gc>) -> Result<(), Stop> {
        match (self.stack.peek(1).unpack(), self.stack.peek(0).unpack()) {
            (Value::Number(left), Value::Number(right)) => {
                self.stack.pop();
                self.stack.poke(0, operation(left, right).pack());
                Ok(())
            }
            _ => error("Operands must be numbers."),
        }
    }

    #[inline(always)]
    fn add(&mut self) -> Result<(), Stop> {
        let sum = match (self.stack.peek(1).unpack(), self.stack.peek(0).unpack()) {
            (Value::Number(left), Value::Number(right)) => Value::Number(left + right),
            (Value::String(left), Value::String(right)) => Value::String(self.concatenate(left, right)?),
            _ => return error("Operands must be two numbers or two strings."),
        };
        self.stack.pop();
        self.stack.poke(0, sum.pack());
        Ok(())
    }

    fn concatenate(&mut self, left: Gc<'gc, Str>, right: Gc<'gc, Str>) -> Result<Gc<'gc, Str>, Stop> {
        self.text.clear();
        self.text.push_str(left.as_str(self.mc));
        self.text.push_str(right.as_str(self.mc));
        Ok(self.state.get(self.mc).strings.try_intern(self.mc, &self.text)?)
    }

    #[inline(always)]
    fn get_global(&mut self, number: u32) -> Result<(), Stop> {
        let value = self.globals.at(self.mc, number as usize);
        if let Value::Undefined = value.unpack() {
            return self.undefined_variable(number);
        }
        self.stack.push(value);
        Ok(())
    }

    #[inline(always)]
    fn set_global(&mut self, number: u32) -> Result<(), Stop> {
        if let Value::Undefined = self.globals.at(self.mc, number as usize).unpack() {
            return self.undefined_variable(number);
        }
        self.globals.set(self.mc, number as usize, self.stack.peek(0));
        Ok(())
    }

    #[cold]
    fn undefined_variable(&self, number: u32) -> Result<(), Stop> {
        let name = self.state.get(self.mc).globals.name(self.mc, number);
        error(format!("Undefined variable '{}'.", name.as_str(self.mc)))
    }

    fn print(&mut self) -> Result<(), Stop> {
        let value = self.stack.pop().unpack();
        writeln!(self.host.output, "{}", value.display(self.mc)).map_err(Stop::NoOutput)
    }
}
