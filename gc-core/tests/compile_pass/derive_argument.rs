//! A type whose type arguments are `Trace` is `Trace`.

use gc_core::arena::Trace;

#[derive(Trace)]
struct Pair<T>(T, T);

#[derive(Trace)]
struct Holder {
    names: Pair<&'static str>,
}

fn main() {}
