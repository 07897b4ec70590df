//! A reference to one of many types is an `Any`.

use gc_core::Config;
use gc_core::arena::{Any, Arena, Mutation, Root, Str, Trace};

#[derive(Trace)]
struct Holder<'gc> {
    value: Any<'gc>,
}

impl<'gc> Holder<'gc> {
    fn display(&self, mc: Mutation<'gc>) -> String {
        let number = self.value.downcast::<u32>(mc).map(|number| number.get(mc).to_string());
        number.or_else(|| self.value.downcast::<Str>(mc).map(|text| text.as_str(mc).to_owned())).unwrap_or_default()
    }
}

#[test]
fn main() {
    let arena = Arena::<Root![()]>::new(Config::default(), |_| ()).expect("an arena");
    arena.mutate(|mc, _| {
        assert_eq!(Holder { value: mc.new(7_u32).erase() }.display(mc), "7");
        assert_eq!(Holder { value: mc.str("seven").erase() }.display(mc), "seven");
    });
}
