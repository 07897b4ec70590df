//! Snapshots: they hold what the roots reach, with names and sizes, and leave the heap as it is.

use crate::support::{
    NODE_BYTES, always_marking, each_calm_config, each_config, heap, leaf, list, make_garbage, make_old,
    node, with_semispaces,
};
use gc_core::arena::{self, Any, Arena, Array, Ephemeron, Gc, Lock, RefLock, Root, Str, Trace};
use gc_core::snapshot::{ObjectType, Reference, ReferenceKind, RootKind, Snapshot, Space, TypeLayout};
use gc_core::{Budget, Config, Decoder, Heap, Layout, Local, MIN_SEMISPACE_BYTES, Value};
use std::collections::BTreeSet;

/// The names of all references, each behind that of the type that has it, without the path.
fn edges(snapshot: &Snapshot) -> Vec<String> {
    snapshot.references().map(|reference| edge(snapshot, reference)).collect()
}

fn edge(snapshot: &Snapshot, reference: Reference<'_>) -> String {
    let [from, to] = [reference.from, reference.to].map(|id| short(snapshot.object(id).of_type()));
    format!("{from} {} {to}", reference.name())
}

/// The name of a type without its path and parameters.
fn short(of: &ObjectType) -> String {
    let path = of.name().split('<').next().expect("a name");
    path.rsplit("::").next().expect("a name").to_owned()
}

/// How many objects of each type there are, by name.
fn counts(snapshot: &Snapshot) -> Vec<(String, u64)> {
    snapshot.census().iter().map(|total| (short(total.of), total.count)).collect()
}

/// The kinds of the roots.
fn root_kinds(snapshot: &Snapshot) -> Vec<RootKind> {
    snapshot.roots().map(|root| root.kind).collect()
}

/// The index of each object with what its references lead to.
fn graph(snapshot: &Snapshot) -> Vec<Vec<usize>> {
    let targets =
        |object: gc_core::snapshot::Object<'_>| object.references().map(|it| it.to.index()).collect();
    snapshot.objects().map(targets).collect()
}

#[test]
fn only_what_the_roots_reach_is_in_it() {
    each_config(|config| {
        let mut heap = heap(config);
        let node = node(&mut heap);
        let head = list(&mut heap, node, 50);
        make_garbage(&mut heap, node, 100);
        let dropped = heap.scope(|heap| {
            let other = list(heap, node, 20);
            heap.root(other)
        });
        assert_eq!(heap.snapshot().len(), 70);
        drop(dropped);
        let snapshot = heap.snapshot();
        assert_eq!((snapshot.len(), snapshot.total_bytes()), (50, 50 * NODE_BYTES));
        assert!(heap.view(head).slot(0).is_some());
    });
}

#[test]
fn objects_are_numbered_as_a_breadth_first_search_finds_them() {
    let mut heap = heap(Config::default());
    let node = node(&mut heap);
    let tree = heap
        .escape(|heap| {
            let leaves = [(); 4].map(|()| leaf(heap, node, 0));
            let left = heap.alloc_with(node, [Some(leaves[0]), Some(leaves[1])])?;
            let right = heap.alloc_with(node, [Some(leaves[2]), Some(leaves[3])])?;
            heap.alloc_with(node, [Some(left), Some(right)])
        })
        .unwrap();
    heap.store(tree, 0, Some(tree));
    assert_eq!(graph(&heap.snapshot()), [vec![0, 1], vec![2, 3], vec![], vec![]]);
}

#[test]
fn cycles_and_shared_objects_are_there_once() {
    each_config(|config| {
        let mut heap = heap(config);
        let node = node(&mut heap);
        let first = leaf(&mut heap, node, 1);
        let second = heap.alloc_with(node, [Some(first), Some(first)]).unwrap();
        heap.store(first, 0, Some(second));
        heap.store(first, 1, Some(first));
        assert_eq!(graph(&heap.snapshot()), [vec![1, 0], vec![0, 0]]);
    });
}

