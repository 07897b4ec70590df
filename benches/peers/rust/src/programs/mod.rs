//! The workloads, each written once for all systems.
//!
//! A program asks a *stage* for its steps: between two of them a system may collect. Most systems need no more than
//! objects (a trait of each program) and are [`Plain`] stages; gc-arena, whose references last for a closure only, has
//! stages of its own.

pub(crate) mod big_heap;
pub(crate) mod binary_trees;
pub(crate) mod gcbench;
pub(crate) mod lru_cache;
pub(crate) mod ring;
pub(crate) mod splay;
pub(crate) mod window;

use crate::latencies::Latencies;
use workloads::{Checksum, Parameters};

/// What a program found, and how long its operations took if it measures them.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) checksum: u64,
    pub(crate) latencies: Option<Latencies>,
}

impl From<Checksum> for Found {
    fn from(checksum: Checksum) -> Self {
        Found { checksum: checksum.value(), latencies: None }
    }
}

/// A program on a system.
pub(crate) type Program = fn(&Parameters) -> Found;

/// A stage whose references last as long as it does: how objects are made, and what is kept.
pub(crate) struct Plain<Objects, Root> {
    pub(crate) objects: Objects,
    pub(crate) root: Root,
}

/// An array of references.
pub(crate) trait Slots<T> {
    fn count(&self) -> usize;
    fn load(&self, index: usize) -> Option<T>;
    fn store(&mut self, index: usize, value: Option<T>);
}

impl<T: Clone> Slots<T> for Vec<Option<T>> {
    fn count(&self) -> usize {
        self.len()
    }

    fn load(&self, index: usize) -> Option<T> {
        self[index].clone()
    }

    fn store(&mut self, index: usize, value: Option<T>) {
        self[index] = value;
    }
}
