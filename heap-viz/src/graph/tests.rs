//! Graphs against what is found by trying: remove an object, and see what is no longer reached.

use super::{
    Dominators, EdgeName, GraphObject, GraphType, Matching, ObjectGraph, Retainer, RootPath, SnapshotDiff,
    TypeRole, TypeSizes,
};
use gc_core::{Config, Heap, Layout};
use proptest::prelude::{Strategy, any, prop_assert, prop_assert_eq, proptest};
use std::collections::BTreeSet;

/// A graph of objects with so many bytes each, of type 1 or 2 by turns; the root is of type 0. Names of edges are places.
fn graph(bytes: &[u64], edges: &[(u32, u32)]) -> ObjectGraph {
    let mut graph = ObjectGraph::default();
    graph.add_type(GraphType { name: "root".into(), role: TypeRole::Root });
    for name in ["odd", "even"] {
        graph.add_type(GraphType { name: name.into(), role: TypeRole::Object });
    }
    for (number, shallow_bytes) in (0..).zip(bytes) {
        let type_index = if number == 0 { 0 } else { 2 - number % 2 };
        graph.add_object(GraphObject { type_index, shallow_bytes: *shallow_bytes, id: 10 * number });
    }
    let mut edges = edges.to_vec();
    edges.sort_by_key(|(from, _)| *from);
    edges.iter().zip(0..).for_each(|((from, to), place)| graph.add_edge(*from, EdgeName::Index(place), *to));
    graph
}

/// What the root reaches, by the definition, if some objects are removed.
fn reached(graph: &ObjectGraph, removed: impl Fn(u32) -> bool) -> BTreeSet<u32> {
    let (mut reached, mut grey) = (BTreeSet::new(), vec![ObjectGraph::ROOT]);
    while let Some(object) = grey.pop() {
        if !removed(object) && reached.insert(object) {
            grey.extend(graph.targets(object));
        }
    }
    reached
}

fn graphs() -> impl Strategy<Value = ObjectGraph> {
    (1..24_u32).prop_flat_map(|len| {
        let edges = proptest::collection::vec((0..len, 0..len), 0..60);
        let bytes = proptest::collection::vec(1..100_u64, len as usize);
        (bytes, edges).prop_map(|(bytes, edges)| graph(&bytes, &edges))
    })
}

proptest! {
    #[test]
    fn an_object_retains_what_is_not_reached_without_it(graph in graphs()) {
        let (dominators, all) = (Dominators::of(&graph), reached(&graph, |_| false));
        prop_assert_eq!(dominators.objects().collect::<BTreeSet<_>>(), all.clone());
        for object in 0..graph.len() {
            let without = reached(&graph, |other| other == object);
            let lost: BTreeSet<_> = all.difference(&without).copied().collect();
            prop_assert_eq!(dominators.retained_by(object).collect::<BTreeSet<_>>(), lost.clone());
            let bytes: u64 = lost.iter().map(|lost| graph.shallow_bytes(*lost)).sum();
            prop_assert_eq!(dominators.retained_bytes(object), bytes);
        }
    }

    #[test]
    fn the_dominator_is_the_nearest_of_those_without_which_an_object_is_not_reached(graph in graphs()) {
        let dominators = Dominators::of(&graph);
        for object in dominators.objects().skip(1) {
            let is_needed = |other: &u32| *other != object && !reached(&graph, |it| it == *other).contains(&object);
            let needed: BTreeSet<_> = dominators.objects().filter(is_needed).collect();
            let mut chain = BTreeSet::new();
            let mut at = object;
            while let Some(dominator) = dominators.dominator(at) {
                chain.insert(dominator);
                at = dominator;
            }
            prop_assert_eq!(chain, needed);
        }
    }

    #[test]
    fn a_type_retains_what_hangs_below_its_objects_once(graph in graphs()) {
        let dominators = Dominators::of(&graph);
        let sizes = TypeSizes::of(&dominators, 3);
        for (of, size) in (0..).zip(&sizes.types) {
            let own: Vec<_> = dominators.objects().filter(|object| graph.type_index(*object) == of).collect();
            let below: BTreeSet<_> = own.iter().flat_map(|object| dominators.retained_by(*object)).collect();
            prop_assert_eq!(size.retained_bytes, below.iter().map(|it| graph.shallow_bytes(*it)).sum::<u64>());
            prop_assert_eq!(size.objects, own.len() as u64);
            prop_assert_eq!(size.shallow_bytes, own.iter().map(|it| graph.shallow_bytes(*it)).sum::<u64>());
        }
        prop_assert!(sizes.largest.is_sorted_by_key(|it| std::cmp::Reverse(it.retained_bytes)));
    }

    #[test]
    fn the_way_to_an_object_is_made_of_its_references_and_none_is_shorter(graph in graphs(), at in any::<proptest::sample::Index>()) {
        let object = at.index(graph.len() as usize) as u32;
        let mut within = BTreeSet::from([ObjectGraph::ROOT]);
        let mut distance = 0;
        while !within.contains(&object) && distance <= graph.len() {
            within = within.iter().flat_map(|it| graph.targets(*it).iter().copied().chain([*it])).collect();
            distance += 1;
        }
        let Some(path) = RootPath::to(&graph, object) else {
            prop_assert!(!within.contains(&object));
            return Ok(());
        };
        prop_assert_eq!(path.steps.len() as u32, distance);
        let mut at = ObjectGraph::ROOT;
        for step in &path.steps {
            let leads = |edge: &u32| graph.target(*edge) == step.to && graph.edge_name(*edge) == step.name;
            prop_assert!(graph.edges(at).any(|edge| leads(&edge)));
            at = step.to;
        }
        prop_assert_eq!(at, object);
    }
}

