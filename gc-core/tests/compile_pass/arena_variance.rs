//! An arena gets another root by making it from the one that it has.

use gc_core::Config;
use gc_core::arena::{Arena, Root};

#[test]
fn main() {
    let numbers = Arena::<Root![(usize, usize)]>::new(Config::default(), |_| (3, 4)).expect("an arena");
    let text: Arena<Root![&'static str]> = numbers.map_root(|mc, numbers| match numbers.get(mc) {
        (3, _) => "three",
        _ => "another",
    });
    assert_eq!(text.mutate(|mc, root| *root.get(mc)), "three");
}
