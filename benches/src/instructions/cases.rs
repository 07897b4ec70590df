//! The loops.
//!
//! What they must not be is vectorised, hoisted or left out: each operation takes part in a sum that depends on all before it,
//! or in what a heap holds.

mod collections;
mod recording;
mod typed;
mod untyped;

use super::{Case, Limit, OPERATIONS};
use crate::settings::{MIB, fixed_semispaces};
use gc_core::Config;

/// All cases.
pub const CASES: &[Case] = &[
    accepted("read_index", "a field by a base pointer and an index", typed::read_index),
    Case { limit: Limit::As("read_index"), ..accepted("read_gc", "a field through a `Gc`", typed::read_gc) },
    accepted("new_16", "an object of 16 bytes", typed::new_16),
    accepted("write_young", "a store into a young object", typed::write_young),
    accepted("should_yield", "a question whether to yield", typed::should_yield),
    accepted("alloc", "an untyped object of 16 bytes, with a handle", untyped::alloc),
    accepted("batch", "an untyped object of 16 bytes, in a batch", untyped::batch),
    accepted("store_young", "a store by handle into a young object", untyped::store_young),
    accepted("store_old", "a store of a young object into an old one that is remembered", untyped::store_old),
    accepted(
        "remember",
        "a scavenge's share of an old object that refers to a young one",
        collections::remember,
    ),
    accepted("copy", "an object of 16 bytes in a batch that one scavenge copies", collections::copy),
    accepted("promote", "an object of 16 bytes in a batch that one scavenge promotes", collections::promote),
    accepted("mark", "an old object of 16 bytes in a full collection that finds it alive", collections::mark),
    accepted("sweep", "an object promoted into the hole that another left, and marked", collections::sweep),
    accepted("slide", "an object promoted, marked, and slid down to where another died", collections::slide),
    accepted("record", "an untyped object of 16 bytes in a batch, recorded in a trace", recording::record),
];

/// A case that may take what has been accepted.
const fn accepted(name: &'static str, operation: &'static str, run: fn(u32) -> u64) -> Case {
    Case { name, operation, limit: Limit::Accepted, run }
}

/// Settings under which nothing runs beside the case, and few that do not ask for it collect.
fn quiet_settings() -> Config {
    Config { prefault: false, huge_pages: false, ..fixed_semispaces(16 * MIB) }
}

/// Takes a value into a sum that depends on the order of all values.
fn mix(sum: u64, value: u64) -> u64 {
    sum.rotate_left(1) ^ value
}

/// Where the n-th operation of a round reads: everywhere, in no order.
fn place(number: u32) -> u32 {
    number * 7 % OPERATIONS
}
