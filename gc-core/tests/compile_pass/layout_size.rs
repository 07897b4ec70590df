//! A value may have 8 KiB, and an array more.

use gc_core::Config;
use gc_core::arena::{Arena, Array, Gc, Root};

#[test]
fn main() {
    let mut arena = Arena::<Root![(Gc<'_, [u8; 8 << 10]>, Gc<'_, Array<u8>>)]>::new(Config::default(), |mc| {
        (mc.new([7; 8 << 10]), mc.array_from_fn((8 << 10) + 1, |index| index as u8))
    })
    .expect("an arena");
    arena.collect_full();
    arena.mutate(|mc, root| {
        let (value, array) = *root.get(mc);
        assert!(value.get(mc).iter().all(|byte| *byte == 7));
        assert!(array.as_slice(mc).iter().enumerate().all(|(index, byte)| *byte == index as u8));
    });
}
