//! Calls.

use super::frame::{Caller, Frame, MAX_FRAMES};
use super::stack::STACK_SLOTS;
use super::{Machine, Registers, Stop, error};
use crate::natives;
use crate::object::{Class, Closure, Instance, Value};
use gc_core::arena::Gc;

impl<'gc> Machine<'_, 'gc> {
    /// Starts a function whose arguments lie on top of the stack; below them it lies itself, or the receiver of a method. False
    /// if that is not possible.
    #[inline(always)]
    pub(super) fn enter(
        &mut self,
        at: &mut Registers<'gc>,
        closure: Gc<'gc, Closure<'gc>>,
        arguments: u8,
    ) -> bool {
        let base = at.top - usize::from(arguments) - 1;
        let frame = Frame::new(self.mc, closure.get(self.mc), base);
        let has_room =
            self.callers.len() + 1 < MAX_FRAMES && base + frame.function.stack_slots as usize <= STACK_SLOTS;
        let enters = arguments == frame.function.arity && has_room;
        if enters {
            self.callers.push(Caller { frame: at.frame, closure: self.closure });
            at.frame = frame;
            self.closure = closure;
        }
        enters
    }

    /// Calls a function with the arguments on top of the stack.
    pub(super) fn call(&mut self, closure: Gc<'gc, Closure<'gc>>, arguments: u8) -> Result<(), Stop> {
        let mut at = self.registers;
        if !self.enter(&mut at, closure, arguments) {
            let expected = closure.get(self.mc).function.get(self.mc).arity;
            return if arguments == expected {
                error("Stack overflow.")
            } else {
                wrong_arguments(expected, arguments)
            };
        }
        self.registers = at;
        Ok(())
    }

    /// Calls a value with the arguments on top of the stack.
    #[inline(never)]
    pub(super) fn call_value(&mut self, callee: Value<'gc>, arguments: u8) -> Result<(), Stop> {
        match callee {
            Value::Closure(closure) => self.call(closure, arguments),
            Value::Class(class) => self.instantiate(class.get(self.mc), arguments),
            Value::BoundMethod(bound) => {
                let bound = bound.get(self.mc);
                self.poke(usize::from(arguments), bound.receiver);
                self.call(bound.method, arguments)
            }
            Value::Native(number) => self.call_native(number, arguments),
            _ => error("Can only call functions and classes."),
        }
    }

    fn instantiate(&mut self, class: &Class<'gc>, arguments: u8) -> Result<(), Stop> {
        let instance = Instance::make(self.mc, class)?;
        // Before the initializer runs, which has not made it.
        self.note_sample();
        self.poke(usize::from(arguments), Value::Instance(instance).pack());
        match class.initializer.get() {
            Some(initializer) => self.call(initializer, arguments),
            None if arguments > 0 => wrong_arguments(0, arguments),
            None => Ok(()),
        }
    }

    fn call_native(&mut self, number: u8, arguments: u8) -> Result<(), Stop> {
        let result = natives::call(self, number)?;
        self.registers.top -= usize::from(arguments);
        self.poke(0, result.value.pack());
        if result.collect { Err(Stop::Collect) } else { Ok(()) }
    }
}

#[cold]
fn wrong_arguments(expected: u8, got: u8) -> Result<(), Stop> {
    error(format!("Expected {expected} arguments but got {got}."))
}
