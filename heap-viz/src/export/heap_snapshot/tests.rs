//! What is written is read back.

use super::write_heap_snapshot;
use gc_core::arena::{Arena, Array, Ephemeron, Gc, Root, Str, Trace};
use gc_core::snapshot::Snapshot;
use gc_core::{Config, Heap, Layout};
use serde_json::Value;
use std::collections::HashSet;

/// A node as it was read.
#[derive(Debug)]
struct ReadNode {
    kind: String,
    name: String,
    self_bytes: u64,
    /// Kind, name and target of each edge.
    edges: Vec<(String, String, usize)>,
}

/// Writes a snapshot and reads the file, as strictly as DevTools do and more so.
fn written(snapshot: &Snapshot) -> Vec<ReadNode> {
    let mut file = Vec::new();
    write_heap_snapshot(snapshot, &mut file).expect("memory takes everything");
    let file: Value = serde_json::from_slice(&file).expect("it is JSON");
    let (head, strings) = (&file["snapshot"], texts(&file["strings"]));
    let (node_fields, edge_fields) =
        (texts(&head["meta"]["node_fields"]).len(), texts(&head["meta"]["edge_fields"]).len());
    let (node_kinds, edge_kinds) =
        (texts(&head["meta"]["node_types"][0]), texts(&head["meta"]["edge_types"][0]));
    let (nodes, edges) = (numbers(&file["nodes"]), numbers(&file["edges"]));
    assert_eq!(strings.iter().collect::<HashSet<_>>().len(), strings.len(), "no text is there twice");
    assert_eq!(head["node_count"], nodes.len() / node_fields);
    assert_eq!(head["edge_count"], edges.len() / edge_fields);
    let mut edges = edges.chunks_exact(edge_fields).map(|edge| {
        let kind = edge_kinds[edge[0] as usize].clone();
        let name = if kind == "element" { edge[1].to_string() } else { strings[edge[1] as usize].clone() };
        assert!(edge[2] % node_fields as u64 == 0 && edge[2] < nodes.len() as u64, "{edge:?}");
        (kind, name, edge[2] as usize / node_fields)
    });
    let ids: HashSet<_> = nodes.chunks_exact(node_fields).map(|node| node[2]).collect();
    assert_eq!(ids.len(), nodes.len() / node_fields, "no two nodes have the same id");
    let nodes = nodes.chunks_exact(node_fields).map(|node| ReadNode {
        kind: node_kinds[node[0] as usize].clone(),
        name: strings[node[1] as usize].clone(),
        self_bytes: node[3],
        edges: edges.by_ref().take(node[4] as usize).collect(),
    });
    let nodes = nodes.collect();
    assert_eq!(edges.count(), 0, "every edge belongs to a node");
    nodes
}

fn texts(list: &Value) -> Vec<String> {
    let list = list.as_array().expect("a list");
    list.iter().map(|text| text.as_str().expect("a text").into()).collect()
}

fn numbers(list: &Value) -> Vec<u64> {
    list.as_array().expect("a list").iter().map(|number| number.as_u64().expect("a number")).collect()
}

/// The only node of this name.
#[track_caller]
fn node<'a>(nodes: &'a [ReadNode], name: &str) -> &'a ReadNode {
    let mut found = nodes.iter().filter(|node| node.name == name);
    let node = found.next().unwrap_or_else(|| panic!("no {name} in {nodes:#?}"));
    assert!(found.next().is_none(), "two of {name}");
    node
}

/// What the edges of a node are: kind, name, and the name of what they lead to.
fn edges<'a>(nodes: &'a [ReadNode], name: &str) -> Vec<(&'a str, &'a str, &'a str)> {
    let edges = node(nodes, name).edges.iter();
    edges.map(|(kind, name, to)| (kind.as_str(), name.as_str(), nodes[*to].name.as_str())).collect()
}

#[derive(Trace)]
struct Page<'gc> {
    title: Gc<'gc, Str>,
    lines: Gc<'gc, Array<Gc<'gc, u64>>>,
    note: Gc<'gc, Ephemeron<Str, u8>>,
}