#[test]
fn a_long_list_takes_no_stack() {
    let mut heap = heap(Config::default());
    let node = node(&mut heap);
    let head = list(&mut heap, node, 1_000_000);
    assert_eq!(heap.snapshot().len(), 1_000_000);
    assert_eq!(heap.view(head).word(0), 999_999);
}

#[test]
fn collections_change_nothing_but_where_objects_lie() {
    each_config(|config| {
        let mut heap = heap(config);
        let node = node(&mut heap);
        list(&mut heap, node, 300);
        make_garbage(&mut heap, node, 100);
        let before = heap.snapshot();
        assert_eq!(before, heap.snapshot());
        make_old(&mut heap);
        heap.compact();
        let after = heap.snapshot();
        assert_eq!((graph(&before), before.census()), (graph(&after), after.census()));
        assert!(after.objects().all(|object| object.space() == Space::Old));
    });
}

#[test]
fn the_heap_is_left_as_it_is_while_it_is_marked() {
    each_calm_config(|config| {
        let mut heap = heap(always_marking(with_semispaces(config, MIN_SEMISPACE_BYTES)));
        let node = node(&mut heap);
        let head = list(&mut heap, node, 200);
        heap.collect_full();
        heap.collect_minor();
        for step in 0..20 {
            let (stats, usage) = (heap.stats(), heap.usage());
            assert_eq!(heap.snapshot().len(), 200);
            assert_eq!((heap.stats(), heap.usage()), (stats, usage));
            assert_eq!(heap.verify(), Ok(()));
            let has_more = heap.step(Budget::Work(20));
            assert!(has_more || step > 3, "the marking takes several steps");
        }
        assert!(heap.view(head).slot(0).is_some());
    });
}

#[test]
fn roots_say_what_they_are() {
    let mut heap = heap(Config::default());
    let node = node(&mut heap);
    let local = leaf(&mut heap, node, 1);
    let _root = heap.root(local);
    let _weak = heap.weak(local);
    let _dead = heap.scope(|heap| {
        let dead = leaf(heap, node, 2);
        heap.finalize_when_dead(dead);
        let other = leaf(heap, node, 3);
        heap.weak(other)
    });
    let before = heap.snapshot();
    assert_eq!((before.len(), root_kinds(&before)), (1, vec![RootKind::Handle, RootKind::Persistent]));
    assert!(before.weak_handles().eq(before.roots().take(1).map(|root| root.object)));
    heap.collect_full();
    let after = heap.snapshot();
    let expected = vec![RootKind::Handle, RootKind::Persistent, RootKind::Finalizer];
    assert_eq!((after.len(), root_kinds(&after)), (2, expected));
}

fn ephemeron(heap: &mut Heap, key: Option<Local>, value: Option<Local>) -> Local {
    let entry = heap.register("entry", Layout::Ephemeron);
    heap.alloc_ephemeron(entry, key, value).unwrap()
}

#[test]
fn a_value_is_in_it_if_its_key_is() {
    each_config(|config| {
        let mut heap = heap(config);
        let node = node(&mut heap);
        // The last handle is to the key of the first ephemeron, so that its value waits; that is the key of another.
        let [first, second, dead] = [(); 3].map(|()| leaf(&mut heap, node, 0));
        let value = leaf(&mut heap, node, 1);
        let chain = ephemeron(&mut heap, Some(second), Some(value));
        heap.assign(value, chain);
        ephemeron(&mut heap, Some(first), Some(second));
        ephemeron(&mut heap, Some(dead), Some(first));
        let keyless = leaf(&mut heap, node, 2);
        ephemeron(&mut heap, None, Some(keyless));
        let key = heap.duplicate(first);
        for gone in [first, second, dead, keyless] {
            heap.assign(gone, chain);
        }
        let snapshot = heap.snapshot();
        let edges: Vec<_> = snapshot.references().map(|it| (it.name().to_string(), it.kind())).collect();
        let [weak, value] = [("key", ReferenceKind::Weak), ("value", ReferenceKind::EphemeronValue)];
        let expected = [weak, value, weak, value, value];
        assert_eq!(edges, expected.map(|(name, kind)| (name.to_owned(), kind)));
        // Four ephemerons, the first key, the second with its value, and what has no key.
        assert_eq!(snapshot.len(), 4 + 1 + 2 + 1);
        assert!(heap.view(key).slot(0).is_none());
    });
}

