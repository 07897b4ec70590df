//! A snapshot as a graph in V8's sense: what files of it hold, and what is found out about it.
//!
//! First of its nodes is the root, which leads to `(GC roots)` and, past it, to all that the program holds itself: DevTools
//! count distances from there. Below `(GC roots)` there is a node for each kind of root. Then come the objects, and the
//! buffers off the heap, in the order of their owners.

use crate::type_names::TypeNames;
use gc_core::snapshot::{Object, ObjectId, Reference, ReferenceKind, RootKind, Snapshot};
use std::fmt::Write as _;

/// What a node is: its place in the list of `node_types`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NodeKind {
    Object = 3,
    Native = 8,
    Synthetic = 9,
}

/// What an edge is: its place in the list of `edge_types`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EdgeKind {
    Element = 1,
    Property = 2,
    Internal = 3,
    Shortcut = 5,
    Weak = 6,
}

/// A node of the file.
#[derive(Debug)]
pub(crate) struct Node<'a> {
    pub(crate) kind: NodeKind,
    pub(crate) name: &'a str,
    pub(crate) self_bytes: u64,
    pub(crate) edges: usize,
}

/// An edge of the file.
#[derive(Debug)]
pub(crate) struct Edge<'a> {
    /// The number of the node that has it.
    pub(crate) from: usize,
    pub(crate) kind: EdgeKind,
    pub(crate) name: EdgeName<'a>,
    /// The number of the node that it leads to.
    pub(crate) to: usize,
}

/// What an edge is called.
#[derive(Clone, Copy, Debug)]
pub(crate) enum EdgeName<'a> {
    Index(u64),
    Text(&'a str),
}

/// The kinds of roots below `(GC roots)`, and what they are called.
const ROOT_KINDS: [(RootKind, &str); 3] = [
    (RootKind::Handle, "(Handle scopes)"),
    (RootKind::Persistent, "(Persistent roots)"),
    (RootKind::Finalizer, "(Objects to be finalized)"),
];
const WEAK_HANDLES: &str = "(Weak handles)";

/// The number of the root.
const ROOT: usize = 0;
/// The number of the node `(GC roots)`.
const GC_ROOTS: usize = 1;
/// The number of the first node below it.
const FIRST_KIND: usize = 2;
/// The number of the node of the first object.
const FIRST_OBJECT: usize = FIRST_KIND + ROOT_KINDS.len() + 1;

/// A snapshot as nodes and edges.
pub(crate) struct Graph<'s> {
    snapshot: &'s Snapshot,
    type_names: TypeNames<'s>,
    /// The objects with a buffer off the heap.
    owners: Vec<ObjectId>,
}

impl<'s> Graph<'s> {
    pub(crate) fn new(snapshot: &'s Snapshot) -> Self {
        let owners = snapshot.objects().filter(|object| object.external_bytes() > 0).map(Object::id);
        Graph { snapshot, type_names: TypeNames::new(snapshot.types()), owners: owners.collect() }
    }

    pub(crate) fn node_count(&self) -> usize {
        FIRST_OBJECT + self.snapshot.len() + self.owners.len()
    }

    pub(crate) fn edge_count(&self) -> usize {
        let roots = self.snapshot.roots().count() + self.shortcuts().count();
        let fixed = 1 + ROOT_KINDS.len() + 1;
        let weak_handles = self.snapshot.weak_handles().count();
        fixed + roots + weak_handles + self.snapshot.references().count() + self.owners.len()
    }

    /// What the program holds itself.
    fn shortcuts(&self) -> impl Iterator<Item = ObjectId> {
        let held = self.snapshot.roots().filter(|root| root.kind != RootKind::Finalizer);
        held.map(|root| root.object)
    }

    fn roots_of(&self, kind: RootKind) -> impl Iterator<Item = ObjectId> {
        self.snapshot.roots().filter(move |root| root.kind == kind).map(|root| root.object)
    }

