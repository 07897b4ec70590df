//! The objects that have names.

use gc_core::{Heap, Local, Weak};

/// A weak handle for each name. They are used again, as names are: making one takes longer than setting it.
#[derive(Debug, Default)]
pub(super) struct Table {
    handles: Vec<Weak>,
}

impl Table {
    /// Gives a name to an object. A name that has not been given before is the next one.
    #[inline]
    pub(super) fn set(&mut self, heap: &mut Heap, name: u32, object: Local) {
        match self.handles.get(name as usize) {
            Some(handle) => heap.set_weak(handle, object),
            None => self.handles.push(heap.weak(object)),
        }
    }

    /// The object that has this name, unless it has been found dead.
    #[inline]
    pub(super) fn find(&self, heap: &mut Heap, name: u32) -> Option<Local> {
        heap.upgrade(&self.handles[name as usize])
    }
}
