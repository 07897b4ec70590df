//! Implementations of `Trace` by hand whose maps are wrong: the verifier finds them before the collector comes to harm.

use gc_core::arena::{Arena, Array, Gc, Mutation, Root, SlotMap, Trace, Tracer};
use gc_core::{Config, Invariant};

/// Types of one layout, a reference and a number that is not 0, and what each says of itself.
macro_rules! hand_written {
    ($($name:ident: $slots:expr, |$this:ident, $tracer:ident| $trace:expr;)+) => {$(
        #[derive(Clone, Copy)]
        #[repr(C)]
        struct $name<'gc> {
            link: Option<Gc<'gc, u64>>,
            number: u32,
        }

        impl<'gc> $name<'gc> {
            fn new(link: Option<Gc<'gc, u64>>) -> Self {
                $name { link, number: 7 }
            }
        }

        // SAFETY: true of the first two alone. The others are given to the verifier, never to the collector.
        unsafe impl<'gc> Trace<'gc> for $name<'gc> {
            type Id = $name<'static>;
            const SLOTS: SlotMap = $slots;

            fn trace(&self, $tracer: &mut Tracer) {
                let $this = self;
                assert_eq!(self.number, 7);
                $trace
            }
        }
    )+};
}

hand_written! {
    Right: SlotMap::REFERENCE, |this, tracer| this.link.trace(tracer);
    Asked: SlotMap::TRACED, |this, tracer| this.link.trace(tracer);
    Forgotten: SlotMap::NONE, |this, tracer| this.link.trace(tracer);
    Shifted: SlotMap::REFERENCE.at(4), |this, tracer| this.link.trace(tracer);
    TooMany: SlotMap::REFERENCE.repeated(2, 4), |this, tracer| this.link.trace(tracer);
    Silent: SlotMap::REFERENCE, |_this, _tracer| {};
    Twice: SlotMap::REFERENCE, |this, tracer| { this.link.trace(tracer); this.link.trace(tracer) };
}

/// What the verifier says of an arena with this root.
fn verdict<R>(
    make: impl for<'gc> FnOnce(Mutation<'gc>) -> gc_core::arena::Branded<'gc, R>,
) -> Option<Invariant>
where
    R: ?Sized + for<'gc> gc_core::arena::Rootable<'gc>,
    for<'gc> gc_core::arena::Branded<'gc, R>: Trace<'gc>,
{
    let mut arena = Arena::<R>::new(Config::default(), make).expect("an arena");
    arena.verify().err().map(|violation| violation.invariant())
}

/// What the verifier says of a value of each type, as an object and as the last of an array, with a reference or null.
macro_rules! verdicts {
    ($($name:ident)+) => {
        [$((
            stringify!($name),
            [
                verdict::<Root![$name<'_>]>(|mc| $name::new(Some(mc.new(1)))),
                verdict::<Root![$name<'_>]>(|_| $name::new(None)),
                verdict::<Root![Gc<'_, Array<$name<'_>>>]>(|mc| {
                    let link = Some(mc.new(1));
                    mc.array_from_fn(3, |index| $name::new(link.filter(|_| index == 2)))
                }),
            ],
        )),+]
    };
}

#[test]
fn maps_that_are_wrong_are_found() {
    let maps = Some(Invariant::Maps);
    let expected = [
        ("Right", [None; 3]),
        ("Asked", [None; 3]),
        ("Forgotten", [maps, None, maps]),
        ("Shifted", [maps, maps, maps]),
        ("TooMany", [maps, maps, maps]),
        ("Silent", [maps, None, maps]),
        ("Twice", [maps, None, maps]),
    ];
    assert_eq!(verdicts!(Right Asked Forgotten Shifted TooMany Silent Twice), expected);
}
