//! The program on a Tenure heap: the workload of the same name, unchanged.

use crate::settings::heap;
use gc_core::Config;
use workloads::Workload;
use workloads::programs::BinaryTrees;

/// Makes a heap, runs the program on it, and drops it; the checksum.
///
/// # Panics
/// If the heap is too small, or the program finds other trees than it built.
#[must_use]
pub fn run(depth: u32, config: &Config) -> u64 {
    let outcome = BinaryTrees { depth }.run(&mut heap(config.clone()), &mut |_share_done| ());
    outcome.expect("the heap is large enough and loses nothing").checksum
}
