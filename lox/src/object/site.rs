//! Inline caches.

use super::{Closure, Shape};
use gc_core::arena::{Gc, Lock, Str, Trace, Write};
use std::cell::Cell;

/// A place in a program where a property is looked up by its name. It remembers what it has found in the last instance,
/// for the next one of the same shape (L. P. Deutsch and A. M. Schiffman, "Efficient implementation of the Smalltalk-80
/// system", 1984).
#[derive(Debug, Trace)]
pub(crate) struct Site<'gc> {
    pub(crate) name: Gc<'gc, Str>,
    /// The shape of the instance.
    shape: Lock<Option<Gc<'gc, Shape<'gc>>>>,
    /// What was found: a method, or else a field.
    method: Lock<Option<Gc<'gc, Closure<'gc>>>>,
    /// The shape that the instance had behind it, if a field was added to it.
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
        Site {
            name,
            shape: Lock::new(None),
            method: Lock::new(None),
            grown: Lock::new(None),
            place: Cell::new(0),
        }
    }

    /// What it has found in instances of this shape, if it remembers that.
    #[inline(always)]
    pub(crate) fn recall(&self, shape: Gc<'gc, Shape<'gc>>) -> Option<Found<'gc>> {
        if !self.shape.get().is_some_and(|known| known.ptr_eq(shape)) {
            return None;
        }
        Some(match (self.method.get(), self.grown.get()) {
            (Some(method), _) => Found::Method(method),
            (None, Some(grown)) => Found::Added(grown),
            (None, None) => Found::Field(self.place.get()),
        })
    }

    /// Remembers what it has found in an instance of this shape.
    pub(crate) fn remember(site: &Write<Site<'gc>>, shape: Gc<'gc, Shape<'gc>>, found: Found<'gc>) {
        let (method, grown) = match found {
            Found::Method(method) => (Some(method), None),
            Found::Added(grown) => (None, Some(grown)),
            Found::Field(place) => {
                site.place.set(place);
                (None, None)
            }
        };
        site.field(|site| &site.shape).set(Some(shape));
        site.field(|site| &site.method).set(method);
        site.field(|site| &site.grown).set(grown);
    }
}
