//! What is to run once input has been served.

use gc_core::{FixedShape, Heap, HeapFull, Local};

/// Slots of an immediate.
const NEXT: u32 = 0;
const CALLBACK: u32 = 1;

/// Slots of the list.
const FIRST: u32 = 0;
const LAST: u32 = 1;

/// A queue of callbacks in a linked list.
#[derive(Debug)]
pub(super) struct Immediates {
    immediate: FixedShape<2, 0>,
    list: Local,
    count: u32,
}

impl Immediates {
    /// An empty queue, whose handle lives in the current scope.
    pub(super) fn new(heap: &mut Heap) -> Result<Self, HeapFull> {
        let immediate = heap.register_fixed("Immediate");
        let list: FixedShape<2, 0> = heap.register_fixed("Immediates");
        Ok(Immediates { immediate, list: heap.alloc_with(list, [None, None])?, count: 0 })
    }

    pub(super) fn count(&self) -> u32 {
        self.count
    }

    pub(super) fn push(&mut self, heap: &mut Heap, callback: Local) -> Result<(), HeapFull> {
        let immediate = heap.alloc_with(self.immediate, [None, Some(callback)])?;
        match heap.load(self.list, LAST) {
            Some(last) => heap.store(last, NEXT, Some(immediate)),
            None => heap.store(self.list, FIRST, Some(immediate)),
        }
        heap.store(self.list, LAST, Some(immediate));
        self.count += 1;
        Ok(())
    }

    /// Takes the first callback.
    pub(super) fn take(&mut self, heap: &mut Heap) -> Option<Local> {
        let first = heap.load(self.list, FIRST)?;
        heap.copy_slots(first, NEXT..NEXT + 1, self.list, FIRST);
        self.count -= 1;
        if self.count == 0 {
            heap.store(self.list, LAST, None);
        }
        heap.load(first, CALLBACK)
    }
}
