//! Decisions, apart from the mechanisms that carry them out.
//!
//! A policy is a plain value; its functions take numbers and return a decision. None of them sees the heap, so
//! each can be tested, swept over and shared with a simulation without one.

mod compaction;
mod marking;
mod pacing;
mod promotion;
mod sizing;

pub use compaction::{Compaction, Occupancy};
pub use marking::{Course, MarkingPace, MarkingPacing};
pub use pacing::{OldPacing, Pressure};
pub use promotion::{Fate, Promotion};
pub use sizing::NewSpaceSizing;
