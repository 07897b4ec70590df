//! Objects that are there before a scenario starts.

use super::{ARRAY_SLOTS, BYTES, Form, Kind, MAX_SHAPES, NODE_BYTES, NODE_SLOTS};
use std::collections::BTreeSet;
use std::fmt;

/// Objects that are there before a scenario starts, and what they refer to: such as those of a snapshot of a real
/// program. They are made in the order of their numbers, and live as long as the run; their references may be replaced
/// by others.
///
/// ```
/// use workloads::scenario::{Form, Graph};
///
/// let mut graph = Graph::default();
/// let pair = graph.name("pair");
/// graph.add(pair, Form::node(2, 8), [Some(0), Some(1)]);
/// graph.add(pair, Form::node(2, 8), [None, Some(0)]);
/// assert!(graph.check().is_ok());
/// assert_eq!(graph.heap_bytes(), 48);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graph {
    names: Vec<String>,
    rows: Vec<Row>,
    /// What all slots of all nodes refer to, one node after the other: numbers of nodes, or [`NULL`].
    targets: Vec<u32>,
}

/// One node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Row {
    name: u32,
    form: Form,
    /// Where its slots start among all targets. 64 bits: a large snapshot has more slots than nodes.
    first_target: u64,
}

/// A slot that refers to nothing.
const NULL: u32 = u32::MAX;

/// The name that reports call nodes by: a number within its graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name(u32);

/// A look at one node.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node<'g> {
    pub(super) name: u32,
    pub(super) form: Form,
    targets: &'g [u32],
}

impl Node<'_> {
    /// What its slots refer to.
    pub(super) fn targets(&self) -> impl Iterator<Item = Option<u32>> {
        self.targets.iter().map(|target| (*target != NULL).then_some(*target))
    }
}

impl Graph {
    /// Adds a name.
    ///
    /// # Panics
    /// If there are 2^32 names.
    pub fn name(&mut self, name: &str) -> Name {
        self.names.push(name.into());
        Name(u32::try_from(self.names.len() - 1).expect("fewer than 2^32 names"))
    }

    /// Adds a node. `targets` are what its slots refer to, in their order: the numbers of nodes, counted from 0 in the
    /// order in which they are added, which may still be to come. Slots without a target are null.
    pub fn add(&mut self, name: Name, form: Form, targets: impl IntoIterator<Item = Option<u32>>) {
        self.rows.push(Row { name: name.0, form, first_target: self.targets.len() as u64 });
        self.targets.extend(targets.into_iter().map(|target| target.unwrap_or(NULL)));
    }

    /// How many nodes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Size of all nodes in a heap in bytes, headers included.
    #[must_use]
    pub fn heap_bytes(&self) -> u64 {
        self.rows.iter().map(|row| row.form.heap_bytes()).sum()
    }

    /// Checks that a heap can hold the graph. A scenario runs none that has not passed this.
    ///
    /// # Errors
    /// The first node that cannot be made, or what else is wrong.
    pub fn check(&self) -> Result<(), GraphError> {
        (0..self.len()).try_for_each(|number| self.check_node(number))?;
        let shapes = self.shapes();
        if shapes > MAX_SHAPES { Err(GraphError::TooManyShapes { shapes }) } else { Ok(()) }
    }

    fn check_node(&self, number: usize) -> Result<(), GraphError> {
        let node = self.node(number);
        let Form { kind, slots, bytes } = node.form;
        let (slots_range, bytes_range) = match kind {
            Kind::Node => (NODE_SLOTS, NODE_BYTES),
            Kind::Array => (ARRAY_SLOTS, 0..=0),
            Kind::Bytes | Kind::Buffer => (0..=0, BYTES),
        };
        if !slots_range.contains(&slots.into()) || !bytes_range.contains(&bytes.into()) {
            return Err(GraphError::TooLarge { node: number, form: node.form });
        }
        if node.targets.len() > slots as usize {
            return Err(GraphError::TooManyTargets { node: number, targets: node.targets.len(), slots });
        }
        match node.targets().flatten().find(|target| *target as usize >= self.len()) {
            Some(target) => Err(GraphError::NoSuchNode { node: number, target }),
            None => Ok(()),
        }
    }

