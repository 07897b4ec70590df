//! Graphs of objects: what keeps what alive, and how much of it.
//!
//! An [`ObjectGraph`] is a heap as arrays of numbers. It comes from a [`Snapshot`](gc_core::snapshot::Snapshot), or part by part from
//! whatever else knows objects and references, such as the heap snapshot of another runtime. On it stand
//!
//! - [`Dominators`]: for each object the one without which it would be dead, and what each object alone keeps alive;
//! - [`TypeSizes`]: the same by type, where nothing counts twice;
//! - [`RootPath`]: why an object is alive, as a shortest way from the roots, reference by reference;
//! - [`SnapshotDiff`]: what has come and gone from one snapshot to the next.
//!
//! References that keep nothing alive are no part of a graph.

mod dominators;
mod edge_name;
mod from_snapshot;
mod lengauer_tarjan;
mod object_graph;
mod root_path;
mod search;
mod snapshot_diff;
mod type_sizes;

pub use dominators::Dominators;
pub use edge_name::EdgeName;
pub use object_graph::{GraphObject, GraphType, ObjectGraph, TypeRole};
pub use root_path::{RootPath, Step};
pub use snapshot_diff::{Change, Matching, SnapshotDiff, TypeChange};
pub use type_sizes::{Retainer, TypeSize, TypeSizes};

#[cfg(test)]
mod tests;
