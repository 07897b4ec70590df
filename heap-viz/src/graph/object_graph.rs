//! Objects and the references between them, as arrays of numbers.

use super::edge_name::{EdgeLabel, EdgeName, EdgeTexts};
use crate::snapshot_graph::id_of;
use std::fmt;

/// The objects of a heap and the references that keep them alive: 16 bytes an object, and 8 a reference.
///
/// Objects are numbered from 0, which is the root that everything alive is reached from. What it does not reach may be in
/// the graph too.
///
/// ```
/// use heap_viz::graph::{Dominators, EdgeName, GraphObject, GraphType, ObjectGraph, TypeRole};
///
/// let mut graph = ObjectGraph::default();
/// let root = graph.add_type(GraphType { name: "(root)".into(), role: TypeRole::Root });
/// let node = graph.add_type(GraphType { name: "node".into(), role: TypeRole::Object });
/// let objects = [(root, 0), (node, 24), (node, 24)];
/// for ((type_index, shallow_bytes), id) in objects.into_iter().zip(0..) {
///     graph.add_object(GraphObject { type_index, shallow_bytes, id });
/// }
/// graph.add_edge(0, EdgeName::Text("head"), 1);
/// graph.add_edge(1, EdgeName::Text("next"), 2);
///
/// let dominators = Dominators::of(&graph);
/// assert_eq!(dominators.dominator(2), Some(1));
/// assert_eq!(dominators.retained_bytes(1), 48);
/// ```
#[derive(Clone, Default)]
pub struct ObjectGraph {
    types: Vec<GraphType>,
    /// By object, its type.
    type_of: Vec<u32>,
    /// By object, its own size; the [large](ObjectGraph::large) ones apart.
    shallow_bytes: Vec<u32>,
    /// The sizes that take more than 32 bits, by object in ascending order.
    large: Vec<(u32, u64)>,
    ids: Vec<u32>,
    /// By object, the end of its references, which start where those of the object before it end; of the last one that has
    /// any, and those behind it, there is no end here.
    ends: Vec<u32>,
    targets: Vec<u32>,
    labels: Vec<EdgeLabel>,
    texts: EdgeTexts,
    weak_edges: u64,
}

/// A type of the objects of a graph.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GraphType {
    /// What it is called.
    pub name: String,
    /// What its objects are.
    pub role: TypeRole,
}

/// What the objects of a type are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TypeRole {
    /// Objects of the heap, or memory that one of them owns.
    Object,
    /// Names for the roots: no objects, and no bytes.
    Root,
}

/// An object of a graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GraphObject {
    /// Its type, as [`ObjectGraph::add_type`] has numbered it.
    pub type_index: u32,
    /// Its own size in bytes, without what it refers to.
    pub shallow_bytes: u64,
    /// The number by which its program, or the file that it was read from, knows it.
    pub id: u32,
}

/// The size that stands for one that takes more than 32 bits.
const IS_LARGE: u32 = u32::MAX;

impl ObjectGraph {
    /// The number of the root.
    pub const ROOT: u32 = 0;

    /// Adds a type, and gives its number.
    pub fn add_type(&mut self, of: GraphType) -> u32 {
        self.types.push(of);
        self.types.len() as u32 - 1
    }

    /// Adds an object without references. The first one is the root.
    ///
    /// # Panics
    /// If there is no type of its number, or there are 2^32 - 1 objects already.
    pub fn add_object(&mut self, object: GraphObject) {
        let number = self.len();
        assert!((object.type_index as usize) < self.types.len(), "no type {}", object.type_index);
        assert!(number < u32::MAX, "a graph has fewer than 2^32 - 1 objects");
        self.type_of.push(object.type_index);
        self.ids.push(object.id);
        match u32::try_from(object.shallow_bytes) {
            Ok(bytes) if bytes != IS_LARGE => self.shallow_bytes.push(bytes),
            _ => {
                self.shallow_bytes.push(IS_LARGE);
                self.large.push((number, object.shallow_bytes));
            }
        }
    }

