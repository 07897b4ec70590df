//! A type without drop code is `Trace`.

use gc_core::arena::Trace;

#[derive(Trace)]
struct File {
    descriptor: i32,
}

impl File {
    fn close(self) {}
}

fn main() {}
