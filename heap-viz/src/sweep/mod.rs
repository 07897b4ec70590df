//! Sweeps: many runs that differ in what they run, on which heap, from which seed and by which clock.
//!
//! A [`Plan`] is a list of [cells](PlannedCell), each named by a hash of all that its result depends on. Any number of
//! machines run its [shards](Shard), each for itself, and keep what comes out in a [`CellStore`]: a file a cell, whole
//! or not there. [`Sweep::merge`] puts them together, or tells which are [missing or in conflict](Unmerged).
//!
//! What the modelled clock tells is the same whoever ran a cell; what a machine's clock tells is kept apart from it,
//! from the cell's file to the last table.

mod cell;
mod figures;
mod front;
mod id;
mod line;
mod merge;
mod page;
mod plan;
mod point;
mod sample;
mod shard;
mod store;
mod tables;
mod text;

pub use cell::PlannedCell;
pub use figures::{Figures, KindPauses};
pub use id::{Hash, Identity};
pub use merge::{Conflict, Sweep, Unmerged, Unreadable};
pub use page::SweepHtml;
pub use plan::{MinimumHeap, Plan, PlanError, PlanHeader};
pub use point::{Outcome, Point};
pub use sample::{latin_hypercube, random};
pub use shard::{Shard, ShardError};
pub use store::{CellError, CellResult, CellStore, Wall};
pub use tables::{TABLES, Table};
pub use text::SweepText;
