//! What is left of a machine between two turns.

use super::frame::{Caller, Frame, MAX_FRAMES};
use super::stack::{STACK_SLOTS, Stack};
use super::{Host, Machine, Registers};
use crate::object::{Closure, Slot, Upvalue, Value};
use crate::state::State;
use gc_core::arena::{Array, Gc, Lock, Mutation, Trace};
use std::cell::Cell;

/// A program that waits for its next turn. It has room for the largest, so that saving needs no memory.
#[derive(Trace)]
pub(crate) struct Saved<'gc> {
    stack: Gc<'gc, Array<Lock<Slot<'gc>>>>,
    /// How many values there are on the stack; all others are nil.
    height: Cell<usize>,
    frames: Gc<'gc, Array<SavedFrame<'gc>>>,
    /// How many functions are running.
    depth: Cell<usize>,
    open_upvalues: Lock<Option<Gc<'gc, Upvalue<'gc>>>>,
}

#[derive(Trace)]
struct SavedFrame<'gc> {
    closure: Lock<Option<Gc<'gc, Closure<'gc>>>>,
    base: Cell<usize>,
    ip: Cell<usize>,
}

impl<'gc> Saved<'gc> {
    /// Nothing that runs.
    pub(crate) fn new(mc: Mutation<'gc>) -> Self {
        let no_frame = |_| SavedFrame { closure: Lock::new(None), base: Cell::new(0), ip: Cell::new(0) };
        Saved {
            stack: mc.array_from_fn(STACK_SLOTS, |_| Lock::new(Value::Nil.pack())),
            height: Cell::new(0),
            frames: mc.array_from_fn(MAX_FRAMES, no_frame),
            depth: Cell::new(0),
            open_upvalues: Lock::new(None),
        }
    }

    fn save_frame(&self, mc: Mutation<'gc>, index: usize, running: Caller<'gc>) {
        let saved = self.frames.write_at(mc, index);
        saved.field(|saved| &saved.closure).set(Some(running.closure));
        saved.base.set(running.frame.base);
        saved.ip.set(running.frame.ip);
    }

    /// From now on there are `height` values and `depth` functions; what was beyond them is dropped.
    fn resize(&self, mc: Mutation<'gc>, height: usize, depth: usize) {
        for place in height..self.height.replace(height) {
            self.stack.set(mc, place, Value::Nil.pack());
        }
        for index in depth..self.depth.replace(depth) {
            self.frames.write_at(mc, index).field(|saved| &saved.closure).set(None);
        }
    }

    fn running(&self, mc: Mutation<'gc>) -> impl Iterator<Item = Caller<'gc>> {
        self.frames.as_slice(mc)[..self.depth.get()].iter().map(move |saved| {
            let closure = saved.closure.get().expect("it is one of those in use");
            let frame = Frame { ip: saved.ip.get(), ..Frame::new(mc, closure.get(mc), saved.base.get()) };
            Caller { frame, closure }
        })
    }
}

impl<'a, 'gc> Machine<'a, 'gc> {
    /// Goes on with the program that was saved.
    pub(crate) fn resume(mc: Mutation<'gc>, state: Gc<'gc, State<'gc>>, host: Host<'a>) -> Self {
        let saved = &state.get(mc).saved;
        let mut stack = Stack::new();
        let saved_stack = &saved.stack.as_slice(mc)[..saved.height.get()];
        saved_stack.iter().enumerate().for_each(|(place, slot)| stack.set(place, slot.get()));
        let mut callers: Vec<_> = saved.running(mc).collect();
        let Caller { frame, closure } = callers.pop().expect("a program runs");
        Machine {
            mc,
            state,
            stack,
            registers: Registers { top: saved.height.get(), frame },
            closure,
            callers,
            open_upvalues: saved.open_upvalues.get(),
            host,
        }
    }

    /// Ends the turn.
    pub(super) fn save(self) {
        let (mc, top) = (self.mc, self.registers.top);
        let saved = self.state.write(mc).field(|state| &state.saved);
        for (place, slot) in self.stack.below(top).iter().enumerate() {
            saved.stack.set(mc, place, *slot);
        }
        let running = Caller { frame: self.registers.frame, closure: self.closure };
        for (index, running) in self.callers.iter().chain([&running]).enumerate() {
            saved.save_frame(mc, index, *running);
        }
        saved.resize(mc, top, self.callers.len() + 1);
        saved.field(|saved| &saved.open_upvalues).set(self.open_upvalues);
    }
}

/// Forgets the program that was saved, so that it keeps nothing alive.
pub(crate) fn forget<'gc>(mc: Mutation<'gc>, state: Gc<'gc, State<'gc>>) {
    let saved = state.write(mc).field(|state| &state.saved);
    saved.resize(mc, 0, 0);
    saved.field(|saved| &saved.open_upvalues).set(None);
}

/// Makes a program the one that is to run, in the place of any other.
pub(crate) fn start<'gc>(mc: Mutation<'gc>, state: Gc<'gc, State<'gc>>, program: Gc<'gc, Closure<'gc>>) {
    forget(mc, state);
    let saved = state.write(mc).field(|state| &state.saved);
    saved.stack.set(mc, 0, Value::Closure(program).pack());
    saved.height.set(1);
    saved.save_frame(mc, 0, Caller { frame: Frame::new(mc, program.get(mc), 0), closure: program });
    saved.depth.set(1);
}
