//! Tenure's collector: a generational, moving garbage collector for language runtimes.
//!
//! A [`Heap`] holds objects described by a [`Layout`]. New objects live in *new space*, two semispaces that a Cheney
//! scavenge copies between; those that survive are promoted to *old space*, which is marked and swept. How promotion,
//! sizes and limits are decided is a value in the [`Config`]; what the collector does is told as [`event`]s, with the
//! work done and the time taken, on a measured or a modelled [`clock`].
//!
//! An [`Arena`](arena::Arena) is such a heap with Rust values for objects, and a face without `unsafe` for programs that
//! have their object model in Rust.
//!
//! Layers, each importing only those before it: `memory` (the reservation) < `object` (headers, shapes) < `space` (new, old,
//! large, external) < `collect` (scavenge, mark, sweep) < `heap` < [`arena`]. [`policy`], [`event`] and [`clock`] are
//! leaves; `verify`, [`snapshot`] and `message` read everything. `memory` and `arena` have unsafe code, no other layer has any.

#![deny(unsafe_code)]

extern crate self as gc_core;

#[expect(unsafe_code, reason = "the typed face: references into the heap as Rust references")]
pub mod arena;
pub mod clock;
mod collect;
pub mod event;
#[cfg(feature = "faults")]
pub mod fault;
#[cfg(not(feature = "faults"))]
mod fault;
mod heap;
pub mod map;
mod memory;
mod message;
mod object;
pub mod policy;
mod reach;
pub mod record;
pub mod snapshot;
mod space;
mod verify;

pub use heap::{
    Batch, Budget, ClockSource, Config, ConfigError, Glimpse, Heap, HeapFull, Local, MAX_OLD_BYTES,
    MAX_SEMISPACE_BYTES, MAX_SMALL_BYTES, MIN_SEMISPACE_BYTES, MemoryUsage, Moment, NearLimit, Part, Root,
    Stats, Stress, Value, ValueView, View, Watcher, Weak,
};
pub use message::Message;
pub use object::{Decoder, FixedShape, Layout, Shape, ShapeError, ShapeWithSlots};
pub use space::PAGE_BYTES;
pub use verify::{Invariant, Violation};

/// The program in the README, run as a test.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

/// The programs in the guide to the typed face, run as tests.
#[cfg(doctest)]
#[doc = include_str!("../../docs/guide.md")]
struct Guide;

/// The programs on the page on typed objects, run as tests.
#[cfg(doctest)]
#[doc = include_str!("../../docs/typed-objects.md")]
struct TypedObjects;
