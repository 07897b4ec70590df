//! A queue of objects.

use super::object_bytes;
use gc_core::{Heap, HeapFull, Layout, Local, Shape, View};

const NEXT: u32 = 0;
const VALUE: u32 = 1;
const LINK_SLOTS: u16 = 2;

/// Bytes that an object in a queue takes besides its own.
pub(super) const LINK_BYTES: u64 = object_bytes(LINK_SLOTS as u64, 0);

/// Linked objects, first in, first out. A link without a value comes before the first, so that no end is a special case.
#[derive(Debug)]
pub(super) struct Queue {
    link: Shape,
    ends: Local,
    /// The latest link; `ends` if the queue is empty.
    last: Local,
}

impl Queue {
    /// An empty queue, whose handles live in the current scope.
    pub(super) fn new(heap: &mut Heap) -> Result<Self, HeapFull> {
        let link = heap.register("Link", Layout::Fixed { slots: LINK_SLOTS, bytes: 0 });
        let ends = heap.alloc(link)?;
        Ok(Queue { link, ends, last: heap.duplicate(ends) })
    }

    /// Puts `value` behind the last.
    pub(super) fn push(&self, heap: &mut Heap, value: Local) -> Result<(), HeapFull> {
        let link = heap.alloc_with(self.link, [None, Some(value)])?;
        heap.store(self.last, NEXT, Some(link));
        heap.assign(self.last, link);
        Ok(())
    }

    /// Takes the first out: a handle to it, in the current scope.
    ///
    /// Its link forgets the one behind it: one that is old and dead would else keep young ones alive until old space is
    /// collected.
    pub(super) fn pop(&self, heap: &mut Heap) -> Option<Local> {
        let first = heap.load(self.ends, NEXT)?;
        heap.copy_slots(first, NEXT..NEXT + 1, self.ends, NEXT);
        heap.store(first, NEXT, None);
        if heap.view(self.ends).slot(NEXT).is_none() {
            heap.assign(self.last, self.ends);
        }
        heap.load(first, VALUE)
    }

    /// What is in the queue, first to last.
    pub(super) fn values<'h>(&self, heap: &'h Heap) -> impl Iterator<Item = View<'h>> {
        let first = heap.view(self.ends).slot(NEXT);
        std::iter::successors(first, |link| link.slot(NEXT)).filter_map(|link| link.slot(VALUE))
    }
}

#[cfg(test)]
mod tests {
    use super::Queue;
    use gc_core::{Config, Heap, Layout};

    #[test]
    fn what_comes_first_goes_first() {
        let mut heap = Heap::new(Config::default()).expect("the configuration is valid");
        let number = heap.register("number", Layout::Fixed { slots: 0, bytes: 8 });
        let queue = Queue::new(&mut heap).expect("there is room");
        let push = |heap: &mut Heap, value| {
            let pushed = heap.alloc(number).expect("there is room");
            heap.store_word(pushed, 0, value);
            queue.push(heap, pushed).expect("there is room");
        };
        let pop = |heap: &mut Heap| queue.pop(heap).map(|popped| heap.view(popped).word(0));
        assert_eq!(pop(&mut heap), None);
        [1, 2, 3].into_iter().for_each(|value| push(&mut heap, value));
        assert_eq!([pop(&mut heap), pop(&mut heap)], [Some(1), Some(2)]);
        push(&mut heap, 4);
        assert_eq!(queue.values(&heap).map(|value| value.word(0)).collect::<Vec<_>>(), [3, 4]);
        assert_eq!([pop(&mut heap), pop(&mut heap), pop(&mut heap)], [Some(3), Some(4), None]);
        push(&mut heap, 5);
        assert_eq!(pop(&mut heap), Some(5));
    }
}
