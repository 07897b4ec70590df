//! Snapshots in files.

use super::super::failure::Failure;
use super::super::import;
use heap_viz::graph::{EdgeName, GraphObject, GraphType, ObjectGraph, TypeRole};
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use workloads::graph::{HeapGraph, NodeKind, NodeType};
use workloads::import::{self as files, EdgeNames, ImportError, Imported};

/// Reads the graph of a snapshot.
pub(super) fn read_graph(path: &Path) -> Result<ObjectGraph, Failure> {
    let read = || Imported::read_with_names(BufReader::with_capacity(1 << 16, File::open(path)?));
    let imported = read().map_err(|problem| match problem {
        ImportError::Empty | ImportError::UnknownFormat => Failure::NoSnapshot { path: path.into(), problem },
        problem => Failure::Import { path: path.into(), problem },
    })?;
    let snapshot = import::snapshot(imported, path)?;
    let names = snapshot.edge_names.unwrap_or_default();
    let mut graph = object_graph(&snapshot.graph, &names);
    graph.count_weak_edges(snapshot.left_out.weak);
    Ok(graph)
}

fn object_graph(source: &HeapGraph, names: &EdgeNames) -> ObjectGraph {
    let mut graph = ObjectGraph::default();
    for of in source.types() {
        graph.add_type(type_of(of));
    }
    for node in (0..source.len()).map(|number| source.node(number)) {
        let (type_index, shallow_bytes) = (node.of_type, node.size_bytes.into());
        graph.add_object(GraphObject { type_index, shallow_bytes, id: node.id });
    }
    let edges = (0..source.len()).flat_map(|from| source.targets(from).iter().map(move |to| (from, *to)));
    for ((from, to), edge) in edges.zip(0..) {
        graph.add_edge(from, name_of(names.name(edge)), to);
    }
    graph
}

fn type_of(of: &NodeType) -> GraphType {
    let role = match of.kind {
        NodeKind::Synthetic => TypeRole::Root,
        NodeKind::Object | NodeKind::Shape | NodeKind::Native => TypeRole::Object,
    };
    GraphType { name: of.name.clone(), role }
}

fn name_of(name: files::EdgeName<'_>) -> EdgeName<'_> {
    match name {
        files::EdgeName::Index(index) => EdgeName::Index(index),
        files::EdgeName::Text(text) => EdgeName::Text(text),
    }
}
