//! A root that has the brand in a `Cell` is refused: it would have to live for ever.

use gc_core::Config;
use gc_core::arena::{Arena, Root};
use std::cell::Cell;

fn main() {
    let _arena = Arena::<Root![Cell<&'_ u32>]>::new(Config::default(), |_| Cell::new(&7));
}