    /// Gives all nodes, with their numbers.
    pub(crate) fn for_each_node<E>(
        &self,
        mut write: impl FnMut(usize, Node<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let synthetic = |name, edges| Node { kind: NodeKind::Synthetic, name, self_bytes: 0, edges };
        let root = synthetic("", 1 + self.shortcuts().count());
        let gc_roots = synthetic("(GC roots)", ROOT_KINDS.len() + 1);
        let kinds = ROOT_KINDS.map(|(kind, name)| synthetic(name, self.roots_of(kind).count()));
        let weak_handles = synthetic(WEAK_HANDLES, self.snapshot.weak_handles().count());
        let objects = self.snapshot.objects().map(|object| self.object_node(object));
        let buffers = self.owners.iter().map(|owner| Node {
            kind: NodeKind::Native,
            name: "off-heap buffer",
            self_bytes: self.snapshot.object(*owner).external_bytes(),
            edges: 0,
        });
        let roots = [root, gc_roots].into_iter().chain(kinds).chain([weak_handles]);
        let mut nodes = roots.chain(objects).chain(buffers).enumerate();
        nodes.try_for_each(|(number, node)| write(number, node))
    }

    fn object_node(&self, object: Object<'s>) -> Node<'_> {
        Node {
            kind: NodeKind::Object,
            name: self.type_names.of(object.of_type()),
            self_bytes: object.size_bytes(),
            edges: object.references().count() + usize::from(object.external_bytes() > 0),
        }
    }

    /// Gives all edges, in the order of the nodes that have them.
    pub(crate) fn for_each_edge<E>(&self, mut write: impl FnMut(Edge<'_>) -> Result<(), E>) -> Result<(), E> {
        self.root_edges().try_for_each(&mut write)?;
        let mut name = String::new();
        let mut buffer = FIRST_OBJECT + self.snapshot.len();
        for object in self.snapshot.objects() {
            for reference in object.references() {
                write(edge_of(&reference, &mut name))?;
            }
            if object.external_bytes() > 0 {
                write(internal(number_of(object.id()), "buffer", buffer))?;
                buffer += 1;
            }
        }
        Ok(())
    }

    /// The edges of the root, of `(GC roots)` and of what is below that.
    fn root_edges(&self) -> impl Iterator<Item = Edge<'static>> {
        let to_gc_roots = element(ROOT, 1, GC_ROOTS);
        let shortcuts = self.shortcuts().map(|object| Edge {
            from: ROOT,
            kind: EdgeKind::Shortcut,
            name: EdgeName::Text("root"),
            to: number_of(object),
        });
        let kinds = (0..=ROOT_KINDS.len()).map(|kind| element(GC_ROOTS, kind as u64 + 1, FIRST_KIND + kind));
        let roots = ROOT_KINDS.into_iter().zip(FIRST_KIND..).flat_map(|((kind, _), from)| {
            self.roots_of(kind).zip(1..).map(move |(object, index)| element(from, index, number_of(object)))
        });
        let weak = self.snapshot.weak_handles().map(|object| Edge {
            from: FIRST_KIND + ROOT_KINDS.len(),
            kind: EdgeKind::Weak,
            name: EdgeName::Text("weak handle"),
            to: number_of(object),
        });
        [to_gc_roots].into_iter().chain(shortcuts).chain(kinds).chain(roots).chain(weak)
    }
}

/// The number that a node is known by in a file. Of those that V8 gives, those of objects that it has met itself are odd.
/// They only count the nodes: an object has another one in another snapshot.
pub(crate) fn id_of(number: usize) -> u64 {
    2 * number as u64 + 1
}

/// The number of an object's node.
pub(crate) fn number_of(object: ObjectId) -> usize {
    FIRST_OBJECT + object.index()
}

fn element(from: usize, index: u64, to: usize) -> Edge<'static> {
    Edge { from, kind: EdgeKind::Element, name: EdgeName::Index(index), to }
}

fn internal(from: usize, name: &str, to: usize) -> Edge<'_> {
    Edge { from, kind: EdgeKind::Internal, name: EdgeName::Text(name), to }
}

/// The edge for a reference; `name` is where its name is put together.
fn edge_of<'a>(reference: &Reference<'_>, name: &'a mut String) -> Edge<'a> {
    name.clear();
    write!(name, "{}", reference.name()).expect("a string takes everything");
    let (from, to) = (number_of(reference.from), number_of(reference.to));
    match (reference.kind(), index_in(name)) {
        (ReferenceKind::Weak, _) => Edge { from, kind: EdgeKind::Weak, name: EdgeName::Text(name), to },
        (ReferenceKind::EphemeronValue, _) => internal(from, name, to),
        (ReferenceKind::Strong, Some(index)) => element(from, index, to),
        // A slot of which no name is known.
        (ReferenceKind::Strong, None) if name.starts_with("slot ") => internal(from, name, to),
        (ReferenceKind::Strong, None) => {
            Edge { from, kind: EdgeKind::Property, name: EdgeName::Text(name), to }
        }
    }
}

/// The index, if a name is that of an element: `[3]`.
fn index_in(name: &str) -> Option<u64> {
    name.strip_prefix('[')?.strip_suffix(']')?.parse().ok()
}
