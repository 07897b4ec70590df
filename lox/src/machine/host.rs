//! What a program has of the world around it.

use gc_core::{MemoryUsage, Stats};
use std::io;
use std::time::Instant;

/// The host of a machine, for one turn.
pub(crate) struct Host<'a> {
    /// Where `print` prints.
    pub(crate) output: &'a mut dyn io::Write,
    /// When `clock` was zero.
    pub(crate) started: Instant,
    /// What the collector has done and the heap holds now.
    pub(crate) heap: &'a dyn Fn() -> (Stats, MemoryUsage),
}
