//! A program that forbids unsafe code has everything else: all that the typed face offers is in here.

#![forbid(unsafe_code)]

use gc_core::arena::{
    Any, Arena, Array, Ephemeron, Gc, Handle, Lock, Mutation, Object, Pack, Packed, RefLock, Root, Str, Trace, Weak, Write,
};
use gc_core::{Budget, Config, HeapFull};
use std::cell::Cell;
use std::ops::ControlFlow;

#[derive(Clone, Copy, Trace, Pack)]
enum Value<'gc> {
    Null,
    Number(f64),
    Text(Gc<'gc, Str>),
    Pair(Gc<'gc, Pair<'gc>>),
}

#[derive(Trace)]
struct Pair<'gc> {
    first: Lock<Value<'gc>>,
    rest: Lock<Value<'gc>>,
}

#[derive(Clone, Copy)]
struct Color(u8, u8, u8);

#[derive(Trace)]
struct Tagged<T, const N: usize> {
    values: [T; N],
    #[trace(leaf)]
    color: Color,
}

#[derive(Trace)]
struct Machine<'gc> {
    stack: RefLock<[Option<Gc<'gc, Pair<'gc>>>; 8]>,
    names: Gc<'gc, Array<Lock<Option<Gc<'gc, Str>>>>>,
    cache: Lock<Option<Weak<'gc, Str>>>,
    notes: Gc<'gc, Ephemeron<Str, Tagged<u8, 3>>>,
    anything: Lock<Any<'gc>>,
    steps: Cell<u64>,
    value: Lock<Packed<Value<'gc>>>,
}

fn machine<'gc>(mc: Mutation<'gc>) -> Machine<'gc> {
    let key = mc.str("key");
    let note = mc.new(Tagged { values: [1, 2, 3], color: Color(4, 5, 6) });
    Machine {
        stack: RefLock::new([None; 8]),
        names: mc.array_from_fn(4, |_| Lock::new(None)),
        cache: Lock::new(Some(mc.weak(key))),
        notes: mc.ephemeron(key, note),
        anything: Lock::new(key.into()),
        steps: Cell::new(0),
        value: Lock::new(Value::Null.pack()),
    }
}

fn store<'gc>(pair: &Write<Pair<'gc>>, first: Value<'gc>) {
    pair.field(|pair| &pair.first).set(first);
}

fn number_of<'gc, T: ?Sized + Object<'gc>>(mc: Mutation<'gc>, gc: Gc<'gc, T>) -> u64 {
    gc.erase().id(mc)
}

fn pair_of<'gc>(mc: Mutation<'gc>, first: Value<'gc>) -> Result<Gc<'gc, Pair<'gc>>, HeapFull> {
    mc.try_new(Pair { first: Lock::new(first), rest: Lock::new(Value::Null) })
}

#[test]
fn main() {
    let mut arena = Arena::<Root![Machine<'_>]>::new(Config::default(), machine).expect("an arena");
    let text: Handle<Root![Str]> = arena.mutate(|mc, vm| {
        let text = mc.str("text");
        let pair = pair_of(mc, Value::Text(text)).expect("room");
        pair.write(mc).field(|pair| &pair.rest).set(Value::Pair(pair));
        store(pair.write(mc), Value::Number(7.0));
        vm.write(mc).field(|vm| &vm.stack).borrow_mut()[0] = Some(pair);
        vm.get(mc).names.set(mc, 3, Some(text));
        vm.get(mc).steps.set(1);
        vm.write(mc).field(|vm| &vm.value).set(Value::Text(text).into());
        assert_eq!(number_of(mc, text), text.id(mc));
        mc.finalize_when_dead(mc.new(Tagged { values: [0_u8], color: Color(0, 0, 0) }));
        mc.stash(text)
    });
    arena.collect_minor();
    arena.collect_full();
    arena.compact();
    arena.step(Budget::Work(100));
    arena.collect_if_due();
    arena.verify().expect("sound");
    arena.mutate(|mc, vm| {
        let vm = vm.get(mc);
        let pair = vm.stack.borrow()[0].expect("a pair");
        let Value::Number(number) = pair.get(mc).first.get() else { panic!("a number") };
        assert!(number == 7.0 && matches!(pair.get(mc).rest.get(), Value::Pair(rest) if rest.ptr_eq(pair)));
        assert!(vm.names.at(mc, 3).is_some_and(|name| name.ptr_eq(mc.fetch(&text))));
        let key = vm.cache.get().and_then(|key| key.upgrade(mc)).expect("alive");
        assert!(vm.anything.get().downcast::<Str>(mc).is_some_and(|any| any.ptr_eq(key)));
        assert!(matches!(vm.value.get().unpack(), Value::Text(same) if same.ptr_eq(mc.fetch(&text))));
        let note = vm.notes.value(mc).expect("alive").get(mc);
        assert_eq!((note.values, note.color.0), ([1, 2, 3], 4));
        assert!(mc.next_finalizable().is_some_and(|dead| dead.is::<Tagged<u8, 1>>(mc)));
    });
    let steps = arena.run::<Root![Lock<u64>], u64>(
        |mc, vm| Lock::new(vm.get(mc).steps.get()),
        |mc, _, steps| {
            steps.set(mc, steps.get(mc).get() + 1);
            if mc.should_yield() || steps.get(mc).get() > 9 {
                return ControlFlow::Break(steps.get(mc).get());
            }
            ControlFlow::Continue(())
        },
    );
    assert_eq!(steps, 10);
    let arena = arena.map_root::<Root![Gc<'_, Str>]>(|mc, _| mc.fetch(&text));
    assert_eq!(arena.mutate(|mc, text| text.get(mc).as_str(mc).len()), 4);
    assert!(arena.stats().full_collections > 0 && arena.memory_usage().heap_used > 0);
}
