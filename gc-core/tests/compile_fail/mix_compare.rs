//! References into two arenas cannot be compared: equal ones would not mean the same object.

use gc_core::Config;
use gc_core::arena::{Arena, Root};

fn main() {
    let [one, other] =
        [7, 7].map(|root| Arena::<Root![u32]>::new(Config::default(), |_| root).expect("an arena"));
    one.mutate(|_, left| other.mutate(|_, right| assert!(!left.ptr_eq(right))));
}
