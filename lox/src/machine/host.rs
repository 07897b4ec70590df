//! What a program has of the world around it.

use super::sites::AllocationSites;
use gc_core::event::Nanos;
use gc_core::{MemoryUsage, Stats};
use std::cell::RefCell;
use std::io;

/// The host of a machine, for one turn.
pub(crate) struct Host<'a> {
    /// Where `print` prints.
    pub(crate) output: &'a mut dyn io::Write,
    /// The time on the heap's clock, which under a model of costs is the same in every run.
    pub(crate) now: &'a dyn Fn() -> Nanos,
    /// What the collector has done and the heap holds now.
    pub(crate) heap: &'a dyn Fn() -> (Stats, MemoryUsage),
    /// Who allocates, as far as allocations are sampled.
    pub(crate) sites: &'a RefCell<AllocationSites>,
}