    /// How many shapes its nodes have.
    pub(super) fn shapes(&self) -> u64 {
        let nodes = self.rows.iter().filter(|row| row.form.kind == Kind::Node);
        let shapes: BTreeSet<_> = nodes.map(|row| (row.name, row.form.slots, row.form.bytes)).collect();
        (shapes.len() + self.names.len()) as u64
    }

    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// The node with this number.
    pub(super) fn node(&self, number: usize) -> Node<'_> {
        let row = self.rows[number];
        let end = self.rows.get(number + 1).map_or(self.targets.len(), |next| next.first_target as usize);
        Node { name: row.name, form: row.form, targets: &self.targets[row.first_target as usize..end] }
    }
}

/// Why no heap can hold a graph.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GraphError {
    /// A node has more slots or bytes than its kind may have.
    TooLarge {
        /// Its number.
        node: usize,
        /// What it is.
        form: Form,
    },
    /// A node has more targets than slots.
    TooManyTargets {
        /// Its number.
        node: usize,
        /// How many targets it has.
        targets: usize,
        /// How many slots it has.
        slots: u32,
    },
    /// A node refers to one that does not exist.
    NoSuchNode {
        /// Its number.
        node: usize,
        /// The number that it refers to.
        target: u32,
    },
    /// The nodes have more shapes than a heap has room for.
    TooManyShapes {
        /// How many.
        shapes: u64,
    },
}

impl fmt::Display for GraphError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            GraphError::TooLarge { node, form: Form { kind, slots, bytes } } => {
                write!(f, "node {node}: no {kind:?} may have {slots} references and {bytes} bytes")
            }
            GraphError::TooManyTargets { node, targets, slots } => {
                write!(f, "node {node} refers to {targets} nodes, but has {slots} slots")
            }
            GraphError::NoSuchNode { node, target } => {
                write!(f, "node {node} refers to node {target}, which does not exist")
            }
            GraphError::TooManyShapes { shapes } => {
                write!(f, "the nodes have {shapes} shapes: a heap has room for {MAX_SHAPES}")
            }
        }
    }
}

impl std::error::Error for GraphError {}

#[cfg(test)]
mod tests {
    use super::{Form, Graph, Kind};

    #[track_caller]
    fn check(form: Form, targets: &[Option<u32>], expected: Result<(), &str>) {
        let mut graph = Graph::default();
        let name = graph.name("it");
        graph.add(name, Form::node(1, 0), [None]);
        graph.add(name, form, targets.iter().copied());
        assert_eq!(graph.check().map_err(|error| error.to_string()), expected.map_err(str::to_owned));
    }

    #[test]
    fn a_graph_that_no_heap_can_hold_is_refused() {
        check(Form::node(2, 8), &[Some(1), Some(0)], Ok(()));
        check(Form::node(2, 8), &[], Ok(()));
        check(Form::node(256, 8), &[], Err("node 1: no Node may have 256 references and 8 bytes"));
        let bytes = Form { kind: Kind::Bytes, slots: 1, bytes: 8 };
        check(bytes, &[], Err("node 1: no Bytes may have 1 references and 8 bytes"));
        check(Form::node(1, 8), &[None, None], Err("node 1 refers to 2 nodes, but has 1 slots"));
        check(Form::node(1, 8), &[Some(2)], Err("node 1 refers to node 2, which does not exist"));
    }

    #[test]
    fn a_graph_of_too_many_shapes_is_refused() {
        let mut graph = Graph::default();
        let name = graph.name("it");
        for slots in 0..250 {
            (0..250).for_each(|words| graph.add(name, Form::node(slots, 8 * words), []));
        }
        let told = graph.check().expect_err("there are too many").to_string();
        assert_eq!(told, "the nodes have 62501 shapes: a heap has room for 60000");
    }
}
