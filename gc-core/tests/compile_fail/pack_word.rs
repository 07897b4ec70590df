//! What has more than 32 bits does not fit beside a tag.

use gc_core::arena::{Pack, Trace};

#[derive(Clone, Copy, Trace, Pack)]
enum Value {
    Number(f64),
    Integer(i64),
}

fn main() {}
