//! The instructions.

use super::property::{get_field, get_method, set_field};
use super::{Machine, Stop, error};
use crate::object::{Class, Global, Op, Printed, Value};
use crate::text;
use gc_core::arena::{Gc, Str};

impl<'gc> Machine<'_, 'gc> {
    /// Executes instructions until the program ends or stops.
    ///
    /// What is fast and frequent is done here, on registers that are local variables, so that they are registers of the
    /// processor. Everything else is done by methods, which find them in the machine: `slowly` lends them.
    pub(super) fn execute(&mut self) -> Result<(), Stop> {
        let mc = self.mc;
        let mut at = self.registers;
        macro_rules! push {
            ($value:expr) => {{
                let value = $value;
                self.stack.set(at.top, value);
                at.top += 1;
            }};
        }
        macro_rules! peek {
            ($depth:expr) => {
                self.stack.at(at.top - 1 - $depth)
            };
        }
        macro_rules! poke {
            ($depth:expr, $value:expr) => {{
                let value = $value;
                self.stack.set(at.top - 1 - $depth, value);
            }};
        }
        macro_rules! slowly {
            ($work:expr) => {{
                self.registers = at;
                let result = $work;
                self.note_sample();
                at = self.registers;
                result?
            }};
        }
        macro_rules! arithmetic {
            ($operator:tt, $make:path, $otherwise:expr) => {
                match (peek!(1).unpack(), peek!(0).unpack()) {
                    (Value::Number(left), Value::Number(right)) => {
                        at.top -= 1;
                        poke!(0, $make(left $operator right).pack());
                    }
                    _ => slowly!($otherwise),
                }
            };
        }
        macro_rules! jump_if {
            ($operator:tt, $is:literal, $target:expr, $skip:literal) => {
                match (peek!(1).unpack(), peek!(0).unpack()) {
                    (Value::Number(left), Value::Number(right)) => {
                        at.top -= 2;
                        at.frame.ip = if (left $operator right) == $is { $target as usize } else { at.frame.ip + $skip };
                    }
                    _ => slowly!(self.not_numbers()),
                }
            };
        }
        macro_rules! jump_if_equal {
            ($is:literal, $target:expr, $skip:literal) => {{
                let equal = Value::are_equal(mc, peek!(1), peek!(0));
                at.top -= 2;
                at.frame.ip = if equal == $is { $target as usize } else { at.frame.ip + $skip };
            }};
        }
        macro_rules! with_constant {
            ($operator:tt, $constant:expr) => {{
                let constant = *$constant.get(mc);
                match (peek!(0).unpack(), constant.unpack()) {
                    (Value::Number(left), Value::Number(right)) => {
                        poke!(0, Value::Number(left $operator right).pack());
                        at.frame.ip += 1;
                    }
                    _ => push!(constant),
                }
            }};
        }
        macro_rules! yield_if_due {
            () => {
                if mc.should_yield() {
                    self.registers = at;
                    return Err(Stop::Yield);
                }
            };
        }
        loop {
            match at.frame.fetch() {
                Op::Constant(constant) => push!(*constant.get(mc)),
                Op::Nil => push!(Value::Nil.pack()),
                Op::True => push!(Value::Bool(true).pack()),
                Op::False => push!(Value::Bool(false).pack()),
                Op::Pop => at.top -= 1,
                Op::GetLocal(local) => push!(self.stack.at(at.frame.place(local))),
                Op::SetLocal(local) => self.stack.set(at.frame.place(local), peek!(0)),
                Op::GetGlobal(global) => match global.get(mc).value.get() {
                    value if value.is_same(Value::Undefined.pack()) => {
                        slowly!(self.undefined_variable(global));
                    }
                    value => push!(value),
                },
                Op::DefineGlobal(global) => {
                    Global::set(mc, global, peek!(0));
                    at.top -= 1;
                }
                Op::SetGlobal(global) => match global.get(mc).value.get() {
                    value if value.is_same(Value::Undefined.pack()) => {
                        slowly!(self.undefined_variable(global));
                    }
                    _ => Global::set(mc, global, peek!(0)),
                },
                Op::GetUpvalue(index) => push!(self.upvalue(&at.frame, index)),
                Op::SetUpvalue(index) => self.set_upvalue(&at.frame, index, peek!(0)),
                Op::GetProperty(site) => match get_field(mc, peek!(0), site) {
                    Some(value) => poke!(0, value),
                    None => slowly!(self.get_property(site)),
                },
                Op::SetProperty(site) => match set_field(mc, peek!(1), site, peek!(0)) {
                    Some(value) => {
                        at.top -= 1;
                        poke!(0, value);
                    }
                    None => slowly!(self.set_property(site)),
                },
                Op::GetSuper(site) => slowly!(self.get_super(site)),
                Op::Equal => {
                    let equal = Value::are_equal(mc, peek!(1), peek!(0));
                    at.top -= 1;
                    poke!(0, Value::Bool(equal).pack());
                }
                Op::Greater => arithmetic!(>, Value::Bool, self.not_numbers()),
                Op::Less => arithmetic!(<, Value::Bool, self.not_numbers()),
                Op::Add => arithmetic!(+, Value::Number, self.concatenate()),
                Op::Subtract => arithmetic!(-, Value::Number, self.not_numbers()),
                Op::Multiply => arithmetic!(*, Value::Number, self.not_numbers()),
                Op::Divide => arithmetic!(/, Value::Number, self.not_numbers()),
                Op::Not => poke!(0, Value::Bool(peek!(0).unpack().is_falsey()).pack()),
                Op::Negate => match peek!(0).unpack() {
                    Value::Number(number) => poke!(0, Value::Number(-number).pack()),
                    _ => slowly!(error("Operand must be a number.")),
                },
                Op::Print => slowly!(self.print()),
                Op::Jump(target) => at.frame.ip = target as usize,
                Op::JumpIfFalse(target) => {
                    if peek!(0).unpack().is_falsey() {
                        at.frame.ip = target as usize;
                    }
                }
                Op::Loop(target) => {
                    at.frame.ip = target as usize;
                    yield_if_due!();
                }
                Op::Call(arguments) => {
                    match peek!(usize::from(arguments)).unpack() {
                        Value::Closure(closure) if self.enter(&mut at, closure, arguments) => {}
                        callee => slowly!(self.call_value(callee, arguments)),
                    }
                    yield_if_due!();
                }
                Op::Invoke(arguments, site) => {
                    match get_method(mc, peek!(usize::from(arguments)), site) {
                        Some(method) if self.enter(&mut at, method, arguments) => {}
                        _ => slowly!(self.invoke(site, arguments)),
                    }
                    yield_if_due!();
                }
                Op::SuperInvoke(arguments, site) => {
                    slowly!(self.super_invoke(site, arguments));
                    yield_if_due!();
                }
                Op::Closure(function) => slowly!(self.close_function(function)),
                Op::CloseUpvalue => {
                    at.top -= 1;
                    self.close_upvalues(at.top);
                }
                Op::Return => {
                    let result = peek!(0);
                    at.top = at.frame.base;
                    self.close_upvalues(at.top);
                    match self.callers.pop() {
                        None => return Ok(()),
                        Some(caller) => (at.frame, self.closure) = (caller.frame, caller.closure),
                    }
                    push!(result);
                }
                Op::Class(name) => slowly!(self.make_class(name)),
                Op::Inherit => slowly!(self.inherit()),
                Op::Method(name) => slowly!(self.add_method(name)),
                // Of several in one, what comes upon something rare does the first alone.
                Op::GetTwoLocals(first, second) => {
                    push!(self.stack.at(at.frame.place(first)));
                    push!(self.stack.at(at.frame.place(second)));
                    at.frame.ip += 1;
                }
                Op::GetLocalProperty(local, site) => {
                    let owner = self.stack.at(at.frame.place(local));
                    match get_field(mc, owner, site) {
                        Some(value) => {
                            push!(value);
                            at.frame.ip += 1;
                        }
                        None => push!(owner),
                    }
                }
                Op::PopToLocal(local) => {
                    at.top -= 1;
                    self.stack.set(at.frame.place(local), self.stack.at(at.top));
                    at.frame.ip += 1;
                }
                Op::PopToProperty(site) => match set_field(mc, peek!(1), site, peek!(0)) {
                    Some(_) => {
                        at.top -= 2;
                        at.frame.ip += 1;
                    }
                    None => slowly!(self.set_property(site)),
                },
                Op::AddConstant(constant) => with_constant!(+, constant),
                Op::SubtractConstant(constant) => with_constant!(-, constant),
                Op::PopJumpIfFalse(target) => {
                    at.top -= 1;
                    let jumps = self.stack.at(at.top).unpack().is_falsey();
                    at.frame.ip = if jumps { target as usize } else { at.frame.ip + 1 };
                }
                Op::JumpUnlessLess(target) => jump_if!(<, false, target, 2),
                Op::JumpUnlessGreater(target) => jump_if!(>, false, target, 2),
                Op::JumpUnlessEqual(target) => jump_if_equal!(false, target, 2),
                Op::JumpIfLess(target) => jump_if!(<, true, target, 3),
                Op::JumpIfGreater(target) => jump_if!(>, true, target, 3),
                Op::JumpIfEqual(target) => jump_if_equal!(true, target, 3),
            }
        }
    }

    #[cold]
    fn undefined_variable(&self, global: Gc<'gc, Global<'gc>>) -> Result<(), Stop> {
        error(format!("Undefined variable '{}'.", global.get(self.mc).name.as_str(self.mc)))
    }

    #[cold]
    fn not_numbers(&self) -> Result<(), Stop> {
        error("Operands must be numbers.")
    }

    /// `+` of what are no numbers.
    #[inline(never)]
    fn concatenate(&mut self) -> Result<(), Stop> {
        let (Value::String(left), Value::String(right)) = (self.peek(1).unpack(), self.peek(0).unpack())
        else {
            return error("Operands must be two numbers or two strings.");
        };
        let parts = [left.as_str(self.mc), right.as_str(self.mc)];
        let text = text::joined(self.mc, self.state.get(self.mc).strings, parts)?;
        self.pop();
        self.poke(0, Value::String(text).pack());
        Ok(())
    }

    #[inline(never)]
    fn print(&mut self) -> Result<(), Stop> {
        let value = self.pop().unpack();
        writeln!(self.host.output, "{}", Printed(self.mc, value)).map_err(Stop::NoOutput)
    }

    #[inline(never)]
    fn make_class(&mut self, name: Gc<'gc, Str>) -> Result<(), Stop> {
        let class = Class::make(self.mc, name)?;
        self.push(Value::Class(class).pack());
        Ok(())
    }
}
