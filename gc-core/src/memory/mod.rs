//! L0: the only place that turns an index into bytes.
//!
//! Everything above this module addresses the heap by granule index and is safe Rust. A mistake up there reads or
//! writes a wrong word of *this* heap; it cannot reach anything else in the process.

mod address;
mod prefault;
mod region;
mod sanitize;
mod stable_box;

pub(crate) use address::{Address, GRANULE_BYTES, Granules, WORDS_PER_GRANULE, WordAddress};
pub(crate) use region::{Base, Memory, prefetch};
pub(crate) use stable_box::StableBox;
