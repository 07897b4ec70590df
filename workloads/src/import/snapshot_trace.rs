//! Traces of snapshots: how the objects of a heap may have come to be.

use super::HeapSnapshot;
use super::shapes::form_of;
use crate::graph::{NodeKind, Placement, Step};
use crate::trace::{Evidence, Form, Part, TraceHeader, TraceWriter};
use std::io::{self, Write};

/// A trace that makes the objects of a snapshot, in the order of their numbers, and lets none die.
#[derive(Debug)]
pub struct SnapshotTrace<'g> {
    objects: &'g Placement,
    order: Order,
}

/// What the numbers of objects in a snapshot tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The order in which they were allocated: V8 recorded a timeline.
    Allocation,
    /// That of addresses, which is much the same for objects that have not moved.
    Address,
}

impl Order {
    /// What they tell in this snapshot.
    #[must_use]
    pub fn of(snapshot: &HeapSnapshot) -> Self {
        if snapshot.timeline.is_empty() { Order::Address } else { Order::Allocation }
    }
}

impl<'g> SnapshotTrace<'g> {
    /// The trace of `objects`.
    #[must_use]
    pub fn new(objects: &'g Placement, order: Order) -> Self {
        SnapshotTrace { objects, order }
    }

    /// The header of the trace, which says what of it is recorded.
    #[must_use]
    pub fn header(&self, header: TraceHeader) -> TraceHeader {
        let order = match self.order {
            Order::Allocation => Evidence::Recorded,
            Order::Address => Evidence::Synthetic,
        };
        let has_external = (0..self.objects.len()).any(|place| self.objects.kind(place) == NodeKind::Native);
        header
            .with(Part::Sizes, Evidence::Recorded)
            .with(Part::Order, order)
            .with(Part::References, Evidence::Recorded)
            .with(Part::Stores, Evidence::Synthetic)
            .with(Part::Roots, Evidence::Recorded)
            .with(Part::External, if has_external { Evidence::Recorded } else { Evidence::Absent })
    }

    /// Writes the operations of the trace.
    ///
    /// An object that nothing refers to yet is held by a root of its own, until something does that is reached.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write<W: Write>(&self, mut writer: TraceWriter<W>) -> io::Result<W> {
        let shapes = self.objects.shapes().iter();
        let shapes =
            shapes.map(|shape| writer.shape(self.objects.name(shape), form_of(shape.layout))).collect();
        let mut builder = Builder {
            objects: self.objects,
            sources: Sources::of(self.objects),
            shapes,
            states: vec![State::Unborn; self.objects.len() as usize],
            buffers: 0,
            roots: Roots::default(),
            writer,
        };
        let mut places: Vec<_> = (0..self.objects.len()).collect();
        // The root first, whatever its number: it is at place 0, and the sort is stable.
        places.sort_by_key(|place| (*place > 0).then_some(self.objects.id(*place)));
        for place in places {
            builder.birth(place);
            builder.writer.point();
        }
        builder.writer.finish()
    }
}

/// Makes objects one by one.
struct Builder<'g, W> {
    objects: &'g Placement,
    sources: Sources,
    shapes: Vec<u32>,
    states: Vec<State>,
    /// How many buffers there are. They are numbered after all objects.
    buffers: u32,
    roots: Roots,
    writer: TraceWriter<W>,
}

/// What has become of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Unborn,
    /// A root of its own keeps it alive.
    HeldBy(u32),
    /// It is reached from the root of the graph.
    Reached,
}

/// Roots of objects that are not reached.
#[derive(Default)]
struct Roots {
    free: Vec<u32>,
    count: u32,
}

impl Roots {
    fn take(&mut self) -> u32 {
        self.free.pop().unwrap_or_else(|| {
            self.count += 1;
            self.count - 1
        })
    }
}

impl<W: Write> Builder<'_, W> {
    fn birth(&mut self, place: u32) {
        self.allocate(place);
        let root = self.roots.take();
        self.states[place as usize] = State::HeldBy(root);
        self.writer.root(root, Some(place));
        self.connect(place);
        if place == 0 || self.is_referred_to(place) {
            self.reach(place);
        }
    }

    fn allocate(&mut self, place: u32) {
        let (body, layout) = (self.objects.body(place), self.objects.layout(place));
        let shape = self.shapes[self.objects.shape_at(place) as usize];
        self.writer.allocate(place, shape, body.length(layout).unwrap_or(0));
        if body.external_bytes > 0 {
            let (shape, number) =
                (self.writer.shape("(external)", Form::Buffer), self.objects.len() + self.buffers);
            self.writer.allocate(number, shape, body.external_bytes);
            self.writer.store(place, body.slots, Some(number));
            self.buffers += 1;
        }
    }

    /// Stores the references between a new object and those that are there.
    fn connect(&mut self, place: u32) {
        for (slot, target) in (0..).zip(self.objects.targets(place)) {
            if self.states[target as usize] != State::Unborn {
                self.writer.store(place, slot, Some(target));
            }
        }
        for source in self.sources.of_place(place) {
            if source.from != place && self.states[source.from as usize] != State::Unborn {
                self.writer.store(source.from, source.slot, Some(place));
            }
        }
    }

    fn is_referred_to(&self, place: u32) -> bool {
        let sources = self.sources.of_place(place);
        sources.iter().any(|source| self.states[source.from as usize] == State::Reached)
    }

    /// Sees that an object is reached, and with it all that it leads to: their roots are no longer needed, but for that
    /// of the graph.
    fn reach(&mut self, place: u32) {
        let mut reached = vec![place];
        while let Some(place) = reached.pop() {
            let State::HeldBy(root) = self.states[place as usize] else { continue };
            self.states[place as usize] = State::Reached;
            if place > 0 {
                self.writer.root(root, None);
                self.roots.free.push(root);
            }
            reached.extend(self.objects.targets(place));
        }
    }
}

