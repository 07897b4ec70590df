//! The language of *Crafting Interpreters* (R. Nystrom, 2021) on Tenure's typed face.

#![forbid(unsafe_code)]

mod code;
mod compiler;
mod scanner;
mod token;

pub use compiler::{CompileError, Place};
