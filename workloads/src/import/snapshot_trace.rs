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

    /// Sees that an object is reached, and with it all that it leads to: their roots are no longer needed, but for that of the
    /// graph.
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
