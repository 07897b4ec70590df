//! References into one arena can be compared, and so can values of two.

use gc_core::Config;
use gc_core::arena::{Arena, Root};

#[test]
fn main() {
    let [one, other] = [7, 7].map(|root| Arena::<Root![u32]>::new(Config::default(), |_| root).expect("an arena"));
    one.mutate(|mc, left| {
        assert!(left.ptr_eq(left) && !left.ptr_eq(mc.new(7)));
        other.mutate(|other_mc, right| assert_eq!(left.get(mc), right.get(other_mc)));
    });
}
