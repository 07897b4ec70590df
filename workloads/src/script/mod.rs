//! Small programs over a heap, checked against a naive heap after every collection.
//!
//! A [`Program`] is a list of [`Op`]s; any list is a valid program, since operands choose among what is there when
//! the operation runs. [`Program::run`] makes every operation twice, on a [`Heap`](gc_core::Heap) and on a model
//! that is nothing but vectors and never collects. Whenever the heap has collected, and at the end, both are
//! walked side by side from every handle, and the first difference ends the run as a [`Divergence`].
//!
//! What is compared: shape, length, slots, raw bytes, values and buffers of every object that can be reached; that
//! references to one object lead to one object; and which weak handles have been cleared. Each object with room
//! for it carries a number of its own in its first 8 raw bytes, so that one object cannot pass for another.
//!
//! A weak handle must be alive as long as its object is reachable, and must be cleared by a requested full
//! collection once it is not. Between the two it may be either; what it refers to must be whole while it is alive.
//!
//! Refused allocations are legal: the model skips the operation, and what was there before must still be there.
//!
//! ```
//! use gc_core::{Config, Heap};
//! use workloads::script::{Op, Pick, Program};
//!
//! let program = Program(vec![
//!     Op::AllocFixed { shape: Pick(0) },
//!     Op::OpenScope,
//!     Op::AllocBytes { len: 100 },
//!     Op::Store { object: Pick(0), slot: Pick(1), value: Some(Pick(1)) },
//!     Op::CloseScope,
//!     Op::Full,
//! ]);
//! let mut heap = Heap::new(Config::default())?;
//! let summary = program.run(&mut heap)?;
//! assert_eq!(summary.objects, 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod divergence;
mod machine;
mod model;
mod op;
mod shapes;
mod walk;

pub use divergence::{Difference, Divergence, ObjectId};
pub use machine::Summary;
pub use op::{Op, Pick, Program};
