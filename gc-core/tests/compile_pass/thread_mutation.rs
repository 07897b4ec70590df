//! An arena as a whole can be taken to another thread, and back.

use gc_core::Config;
use gc_core::arena::{Arena, Root};
use std::thread;

#[test]
fn main() {
    let mut arena = Arena::<Root![u32]>::new(Config::default(), |_| 7).expect("an arena");
    let work = move || {
        arena.collect_full();
        arena
    };
    let arena = thread::spawn(work).join().expect("joined");
    assert_eq!(arena.mutate(|mc, root| *root.get(mc)), 7);
}
