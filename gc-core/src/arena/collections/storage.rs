//! The room that a vector has.

use crate::arena::{Array, Gc, Lock, Mutation, Trace, Write};
use crate::heap::HeapFull;
use std::ops::Range;

/// An array of places that may be vacant.
pub(super) type Places<T> = Array<Lock<Option<T>>>;

/// Places for values, each of which may be vacant. Which ones are, whoever uses them knows.
///
/// The collector reads vacant places too, so that something must be in them. Where a value may have references that is
/// `None`, so that nothing is kept alive; with references and most enums that takes no room. Where a value has none, any
/// other value will do, and takes no room in any case.
#[derive(Debug, Trace)]
pub(super) struct Storage<'gc, T> {
    /// For values that have no references.
    plain: Lock<Option<Gc<'gc, Array<Lock<T>>>>>,
    /// For values that may have references.
    optional: Lock<Option<Gc<'gc, Places<T>>>>,
}

impl<T> Storage<'_, T> {
    pub(super) const fn new() -> Self {
        Storage { plain: Lock::new(None), optional: Lock::new(None) }
    }
}

impl<'gc, T: Trace<'gc> + Copy> Storage<'gc, T> {
    const IS_PLAIN: bool = T::SLOTS.is_empty();

    /// How many places there are.
    #[inline]
    pub(super) fn capacity(&self, mc: Mutation<'gc>) -> usize {
        if Self::IS_PLAIN {
            self.plain.get().map_or(0, |places| places.len(mc))
        } else {
            self.optional.get().map_or(0, |places| places.len(mc))
        }
    }

    /// The value at a place that is there and not vacant.
    #[inline]
    pub(super) fn get(&self, mc: Mutation<'gc>, index: usize) -> Option<T> {
        if Self::IS_PLAIN {
            self.plain.get().map(|places| places.at(mc, index))
        } else {
            self.optional.get().and_then(|places| places.at(mc, index))
        }
    }

    /// Puts a value at a place that is there.
    #[inline]
    pub(super) fn set(&self, mc: Mutation<'gc>, index: usize, value: T) {
        if Self::IS_PLAIN {
            self.plain.get().into_iter().for_each(|places| places.set(mc, index, value));
        } else {
            self.optional.get().into_iter().for_each(|places| places.set(mc, index, Some(value)));
        }
    }

    /// Makes places vacant.
    #[inline]
    pub(super) fn vacate(&self, mc: Mutation<'gc>, range: Range<usize>) {
        if let Some(places) = self.optional.get() {
            places.write_range(mc, range).fill(None);
        }
    }

    /// Copies what is in the places `source` to as many from `target` on.
    pub(super) fn copy_within(&self, mc: Mutation<'gc>, source: Range<usize>, target: usize) {
        if let Some(places) = self.plain.get() {
            copy_within(places, mc, source.clone(), target);
        }
        if let Some(places) = self.optional.get() {
            copy_within(places, mc, source, target);
        }
    }
}

fn copy_within<'gc, T: Trace<'gc> + Copy>(
    places: Gc<'gc, Array<Lock<T>>>,
    mc: Mutation<'gc>,
    source: Range<usize>,
    target: usize,
) {
    let first = source.start.min(target);
    let end = source.end.max(target + source.len());
    places.write_range(mc, first..end).copy_within(source.start - first..source.end - first, target - first);
}

impl<'gc, T: Trace<'gc> + Copy> Write<Storage<'gc, T>> {
    /// Makes more places: `capacity` in all. `any` is some value or other.
    pub(super) fn try_grow(&self, mc: Mutation<'gc>, capacity: usize, any: T) -> Result<(), HeapFull> {
        if Storage::<T>::IS_PLAIN {
            let old = self.plain.get().map_or(&[][..], |places| places.as_slice(mc));
            let places = mc.try_locks(capacity, old, any)?;
            self.field(|storage| &storage.plain).set(Some(places));
        } else {
            let old = self.optional.get().map_or(&[][..], |places| places.as_slice(mc));
            let places = mc.try_locks(capacity, old, None)?;
            self.field(|storage| &storage.optional).set(Some(places));
        }
        Ok(())
    }
}
