//! Programs that drive a Tenure heap, each with a checked result.
//!
//! A [`Workload`] is a program with parameters; it allocates, reads and writes through the public interface of
//! [`gc_core::Heap`] like any other mutator, under whatever configuration the heap was made with. What it found
//! on the heap is folded into a checksum, which must equal one computed without a heap: a collector that loses,
//! duplicates or damages an object fails the run.
//!
//! Everything random is drawn from [`Random`], so that parameters and seed decide a run, on every machine.
//!
//! - [`registry()`] lists the workloads; [`find`] looks one up by name; an [`Entry`] says what its workload
//!   stresses and reads parameters from `name=value` texts.
//! - [`programs`] holds the workloads themselves, for callers that build one in code.
//! - [`script`] is a language of small random programs and a naive heap to compare a real one with.
//! - [`trace`] records what a program does to its memory, and does it again under another configuration.
//!
//! ```
//! use gc_core::{Config, Heap};
//!
//! let entry = workloads::find("binary_trees").expect("it is registered");
//! let workload = entry.workload(["depth=8"])?;
//! let mut heap = Heap::new(Config::default())?;
//! let outcome = workload.run(&mut heap, &mut |_share_done| ())?;
//! assert_eq!(outcome.operation, "node");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![forbid(unsafe_code)]

mod checksum;
pub mod graph;
pub mod import;
mod latencies;
mod parameters;
pub mod programs;
mod progress;
mod random;
mod registry;
pub mod scenario;
pub mod script;
pub mod teach;
pub mod trace;
mod worker_summary;
mod workload;

pub use checksum::Checksum;
pub use latencies::{Latencies, Latency, Moment};
pub use parameters::{Parameter, ParameterError, Parameters, SEED};
pub use progress::Progress;
pub use random::Random;
pub use registry::{Entry, find, registry};
pub use worker_summary::WorkerSummary;
pub use workload::{Found, Outcome, Workload, WorkloadError};
