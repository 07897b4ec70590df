//! The workloads, one a file.
//!
//! Each is a plain struct of its parameters, so that a benchmark or a test can build one without names and texts;
//! the ranges that the fields may have are those of the `ENTRY` beside the struct.
//!
//! Some come in families. A `leak_` keeps alive what it has no use for, in proportion to what it does, unless its cure is
//! switched on; an `adversary_` does to one part of the collector what that part likes least; `stream` and `stream_naive` do the
//! same work with little memory and with much. [`heap_snapshot`] is made of a file, and has no entry.

pub(crate) mod content;
mod growing_array;
mod literal;
mod queue;
mod shuffle;
mod values;

pub mod adversary_array;
pub mod adversary_ephemerons;
pub mod adversary_list;
pub mod adversary_promotion;
pub mod adversary_remembered;
pub mod adversary_survivors;
pub mod big_heap;
pub mod binary_trees;
pub mod cluster;
pub mod event_loop;
pub mod external_ring;
pub mod fragmentation;
pub mod gcbench;
pub mod growth;
pub mod heap_snapshot;
pub mod http_server;
pub mod leak_cache;
pub mod leak_closure;
pub mod leak_listeners;
pub mod leak_queue;
pub mod linked_list;
pub mod lru_cache;
pub mod random_graph;
pub mod replacement;
pub mod ring;
pub mod splay;
pub mod stream;
pub mod stream_naive;
pub mod udp;
pub mod websocket;
pub mod window;

pub use adversary_array::AdversaryArray;
pub use adversary_ephemerons::AdversaryEphemerons;
pub use adversary_list::AdversaryList;
pub use adversary_promotion::AdversaryPromotion;
pub use adversary_remembered::AdversaryRemembered;
pub use adversary_survivors::AdversarySurvivors;
pub use big_heap::BigHeap;
pub use binary_trees::BinaryTrees;
pub use cluster::Cluster;
pub use event_loop::EventLoop;
pub use external_ring::ExternalRing;
pub use fragmentation::Fragmentation;
pub use gcbench::GcBench;
pub use growth::Growth;
pub use heap_snapshot::SnapshotHeap;
pub use http_server::HttpServer;
pub use leak_cache::LeakCache;
pub use leak_closure::LeakClosure;
pub use leak_listeners::LeakListeners;
pub use leak_queue::LeakQueue;
pub use linked_list::LinkedList;
pub use lru_cache::LruCache;
pub use random_graph::RandomGraph;
pub use replacement::Replacement;
pub use ring::Ring;
pub use shuffle::Shuffle;
pub use splay::Splay;
pub use stream::Stream;
pub use stream_naive::StreamNaive;
pub use udp::Udp;
pub use websocket::WebSocket;
pub use window::Window;

/// Bytes that a reference takes.
const SLOT_BYTES: u64 = 4;

/// Bytes that an object takes: its header, its slots, its raw bytes, rounded up to the granule.
pub(crate) const fn object_bytes(slots: u64, bytes: u64) -> u64 {
    8 + (slots * SLOT_BYTES + bytes).next_multiple_of(8)
}

/// Bytes that an array of 64-bit values takes, but for its cards.
const fn array_of_values_bytes(length: u64) -> u64 {
    8 + length * values::VALUE_BYTES
}
