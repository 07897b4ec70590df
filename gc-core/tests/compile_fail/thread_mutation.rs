//! The right to change an arena cannot be taken to another thread.

use gc_core::Config;
use gc_core::arena::{Arena, Root};

fn on_another_thread(_work: impl FnOnce() + Send) {}

fn main() {
    let arena = Arena::<Root![u32]>::new(Config::default(), |_| 7).expect("an arena");
    arena.mutate(|mc, _| on_another_thread(move || _ = mc.new(8)));
}
