//! A type that is not known beforehand is left to run time.

use gc_core::Config;
use gc_core::arena::{Any, Arena, Handle, Root, Str};

#[test]
fn main() {
    let arena = Arena::<Root![()]>::new(Config::default(), |_| ()).expect("an arena");
    let handle: Handle<Root![Any<'_>]> = arena.mutate(|mc, _| mc.stash(mc.new(mc.str("seven").erase())));
    arena.mutate(|mc, _| {
        let any = *mc.fetch(&handle).get(mc);
        assert_eq!(any.downcast::<Str>(mc).map(|text| text.as_str(mc)), Some("seven"));
    });
}