    /// Adds a reference. References come in the order of the objects that have them, which may be added later.
    ///
    /// # Panics
    /// If a later object has one already, or there are 2^32 - 1 references.
    pub fn add_edge(&mut self, from: u32, name: EdgeName<'_>, to: u32) {
        assert!(self.edge_count() < u32::MAX, "a graph has fewer than 2^32 - 1 references");
        assert!(self.ends.len() <= from as usize, "an object behind {from} has references already");
        self.ends.resize(from as usize, self.edge_count());
        let label = self.texts.label(name);
        self.targets.push(to);
        self.labels.push(label);
    }

    /// Counts a reference that keeps nothing alive: it is no part of the graph.
    pub fn count_weak_edges(&mut self, count: u64) {
        self.weak_edges += count;
    }

    /// How many objects there are, roots included.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.type_of.len() as u32
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.type_of.is_empty()
    }

    /// How many references there are.
    #[must_use]
    pub fn edge_count(&self) -> u32 {
        self.targets.len() as u32
    }

    /// How many references were left out because they keep nothing alive.
    #[must_use]
    pub fn weak_edge_count(&self) -> u64 {
        self.weak_edges
    }

    /// All types, by their numbers.
    #[must_use]
    pub fn types(&self) -> &[GraphType] {
        &self.types
    }

    /// The object with this number.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    pub fn object(&self, number: u32) -> GraphObject {
        let index = number as usize;
        GraphObject {
            type_index: self.type_of[index],
            shallow_bytes: self.shallow_bytes(number),
            id: self.ids[index],
        }
    }

    /// The own size of an object in bytes.
    ///
    /// # Panics
    /// If there is no object of that number.
    #[must_use]
    pub fn shallow_bytes(&self, number: u32) -> u64 {
        match self.shallow_bytes[number as usize] {
            IS_LARGE => {
                let found = self.large.binary_search_by_key(&number, |(object, _)| *object);
                self.large[found.expect("a large object is listed")].1
            }
            bytes => bytes.into(),
        }
    }

    /// The number of the type of an object.
    ///
    /// # Panics
    /// If there is no object of that number.
    #[must_use]
    pub fn type_index(&self, number: u32) -> u32 {
        self.type_of[number as usize]
    }

    /// The type of an object.
    ///
    /// # Panics
    /// If there is no object of that number.
    #[must_use]
    pub fn type_of(&self, number: u32) -> &GraphType {
        &self.types[self.type_index(number) as usize]
    }

    /// The numbers of an object's references.
    ///
    /// # Panics
    /// If there is no object of that number.
    #[must_use]
    pub fn edges(&self, number: u32) -> std::ops::Range<u32> {
        assert!(number < self.len(), "there is no object {number}");
        let end = |number| self.ends.get(number as usize).copied().unwrap_or(self.edge_count());
        number.checked_sub(1).map_or(0, end)..end(number)
    }

    /// The objects that an object refers to, in the order of its references.
    ///
    /// # Panics
    /// If there is no object of that number.
    #[must_use]
    pub fn targets(&self, number: u32) -> &[u32] {
        let edges = self.edges(number);
        &self.targets[edges.start as usize..edges.end as usize]
    }

    /// What a reference leads to.
    ///
    /// # Panics
    /// If there is no reference of that number.
    #[must_use]
    pub fn target(&self, edge: u32) -> u32 {
        self.targets[edge as usize]
    }

    /// What a reference is called.
    ///
    /// # Panics
    /// If there is no reference of that number.
    #[must_use]
    pub fn edge_name(&self, edge: u32) -> EdgeName<'_> {
        self.texts.name(self.labels[edge as usize])
    }

    /// The object that has a reference.
    pub(super) fn source(&self, edge: u32) -> u32 {
        self.ends.partition_point(|end| *end <= edge) as u32
    }

    /// The object that its program knows by this number.
    #[must_use]
    pub fn find(&self, id: u32) -> Option<u32> {
        self.ids.iter().position(|own| *own == id).map(|index| index as u32)
    }

    /// Whether the numbers by which objects are known do no more than count them: they do not name the same object in
    /// another snapshot then.
    #[must_use]
    pub fn ids_are_places(&self) -> bool {
        self.ids.iter().enumerate().all(|(number, id)| id_of(number) == u64::from(*id))
    }
}

/// The figures: there are too many objects to list.
impl fmt::Debug for ObjectGraph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ObjectGraph({} objects, {} references)", self.len(), self.edge_count())
    }
}
