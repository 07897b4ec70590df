//! Where in a row of numbers which one stands: `snapshot.meta` says so.

use super::edge_names::NameKind;
use serde::Deserialize;

/// More fields than any version of V8 has.
const MAX_FIELDS: usize = 64;

/// The first part of a snapshot.
#[derive(Deserialize)]
pub(super) struct Header {
    meta: Meta,
    node_count: u64,
    edge_count: u64,
}

#[derive(Deserialize)]
struct Meta {
    node_fields: Vec<String>,
    node_types: Vec<Types>,
    edge_fields: Vec<String>,
    edge_types: Vec<Types>,
    #[serde(default)]
    sample_fields: Vec<String>,
    #[serde(default)]
    trace_node_fields: Vec<String>,
}

/// What a field may be: one of a list of words, or a number or text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Types {
    Words(Vec<String>),
    Other(String),
}

/// What the rows of a snapshot mean.
pub(super) struct Fields {
    pub(super) node: NodeFields,
    pub(super) edge: EdgeFields,
    pub(super) sample: Option<SampleFields>,
    pub(super) trace_node: Option<TraceNodeFields>,
    pub(super) node_count: u64,
    pub(super) edge_count: u64,
}

/// The places of what is read of a node.
pub(super) struct NodeFields {
    pub(super) width: usize,
    pub(super) kind: usize,
    pub(super) name: usize,
    pub(super) id: usize,
    pub(super) self_size: usize,
    pub(super) edge_count: usize,
    /// What nodes may be.
    pub(super) kinds: Vec<String>,
}

/// The places of what is read of an edge.
pub(super) struct EdgeFields {
    pub(super) width: usize,
    pub(super) kind: usize,
    /// Every version of V8 has it; only those who want names need it.
    pub(super) name: Option<usize>,
    pub(super) to_node: usize,
    /// What edges may be.
    pub(super) kinds: Vec<EdgeKind>,
}

/// What edges of a kind are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct EdgeKind {
    pub(super) strength: Strength,
    pub(super) name: NameKind,
}

/// What an edge is to the collector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Strength {
    /// It keeps its target alive.
    Strong,
    /// It does not.
    Weak,
    /// It is there for people to read.
    Shortcut,
}

/// The places of what is read of a sample.
#[derive(Clone, Copy)]
pub(super) struct SampleFields {
    pub(super) width: usize,
    pub(super) at_us: usize,
    last_id: usize,
}

/// The places of what is read of a node of the tree of allocations.
#[derive(Clone, Copy)]
pub(super) struct TraceNodeFields {
    pub(super) width: usize,
    pub(super) count: usize,
    pub(super) size: usize,
}

impl Fields {
    pub(super) fn new(header: &Header) -> Result<Self, String> {
        let meta = &header.meta;
        Ok(Fields {
            node: NodeFields::new(meta)?,
            edge: EdgeFields::new(meta)?,
            sample: SampleFields::new(&meta.sample_fields),
            trace_node: TraceNodeFields::new(&meta.trace_node_fields),
            node_count: header.node_count,
            edge_count: header.edge_count,
        })
    }
}

impl NodeFields {
    fn new(meta: &Meta) -> Result<Self, String> {
        let fields = &meta.node_fields;
        let place = |name| required_place("node_fields", fields, name);
        let kind = place("type")?;
        Ok(NodeFields {
            width: width("node_fields", fields)?,
            kind,
            name: place("name")?,
            id: place("id")?,
            self_size: place("self_size")?,
            edge_count: place("edge_count")?,
            kinds: words("node_types", &meta.node_types, kind)?.to_vec(),
        })
    }
}

impl EdgeFields {
    fn new(meta: &Meta) -> Result<Self, String> {
        let fields = &meta.edge_fields;
        let kind = required_place("edge_fields", fields, "type")?;
        let kinds = words("edge_types", &meta.edge_types, kind)?;
        Ok(EdgeFields {
            width: width("edge_fields", fields)?,
            kind,
            name: place(fields, "name_or_index"),
            to_node: required_place("edge_fields", fields, "to_node")?,
            kinds: kinds.iter().map(|word| EdgeKind::new(word)).collect(),
        })
    }
}

impl EdgeKind {
    fn new(word: &str) -> Self {
        let strength = match word {
            "weak" => Strength::Weak,
            "shortcut" => Strength::Shortcut,
            _ => Strength::Strong,
        };
        // The DevTools' `HeapSnapshotEdge.hasStringName`.
        let is_indexed = matches!(word, "element" | "hidden");
        EdgeKind { strength, name: if is_indexed { NameKind::Index } else { NameKind::Text } }
    }
}

impl SampleFields {
    fn new(fields: &[String]) -> Option<Self> {
        let (at_us, last_id) = (place(fields, "timestamp_us")?, place(fields, "last_assigned_id")?);
        Some(SampleFields { width: fields.len(), at_us, last_id })
    }

    pub(super) fn last_id(self, row: &[u64]) -> Result<u32, String> {
        number_32("last_assigned_id", row[self.last_id])
    }
}

impl TraceNodeFields {
    fn new(fields: &[String]) -> Option<Self> {
        let (count, size) = (place(fields, "count")?, place(fields, "size")?);
        Some(TraceNodeFields { width: fields.len(), count, size })
    }
}

/// A number that V8 keeps in 32 bits.
pub(super) fn number_32(field: &str, number: u64) -> Result<u32, String> {
    u32::try_from(number).map_err(|_| format!("the {field} {number} cannot be: it is more than 32 bits hold"))
}

fn place(fields: &[String], name: &str) -> Option<usize> {
    fields.iter().position(|field| field == name)
}

fn required_place(list: &str, fields: &[String], name: &str) -> Result<usize, String> {
    place(fields, name).ok_or_else(|| format!("`{list}` has no `{name}`"))
}

fn width(list: &str, fields: &[String]) -> Result<usize, String> {
    match fields.len() {
        width @ ..=MAX_FIELDS => Ok(width),
        width => Err(format!("`{list}` has {width} fields, which no version of V8 has")),
    }
}

fn words<'a>(list: &str, types: &'a [Types], place: usize) -> Result<&'a [String], String> {
    match types.get(place) {
        Some(Types::Words(words)) => Ok(words),
        Some(Types::Other(other)) => Err(format!("`{list}` says `{other}` where it should list the types")),
        None => Err(format!("`{list}` does not list the types")),
    }
}
