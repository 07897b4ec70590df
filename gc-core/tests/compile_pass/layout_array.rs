//! Values in an array may be aligned to 8 bytes.

use gc_core::Config;
use gc_core::arena::{Arena, Root, Trace};

#[derive(Clone, Copy, Trace)]
#[repr(align(8))]
struct Vector([f32; 3]);

#[test]
fn main() {
    let arena = Arena::<Root![()]>::new(Config::default(), |_| ()).expect("an arena");
    arena.mutate(|mc, _| {
        let vectors = mc.array(&[Vector([1.0; 3]); 2]).as_slice(mc);
        assert!(vectors.iter().all(|vector| std::ptr::from_ref(vector).addr() % 8 == 0 && vector.0 == [1.0; 3]));
    });
}
