//! Variables that closures share, and the making of closures.

use super::frame::Frame;
use super::{Machine, Stop};
use crate::code::Capture;
use crate::object::{Closure, Function, Slot, Upvalue, Value};
use gc_core::HeapFull;
use gc_core::arena::Gc;

impl<'gc> Machine<'_, 'gc> {
    #[inline(always)]
    fn upvalue_object(&self, frame: &Frame<'gc>, index: u8) -> Gc<'gc, Upvalue<'gc>> {
        frame.closure.upvalues.as_slice(self.mc)[usize::from(index)]
    }

    #[inline(always)]
    pub(super) fn upvalue(&self, frame: &Frame<'gc>, index: u8) -> Slot<'gc> {
        let upvalue = self.upvalue_object(frame, index).get(self.mc);
        match upvalue.place() {
            Some(place) => self.stack.at(place),
            None => upvalue.value.get(),
        }
    }

    #[inline(always)]
    pub(super) fn set_upvalue(&mut self, frame: &Frame<'gc>, index: u8, value: Slot<'gc>) {
        let upvalue = self.upvalue_object(frame, index);
        match upvalue.get(self.mc).place() {
            Some(place) => self.stack.set(place, value),
            None => upvalue.write(self.mc).field(|upvalue| &upvalue.value).set(value),
        }
    }

    /// Makes a closure of a function in the one that is executed.
    #[inline(never)]
    pub(super) fn close_function(&mut self, function: Gc<'gc, Function<'gc>>) -> Result<(), Stop> {
        let frame = self.registers.frame;
        let captures = function.get(self.mc).captures.as_slice(self.mc);
        let mut upvalues = Vec::with_capacity(captures.len());
        for &capture in captures {
            upvalues.push(match capture {
                Capture::Local(slot) => self.open_upvalue(frame.place(slot))?,
                Capture::Upvalue(index) => self.upvalue_object(&frame, index),
            });
        }
        let upvalues = self.mc.try_array(&upvalues)?;
        let closure = self.mc.try_new(Closure { function, upvalues })?;
        self.push(Value::Closure(closure).pack());
        Ok(())
    }

    /// The open upvalue of a place on the stack.
    fn open_upvalue(&mut self, place: usize) -> Result<Gc<'gc, Upvalue<'gc>>, HeapFull> {
        let (mut above, mut next) = (None, self.open_upvalues);
        while let Some(upvalue) = next {
            match upvalue.get(self.mc).place() {
                Some(open) if open == place => return Ok(upvalue),
                Some(open) if open > place => (above, next) = (next, upvalue.get(self.mc).next.get()),
                _ => break,
            }
        }
        let made = self.mc.try_new(Upvalue::open(place, next))?;
        match above {
            Some(above) => above.write(self.mc).field(|upvalue| &upvalue.next).set(Some(made)),
            None => self.open_upvalues = Some(made),
        }
        Ok(made)
    }

    /// Closes the upvalues of all places from `place` on.
    #[inline(always)]
    pub(super) fn close_upvalues(&mut self, place: usize) {
        while let Some(upvalue) = self.open_upvalues {
            match upvalue.get(self.mc).place() {
                Some(open) if open >= place => self.close_upvalue(upvalue, open),
                _ => return,
            }
        }
    }

    #[inline(never)]
    fn close_upvalue(&mut self, upvalue: Gc<'gc, Upvalue<'gc>>, place: usize) {
        let upvalue = upvalue.write(self.mc);
        upvalue.field(|upvalue| &upvalue.value).set(self.stack.at(place));
        self.open_upvalues = upvalue.field(|upvalue| &upvalue.next).take();
        upvalue.close();
    }
}
