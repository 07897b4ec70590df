//! Heap snapshots of V8: `.heapsnapshot`, and `.heaptimeline`, which has samples besides.
//!
//! A snapshot is one JSON object. `snapshot.meta` names the fields of what follows: `nodes` and `edges` are arrays of
//! numbers, so many a node or an edge; the edges of the first node come first. Names are places in `strings`, which is
//! last. V8 writes them in this order (`HeapSnapshotJSONSerializer::SerializeImpl` in
//! `src/profiler/heap-snapshot-generator.cc`), and the DevTools rely on it as this reader does: so a snapshot of any
//! length takes the memory of its graph alone.

mod edge_names;
mod edges;
mod fields;
mod nodes;
mod strings;
mod trace_tree;
mod types;

pub use self::edge_names::{EdgeName, EdgeNames};
use self::edges::Edges;
use self::fields::{Fields, Header};
use self::nodes::Nodes;
use self::strings::Strings;
use self::trace_tree::TraceTree;
use self::types::Types;
use super::ImportError;
use super::json::{self, Rows};
use crate::graph::HeapGraph;
use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, Visitor};
use std::fmt;
use std::io::Read;

/// What a heap snapshot holds.
#[derive(Clone, Debug, Default)]
pub struct HeapSnapshot {
    /// Its objects and their strong references. What only a weak reference leads to is in it, but not reached.
    pub graph: HeapGraph,
    /// What its references are called, in their order, if that was asked for.
    pub edge_names: Option<EdgeNames>,
    /// What was left out of the graph.
    pub left_out: LeftOut,
    /// If it is of a timeline: until when which objects were allocated. Else empty.
    pub timeline: Vec<Sample>,
    /// What was allocated while allocations were recorded, if they were.
    pub allocated: Option<Allocated>,
}

/// References of a snapshot that are none of its graph.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Those that keep nothing alive.
    pub weak: u64,
    /// Those that are there for people to read: the object is reached by others.
    pub shortcuts: u64,
}

/// A moment of an allocation timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// When it was taken, in microseconds from the start.
    pub at_us: u64,
    /// The largest [`id`](crate::graph::Node::id) that there was.
    pub last_id: u32,
}

/// What was allocated, whether or not it is still alive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Allocated {
    /// How many objects.
    pub objects: u64,
    /// Their bytes.
    pub bytes: u64,
}

impl HeapSnapshot {
    /// Reads a snapshot. `file` should be buffered.
    ///
    /// # Errors
    /// The first thing in the file that is not as V8 writes it, with its line and column.
    pub fn read(file: impl Read) -> Result<Self, ImportError> {
        json::read(file, Reader::default())
    }

    /// Reads a snapshot with the names of its references. `file` should be buffered.
    ///
    /// # Errors
    /// As [`HeapSnapshot::read`].
    pub fn read_with_names(file: impl Read) -> Result<Self, ImportError> {
        json::read(file, Reader { edge_names: Some(EdgeNames::default()), ..Reader::default() })
    }
}

/// A snapshot as far as it has been read.
#[derive(Default)]
struct Reader {
    fields: Option<Fields>,
    nodes: Nodes,
    edges: Option<Edges>,
    /// What edges are called, if that is wanted and none has been read.
    edge_names: Option<EdgeNames>,
    types: Types,
    snapshot: HeapSnapshot,
}

impl<'de> DeserializeSeed<'de> for Reader {
    type Value = HeapSnapshot;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<HeapSnapshot, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Reader {
    type Value = HeapSnapshot;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a heap snapshot")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<HeapSnapshot, A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            self.read_section(&key, &mut map)?;
        }
        self.finish().map_err(A::Error::custom)
    }
}

impl Reader {
    fn read_section<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "snapshot" => {
                let header: Header = map.next_value()?;
                self.fields = Some(Fields::new(&header).map_err(A::Error::custom)?);
                Ok(())
            }
            "nodes" => self.read_nodes(map),
            "edges" => self.read_edges(map),
            "strings" => {
                let edges = self.edges.as_mut().and_then(Edges::names_mut);
                map.next_value_seed(Strings { types: &mut self.types, edges })
            }
            "samples" => self.read_samples(map),
            "trace_tree" => self.read_trace_tree(map),
            _ => map.next_value::<IgnoredAny>().map(drop),
        }
    }

    fn read_nodes<'de, A: MapAccess<'de>>(&mut self, map: &mut A) -> Result<(), A::Error> {
        let Some(fields) = &self.fields else { return Err(out_of_order("nodes", "snapshot")) };
        let take = |row: &[u64]| self.nodes.take(row, fields, &mut self.types);
        map.next_value_seed(Rows { what: "node", width: fields.node.width, take })?;
        self.nodes.check_count(fields.node_count).map_err(A::Error::custom)?;
        self.edges = Some(Edges::new(self.nodes.take_edge_counts(), self.edge_names.take()));
        Ok(())
    }

    fn read_edges<'de, A: MapAccess<'de>>(&mut self, map: &mut A) -> Result<(), A::Error> {
        let (Some(fields), Some(edges)) = (&self.fields, &mut self.edges) else {
            return Err(out_of_order("edges", "nodes"));
        };
        let left_out = &mut self.snapshot.left_out;
        let take = |row: &[u64]| edges.take(row, fields, left_out);
        map.next_value_seed(Rows { what: "edge", width: fields.edge.width, take })?;
        edges.finish(fields.edge_count).map_err(A::Error::custom)
    }

    fn read_samples<'de, A: MapAccess<'de>>(&mut self, map: &mut A) -> Result<(), A::Error> {
        let Some(fields) = self.fields.as_ref().and_then(|fields| fields.sample) else {
            return map.next_value::<IgnoredAny>().map(drop);
        };
        let timeline = &mut self.snapshot.timeline;
        let take = |row: &[u64]| {
            let last_id = fields.last_id(row)?;
            timeline.push(Sample { at_us: row[fields.at_us], last_id });
            Ok(())
        };
        map.next_value_seed(Rows { what: "sample", width: fields.width, take })
    }

    fn read_trace_tree<'de, A: MapAccess<'de>>(&mut self, map: &mut A) -> Result<(), A::Error> {
        let Some(fields) = self.fields.as_ref().and_then(|fields| fields.trace_node) else {
            return map.next_value::<IgnoredAny>().map(drop);
        };
        let mut allocated = Allocated::default();
        map.next_value_seed(TraceTree { fields, allocated: &mut allocated })?;
        self.snapshot.allocated = (allocated.objects > 0).then_some(allocated);
        Ok(())
    }

    fn finish(self) -> Result<HeapSnapshot, String> {
        let Some(edges) = self.edges else { return Err(missing("nodes")) };
        let (ends, targets, edge_names) = edges.into_parts().ok_or_else(|| missing("edges"))?;
        let types = self.types.finish()?;
        let graph = HeapGraph::from_parts(self.nodes.into_nodes(), ends, targets, types);
        Ok(HeapSnapshot { graph, edge_names, ..self.snapshot })
    }
}

fn out_of_order<E: Error>(this: &str, other: &str) -> E {
    E::custom(format_args!("`{this}` comes before `{other}`, which no heap snapshot of V8 has"))
}

fn missing(section: &str) -> String {
    format!("not a heap snapshot: it has no `{section}`")
}

#[cfg(test)]
mod tests;
