//! A reference cannot be put into a thread-local variable, of whatever brand that is.

use gc_core::Config;
use gc_core::arena::{Arena, Gc, Root};
use std::cell::Cell;

thread_local! {
    static KEPT: Cell<Option<Gc<'static, u32>>> = const { Cell::new(None) };
}

fn main() {
    let arena = Arena::<Root![u32]>::new(Config::default(), |_| 7).expect("an arena");
    arena.mutate(|_, root| KEPT.set(Some(root)));
}
