//! The graph of a snapshot of a Tenure heap.

use super::{EdgeName, GraphObject, GraphType, ObjectGraph, TypeRole};
use crate::snapshot_graph::{self, EdgeKind, Graph, Node, NodeKind, id_of};
use gc_core::snapshot::Snapshot;
use std::collections::HashMap;
use std::convert::Infallible;

impl From<&Snapshot> for ObjectGraph {
    /// The graph that [`write_heap_snapshot`](crate::write_heap_snapshot) writes: the roots by their kinds, then the objects
    /// in the order of the snapshot, then what lies off the heap.
    fn from(snapshot: &Snapshot) -> Self {
        let source = Graph::new(snapshot);
        let (mut graph, mut types) = (ObjectGraph::default(), TypeNumbers::default());
        let Ok(()) = source.for_each_node::<Infallible>(|number, node| {
            let type_index = types.number(&mut graph, &node);
            let id = u32::try_from(id_of(number)).unwrap_or(u32::MAX);
            graph.add_object(GraphObject { type_index, shallow_bytes: node.self_bytes, id });
            Ok(())
        });
        let Ok(()) = source.for_each_edge::<Infallible>(|edge| {
            match edge.kind {
                EdgeKind::Weak => graph.count_weak_edges(1),
                // What it leads to stands below `(GC roots)` too.
                EdgeKind::Shortcut => {}
                EdgeKind::Element | EdgeKind::Property | EdgeKind::Internal => {
                    graph.add_edge(edge.from as u32, name_of(edge.name), edge.to as u32);
                }
            }
            Ok(())
        });
        graph
    }
}

fn name_of(name: snapshot_graph::EdgeName<'_>) -> EdgeName<'_> {
    match name {
        snapshot_graph::EdgeName::Index(index) => EdgeName::Index(index as u32),
        snapshot_graph::EdgeName::Text(text) => EdgeName::Text(text),
    }
}

/// The numbers of the types met so far, by their names.
#[derive(Default)]
struct TypeNumbers {
    objects: HashMap<Box<str>, u32>,
    roots: HashMap<Box<str>, u32>,
}

impl TypeNumbers {
    fn number(&mut self, graph: &mut ObjectGraph, node: &Node<'_>) -> u32 {
        let (numbers, role) = match node.kind {
            NodeKind::Synthetic => (&mut self.roots, TypeRole::Root),
            NodeKind::Object | NodeKind::Native => (&mut self.objects, TypeRole::Object),
        };
        if let Some(number) = numbers.get(node.name) {
            return *number;
        }
        let number = graph.add_type(GraphType { name: node.name.into(), role });
        numbers.insert(node.name.into(), number);
        number
    }
}
