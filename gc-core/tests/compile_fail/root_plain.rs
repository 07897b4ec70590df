//! The parameter of an arena is not the type of its root, but what stands for it with any brand.

use gc_core::Config;
use gc_core::arena::Arena;

fn main() {
    let _arena = Arena::<u32>::new(Config::default(), |_| 7);
}