/// The references that lead to each object.
struct Sources {
    /// For each object where those of the next one start.
    ends: Vec<u32>,
    sources: Vec<Step>,
}

impl Sources {
    fn of(objects: &Placement) -> Self {
        let mut ends = vec![0; objects.len() as usize];
        let targets = || (0..objects.len()).flat_map(|place| objects.targets(place));
        targets().for_each(|target| ends[target as usize] += 1);
        let mut total = 0;
        for end in &mut ends {
            total += std::mem::replace(end, total);
        }
        // Each count has become a start, and grows to be the end while the sources are filled in.
        let mut sources = vec![Step { from: 0, slot: 0 }; total as usize];
        for from in 0..objects.len() {
            for (slot, target) in (0..).zip(objects.targets(from)) {
                let end = &mut ends[target as usize];
                sources[*end as usize] = Step { from, slot };
                *end += 1;
            }
        }
        Sources { ends, sources }
    }

    fn of_place(&self, place: u32) -> &[Step] {
        let start = place.checked_sub(1).map_or(0, |before| self.ends[before as usize]);
        &self.sources[start as usize..self.ends[place as usize] as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::super::heap_model::{HeapModel, trace_of};
    use super::{Order, SnapshotTrace};
    use crate::graph::{HeapGraph, Node, NodeKind, NodeType, Placement};
    use crate::trace::{Evidence, Part, TraceHeader};
    use proptest::prelude::{Strategy, any, prop_assert_eq, proptest};
    use std::collections::HashMap;

    fn graphs() -> impl Strategy<Value = Placement> {
        let targets = proptest::collection::vec(any::<proptest::sample::Index>(), 0..4);
        proptest::collection::vec((any::<u32>(), any::<bool>(), targets), 1..40).prop_map(|objects| {
            let of = |kind| NodeType { kind, name: format!("{kind:?}") };
            let mut graph = HeapGraph::new(vec![of(NodeKind::Object), of(NodeKind::Native)]);
            for (id, is_native, targets) in &objects {
                let node = Node { size_bytes: 32, of_type: (*is_native).into(), id: *id };
                graph.push(node, targets.iter().map(|target| target.index(objects.len()) as u32));
            }
            Placement::new(graph)
        })
    }

    /// The order in which objects are made: the root first, the others by their numbers.
    fn order(objects: &Placement) -> Vec<u32> {
        let mut order: Vec<_> = (1..objects.len()).collect();
        order.sort_by_key(|place| objects.id(*place));
        order.insert(0, 0);
        order
    }

    proptest! {
        #[test]
        fn all_objects_are_made_in_order_and_refer_to_each_other_in_the_end(objects in graphs()) {
            let trace = trace_of(|writer| SnapshotTrace::new(&objects, Order::Address).write(writer));
            let mut made = 0;
            let model = HeapModel::run(&trace, |model| {
                made += 1;
                assert_eq!(model.reached().len(), model.sizes.len(), "all are reached from the start");
            });
            prop_assert_eq!(made, objects.len());
            prop_assert_eq!(model.root_count(), 1);
            // Buffers are allocated right behind their owners.
            let mut numbers = HashMap::new();
            let mut next = 0;
            for place in order(&objects) {
                numbers.insert(place, next);
                next += 1 + usize::from(objects.body(place).external_bytes > 0);
            }
            for place in 0..objects.len() {
                let number = numbers[&place];
                let mut expected: Vec<_> =
                    (0..).zip(objects.targets(place).map(|target| numbers[&target])).collect();
                if objects.body(place).external_bytes > 0 {
                    expected.push((objects.body(place).slots, number + 1));
                }
                prop_assert_eq!(model.references(number), expected);
            }
        }
    }

    #[test]
    fn the_order_is_recorded_if_there_was_a_timeline() {
        let graph = HeapGraph::new(vec![]);
        let placement = Placement::new(graph);
        let evidence = |order| {
            SnapshotTrace::new(&placement, order).header(TraceHeader::default()).evidence(Part::Order)
        };
        assert_eq!(evidence(Order::Allocation), Evidence::Recorded);
        assert_eq!(evidence(Order::Address), Evidence::Synthetic);
    }
}
