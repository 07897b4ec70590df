//! Calls and returns.

use super::frame::{Frame, MAX_FRAMES};
use super::stack::STACK_SLOTS;
use super::{Machine, Stop, error};
use crate::natives;
use crate::object::{Class, Closure, Instance, Slot, Value};
use gc_core::arena::Gc;

impl<'gc> Machine<'_, 'gc> {
    /// Calls a value with the arguments on top of the stack; it lies below them, or the receiver of a method does.
    #[inline(always)]
    pub(super) fn call_value(&mut self, callee: Slot<'gc>, arguments: u8) -> Result<(), Stop> {
        match callee.unpack() {
            Value::Closure(closure) => self.call(closure, arguments),
            other => self.call_other(other, arguments),
        }
    }

    fn call_other(&mut self, callee: Value<'gc>, arguments: u8) -> Result<(), Stop> {
        match callee {
            Value::Class(class) => self.instantiate(class.get(self.mc), arguments),
            Value::BoundMethod(bound) => {
                let bound = bound.get(self.mc);
                self.stack.poke(usize::from(arguments), bound.receiver);
                self.call(bound.method, arguments)
            }
            Value::Native(number) => self.call_native(number, arguments),
            _ => error("Can only call functions and classes."),
        }
    }

    #[inline(always)]
    pub(super) fn call(&mut self, closure: Gc<'gc, Closure<'gc>>, arguments: u8) -> Result<(), Stop> {
        let base = self.stack.len() - usize::from(arguments) - 1;
        let frame = Frame::new(self.mc, closure, base, 0);
        if arguments != frame.function.arity {
            return wrong_arguments(frame.function.arity, arguments);
        }
        if self.callers.len() + 1 == MAX_FRAMES || base + frame.function.stack_slots as usize > STACK_SLOTS {
            return error("Stack overflow.");
        }
        self.callers.push(self.frame);
        self.frame = frame;
        Ok(())
    }

    fn instantiate(&mut self, class: &Class<'gc>, arguments: u8) -> Result<(), Stop> {
        let instance = Instance::make(self.mc, class)?;
        self.stack.poke(usize::from(arguments), Value::Instance(instance).pack());
        match class.initializer.get() {
            Some(initializer) => self.call(initializer, arguments),
            None if arguments > 0 => wrong_arguments(0, arguments),
            None => Ok(()),
        }
    }

    fn call_native(&mut self, number: u8, arguments: u8) -> Result<(), Stop> {
        let result = natives::call(self, number)?;
        self.stack.truncate(self.stack.len() - usize::from(arguments));
        self.stack.poke(0, result.value.pack());
        if result.collect { Err(Stop::Collect) } else { Ok(()) }
    }

    /// Returns from a function with the value on top of the stack; whether it was the program.
    #[inline(always)]
    pub(super) fn return_value(&mut self) -> bool {
        let result = self.stack.pop();
        let base = self.frame.base;
        self.close_upvalues(base);
        self.stack.truncate(base);
        match self.callers.pop() {
            None => true,
            Some(caller) => {
                self.frame = caller;
                self.stack.push(result);
                false
            }
        }
    }
}

#[cold]
fn wrong_arguments(expected: u8, got: u8) -> Result<(), Stop> {
    error(format!("Expected {expected} arguments but got {got}."))
}
