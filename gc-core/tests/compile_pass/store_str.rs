//! A text that is made at run time is a reference to a `Str`.

use gc_core::Config;
use gc_core::arena::{Arena, Gc, Root, Str, Trace};

#[derive(Trace)]
struct Person<'gc> {
    name: Gc<'gc, Str>,
}

#[test]
fn main() {
    let name = ["Ma", "ry"].concat();
    let arena = Arena::<Root![Person<'_>]>::new(Config::default(), |mc| Person { name: mc.str(&name) });
    arena.expect("an arena").mutate(|mc, root| assert_eq!(root.get(mc).name.as_str(mc), "Mary"));
}
