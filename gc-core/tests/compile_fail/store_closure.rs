//! A closure cannot be stored: what it holds is not known.

use gc_core::Config;
use gc_core::arena::{Arena, Root, Trace};

#[derive(Trace)]
struct Callback<F> {
    run: F,
}

fn main() {
    let arena = Arena::<Root![u32]>::new(Config::default(), |_| 7).expect("an arena");
    arena.mutate(|mc, root| _ = mc.new(Callback { run: move || *root.get(mc) }));
}
