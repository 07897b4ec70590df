//! What lies in the arena: the objects of the language, and what they are made of.

mod class;
mod function;
mod global;
mod instance;
mod op;
mod shape;
mod site;
mod upvalue;
mod value;

pub(crate) use class::{BoundMethod, Class};
pub(crate) use function::{Closure, Function};
pub(crate) use global::{Global, Globals};
pub(crate) use instance::Instance;
pub(crate) use op::Op;
pub(crate) use shape::Shape;
pub(crate) use site::{Found, Site};
pub(crate) use upvalue::Upvalue;
pub(crate) use value::{Printed, Slot, Value};
