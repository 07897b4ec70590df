//! A small virtual machine on the typed face of the collector: registers, pairs, calls, and errors that a program can
//! catch, running out of memory among them. `docs/guide-small-vm.md` walks through it.

#![forbid(unsafe_code)]

use gc_core::Config;
use gc_core::arena::{Arena, Gc, Lock, Mutation, Root, Trace, Write};
use std::{array, cell::Cell, ops::ControlFlow};

/// What programs compute with.
#[derive(Clone, Copy, Debug, Trace)]
enum Value<'gc> {
    Number(i64),
    Pair(Gc<'gc, [Value<'gc>; 2]>),
    Error(&'static str),
}

const OUT_OF_MEMORY: &str = "out of memory";

/// An instruction: the register that its result goes to, what it does, and the register that it does that with.
pub(crate) type Instruction = (usize, Op, usize);

#[derive(Clone, Copy)]
pub(crate) enum Op {
    Add(i64),
    /// Makes a pair with another register.
    Pair(usize),
    /// Takes the first value of a pair.
    First,
    /// Goes on at another instruction unless the value is 0.
    JumpUnlessZero(usize),
    /// Calls the function that starts at another instruction and finds the value in its register 0.
    Call(usize),
    /// Ends the function, or the program, with the value.
    Return,
    /// The next error, instead of ending the program, becomes the result, and the function goes on at another instruction.
    Catch(usize),
}

/// A function that runs: its registers, and where its result goes.
#[derive(Trace)]
struct Frame<'gc> {
    registers: [Lock<Value<'gc>>; 8],
    caller: Option<Place<'gc>>,
}

/// A frame, the next instruction, and a register.
type Place<'gc> = (Gc<'gc, Frame<'gc>>, usize, usize);

/// A program that runs.
#[derive(Trace)]
struct Machine<'gc> {
    place: Lock<Place<'gc>>,
    handler: Lock<Option<Place<'gc>>>,
    refused: Cell<bool>,
}

/// What an instruction makes, and where that goes: nowhere if the program ends with it.
type Made<'gc> = Result<(Value<'gc>, Option<Place<'gc>>), &'static str>;

fn execute<'gc>(mc: Mutation<'gc>, machine: &Write<Machine<'gc>>, code: &[Instruction]) -> Made<'gc> {
    let (frame, at, _) = machine.place.get();
    let ((to, op, from), next) = (code[at], at + 1);
    let get = |register: usize| frame.get(mc).registers[register].get();
    let full = |_| OUT_OF_MEMORY;
    let made = |value, next| Ok((value, Some((frame, next, to))));
    match (op, get(from)) {
        (Op::Add(number), Value::Number(other)) => made(Value::Number(other.wrapping_add(number)), next),
        (Op::Pair(second), first) => made(Value::Pair(mc.try_new([first, get(second)]).map_err(full)?), next),
        (Op::First, Value::Pair(pair)) => made(pair.get(mc)[0], next),
        (Op::JumpUnlessZero(_), Value::Number(0)) => made(get(to), next),
        (Op::JumpUnlessZero(other), _) => made(get(to), other),
        (Op::Call(function), argument) => {
            let registers = array::from_fn(|_| Lock::new(argument));
            let callee = mc.try_new(Frame { registers, caller: Some((frame, next, to)) }).map_err(full)?;
            Ok((argument, Some((callee, function, 0))))
        }
        (Op::Return, result) => Ok((result, frame.get(mc).caller)),
        (Op::Catch(other), _) => {
            machine.field(|machine| &machine.handler).set(Some((frame, other, to)));
            made(get(to), next)
        }
        _ => Err("wrong type"),
    }
}

/// Executes instructions until the collector is to have its turn, or the program ends.
fn step<'gc>(mc: Mutation<'gc>, machine: &Write<Machine<'gc>>, code: &[Instruction]) -> ControlFlow<String> {
    loop {
        let (value, place) = match execute(mc, machine, code) {
            Ok(made) => made,
            // Everything is collected between two steps; then the instruction is tried once more.
            Err(OUT_OF_MEMORY) if !machine.refused.replace(true) => return ControlFlow::Continue(()),
            Err(error) => (Value::Error(error), machine.field(|machine| &machine.handler).take()),
        };
        let Some(place @ (frame, _, to)) = place else { return ControlFlow::Break(format!("{value:?}")) };
        frame.write(mc).field(|frame| &frame.registers).at(to).set(value);
        machine.field(|machine| &machine.place).set(place);
        machine.refused.set(false);
        if mc.should_yield() {
            return ControlFlow::Continue(());
        }
    }
}

/// Runs a program until it ends; its result.
pub(crate) fn run(config: Config, code: &[Instruction]) -> String {
    let mut arena = Arena::<Root![()]>::new(config, |_| ()).expect("settings that a heap can have");
    arena.run::<Root![Machine<'_>], _>(
        |mc, _| {
            let registers = array::from_fn(|_| Lock::new(Value::Number(0)));
            let place = (mc.new(Frame { registers, caller: None }), 0, 0);
            Machine { place: Lock::new(place), handler: Lock::new(None), refused: Cell::new(false) }
        },
        |mc, _, machine| step(mc, machine.write(mc), code),
    )
}

/// Calls itself until there is no memory, catches that, and makes a million pairs that nobody keeps.
pub(crate) const PROGRAM: [Instruction; 8] = [
    (1, Op::Catch(2), 0),
    (1, Op::Call(1), 0),
    (2, Op::Add(1), 2),
    (3, Op::Pair(1), 2),
    (4, Op::Add(-1_000_000), 2),
    (0, Op::JumpUnlessZero(2), 4),
    (1, Op::First, 3),
    (1, Op::Return, 1),
];

fn main() {
    println!("{}", run(Config { max_old_bytes: 8 << 20, ..Config::default() }, &PROGRAM));
}
