//! Tests of the collector through its public face. Every test of the heap runs under several settings, from
//! the usual ones to a collection at every allocation: see [`support`].

mod arena;
#[cfg(asan)]
mod arena_asan;
mod arena_boundaries;
mod arena_collections;
mod arena_collections_memory;
mod arena_dying;
mod arena_graphs;
mod arena_layouts;
mod arena_limits;
mod arena_maps;
mod arena_packed;
mod arena_support;
mod arena_values;
mod arena_weak;
mod barrier;
mod batch;
mod compaction;
mod config;
mod cycle;
mod ephemerons;
mod events;
mod external;
#[cfg(feature = "faults")]
mod faults;
mod finalizers;
mod handles;
mod incremental;
mod layering;
mod limits;
mod maps;
mod marking;
mod message;
mod new_space;
mod objects;
mod old_allocation;
mod old_space;
mod promotion;
mod random_graphs;
mod random_weak;
mod record;
mod region;
mod sampling;
mod sizing;
mod small_scope;
mod snapshot;
mod statistics;
mod support;
mod tiny_vm;
#[cfg(feature = "tracing")]
mod tracing;
mod variables;
