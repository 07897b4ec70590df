//! The workloads, one a file.
//!
//! Each is a plain struct of its parameters, so that a benchmark or a test can build one without names and texts;
//! the ranges that the fields may have are those of the `ENTRY` beside the struct.

pub mod big_heap;
pub mod binary_trees;
pub mod event_loop;
pub mod fragmentation;
pub mod gcbench;
pub mod linked_list;
pub mod lru_cache;
pub mod random_graph;
pub mod ring;
pub mod splay;

pub use big_heap::BigHeap;
pub use binary_trees::BinaryTrees;
pub use event_loop::EventLoop;
pub use fragmentation::Fragmentation;
pub use gcbench::GcBench;
pub use linked_list::LinkedList;
pub use lru_cache::LruCache;
pub use random_graph::RandomGraph;
pub use ring::Ring;
pub use splay::Splay;

/// Bytes that a reference takes.
const SLOT_BYTES: u64 = 4;

/// Bytes that an object takes: its header, its slots, its raw bytes, rounded up to the granule.
const fn object_bytes(slots: u64, bytes: u64) -> u64 {
    8 + (slots * SLOT_BYTES + bytes).next_multiple_of(8)
}
