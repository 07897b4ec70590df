//! What is to run in the next tick.

use gc_core::{Heap, HeapFull, Layout, Local, Shape};

/// Length of the array at first.
const FIRST_LENGTH: u32 = 16;

/// A queue of callbacks in an array, which is drained whole.
#[derive(Debug)]
pub(super) struct Ticks {
    shape: Shape,
    array: Local,
    /// How many callbacks are in the array, from its start on.
    queued: u32,
    /// How many of them have been taken.
    taken: u32,
}

impl Ticks {
    /// An empty queue, whose handle lives in the current scope.
    pub(super) fn new(heap: &mut Heap) -> Result<Self, HeapFull> {
        let shape = heap.register("NextTicks", Layout::Slots);
        let array = heap.alloc_array(shape, FIRST_LENGTH)?;
        Ok(Ticks { shape, array, queued: 0, taken: 0 })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.queued == 0
    }

    pub(super) fn push(&mut self, heap: &mut Heap, callback: Local) -> Result<(), HeapFull> {
        if self.queued == heap.view(self.array).len() {
            self.lengthen(heap)?;
        }
        heap.store(self.array, self.queued, Some(callback));
        self.queued += 1;
        Ok(())
    }

    fn lengthen(&self, heap: &mut Heap) -> Result<(), HeapFull> {
        heap.scope(|heap| {
            let longer = heap.alloc_array(self.shape, self.queued * 2)?;
            heap.copy_slots(self.array, 0..self.queued, longer, 0);
            heap.assign(self.array, longer);
            Ok(())
        })
    }

    /// Takes the next callback. The array lets go of all of them once the last has been taken.
    pub(super) fn take(&mut self, heap: &mut Heap) -> Option<Local> {
        if self.taken == self.queued {
            heap.fill_slots(self.array, 0..self.queued, None);
            (self.queued, self.taken) = (0, 0);
            return None;
        }
        self.taken += 1;
        heap.load(self.array, self.taken - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::{FIRST_LENGTH, Ticks};
    use gc_core::{Config, FixedShape, Heap};

    #[test]
    fn the_queue_keeps_order_grows_and_lets_go() {
        let mut heap = Heap::new(Config { huge_pages: false, ..Config::default() }).expect("valid");
        let callback: FixedShape<0, 1> = heap.register_fixed("callback");
        let mut ticks = Ticks::new(&mut heap).expect("there is room");
        for number in 0..u64::from(FIRST_LENGTH * 3) {
            let tick = heap.alloc_with(callback, []).expect("there is room");
            heap.store_word(tick, 0, number);
            ticks.push(&mut heap, tick).expect("there is room");
        }
        assert!(!ticks.is_empty());
        let mut numbers = Vec::new();
        while let Some(tick) = ticks.take(&mut heap) {
            numbers.push(heap.view(tick).word(0));
        }
        assert!(numbers.iter().copied().eq(0..u64::from(FIRST_LENGTH * 3)), "{numbers:?}");
        assert!(ticks.is_empty());
        let array = heap.view(ticks.array);
        assert!((0..array.len()).all(|index| array.slot(index).is_none()));
    }
}
