//! Growth over collections in a row.

use std::iter::Sum;

/// How each type has grown, and all of them together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Growths {
    pub(super) total: Growth,
    /// By the number of the type.
    pub(super) types: Vec<Growth>,
}

impl Growths {
    /// They start at the first collection, which found that of each type.
    pub(super) fn starting(at: &[Measure]) -> Growths {
        Growths {
            total: Growth::starting(at.iter().copied().sum()),
            types: at.iter().copied().map(Growth::starting).collect(),
        }
    }

    /// Goes on to the next collection.
    pub(super) fn advance(&mut self, next: &[Measure]) {
        self.make_room(next.len());
        self.total.advance(next.iter().copied().sum());
        self.types.iter_mut().zip(next).for_each(|(growth, next)| growth.advance(*next));
    }

    /// Makes room for so many types. New ones come before the last, which is that of buffers, and have had no objects.
    fn make_room(&mut self, types: usize) {
        let buffers = self.types.pop();
        let none_yet = Measure { allocated_bytes: self.total.now.allocated_bytes, ..Measure::default() };
        self.types.resize(types - usize::from(buffers.is_some()), Growth::starting(none_yet));
        self.types.extend(buffers);
    }
}

/// A quantity as it was after each full collection, as far as it has grown at every one of the latest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Growth {
    /// At how many collections in a row it has grown, to the last one.
    pub(super) growths: u32,
    /// What it was before the first of these.
    pub(super) start: Measure,
    /// What it was at the last collection.
    pub(super) now: Measure,
}

/// What is alive: of all types, or of one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Measure {
    pub(super) objects: u64,
    /// Off the heap included.
    pub(super) bytes: u64,
    /// What the program had allocated by then, in bytes.
    pub(super) allocated_bytes: u64,
}

impl Sum for Measure {
    /// Of all types, at one time.
    fn sum<I: Iterator<Item = Measure>>(types: I) -> Measure {
        types.fold(Measure::default(), |sum, of| Measure {
            objects: sum.objects + of.objects,
            bytes: sum.bytes + of.bytes,
            allocated_bytes: of.allocated_bytes,
        })
    }
}

impl Growth {
    /// One that starts at the first collection.
    pub(super) fn starting(at: Measure) -> Growth {
        Growth { growths: 0, start: at, now: at }
    }

    /// Goes on to the next collection: what has not more objects and more bytes starts anew.
    pub(super) fn advance(&mut self, next: Measure) {
        let has_grown = next.objects > self.now.objects && next.bytes > self.now.bytes;
        if has_grown {
            self.growths += 1;
        } else {
            *self = Growth::starting(next);
        }
        self.now = next;
    }

    /// By how many bytes it has grown in all.
    pub(super) fn grown_bytes(&self) -> u64 {
        self.now.bytes - self.start.bytes
    }

    /// By how many objects it has grown in all.
    pub(super) fn grown_objects(&self) -> u64 {
        self.now.objects - self.start.objects
    }

    /// By how many bytes it can be expected to have grown since the last collection, if it goes on as it did.
    pub(super) fn expected_bytes(&self, allocated_since: u64) -> u64 {
        let allocated = self.now.allocated_bytes - self.start.allocated_bytes;
        let expected = u128::from(self.grown_bytes()) * u128::from(allocated_since);
        expected.checked_div(allocated.into()).map_or(0, |bytes| u64::try_from(bytes).unwrap_or(u64::MAX))
    }
}
