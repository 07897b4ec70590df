//! Two threads cannot work on one arena at a time.

use gc_core::Config;
use gc_core::arena::{Arena, Root};

fn shared_with_another_thread<T: Sync>(_: &T) {}

fn main() {
    let arena = Arena::<Root![u32]>::new(Config::default(), |_| 7).expect("an arena");
    shared_with_another_thread(&arena);
}
