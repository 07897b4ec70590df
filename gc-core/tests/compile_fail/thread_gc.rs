//! A reference cannot be used on another thread, even while the closure waits for that.

use gc_core::Config;
use gc_core::arena::{Arena, Root};

fn on_another_thread(_work: impl FnOnce() + Send) {}

fn main() {
    let arena = Arena::<Root![u32]>::new(Config::default(), |_| 7).expect("an arena");
    arena.mutate(|_, root| on_another_thread(move || assert!(root.ptr_eq(root))));
}
