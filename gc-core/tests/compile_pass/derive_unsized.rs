//! A parameter that is `?Sized`, or an `Object`, may be any object.

use gc_core::Config;
use gc_core::arena::{Any, Arena, Array, Gc, Lock, Object, Root, Str, Trace};

#[derive(Trace)]
struct Holder<'gc, T: ?Sized>(Gc<'gc, T>);

#[derive(Trace)]
struct Bounded<'gc, T: ?Sized + Object<'gc>>(Gc<'gc, T>);

#[derive(Trace)]
struct WithSize<'gc, T: Object<'gc>, V>(Lock<Option<Gc<'gc, T>>>, V);

#[derive(Trace)]
enum Where<'gc, T>
where
    T: ?Sized,
{
    Nothing,
    Held(Gc<'gc, T>),
}

#[test]
fn main() {
    let mut arena = Arena::<Root![Lock<Option<Any<'_>>>]>::new(Config::default(), |_| Lock::new(None)).expect("an arena");
    arena.mutate(|mc, root| {
        let text = mc.str("text");
        let one = mc.new(Bounded::<Str>(mc.new(Holder(text)).get(mc).0));
        let two = mc.new(WithSize::<Array<u8>, u32>(Lock::new(Some(mc.array(&[1, 2]))), 7));
        let three = mc.new([Where::Held(text), Where::<Str>::Nothing]);
        assert!(mc.new(Holder(mc.new(1_u32))).erase().is::<Holder<'_, u32>>(mc));
        root.set(mc, Some(mc.new((one, two, three)).erase()));
    });
    arena.collect_full();
    arena.mutate(|mc, root| {
        type All<'gc> =
            (Gc<'gc, Bounded<'gc, Str>>, Gc<'gc, WithSize<'gc, Array<u8>, u32>>, Gc<'gc, [Where<'gc, Str>; 2]>);
        let all: Gc<'_, All<'_>> = root.get(mc).get().expect("it was set").downcast(mc).expect("this type");
        let (one, two, three) = all.get(mc);
        assert_eq!(one.get(mc).0.as_str(mc), "text");
        let two = two.get(mc);
        assert_eq!((two.0.get().map(|bytes| bytes.len(mc)), two.1), (Some(2), 7));
        let [Where::Held(held), Where::Nothing] = three.get(mc) else { panic!("as made") };
        assert_eq!(held.as_str(mc), "text");
    });
    assert_eq!(arena.verify(), Ok(()));
}
