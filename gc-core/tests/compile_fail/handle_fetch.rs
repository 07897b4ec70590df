//! A handle gives its object back with the type that it was made with.

use gc_core::Config;
use gc_core::arena::{Arena, Gc, Handle, Root, Str};

fn main() {
    let arena = Arena::<Root![()]>::new(Config::default(), |_| ()).expect("an arena");
    let handle: Handle<Root![u32]> = arena.mutate(|mc, _| mc.stash(mc.new(7)));
    arena.mutate(|mc, _| {
        let _text: Gc<'_, Str> = mc.fetch(&handle);
    });
}
