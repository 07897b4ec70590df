//! The brand of a root must be written.

use gc_core::arena::{Arena, Gc, Root};

type Number = Arena<Root![Gc<u32>]>;

fn main() {}
