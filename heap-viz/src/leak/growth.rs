//! Growth over collections in a row.

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
