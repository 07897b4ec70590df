//! A type argument that is not `Trace` is refused.

use gc_core::arena::Trace;

#[derive(Trace)]
struct Pair<T>(T, T);

#[derive(Trace)]
struct Holder {
    names: Pair<String>,
}

fn main() {}
