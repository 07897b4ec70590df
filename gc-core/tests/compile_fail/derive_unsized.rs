//! A holder of a parameter that must be `Trace` cannot hold strings, which are objects only.

use gc_core::Config;
use gc_core::arena::{Arena, Gc, Root, Str, Trace};

#[derive(Trace)]
struct Holder<'gc, T>(Gc<'gc, T>);

fn main() {
    let arena = Arena::<Root![()]>::new(Config::default(), |_| ()).expect("an arena");
    arena.mutate(|mc, _| _ = mc.new(Holder::<Str>(mc.str("text"))));
}
