//! The shapes that the objects of a graph need.

use super::{Body, HeapGraph, Reach};
use gc_core::{Heap, Layout, Shape};
use std::collections::HashMap;

/// Most fixed shapes of a graph: a heap has room for 65,536, and its program may need some of its own.
const MAX_FIXED_SHAPES: usize = 50_000;

/// The shapes that what is reached of a graph needs, and which object has which.
#[derive(Clone, Debug)]
pub struct Catalogue {
    shapes: Vec<CatalogueShape>,
    /// For each object that is reached, in the order in which it is, its shape.
    of: Vec<u32>,
}

/// A shape of a catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CatalogueShape {
    /// The type of its objects, by its number in the graph.
    pub of_type: u32,
    /// What its objects look like.
    pub layout: Layout,
}

impl Catalogue {
    /// The shapes of what `reach` has reached of `graph`.
    #[must_use]
    pub fn of(graph: &HeapGraph, reach: &Reach) -> Self {
        let mut catalogue = Catalogue { shapes: Vec::new(), of: Vec::with_capacity(reach.order().len()) };
        let mut numbers = HashMap::new();
        for &number in reach.order() {
            let layout = catalogue.layout(Body::of(graph, number));
            let shape = CatalogueShape { of_type: graph.node(number).of_type, layout };
            let number = *numbers.entry(shape).or_insert_with_key(|shape| {
                catalogue.shapes.push(shape.clone());
                catalogue.shapes.len() as u32 - 1
            });
            catalogue.of.push(number);
        }
        catalogue
    }

    /// The layout for an object: once there are many fixed shapes, later ones become arrays.
    fn layout(&self, body: Body) -> Layout {
        match body.layout() {
            Layout::Fixed { .. } if self.shapes.len() >= MAX_FIXED_SHAPES => Layout::Slots,
            other => other,
        }
    }

    /// All shapes.
    #[must_use]
    pub fn shapes(&self) -> &[CatalogueShape] {
        &self.shapes
    }

    /// The number of the shape of the object that is reached at this place in the order, the root at 0.
    ///
    /// # Panics
    /// If fewer are reached.
    #[must_use]
    pub fn shape_at(&self, place: u32) -> u32 {
        self.of[place as usize]
    }

    /// Registers all shapes with a heap, each under the name of its type.
    ///
    /// # Panics
    /// If the heap has no room for so many.
    pub fn register(&self, graph: &HeapGraph, heap: &mut Heap) -> Vec<Shape> {
        let register =
            |shape: &CatalogueShape| heap.register(&graph.types()[shape.of_type as usize].name, shape.layout);
        self.shapes.iter().map(register).collect()
    }
}
