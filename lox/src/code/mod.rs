//! What the compiler makes of a program: code that knows nothing of a heap.

mod instruction;
mod prototype;

pub(crate) use instruction::Instruction;
pub(crate) use prototype::{Capture, Prototype};