#[test]
fn arrays_values_and_buffers_tell_their_sizes() {
    each_config(|config| {
        let mut heap = heap(config);
        let node = node(&mut heap);
        let decoder = Decoder { mask: 0xffff << 48, tag: 0xfff9 << 48, shift: 0 };
        let [slots, values] = [("slots", Layout::Slots), ("values", Layout::Values(decoder))]
            .map(|(name, layout)| heap.register(name, layout));
        let items = heap.alloc_array(slots, 1_000).unwrap();
        let boxed = heap.alloc_array(values, 10).unwrap();
        let target = leaf(&mut heap, node, 0);
        heap.store(items, 999, Some(target));
        heap.store_value(boxed, 3, Value::Object(target));
        heap.alloc_buffer(12_345).unwrap();
        let snapshot = heap.snapshot();
        assert_eq!(edges(&snapshot), ["slots [999] node", "values [3] node"]);
        assert_eq!(snapshot.references().map(|it| it.offset_bytes).collect::<Vec<_>>(), [4 * 999, 8 * 3]);
        let buffer = snapshot.objects().last().expect("the buffer");
        assert_eq!((short(buffer.of_type()), buffer.external_bytes()), ("buffer".into(), 12_345));
        assert_eq!((buffer.of_type().layout(), buffer.size_bytes()), (TypeLayout::Buffer, 16));
        assert_eq!(snapshot.external_bytes(), 12_345);
        assert_eq!(snapshot.total_bytes(), heap.usage().heap_used());
    });
}

#[test]
fn objects_say_where_they_lie() {
    let mut heap = heap(Config::default());
    let (node, bytes) = (node(&mut heap), heap.register("bytes", Layout::Bytes));
    let old = leaf(&mut heap, node, 0);
    make_old(&mut heap);
    leaf(&mut heap, node, 1);
    heap.alloc_array(bytes, 1 << 20).unwrap();
    let spaces = |heap: &Heap| heap.snapshot().objects().map(|object| object.space()).collect::<Vec<_>>();
    assert_eq!(spaces(&heap), [Space::Old, Space::New, Space::Large]);
    make_old(&mut heap);
    assert_eq!(spaces(&heap), [Space::Old, Space::Old, Space::Large]);
    assert_eq!(heap.view(old).word(0), 0);
}

#[derive(Trace)]
struct Fork<'gc> {
    depth: u64,
    left: Lock<Option<Gc<'gc, Tree<'gc>>>>,
    ends: [Lock<Option<Any<'gc>>>; 3],
}

#[derive(Trace)]
enum Tree<'gc> {
    Leaf(u64),
    Fork(Gc<'gc, Fork<'gc>>),
}

#[derive(Trace, Clone, Copy)]
struct Entry<'gc> {
    hash: u32,
    key: Gc<'gc, Str>,
    value: Option<Gc<'gc, u64>>,
}

