//! A run of a scenario on a heap.

use super::account::NOTHING;
use super::population::{Place, Sight, Slot};
use super::run::{Birth, Step};
use super::{Form, Kind, Scenario};
use crate::programs::content::{self, LEAST_BYTES};
use crate::{Checksum, Progress};
use gc_core::{Budget, Heap, HeapFull, Layout, Local, Root, Shape, View};
use std::collections::HashMap;

/// The objects of a run, on a heap.
#[derive(Debug)]
pub(super) struct OnHeap {
    shapes: Shapes,
    /// What keeps each live object alive, by its place.
    roots: Vec<Option<Root>>,
    checksum: Checksum,
}

impl OnHeap {
    /// Nothing yet.
    pub(super) fn new(scenario: &Scenario) -> Self {
        OnHeap { shapes: Shapes::new(scenario), roots: Vec::new(), checksum: Checksum::default() }
    }

    /// What has been found so far.
    pub(super) fn checksum(&self) -> Checksum {
        self.checksum
    }

    /// Takes one step.
    pub(super) fn take(
        &mut self,
        heap: &mut Heap,
        step: Step,
        progress: &mut Progress<'_>,
    ) -> Result<(), HeapFull> {
        match step {
            Step::Make(birth) => {
                heap.scope(|heap| self.make(heap, birth))?;
                progress.advance(1);
            }
            Step::Store { slot, target } => heap.scope(|heap| self.store(heap, slot, target)),
            Step::Read { slot, found } => self.checksum.add(self.read(heap, slot, found)),
            Step::Look { place, found } => {
                self.checksum.add(whole_mark(heap.view_root(self.root(place)), found.kind));
            }
            Step::Die { place } => self.roots[place.index()] = None,
            Step::Idle(time) => {
                heap.step(Budget::Time(time));
            }
        }
        Ok(())
    }

    /// Leaves what is alive to the scope that is open: whoever looks at the heap when the run is done is to see it.
    pub(super) fn leave(self, heap: &mut Heap) {
        for root in self.roots.iter().flatten() {
            heap.get(root);
        }
    }

    fn make(&mut self, heap: &mut Heap, birth: Birth) -> Result<(), HeapFull> {
        let object = self.shapes.alloc(heap, birth.name, birth.form)?;
        write(heap, object, birth);
        if self.roots.len() <= birth.place.index() {
            self.roots.resize_with(birth.place.index() + 1, || None);
        }
        self.roots[birth.place.index()] = Some(heap.root(object));
        Ok(())
    }

    fn store(&self, heap: &mut Heap, slot: Slot, target: Option<Place>) {
        let holder = heap.get(self.root(slot.holder));
        let target = target.map(|target| heap.get(self.root(target)));
        heap.store(holder, slot.index, target);
    }

    fn read(&self, heap: &Heap, slot: Slot, expected: Option<Sight>) -> u64 {
        let found = heap.view_root(self.root(slot.holder)).slot(slot.index);
        // Another kind than expected gives another mark than expected.
        let kind = expected.map_or(Kind::Node, |sight| sight.kind);
        found.map_or(NOTHING, |object| mark(object, kind))
    }

    fn root(&self, place: Place) -> &Root {
        self.roots[place.index()].as_ref().expect("steps are about live objects")
    }
}

/// Writes an object's number into it, if it has room.
fn write(heap: &mut Heap, object: Local, birth: Birth) {
    let bytes = match birth.form.kind {
        Kind::Buffer => heap.buffer_mut(object),
        _ => heap.bytes_mut(object),
    };
    if bytes.len() >= LEAST_BYTES as usize {
        content::write(bytes, birth.number);
    }
}

/// What an object is known by: see [`Form::mark`].
fn mark(object: View<'_>, kind: Kind) -> u64 {
    match bytes(object, kind).first_chunk() {
        Some(number) => u64::from_ne_bytes(*number),
        None => object.len().into(),
    }
}

/// As [`mark`], but another number if a byte of the object is wrong.
fn whole_mark(object: View<'_>, kind: Kind) -> u64 {
    let bytes = bytes(object, kind);
    if bytes.len() < LEAST_BYTES as usize { mark(object, kind) } else { content::read(bytes) }
}

/// The bytes of an object that should be one of `kind`.
fn bytes(object: View<'_>, kind: Kind) -> &[u8] {
    match kind {
        Kind::Buffer if object.shape_name() == "buffer" => object.buffer(),
        _ => object.bytes(),
    }
}

/// The shapes of a scenario's objects, registered when they are first needed.
#[derive(Debug)]
struct Shapes {
    names: Vec<String>,
    known: HashMap<(u32, Layout), Shape>,
}

impl Shapes {
    fn new(scenario: &Scenario) -> Self {
        Shapes { names: scenario.names().map(str::to_owned).collect(), known: HashMap::new() }
    }

    fn alloc(&mut self, heap: &mut Heap, name: u32, form: Form) -> Result<Local, HeapFull> {
        let layout = match form.kind {
            Kind::Node => Layout::Fixed { slots: form.slots as u16, bytes: form.bytes },
            Kind::Array => Layout::Slots,
            Kind::Bytes => Layout::Bytes,
            Kind::Buffer => return heap.alloc_buffer(form.bytes),
        };
        let shape = self.shape(heap, name, layout);
        match form.kind {
            Kind::Node => heap.alloc(shape),
            _ => heap.alloc_array(shape, form.slots.max(form.bytes)),
        }
    }

    fn shape(&mut self, heap: &mut Heap, name: u32, layout: Layout) -> Shape {
        let names = &self.names;
        *self.known.entry((name, layout)).or_insert_with(|| heap.register(&names[name as usize], layout))
    }
}
