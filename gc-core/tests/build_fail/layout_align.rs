//! A value that is aligned to more than 8 bytes is refused.

use gc_core::Config;
use gc_core::arena::{Arena, Root, Trace};

#[derive(Trace)]
#[repr(align(16))]
struct Vector([f32; 4]);

fn main() {
    let arena = Arena::<Root![()]>::new(Config::default(), |_| ()).expect("an arena");
    arena.mutate(|mc, _| _ = mc.new(Vector([0.0; 4])));
}
