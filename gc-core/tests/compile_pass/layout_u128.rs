//! A `u128` is kept in two halves.

use gc_core::Config;
use gc_core::arena::{Arena, Root, Trace};

#[derive(Trace)]
struct Number([u64; 2]);

impl Number {
    fn new(number: u128) -> Number {
        Number([number as u64, (number >> 64) as u64])
    }

    fn get(&self) -> u128 {
        u128::from(self.0[1]) << 64 | u128::from(self.0[0])
    }
}

#[test]
fn main() {
    let arena = Arena::<Root![()]>::new(Config::default(), |_| ()).expect("an arena");
    arena.mutate(|mc, _| assert_eq!(mc.new(Number::new(u128::MAX - 1)).get(mc).get(), u128::MAX - 1));
}
