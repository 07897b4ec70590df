//! A root whose type is not `Trace` is refused.

use gc_core::Config;
use gc_core::arena::{Arena, Root};

fn main() {
    let _arena = Arena::<Root![String]>::new(Config::default(), |_| String::new());
}
