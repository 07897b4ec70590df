//! The machine that executes code (*Crafting Interpreters*, chapters 15, 18 to 20 and 22 to 28).
//!
//! It runs in *turns*. During a turn nothing is collected and nothing moves, so that stack and frames lie outside of the
//! arena, where they are fast; at its end they are saved in the arena, where the collector finds them. A turn ends at a
//! call or a jump back if the heap asks for that, and when the program asks for a collection.

mod call;
mod error;
mod execute;
mod frame;
mod host;
mod property;
mod saved;
mod sites;
mod stack;
mod upvalues;

use crate::object::{Closure, Slot, Upvalue};
use crate::state::State;
pub use error::{RuntimeError, TraceLine};
use frame::{Caller, Frame};
use gc_core::HeapFull;
use gc_core::arena::{Gc, Mutation};
pub(crate) use host::Host;
pub(crate) use saved::{Saved, forget, start};
pub use sites::AllocationSites;
pub(crate) use stack::STACK_SLOTS;
use stack::Stack;
use std::io;

/// A program that runs, for one turn.
pub(crate) struct Machine<'a, 'gc> {
    pub(crate) mc: Mutation<'gc>,
    pub(crate) state: Gc<'gc, State<'gc>>,
    stack: Stack<'gc>,
    registers: Registers<'gc>,
    /// The function that is executed.
    closure: Gc<'gc, Closure<'gc>>,
    /// The functions that wait for the one that is executed, the program first.
    callers: Vec<Caller<'gc>>,
    /// The variables on the stack that closures refer to, the highest first.
    open_upvalues: Option<Gc<'gc, Upvalue<'gc>>>,
    pub(crate) host: Host<'a>,
}

/// What changes with every instruction.
#[derive(Clone, Copy)]
#[repr(C)]
struct Registers<'gc> {
    /// The place above the topmost value on the stack.
    top: usize,
    /// The function that is executed.
    frame: Frame<'gc>,
}

/// How a turn ended.
#[derive(Debug)]
pub(crate) enum Turn {
    /// With the end of the program.
    Finished,
    /// The heap is to have its turn.
    Yielded,
    /// The program wants a full collection.
    WantsCollection,
    /// There was no memory for the next instruction, which can be executed again.
    Refused,
    /// With an error of the program.
    Failed(RuntimeError),
    /// There is no writing what it prints.
    NoOutput(io::Error),
}

/// Why the machine stops in an instruction.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The heap is to have its turn.
    Yield,
    /// The program wants a full collection.
    Collect,
    /// There is no memory. The instruction has changed nothing that matters.
    HeapFull,
    /// The program does what it must not.
    Error(Box<str>),
    /// What is printed cannot be written.
    NoOutput(io::Error),
}

impl From<HeapFull> for Stop {
    fn from(_: HeapFull) -> Self {
        Stop::HeapFull
    }
}

/// An error of the program.
#[cold]
fn error<T>(message: impl Into<Box<str>>) -> Result<T, Stop> {
    Err(Stop::Error(message.into()))
}

impl<'gc> Machine<'_, 'gc> {
    /// Executes instructions until the turn is to end.
    pub(crate) fn run(mut self) -> Turn {
        match self.execute() {
            Ok(()) => Turn::Finished,
            Err(Stop::Yield) => self.pause(Turn::Yielded),
            Err(Stop::Collect) => self.pause(Turn::WantsCollection),
            Err(Stop::HeapFull) => {
                self.registers.frame.ip -= 1;
                self.pause(Turn::Refused)
            }
            Err(Stop::Error(message)) => Turn::Failed(self.fail(message)),
            Err(Stop::NoOutput(error)) => {
                self.close_upvalues(0);
                Turn::NoOutput(error)
            }
        }
    }

    fn pause(self, turn: Turn) -> Turn {
        self.save();
        turn
    }

    /// The instruction that was refused memory is an error.
    pub(crate) fn run_out_of_memory(mut self) -> RuntimeError {
        self.registers.frame.ip += 1;
        self.fail("Out of memory.".into())
    }

    fn push(&mut self, value: Slot<'gc>) {
        self.stack.set(self.registers.top, value);
        self.registers.top += 1;
    }

    fn pop(&mut self) -> Slot<'gc> {
        self.registers.top -= 1;
        self.stack.at(self.registers.top)
    }

    /// The value with `depth` others on top of it.
    fn peek(&self, depth: usize) -> Slot<'gc> {
        self.stack.at(self.registers.top - 1 - depth)
    }

    /// Changes the value with `depth` others on top of it.
    fn poke(&mut self, depth: usize, value: Slot<'gc>) {
        self.stack.set(self.registers.top - 1 - depth, value);
    }
}