/// Three forks, each in the `left` of the other behind an enum, the last with its ends.
fn forks(mc: arena::Mutation<'_>) -> Fork<'_> {
    let fork = |depth, left| Fork { depth, left: Lock::new(left), ends: [const { Lock::new(None) }; 3] };
    let leaf = mc.new(Tree::Leaf(1));
    let inner = mc.new(fork(2, Some(leaf)));
    Fork {
        ends: [Some(inner.erase()), None, Some(leaf.erase())].map(Lock::new),
        ..fork(1, Some(mc.new(Tree::Fork(inner))))
    }
}

#[test]
fn references_have_the_names_of_fields() {
    each_config(|config| {
        let mut arena = Arena::<Root![Fork<'_>]>::new(config, forks).unwrap();
        let before = edges(&arena.snapshot());
        // The root, its fork in the enum, the leaf, and the enum: in the order in which they are found.
        let root = ["Fork left Tree", "Fork ends[0] Fork", "Fork ends[2] Tree"];
        assert_eq!(before, [&root[..], &["Tree Fork.0 Fork", "Fork left Tree"]].concat());
        arena.collect_full();
        assert_eq!(edges(&arena.snapshot()), before);
        assert_eq!(arena.verify(), Ok(()));
    });
}

#[test]
fn types_tell_their_fields() {
    let mut arena = Arena::<Root![Fork<'_>]>::new(Config::default(), forks).unwrap();
    let snapshot = arena.snapshot();
    let fork = snapshot.types().iter().find(|of| short(of) == "Fork").expect("the type");
    let fields = fork.fields().iter();
    let fields: Vec<_> = fields.map(|it| (it.name, it.size_bytes, it.element_bytes)).collect();
    assert_eq!(fields, [("depth", 8, 8), ("left", 4, 4), ("ends", 12, 4)]);
    assert_eq!(fork.element_bytes(), None);
    assert_eq!(counts(&snapshot), [("Fork".into(), 2), ("Tree".into(), 2)]);
}

/// The names of the references that the root has.
fn names_in_root<R>(make: impl for<'gc> FnOnce(arena::Mutation<'gc>) -> arena::Branded<'gc, R>) -> Vec<String>
where
    R: ?Sized + for<'gc> arena::Rootable<'gc>,
    for<'gc> arena::Branded<'gc, R>: Trace<'gc>,
{
    let mut arena = Arena::<R>::new(Config::default(), make).unwrap();
    let snapshot = arena.snapshot();
    let root = snapshot.roots().next().expect("the root").object;
    snapshot.object(root).references().map(|it| it.name().to_string()).collect()
}

#[derive(Trace, Clone, Copy)]
enum Item<'gc> {
    Number(f64),
    Text(u64, Gc<'gc, Str>),
    Pair { left: Gc<'gc, u64>, r#right: Option<Gc<'gc, u64>>, rest: [Gc<'gc, u64>; 2] },
}

/// A pair, a number, a text and a pair whose `right` is null.
fn items(mc: arena::Mutation<'_>) -> [Item<'_>; 4] {
    let one = mc.new(1);
    let pair = |right| Item::Pair { left: one, right, rest: [one; 2] };
    [pair(Some(one)), Item::Number(1.0), Item::Text(1, mc.str("text")), pair(None)]
}

#[test]
fn fields_of_enums_have_the_names_of_the_variant_that_is_there() {
    let pair = ["Pair.left", "Pair.right", "Pair.rest[0]", "Pair.rest[1]"];
    assert_eq!(names_in_root::<Root![Item<'_>]>(|mc| items(mc)[0]), pair);
    assert_eq!(names_in_root::<Root![Item<'_>]>(|mc| items(mc)[2]), ["Text.1"]);
    assert_eq!(names_in_root::<Root![Lock<Item<'_>>]>(|mc| Lock::new(items(mc)[0])), pair);
    assert_eq!(
        names_in_root::<Root![RefLock<Option<Item<'_>>>]>(|mc| RefLock::new(Some(items(mc)[0]))),
        pair
    );
    assert_eq!(
        names_in_root::<Root![RefLock<Entry<'_>>]>(|mc| {
            RefLock::new(Entry { hash: 1, key: mc.str("key"), value: None })
        }),
        ["key"]
    );
}

#[test]
fn elements_that_are_enums_have_names_of_their_own() {
    let mut arena = Arena::<Root![Gc<'_, Array<Lock<Item<'_>>>>]>::new(Config::default(), |mc| {
        let items = items(mc);
        mc.array_from_fn(4, |index| Lock::new(items[index]))
    })
    .unwrap();
    let before = arena.snapshot();
    let names: Vec<_> = before.references().map(|it| it.name().to_string()).collect();
    let array = ["[0].Pair.left", "[0].Pair.right", "[0].Pair.rest[0]", "[0].Pair.rest[1]", "[2].Text.1"];
    let last = ["[3].Pair.left", "[3].Pair.rest[0]", "[3].Pair.rest[1]"];
    assert_eq!(names, [&["slot 0"], &array[..], &last].concat());
    assert_eq!(before, arena.snapshot());
    arena.mutate(|mc, root| root.get(mc).set(mc, 0, Item::Number(0.0)));
    assert_eq!(arena.snapshot().references().count(), 1 + 1 + 3);
    arena.mutate(|mc, root| match root.get(mc).at(mc, 0) {
        Item::Number(number) => assert_eq!(number, 0.0),
        Item::Text(..) | Item::Pair { .. } => unreachable!("it was replaced"),
    });
}

#[test]
fn fields_of_tuples_have_their_numbers() {
    type Pair<'gc> = (u64, [Gc<'gc, u64>; 2], Gc<'gc, Str>);
    let names = names_in_root::<Root![Pair<'_>]>(|mc| (1, [mc.new(1), mc.new(2)], mc.str("text")));
    assert_eq!(BTreeSet::from_iter(names), ["1[0]", "1[1]", "2"].map(str::to_owned).into());
}

#[test]
fn elements_of_arrays_have_their_index_and_their_field() {
    let mut arena = Arena::<Root![Gc<'_, Array<Entry<'_>>>]>::new(Config::default(), |mc| {
        let entry = |hash| Entry { hash, key: mc.str("key"), value: (hash == 1).then(|| mc.new(1)) };
        mc.array(&[0, 1, 2].map(entry))
    })
    .unwrap();
    let snapshot = arena.snapshot();
    let names: Vec<_> = snapshot.references().map(|it| it.name().to_string()).collect();
    assert_eq!(names, ["slot 0", "[0].key", "[1].key", "[1].value", "[2].key"]);
    let array = snapshot.types().iter().find(|of| short(of) == "Array").expect("the type");
    assert_eq!(array.element_bytes(), Some(12));
    arena.mutate(|mc, root| assert_eq!(root.get(mc).as_slice(mc)[2].hash, 2));
}

#[test]
fn values_that_only_know_themselves_where_their_references_are_have_all_of_them() {
    let mut arena = Arena::<Root![RefLock<[Option<Gc<'_, u64>>; 100]>]>::new(Config::default(), |mc| {
        RefLock::new(std::array::from_fn(|index| (index % 3 == 0).then(|| mc.new(index as u64))))
    })
    .unwrap();
    assert_eq!(arena.snapshot().references().count(), 34);
    assert_eq!(arena.snapshot().len(), 35);
}

#[test]
fn weak_references_of_an_arena_keep_nothing() {
    type Pair<'gc> = (arena::Weak<'gc, u64>, Gc<'gc, Ephemeron<u64, Str>>);
    let mut arena = Arena::<Root![Pair<'_>]>::new(Config::default(), |mc| {
        (mc.weak(mc.new(1)), mc.ephemeron(mc.new(2), mc.str("value")))
    })
    .unwrap();
    // The pair and its two ephemerons.
    assert_eq!(arena.snapshot().len(), 3);
    let names: Vec<_> = counts(&arena.snapshot()).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names.iter().filter(|name| *name == "Ephemeron").count(), 2, "one of each type");
    let handle: arena::Handle<Root![u64]> =
        arena.mutate(|mc, pair| mc.stash(pair.get(mc).1.key(mc).expect("nothing has been collected")));
    let snapshot = arena.snapshot();
    assert_eq!(snapshot.references().filter(|it| it.kind() != ReferenceKind::Strong).count(), 2);
    drop(handle);
    assert_eq!(arena.snapshot().len(), 3);
}
