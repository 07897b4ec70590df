//! Inline caches.

use super::{Closure, Shape};
use gc_core::arena::{Gc, Lock, Str, Trace, Write};
use std::cell::Cell;

/// A place in a program where a property is looked up by its name. It remembers what it has found in instances of a few
/// shapes, for the next ones (L. P. Deutsch and A. M. Schiffman, "Efficient implementation of the Smalltalk-80 system", 1984;
/// of several shapes: U. Hölzle, C. Chambers and D. Ungar, "Optimizing dynamically-typed object-oriented languages with
/// polymorphic inline caches", 1991).
#[derive(Debug, Trace)]
pub(crate) struct Site<'gc> {
    pub(crate) name: Gc<'gc, Str>,
    memories: [Memory<'gc>; MEMORIES],
    /// The memory that is to go next.
    oldest: Cell<u32>,
}

/// How many shapes a site knows at once.
const MEMORIES: usize = 4;

/// What was found in instances of a shape.
#[derive(Debug, Default, Trace)]
struct Memory<'gc> {
    /// None is no memory.
    shape: Lock<Option<Gc<'gc, Shape<'gc>>>>,
    /// What was found: a method, or else a field.
    method: Lock<Option<Gc<'gc, Closure<'gc>>>>,
    /// The shape that the instance had afterwards, if a field was added to it.
    grown: Lock<Option<Gc<'gc, Shape<'gc>>>>,
    /// Where the field is.
    place: Cell<u32>,
}

/// What a site has found.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Found<'gc> {
    /// A field, and its place.
    Field(u32),
    /// No field; it was added, and the instance has this shape.
    Added(Gc<'gc, Shape<'gc>>),
    Method(Gc<'gc, Closure<'gc>>),
}

impl<'gc> Site<'gc> {
    /// A site that has found nothing yet.
    pub(crate) fn new(name: Gc<'gc, Str>) -> Self {
        Site { name, memories: Default::default(), oldest: Cell::new(0) }
    }

    /// What it has found in instances of this shape, if it remembers that.
    #[inline(always)]
    pub(crate) fn recall(&self, shape: Gc<'gc, Shape<'gc>>) -> Option<Found<'gc>> {
        self.memories.iter().find(|memory| memory.is_of(shape)).map(Memory::found)
    }

    /// Remembers what it has found in an instance of this shape, in the place of what it has remembered longest.
    pub(crate) fn remember(site: &Write<Site<'gc>>, shape: Gc<'gc, Shape<'gc>>, found: Found<'gc>) {
        let memory = site.field(|site| &site.memories).at(site.oldest.get() as usize);
        let (method, grown, place) = match found {
            Found::Method(method) => (Some(method), None, 0),
            Found::Added(grown) => (None, Some(grown), 0),
            Found::Field(place) => (None, None, place),
        };
        memory.field(|memory| &memory.shape).set(Some(shape));
        memory.field(|memory| &memory.method).set(method);
        memory.field(|memory| &memory.grown).set(grown);
        memory.place.set(place);
        site.oldest.set((site.oldest.get() + 1) % MEMORIES as u32);
    }
}

impl<'gc> Memory<'gc> {
    #[inline(always)]
    fn is_of(&self, shape: Gc<'gc, Shape<'gc>>) -> bool {
        self.shape.get().is_some_and(|known| known.ptr_eq(shape))
    }

    #[inline(always)]
    fn found(&self) -> Found<'gc> {
        match (self.method.get(), self.grown.get()) {
            (Some(method), _) => Found::Method(method),
            (None, Some(grown)) => Found::Added(grown),
            (None, None) => Found::Field(self.place.get()),
        }
    }
}
