//! Two threads can work on one arena in turn.

use gc_core::Config;
use gc_core::arena::{Arena, Lock, Root};
use std::sync::Mutex;
use std::thread;

#[test]
fn main() {
    let arena = Arena::<Root![Lock<u32>]>::new(Config::default(), |_| Lock::new(0)).expect("an arena");
    let arena = Mutex::new(arena);
    let count = || arena.lock().expect("no panic").mutate(|mc, root| root.set(mc, root.get(mc).get() + 1));
    thread::scope(|scope| {
        scope.spawn(count);
        scope.spawn(count);
    });
    assert_eq!(arena.into_inner().expect("no panic").mutate(|mc, root| root.get(mc).get()), 2);
}
