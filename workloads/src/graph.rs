//! Heaps of other programs, as graphs.

mod body;
mod initial;
mod placement;
mod reach;

pub use body::Body;
pub use placement::{PlacedShape, Placement};
pub use reach::Step;

use std::fmt;

/// The objects of a heap and the strong references between them, in 16 bytes an object and 4 a reference.
///
/// Objects are numbered from 0, which is the root: what it does not reach is garbage.
#[derive(Clone, Default)]
pub struct HeapGraph {
    nodes: Vec<Node>,
    /// For each object the end of its references; they start where those of the object before it end.
    ends: Vec<u32>,
    targets: Vec<u32>,
    types: Vec<NodeType>,
}

/// An object of a graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    /// What it takes, in bytes, header included: on the heap, or off it if its kind is [`NodeKind::Native`].
    pub size_bytes: u32,
    /// Its number among the types of the graph.
    pub of_type: u32,
    /// What its program numbered it: later objects have larger numbers, as far as the program knows.
    pub id: u32,
}

/// What objects of a type are called, and where they lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeType {
    /// What they are to their runtime.
    pub kind: NodeKind,
    /// The class, or the kind in brackets for those without.
    pub name: String,
}

/// What a runtime takes an object for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NodeKind {
    /// An object on the heap.
    Object,
    /// An object on the heap that says what others look like. Not every runtime has them there.
    Shape,
    /// Memory off the heap, which an object owns.
    Native,
    /// No object, but a name for several roots.
    Synthetic,
}

impl HeapGraph {
    /// The number of the root.
    pub const ROOT: u32 = 0;

    /// A graph without objects of these types.
    #[must_use]
    pub fn new(types: Vec<NodeType>) -> Self {
        HeapGraph { types, ..HeapGraph::default() }
    }

    /// Adds an object that refers to the objects with these numbers; those that are still to be added count.
    ///
    /// # Panics
    /// If there are more than 2^32 references.
    pub fn push(&mut self, node: Node, targets: impl IntoIterator<Item = u32>) {
        self.targets.extend(targets);
        self.nodes.push(node);
        self.ends.push(u32::try_from(self.targets.len()).expect("a graph has fewer than 2^32 references"));
    }

    pub(crate) fn from_parts(
        nodes: Vec<Node>,
        ends: Vec<u32>,
        targets: Vec<u32>,
        types: Vec<NodeType>,
    ) -> Self {
        HeapGraph { nodes, ends, targets, types }
    }

    /// How many objects there are.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.nodes.len() as u32
    }

    /// Whether there are no objects, not even a root.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// How many references there are.
    #[must_use]
    pub fn reference_count(&self) -> u32 {
        self.targets.len() as u32
    }

    /// The object with this number.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    pub fn node(&self, number: u32) -> Node {
        self.nodes[number as usize]
    }

    /// The type of the object with this number.
    ///
    /// # Panics
    /// If there is no such object.
    #[must_use]
    pub fn type_of(&self, number: u32) -> &NodeType {
        &self.types[self.node(number).of_type as usize]
    }

    /// The types of all objects.
    #[must_use]
    pub fn types(&self) -> &[NodeType] {
        &self.types
    }

    /// The objects that an object refers to, in the order of its references.
    ///
    /// # Panics
    /// If there is no such object.
    #[must_use]
    pub fn targets(&self, number: u32) -> &[u32] {
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before as usize]);
        &self.targets[start as usize..self.ends[number as usize] as usize]
    }
}

/// The figures: there are too many objects to list.
impl fmt::Debug for HeapGraph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HeapGraph({} objects, {} references)", self.nodes.len(), self.targets.len())
    }
}
