//! A graph as it lies on a heap.

use super::reach::Reach;
use super::{Body, HeapGraph, NodeKind, Step};
use gc_core::{Heap, Layout, Shape};
use std::collections::HashMap;
use std::fmt;

/// Most fixed shapes of a graph: a heap has room for 65,536, and its program may need some of its own.
const MAX_FIXED_SHAPES: usize = 50_000;

/// What the root of a graph reaches, as it lies on a heap of Tenure.
///
/// Objects are numbered by their places, which are breadth first: the root is at 0.
#[derive(Clone)]
pub struct Placement {
    graph: HeapGraph,
    reach: Reach,
    shapes: Vec<PlacedShape>,
    /// For each place the number of its shape.
    shape_at: Vec<u32>,
}

/// A shape that objects of a graph need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PlacedShape {
    /// The type of its objects, by its number in the graph.
    pub of_type: u32,
    /// What its objects look like.
    pub layout: Layout,
}

impl Placement {
    /// How `graph` lies on a heap.
    #[must_use]
    pub fn new(graph: HeapGraph) -> Self {
        let reach = Reach::of(&graph);
        let shape_at = Vec::with_capacity(reach.order.len());
        let mut placement = Placement { graph, reach, shapes: Vec::new(), shape_at };
        let mut numbers = HashMap::new();
        for place in 0..placement.len() {
            let shape = placement.new_shape(place);
            let number = *numbers.entry(shape).or_insert(placement.shapes.len() as u32);
            if number as usize == placement.shapes.len() {
                placement.shapes.push(shape);
            }
            placement.shape_at.push(number);
        }
        placement
    }

    /// The shape for an object: once there are many fixed shapes, later ones become arrays.
    fn new_shape(&self, place: u32) -> PlacedShape {
        let layout = match self.body(place).layout() {
            Layout::Fixed { .. } if self.shapes.len() >= MAX_FIXED_SHAPES => Layout::Slots,
            other => other,
        };
        PlacedShape { of_type: self.graph.node(self.number(place)).of_type, layout }
    }

    /// The graph.
    #[must_use]
    pub fn graph(&self) -> &HeapGraph {
        &self.graph
    }

    /// How many objects are reached.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.reach.order.len() as u32
    }

    /// Whether there is not even a root.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number in the graph of the object at a place.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    pub fn number(&self, place: u32) -> u32 {
        self.reach.order[place as usize]
    }

    /// What the program of the graph numbered the object at a place.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    pub fn id(&self, place: u32) -> u32 {
        self.graph.node(self.number(place)).id
    }

    /// What the object at a place took where it comes from, in bytes.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    pub fn size_bytes(&self, place: u32) -> u32 {
        self.graph.node(self.number(place)).size_bytes
    }

    /// What its runtime takes the object at a place for.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    pub fn kind(&self, place: u32) -> NodeKind {
        self.graph.type_of(self.number(place)).kind
    }

    /// What the object at a place is on the heap.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    pub fn body(&self, place: u32) -> Body {
        Body::of(&self.graph, self.number(place))
    }

    /// What all objects own off the heap, in bytes.
    #[must_use]
    pub fn external_bytes(&self) -> u64 {
        (0..self.len()).map(|place| u64::from(self.body(place).external_bytes)).sum()
    }

    /// The layout of the object at a place.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    pub fn layout(&self, place: u32) -> Layout {
        self.shapes[self.shape_at(place) as usize].layout
    }

    /// How many raw bytes the object at a place has. Where it became an array, they are empty references instead.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    pub fn raw_bytes(&self, place: u32) -> u32 {
        match self.layout(place) {
            Layout::Slots => 0,
            Layout::Bytes => self.body(place).bytes,
            _ => self.body(place).bytes.next_multiple_of(8),
        }
    }

    /// The places of the objects that the one at a place refers to, in the order of its references.
    ///
    /// # Panics
    /// If there is none.
    pub fn targets(&self, place: u32) -> impl Iterator<Item = u32> {
        self.graph.targets(self.number(place)).iter().map(|number| self.reach.place(*number))
    }

    /// The reference by which an object is found on a shortest way from the root; none for the root.
    ///
    /// # Panics
    /// If there is no object at this place.
    #[must_use]
    pub fn found_by(&self, place: u32) -> Option<Step> {
        self.reach.found_by[place as usize]
    }

    /// All shapes.
    #[must_use]
    pub fn shapes(&self) -> &[PlacedShape] {
        &self.shapes
    }

    /// What a shape is called: as its type.
    #[must_use]
    pub fn name(&self, shape: &PlacedShape) -> &str {
        &self.graph.types()[shape.of_type as usize].name
    }

    /// The number of the shape of the object at a place.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    pub fn shape_at(&self, place: u32) -> u32 {
        self.shape_at[place as usize]
    }

    /// Registers all shapes with a heap.
    ///
    /// # Panics
    /// If the heap has no room for so many.
    pub fn register(&self, heap: &mut Heap) -> Vec<Shape> {
        self.shapes.iter().map(|shape| heap.register(self.name(shape), shape.layout)).collect()
    }
}

/// The figures: there are too many objects to list.
impl fmt::Debug for Placement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Placement({} objects of {} shapes)", self.len(), self.shapes.len())
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Node, NodeKind, NodeType};
    use super::{HeapGraph, Placement, Step};

    /// The root refers to 3 and 1, and 3 to 1; nothing refers to 2.
    fn placement() -> Placement {
        let of_kind = |kind| NodeType { kind, name: format!("{kind:?}") };
        let mut graph = HeapGraph::new(vec![of_kind(NodeKind::Object), of_kind(NodeKind::Native)]);
        let node = |of_type| Node { size_bytes: 32, of_type, id: 1 };
        graph.push(node(0), [3, 1]);
        graph.push(node(1), []);
        graph.push(node(0), [1]);
        graph.push(node(0), [1, 0]);
        Placement::new(graph)
    }

    #[test]
    fn objects_are_placed_as_they_are_reached_and_others_not_at_all() {
        let placement = placement();
        assert_eq!((0..placement.len()).map(|place| placement.number(place)).collect::<Vec<_>>(), [0, 3, 1]);
        assert_eq!(placement.targets(0).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(placement.targets(1).collect::<Vec<_>>(), [2, 0]);
        assert_eq!(placement.found_by(0), None);
        assert_eq!(placement.found_by(2), Some(Step { from: 0, slot: 1 }));
    }

    #[test]
    fn objects_that_look_alike_share_a_shape() {
        let placement = placement();
        assert_eq!((0..3).map(|place| placement.shape_at(place)).collect::<Vec<_>>(), [0, 0, 1]);
        let names: Vec<_> = placement.shapes().iter().map(|shape| placement.name(shape)).collect();
        assert_eq!(names, ["Object", "Native"]);
    }
}
