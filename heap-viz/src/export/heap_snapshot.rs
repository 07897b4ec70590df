//! Writing snapshots as V8 writes them: what Chrome's DevTools open as `.heapsnapshot`.
//!
//! The format is a graph in arrays of numbers. Nodes have seven numbers each and edges three; the edges of all nodes follow
//! each other in the order of the nodes, and texts are numbers of lines of one table, which comes last.

mod strings;

use crate::snapshot_graph::{Edge, EdgeName, Graph, Node, id_of};
use gc_core::snapshot::Snapshot;
use std::io::{self, Write};
use strings::Strings;

/// What V8 says of its format. Lists that need a trace of allocations are empty below.
const META: &str = concat!(
    r#"{"node_fields":["type","name","id","self_size","edge_count","trace_node_id","detachedness"],"#,
    r#""node_types":[["hidden","array","string","object","code","closure","regexp","number","native","synthetic","#,
    r#""concatenated string","sliced string","symbol","bigint","object shape"],"#,
    r#""string","number","number","number","number","number"],"#,
    r#""edge_fields":["type","name_or_index","to_node"],"#,
    r#""edge_types":[["context","element","property","internal","hidden","shortcut","weak"],"string_or_number","node"],"#,
    r#""trace_function_info_fields":["function_id","name","script_name","script_id","line","column"],"#,
    r#""trace_node_fields":["id","function_info_index","count","size","children"],"#,
    r#""sample_fields":["timestamp_us","last_assigned_id"],"#,
    r#""location_fields":["object_index","script_id","line","column"]}"#,
);

/// Numbers of a node.
const NODE_FIELDS: usize = 7;

/// Writes a snapshot in V8's format, which Chrome's DevTools open as a `.heapsnapshot` file. `out` had better be buffered.
///
/// Objects have the names of their types, without the paths of modules where that is clear, and references those of their
/// fields. What keeps objects alive from outside stands where V8 has it, below `(GC roots)`; buffers off the heap are
/// objects of their own. Takes memory for the names only.
///
/// ```
/// use gc_core::{Config, Heap, Layout};
///
/// let mut heap = Heap::new(Config::default())?;
/// let leaf = heap.register("leaf", Layout::Fixed { slots: 0, bytes: 8 });
/// let _leaf = heap.alloc(leaf)?;
/// let mut file = Vec::new();
/// heap_viz::write_heap_snapshot(&heap.snapshot(), &mut file)?;
/// assert!(file.starts_with(br#"{"snapshot":{"meta":{"node_fields":["type","name""#));
/// assert!(String::from_utf8(file)?.contains("\"leaf\""));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// If `out` does not take it.
pub fn write_heap_snapshot(snapshot: &Snapshot, mut out: impl Write) -> io::Result<()> {
    let graph = Graph::new(snapshot);
    let mut strings = Strings::default();
    let (nodes, edges) = (graph.node_count(), graph.edge_count());
    write!(out, r#"{{"snapshot":{{"meta":{META},"node_count":{nodes},"edge_count":{edges},"#)?;
    out.write_all(b"\"trace_function_count\":0},\n\"nodes\":[")?;
    let mut first = true;
    graph.for_each_node(|number, node| {
        separate(&mut out, &mut first)?;
        write_node(&mut out, number, &node, &mut strings)
    })?;
    out.write_all(b"],\n\"edges\":[")?;
    let mut first = true;
    graph.for_each_edge(|edge| {
        separate(&mut out, &mut first)?;
        write_edge(&mut out, &edge, &mut strings)
    })?;
    out.write_all(
        b"],\n\"trace_function_infos\":[],\n\"trace_tree\":[],\n\"samples\":[],\n\"locations\":[],\n",
    )?;
    out.write_all(b"\"strings\":[")?;
    strings.write(&mut out)?;
    out.write_all(b"]}\n")?;
    out.flush()
}

/// One line for each, as V8 has it.
fn separate(out: &mut impl Write, first: &mut bool) -> io::Result<()> {
    if std::mem::take(first) { Ok(()) } else { out.write_all(b"\n,") }
}

fn write_node(out: &mut impl Write, number: usize, node: &Node<'_>, strings: &mut Strings) -> io::Result<()> {
    let Node { kind, name, self_bytes, edges } = node;
    let id = id_of(number);
    write!(out, "{},{},{id},{self_bytes},{edges},0,0", *kind as u8, strings.number(name))
}

fn write_edge(out: &mut impl Write, edge: &Edge<'_>, strings: &mut Strings) -> io::Result<()> {
    let to = edge.to * NODE_FIELDS;
    match edge.name {
        EdgeName::Index(index) => write!(out, "{},{index},{to}", edge.kind as u8),
        EdgeName::Text(text) => write!(out, "{},{},{to}", edge.kind as u8, strings.number(text)),
    }
}

#[cfg(test)]
mod tests;
