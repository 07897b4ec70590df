//! Messages: what is unpacked has the shape and the contents of what was packed, whatever the graph and the settings.

use crate::support::{always_marking, each_config, heap};
use gc_core::{Config, Decoder, Heap, Layout, Local, Shape, Value, ValueView, View};
use proptest::prelude::{Strategy, any, prop_oneof};
use proptest::test_runner::{Config as ProptestConfig, TestRunner};
use std::collections::HashMap;

const DECODER: Decoder = Decoder { mask: 0xff << 56, tag: 0xf9 << 56, shift: 8 };

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Fixed,
    Slots,
    Values,
    Ephemeron,
    Bytes,
    Buffer,
}

/// An object of the model: what kind it is, what its bytes are filled with, what it refers to.
#[derive(Clone, Debug)]
struct Node {
    kind: Kind,
    fill: u8,
    /// The number of an object for each element, or none.
    targets: Vec<Option<usize>>,
}

impl Node {
    /// Bytes that objects of bytes and buffers have.
    fn length(&self) -> u32 {
        u32::from(self.fill) * 3
    }
}

fn graph() -> impl Strategy<Value = Vec<Node>> {
    let kind = prop_oneof![
        3 => (3..4_usize).prop_map(|slots| (Kind::Fixed, slots)),
        2 => (0..150_usize).prop_map(|slots| (Kind::Slots, slots)),
        2 => (0..80_usize).prop_map(|values| (Kind::Values, values)),
        2 => (2..3_usize).prop_map(|slots| (Kind::Ephemeron, slots)),
        1 => (0..1_usize).prop_map(|slots| (Kind::Bytes, slots)),
        1 => (0..1_usize).prop_map(|slots| (Kind::Buffer, slots)),
    ];
    let node = (kind, any::<u8>(), any::<u64>());
    proptest::collection::vec(node, 1..24).prop_map(|nodes| {
        let count = nodes.len() as u64;
        let target = |choice: u64| (!choice.is_multiple_of(4)).then_some((choice / 4 % count) as usize);
        let targets = |seed: u64, elements: usize| {
            let choice = move |element: u64| (seed ^ element).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20;
            (0..elements as u64).map(|element| target(choice(element))).collect()
        };
        let node = |((kind, elements), fill, seed)| Node { kind, fill, targets: targets(seed, elements) };
        nodes.into_iter().map(node).collect()
    })
}

/// The shapes of all kinds.
struct Shapes {
    fixed: Shape,
    slots: Shape,
    values: Shape,
    ephemeron: Shape,
    bytes: Shape,
}

impl Shapes {
    fn new(heap: &mut Heap) -> Self {
        Shapes {
            fixed: heap.register("fixed", Layout::Fixed { slots: 3, bytes: 16 }),
            slots: heap.register("slots", Layout::Slots),
            values: heap.register("values", Layout::Values(DECODER)),
            ephemeron: heap.register("ephemeron", Layout::Ephemeron),
            bytes: heap.register("bytes", Layout::Bytes),
        }
    }
}

/// Bits that hold no reference.
fn plain_bits(fill: u8) -> u64 {
    u64::from(fill) << 12
}

/// Makes the objects of a graph: handles to all of them.
fn build(heap: &mut Heap, graph: &[Node]) -> Vec<Local> {
    let shapes = Shapes::new(heap);
    let objects: Vec<_> = graph.iter().map(|node| alloc(heap, &shapes, node)).collect();
    for (node, object) in graph.iter().zip(&objects) {
        for (index, target) in (0..).zip(&node.targets) {
            let target = target.map(|target| objects[target]);
            match node.kind {
                Kind::Values => {
                    let value = target.map_or(Value::Bits(plain_bits(node.fill)), Value::Object);
                    heap.store_value(*object, index, value);
                }
                _ => heap.store(*object, index, target),
            }
        }
    }
    objects
}

fn alloc(heap: &mut Heap, shapes: &Shapes, node: &Node) -> Local {
    let elements = node.targets.len() as u32;
    let object = match node.kind {
        Kind::Fixed => heap.alloc(shapes.fixed),
        Kind::Slots => heap.alloc_array(shapes.slots, elements),
        Kind::Values => heap.alloc_array(shapes.values, elements),
        Kind::Ephemeron => heap.alloc_ephemeron(shapes.ephemeron, None, None),
        Kind::Bytes => heap.alloc_array(shapes.bytes, node.length()),
        Kind::Buffer => heap.alloc_buffer(node.length()),
    };
    let object = object.expect("there is room");
    match node.kind {
        Kind::Buffer => heap.buffer_mut(object).fill(node.fill),
        _ => heap.bytes_mut(object).fill(node.fill),
    }
    object
}

/// Whether each object is reached from the first, values of ephemerons only if their keys are.
fn reached(graph: &[Node]) -> Vec<bool> {
    let mut reached = vec![false; graph.len()];
    reached[0] = true;
    loop {
        let mut next = reached.clone();
        for (_, node) in reached.iter().zip(graph).filter(|(is_reached, _)| **is_reached) {
            let strong = if node.kind == Kind::Ephemeron { 1.. } else { 0.. };
            if node.kind == Kind::Ephemeron && node.targets[0].is_some_and(|key| !reached[key]) {
                continue;
            }
            node.targets[strong].iter().flatten().for_each(|target| next[*target] = true);
        }
        if next == reached {
            return reached;
        }
        reached = next;
    }
}