fn page() -> Snapshot {
    let mut arena = Arena::<Root![Page<'_>]>::new(Config::default(), |mc| {
        let title = mc.str("title");
        let lines = mc.array(&[mc.new(1_u64), mc.new(2_u64)]);
        Page { title, lines, note: mc.ephemeron(title, mc.new(3_u8)) }
    });
    arena.as_mut().expect("a heap").snapshot()
}

#[test]
fn types_and_fields_have_their_names() {
    let nodes = written(&page());
    let page = edges(&nodes, "Page");
    assert!(page.contains(&("property", "title", "Str")), "{page:?}");
    assert_eq!(edges(&nodes, "Array<Gc<u64>>"), [("element", "0", "u64"), ("element", "1", "u64")]);
}

#[test]
fn sizes_and_counts_are_those_of_the_snapshot() {
    let snapshot = page();
    let nodes = written(&snapshot);
    let objects: Vec<_> = nodes.iter().filter(|node| node.kind == "object").collect();
    assert_eq!(objects.len(), snapshot.len());
    assert_eq!(objects.iter().map(|node| node.self_bytes).sum::<u64>(), snapshot.total_bytes());
    let references: usize = objects.iter().map(|node| node.edges.len()).sum();
    assert_eq!(references, snapshot.references().count());
}

#[test]
fn ephemerons_hold_their_key_weakly() {
    let nodes = written(&page());
    let all = nodes.iter().flat_map(|node| &node.edges);
    let weak =
        all.clone().filter(|(kind, name, to)| (kind == "weak" && name == "key") && nodes[*to].name == "Str");
    let value =
        all.filter(|(kind, name, to)| kind == "internal" && name == "value" && nodes[*to].name == "u8");
    assert_eq!((weak.count(), value.count()), (1, 1));
}

#[test]
fn roots_stand_where_devtools_look_for_them() {
    let mut heap = Heap::new(Config::default()).expect("a heap");
    let [local, persistent, weak] = ["local", "persistent", "weakly held"].map(|name| {
        let shape = heap.register(name, Layout::Fixed { slots: 1, bytes: 8 });
        heap.alloc(shape).expect("there is room")
    });
    let _root = heap.root(persistent);
    let _weak = heap.weak(weak);
    heap.store(local, 0, Some(persistent));
    let nodes = written(&heap.snapshot());
    assert_eq!((nodes[0].kind.as_str(), nodes[0].name.as_str()), ("synthetic", ""));
    let root = edges(&nodes, "");
    assert_eq!(root[0], ("element", "1", "(GC roots)"));
    assert!(
        root.contains(&("shortcut", "root", "local")) && root.contains(&("shortcut", "root", "persistent"))
    );
    let kinds = edges(&nodes, "(GC roots)");
    assert_eq!(kinds[1], ("element", "2", "(Persistent roots)"));
    assert_eq!(edges(&nodes, "(Persistent roots)"), [("element", "1", "persistent")]);
    assert_eq!(edges(&nodes, "(Handle scopes)")[0], ("element", "1", "local"));
    assert_eq!(edges(&nodes, "(Weak handles)"), [("weak", "weak handle", "weakly held")]);
    assert_eq!(edges(&nodes, "local"), [("internal", "slot 0", "persistent")]);
}

#[test]
fn buffers_are_nodes_of_their_own() {
    let mut heap = Heap::new(Config::default()).expect("a heap");
    let _buffer = heap.alloc_buffer(1_000).expect("there is room");
    let nodes = written(&heap.snapshot());
    let buffer = node(&nodes, "off-heap buffer");
    assert_eq!((buffer.kind.as_str(), buffer.self_bytes), ("native", 1_000));
    assert_eq!(edges(&nodes, "buffer"), [("internal", "buffer", "off-heap buffer")]);
}

#[test]
fn an_empty_heap_has_roots_only() {
    let nodes = written(&Snapshot::default());
    assert!(nodes.iter().all(|node| node.kind == "synthetic"), "{nodes:?}");
}
