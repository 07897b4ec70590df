//! What has 32 bits fits beside a tag.

use gc_core::arena::{Pack, Trace};

#[derive(Clone, Copy, Trace, Pack)]
enum Value {
    Number(f64),
    Integer(i32),
}

fn main() {}
