//! Values of the language.

use super::{BoundMethod, Class, Closure, Instance};
use crate::{number, text};
use gc_core::arena::{Gc, Mutation, Pack, Packed, Str, Trace};
use std::fmt;

/// A value. In the stack and in objects it lies as a [`Slot`].
#[derive(Clone, Copy, Debug, Trace, Pack)]
pub(crate) enum Value<'gc> {
    /// No value of the language: what a global is before it is defined.
    Undefined,
    Nil,
    Bool(bool),
    Number(f64),
    String(Gc<'gc, Str>),
    /// The number of a function of the host.
    Native(u8),
    Closure(Gc<'gc, Closure<'gc>>),
    Class(Gc<'gc, Class<'gc>>),
    Instance(Gc<'gc, Instance<'gc>>),
    BoundMethod(Gc<'gc, BoundMethod<'gc>>),
}

/// A value in 8 bytes.
pub(crate) type Slot<'gc> = Packed<Value<'gc>>;

impl<'gc> Value<'gc> {
    /// Whether a condition with this value does not hold: nil and false.
    #[inline(always)]
    pub(crate) fn is_falsey(self) -> bool {
        matches!(self, Value::Nil | Value::Bool(false))
    }

    /// Whether two values are equal: numbers by value, so that NaN is not equal to itself; strings by text; objects by
    /// identity.
    #[inline(always)]
    pub(crate) fn are_equal(mc: Mutation<'gc>, left: Slot<'gc>, right: Slot<'gc>) -> bool {
        match left.unpack() {
            Value::Number(number) => matches!(right.unpack(), Value::Number(other) if number == other),
            Value::String(text) => match right.unpack() {
                Value::String(other) => text::are_equal(mc, text, other),
                _ => false,
            },
            _ => left.is_same(right),
        }
    }
}

/// A value as it is printed.
pub(crate) struct Printed<'gc>(pub(crate) Mutation<'gc>, pub(crate) Value<'gc>);

impl fmt::Display for Printed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Printed(mc, value) = *self;
        match value {
            Value::Undefined => f.write_str("undefined"),
            Value::Nil => f.write_str("nil"),
            Value::Bool(truth) => write!(f, "{truth}"),
            Value::Number(number) => number::Printed(number).fmt(f),
            Value::String(text) => f.write_str(text.as_str(mc)),
            Value::Native(_) => f.write_str("<native fn>"),
            Value::Closure(closure) => f.write_str(&closure.get(mc).function.get(mc).printed(mc)),
            Value::Class(class) => f.write_str(class.get(mc).name.as_str(mc)),
            Value::Instance(instance) => {
                write!(f, "{} instance", instance.get(mc).class(mc).get(mc).name.as_str(mc))
            }
            Value::BoundMethod(bound) => {
                f.write_str(&bound.get(mc).method.get(mc).function.get(mc).printed(mc))
            }
        }
    }
}
