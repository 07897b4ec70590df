//! The language of *Crafting Interpreters* (R. Nystrom, 2021) on Tenure's typed face.

#![forbid(unsafe_code)]

mod code;
mod compiler;
mod complete;
mod exhaustion;
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

pub use compiler::{CompileError, Place, check};
pub use complete::is_complete;
pub use machine::{AllocationSites, RuntimeError, TraceLine};
pub use vm::{Failure, MIN_HEAP_BYTES, Vm};
