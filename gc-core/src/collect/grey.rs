//! Objects that have been moved and wait to be scanned.
//!
//! ```text
//! | scanned (black)  | moved, not scanned (grey)   | free    |
//!                    scan        ahead             end
//! ```
//!
//! Moved objects lie behind each other, so the memory that they lie in is the list of them: Cheney's scan pointer.
//! Where one does not follow the one moved before, a new run begins, and what is left of the old one waits. To-space is
//! always one run; objects promoted into the holes of old space are one for each hole.

use super::worklist::Worklist;
use crate::memory::{Address, Granules, Memory};
use crate::object::{Header, ObjectRef};

/// How far ahead of the scan pointer the headers of children are fetched: 16 objects of 32 bytes. Any nearer and they
/// would be waited for; much further and they would be gone again.
const AHEAD: Granules = Granules(64);

/// A list of grey objects.
#[derive(Debug)]
pub(super) struct Grey {
    /// The first grey object of the run at hand.
    scan: Address,
    /// The first whose children have not been fetched.
    ahead: Address,
    end: Address,
    /// What is left of other runs.
    waiting: Worklist<(Address, Address)>,
    scanned: Scanned,
}

/// What has been scanned.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Scanned {
    pub(super) objects: u64,
    pub(super) size: Granules,
}

impl Grey {
    /// No objects; the first is expected at `start`.
    pub(super) fn at(start: Address) -> Grey {
        let (waiting, scanned) = (Worklist::default(), Scanned::default());
        Grey { scan: start, ahead: start, end: start, waiting, scanned }
    }

    /// Adds an object of `size`.
    #[inline(always)]
    pub(super) fn push(&mut self, object: ObjectRef, size: Granules) {
        if object.address() != self.end {
            self.begin_run(object.address());
        }
        self.end = self.end + size;
    }

    #[cold]
    #[inline(never)]
    fn begin_run(&mut self, start: Address) {
        if self.scan < self.end {
            self.waiting.push((self.scan, self.end));
        }
        (self.scan, self.ahead, self.end) = (start, start, start);
    }

    /// Takes the next object.
    #[inline(always)]
    pub(super) fn next(&mut self, memory: &Memory) -> Option<(ObjectRef, Header)> {
        if self.scan >= self.end && (self.waiting.is_empty() || !self.resume_run()) {
            return None;
        }
        while self.ahead < self.end && self.ahead - self.scan < AHEAD {
            self.look_ahead(memory);
        }
        let object = ObjectRef::at(self.scan);
        let header = object.header(memory);
        self.scan = self.scan + header.size();
        self.scanned.objects += 1;
        self.scanned.size += header.size();
        Some((object, header))
    }

    /// Goes on with a run that waits, if there is one.
    #[inline(never)]
    fn resume_run(&mut self) -> bool {
        let Some((start, end)) = self.waiting.pop() else { return false };
        (self.scan, self.ahead, self.end) = (start, start, end);
        true
    }

    /// Fetches the headers of the first two children of an object.
    ///
    /// Breadth-first order does not visit from-space in the order of its addresses; without this most headers are
    /// waited for.
    #[inline(always)]
    fn look_ahead(&mut self, memory: &Memory) {
        let header = ObjectRef::at(self.ahead).header(memory);
        if header.has_slots(1) {
            let pair = memory.load(self.ahead + Granules(1));
            memory.prefetch(Address(pair as u32));
            memory.prefetch(Address((pair >> 32) as u32));
        }
        self.ahead = self.ahead + header.size();
    }

    /// What has been scanned since the last call.
    pub(super) fn take_scanned(&mut self) -> Scanned {
        std::mem::take(&mut self.scanned)
    }

    /// Whether there are no objects.
    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.scan == self.end && self.waiting.is_empty()
    }
}
