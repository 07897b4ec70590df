//! A value that threads may share can be read on another one while the closure waits for that.

use gc_core::Config;
use gc_core::arena::{Arena, Root};
use std::thread;

#[test]
fn main() {
    let arena = Arena::<Root![u32]>::new(Config::default(), |_| 7).expect("an arena");
    arena.mutate(|mc, root| {
        let value = root.get(mc);
        thread::scope(|scope| scope.spawn(move || assert_eq!(*value, 7)).join().expect("joined"));
    });
}