#[test]
fn a_graph_of_a_million_objects_in_a_row_takes_no_stack() {
    let len = 1_000_000;
    let edges: Vec<_> = (1..len).map(|to| (to - 1, to)).collect();
    let list = graph(&vec![1; len as usize], &edges);
    let dominators = Dominators::of(&list);
    assert_eq!(dominators.retained_bytes(1), u64::from(len) - 1);
    assert_eq!(dominators.dominator(len - 1), Some(len - 2));
    let sizes = TypeSizes::of(&dominators, 2);
    let largest: Vec<_> = sizes.largest.iter().map(|it| it.object).collect();
    assert_eq!(largest, [1, 2], "one of each type: none below another of its own");
    assert_eq!(RootPath::to(&list, len - 1).map(|path| path.steps.len()), Some(len as usize - 1));
}

/// A list, at whose end hangs much that a shorter way leads to as well: what others take the square of the objects for.
#[test]
fn what_hangs_at_the_end_of_a_list_and_elsewhere_is_kept_alive_by_the_root() {
    let len = 100_000;
    let list = (1..len).map(|to| (to - 1, to));
    let hung = (len..2 * len).flat_map(|to| [(len - 1, to), (0, to)]);
    let graph = graph(&vec![1; 2 * len as usize], &list.chain(hung).collect::<Vec<_>>());
    let dominators = Dominators::of(&graph);
    assert!((len..2 * len).all(|object| dominators.dominator(object) == Some(0)));
    assert_eq!(dominators.retained_bytes(1), u64::from(len) - 1);
}

#[test]
fn sizes_beyond_32_bits_are_kept() {
    let graph = graph(&[0, u64::from(u32::MAX), 1 << 40, 5], &[(0, 1), (1, 2), (2, 3)]);
    let sizes = [1, 2, 3].map(|object| graph.shallow_bytes(object));
    assert_eq!(sizes, [u32::MAX.into(), 1 << 40, 5]);
    assert_eq!(Dominators::of(&graph).retained_bytes(1), u64::from(u32::MAX) + (1 << 40) + 5);
}

#[test]
fn nothing_is_known_of_an_empty_graph() {
    let graph = ObjectGraph::default();
    let dominators = Dominators::of(&graph);
    assert_eq!(dominators.reached(), 0);
    assert_eq!(TypeSizes::of(&dominators, 5).largest, []);
}

#[test]
fn weak_references_and_the_keys_of_ephemerons_retain_nothing() {
    let mut heap = Heap::new(Config::default()).expect("a heap");
    let [holder, key, value] =
        ["holder", "key", "value"].map(|name| heap.register(name, Layout::Fixed { slots: 2, bytes: 0 }));
    let entry = heap.register("entry", Layout::Ephemeron);
    let _kept = heap.scope(|heap| {
        let (key, value) = (heap.alloc(key)?, heap.alloc(value)?);
        let entry = heap.alloc_ephemeron(entry, Some(key), Some(value))?;
        let holder = heap.alloc_with(holder, [Some(entry), Some(key)])?;
        Ok::<_, gc_core::HeapFull>(heap.root(holder))
    });
    let graph = ObjectGraph::from(&heap.snapshot());
    let dominators = Dominators::of(&graph);
    let named =
        |name: &str| dominators.objects().find(|object| graph.type_of(*object).name == name).expect("it");
    assert_eq!(dominators.dominator(named("key")), Some(named("holder")), "the entry does not keep it");
    assert_eq!(dominators.dominator(named("value")), Some(named("entry")));
    assert_eq!(graph.weak_edge_count(), 1);
    let path = RootPath::to(&graph, named("value")).expect("it is alive");
    let names: Vec<_> = path.steps.iter().map(|step| step.name.to_string()).collect();
    assert_eq!(names, ["[1]", "[2]", "[1]", "slot 0", "value"]);
}

/// Checks what one type has become, as texts, from one graph to another.
#[track_caller]
fn check_diff(before: &ObjectGraph, after: &ObjectGraph, matching: Matching, odd: &str) {
    let dominators = [before, after].map(Dominators::of);
    let sizes = [0, 1].map(|side: usize| TypeSizes::of(&dominators[side], 0));
    let diff = SnapshotDiff::of((&dominators[0], &sizes[0]), (&dominators[1], &sizes[1]));
    assert_eq!(diff.matching, matching);
    let change = diff.types.iter().find(|change| change.name == "odd").expect("it has changed");
    let objects =
        change.change.map(|it| (it.new_objects, it.freed_objects, it.grown_objects, it.grown_bytes));
    let said = format!("{:+} {:+} {objects:?}", change.object_growth(), change.shallow_growth_bytes());
    assert_eq!(said, odd);
}

#[test]
fn objects_are_found_again_by_their_numbers() {
    let before = graph(&[0, 16, 16, 16], &[(0, 1), (0, 2), (0, 3)]);
    let mut after = graph(&[0, 24, 16, 16, 16, 16], &[(0, 1), (0, 2), (0, 4), (0, 5)]);
    check_diff(&before, &after, Matching::ById, "+0 +8 Some((1, 1, 1, 8))");
    after = graph(&[0; 4], &[(0, 2)]);
    check_diff(&before, &after, Matching::ById, "-2 -32 Some((0, 2, 0, 0))");
}

#[test]
fn largest_objects_come_in_order_and_no_more_than_asked_for() {
    let graph = graph(&[0, 10, 30, 20, 40], &[(0, 1), (0, 2), (0, 3), (3, 4)]);
    let sizes = TypeSizes::of(&Dominators::of(&graph), 2);
    let expected = [(3, 60), (4, 40)].map(|(object, retained_bytes)| Retainer { object, retained_bytes });
    assert_eq!(sizes.largest, expected);
}
