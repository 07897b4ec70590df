//! A value may be aligned to 8 bytes.

use gc_core::Config;
use gc_core::arena::{Arena, Root, Trace};

#[derive(Trace)]
#[repr(align(8))]
struct Vector([f32; 4]);

#[test]
fn main() {
    let arena = Arena::<Root![()]>::new(Config::default(), |_| ()).expect("an arena");
    arena.mutate(|mc, _| {
        let vector = mc.new(Vector([0.0; 4])).get(mc);
        assert_eq!(std::ptr::from_ref(vector).addr() % 8, 0);
        assert_eq!(vector.0, [0.0; 4]);
    });
}