/// Walks a graph on a heap and its model in step: they have the same shape and the same contents.
fn check_same(graph: &[Node], root: View<'_>) {
    let reached = reached(graph);
    let mut views: HashMap<usize, View<'_>> = HashMap::from([(0, root)]);
    let mut left = vec![0];
    while let Some(number) = left.pop() {
        let (node, view) = (&graph[number], views[&number]);
        check_contents(node, view);
        let is_dead = node.kind == Kind::Ephemeron && node.targets[0].is_some_and(|key| !reached[key]);
        for (index, target) in (0..).zip(&node.targets) {
            let target = target.filter(|_| !is_dead);
            let found = element(node, view, index);
            assert_eq!(found.is_some(), target.is_some(), "element {index} of {number}");
            let (Some(target), Some(found)) = (target, found) else { continue };
            let known = *views.entry(target).or_insert_with(|| {
                left.push(target);
                found
            });
            assert!(known.same(found), "object {target} is there twice");
        }
    }
    let all: Vec<_> = views.values().collect();
    for (index, view) in all.iter().enumerate() {
        assert!(all[..index].iter().all(|other| !other.same(**view)), "two objects became one");
    }
    assert_eq!(all.len(), reached.iter().filter(|is_reached| **is_reached).count());
}

fn element<'h>(node: &Node, view: View<'h>, index: u32) -> Option<View<'h>> {
    if node.kind != Kind::Values {
        return view.slot(index);
    }
    match view.value(index) {
        ValueView::Object(object) => Some(object),
        ValueView::Bits(bits) => {
            assert_eq!(bits, plain_bits(node.fill));
            None
        }
    }
}

fn check_contents(node: &Node, view: View<'_>) {
    let (bytes, length) = match node.kind {
        Kind::Fixed => (view.bytes(), 16),
        Kind::Bytes => (view.bytes(), node.length()),
        Kind::Buffer => (view.buffer(), node.length()),
        Kind::Slots | Kind::Values | Kind::Ephemeron => (view.bytes(), 0),
    };
    assert_eq!(bytes.len(), length as usize);
    assert!(bytes.iter().all(|byte| *byte == node.fill));
}

/// Sends a graph from one heap to another with the same settings, and checks that it arrives.
fn send(graph: &[Node], config: &Config) {
    let mut sender = heap(config.clone());
    let objects = build(&mut sender, graph);
    let message = sender.pack(objects[0]);
    assert_eq!(message.objects(), reached(graph).iter().filter(|is_reached| **is_reached).count());
    assert_eq!(sender.pack(objects[0]), message, "packing changes nothing");
    drop(sender);

    let mut receiver = heap(config.clone());
    receiver.register("a shape of its own", Layout::Slots);
    let copies =
        [receiver.unpack(&message), receiver.unpack(&message)].map(|copy| copy.expect("there is room"));
    for round in 0..3 {
        for copy in copies {
            check_same(graph, receiver.view(copy));
        }
        assert!(!receiver.view(copies[0]).same(receiver.view(copies[1])));
        if round == 1 { receiver.collect_full() } else { receiver.collect_minor() }
    }
    assert_eq!(receiver.pack(copies[0]), message, "a copy is packed like the original");
}

fn check_random(cases: u32, config: impl Fn(Config) -> Config) {
    each_config(|given| {
        let mut runner = TestRunner::new(ProptestConfig { cases, ..ProptestConfig::default() });
        let result = runner.run(&graph(), |graph| {
            send(&graph, &config(given.clone()));
            Ok(())
        });
        result.unwrap();
    });
}

#[test]
fn whatever_is_sent_arrives() {
    check_random(24, |config| config);
}

#[test]
fn whatever_is_sent_while_the_heaps_are_marked_arrives() {
    check_random(8, always_marking);
}

#[test]
fn a_message_is_sent_to_another_thread() {
    let mut sender = heap(Config::default());
    let bytes = sender.register("bytes", Layout::Bytes);
    let object = sender.alloc_array(bytes, 3).unwrap();
    sender.bytes_mut(object).copy_from_slice(b"abc");
    let message = sender.pack(object);
    let received = std::thread::spawn(move || {
        let mut receiver = heap(Config::default());
        let copy = receiver.unpack(&message).unwrap();
        receiver.view(copy).bytes().to_vec()
    });
    assert_eq!(received.join().unwrap(), b"abc");
}

#[test]
fn a_long_list_needs_no_stack() {
    let mut sender = heap(Config { huge_pages: false, ..Config::default() });
    let node = sender.register("node", Layout::Fixed { slots: 1, bytes: 8 });
    let head = sender.alloc(node).unwrap();
    for number in 1..200_000 {
        sender.scope(|sender| {
            let next = sender.alloc_with(node, [Some(head)]).unwrap();
            sender.store_word(next, 0, number);
            sender.assign(head, next);
        });
    }
    let message = sender.pack(head);
    assert!(message.size_bytes() > 200_000 * 8);
    let copy = sender.unpack(&message).unwrap();
    let list = std::iter::successors(Some(sender.view(copy)), |node| node.slot(0));
    assert!(list.map(|node| node.word(0)).eq((0..200_000).rev()));
}

#[test]
fn a_message_that_finds_no_room_is_refused_and_leaves_garbage_only() {
    let mut sender = heap(Config::default());
    let bytes = sender.register("bytes", Layout::Bytes);
    let slots = sender.register("slots", Layout::Slots);
    let table = sender.alloc_array(slots, 64).unwrap();
    for index in 0..64 {
        let part = sender.alloc_array(bytes, 100_000).unwrap();
        sender.store(table, index, Some(part));
    }
    let message = sender.pack(table);
    let mut receiver = heap(Config { max_old_bytes: 1 << 20, ..Config::default() });
    assert!(receiver.unpack(&message).is_err());
    receiver.collect_full();
    assert_eq!(receiver.usage().heap_used(), 0);
    let bytes = receiver.register("bytes", Layout::Bytes);
    assert!(receiver.alloc_array(bytes, 100_000).is_ok());
}
