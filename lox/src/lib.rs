//! The language of *Crafting Interpreters* (R. Nystrom, 2021) on Tenure's typed face.

#![forbid(unsafe_code)]

mod code;
mod compiler;
mod load;
mod machine;
mod natives;
mod number;
mod object;
mod scanner;
mod state;
mod text;
mod token;
mod vm;

pub use compiler::{CompileError, Place};
pub use machine::{RuntimeError, TraceLine};
pub use vm::{Failure, Vm};
