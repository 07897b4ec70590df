//! A graph as what is there before a scenario starts.

use super::{Body, Placement};
use crate::scenario::{Form, Graph, Kind, NODE_BYTES, NODE_SLOTS};
use gc_core::Layout;

/// Every object that is reached becomes a node, and behind them all every buffer.
impl From<&Placement> for Graph {
    fn from(objects: &Placement) -> Graph {
        let mut graph = Graph::default();
        let types = objects.graph().types();
        let names: Vec<_> = types.iter().map(|of_type| graph.name(&of_type.name)).collect();
        let mut buffers = objects.len()..;
        let mut external = Vec::new();
        for place in 0..objects.len() {
            let body = objects.body(place);
            let name = names[objects.graph().node(objects.number(place)).of_type as usize];
            let owned = if body.external_bytes > 0 { buffers.next() } else { None };
            external.extend(owned.map(|_| (name, body.external_bytes)));
            graph.add(name, form(body), objects.targets(place).chain(owned).map(Some));
        }
        for (name, bytes) in external {
            graph.add(name, Form { kind: Kind::Buffer, slots: 0, bytes }, []);
        }
        graph
    }
}

/// What an object is to a scenario, which makes larger ones arrays than a heap needs to.
fn form(body: Body) -> Form {
    let slots = body.all_slots();
    if NODE_SLOTS.contains(&slots.into()) && NODE_BYTES.contains(&body.bytes.into()) {
        return Form::node(slots, body.bytes);
    }
    let of_array = |layout| body.length(layout).expect("arrays have lengths");
    match slots {
        0 => Form { kind: Kind::Bytes, slots: 0, bytes: of_array(Layout::Bytes) },
        _ => Form { kind: Kind::Array, slots: of_array(Layout::Slots), bytes: 0 },
    }
}

#[cfg(test)]
mod tests {
    use super::super::{HeapGraph, Node, NodeKind, NodeType, Placement};
    use crate::scenario::{Form, Graph, Kind};

    #[test]
    fn objects_keep_their_sizes_and_references_and_buffers_come_last() {
        let of = |kind, name: &str| NodeType { kind, name: name.into() };
        let mut heap = HeapGraph::new(vec![of(NodeKind::Object, "object"), of(NodeKind::Native, "native")]);
        let node = |size_bytes, of_type| Node { size_bytes, of_type, id: 1 };
        heap.push(node(40, 0), [1, 2]);
        heap.push(node(1_000, 1), []);
        heap.push(node(100_008, 0), [0, 1]);

        let mut expected = Graph::default();
        let (object, native) = (expected.name("object"), expected.name("native"));
        expected.add(object, Form::node(2, 24), [Some(1), Some(2)]);
        expected.add(native, Form::node(1, 0), [Some(3)]);
        expected.add(object, Form { kind: Kind::Array, slots: 25_000, bytes: 0 }, [Some(0), Some(1)]);
        expected.add(native, Form { kind: Kind::Buffer, slots: 0, bytes: 1_000 }, []);
        assert_eq!(Graph::from(&Placement::new(heap)), expected);
        assert_eq!(expected.check(), Ok(()));
    }
}
