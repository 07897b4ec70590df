//! A root with the brand `'static` is refused: no arena has that.

use gc_core::Config;
use gc_core::arena::{Arena, Gc, Root};

fn main() {
    let _arena = Arena::<Root![Gc<'static, u32>]>::new(Config::default(), |mc| mc.new(7));
}
