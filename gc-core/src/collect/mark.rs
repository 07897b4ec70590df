//! Marking: the transitive closure of the roots, as a state machine that can stop after any step.
//!
//! White objects have no mark bit; grey ones have it and wait in the worklist; black ones have it and do not. The
//! worklist holds everything that is left to do, so a deep structure needs no stack and a step can end anywhere: a
//! list of ten million nodes is marked with a worklist of one entry.
//!
//! Long arrays are taken in pieces of [`PIECE`] elements, so that a step is bounded whatever it meets.

use super::pipeline::Pipeline;
use super::roots::Roots;

use crate::event::Work;
use crate::fault::Fault;
use crate::memory::Granules;
use crate::object::{Header, Kind, ObjectRef, Slot, Slots};
use crate::space::{MarkBits, PAGE_GRANULES, Spaces};

/// Elements of a long array that are scanned as one piece of work.
const PIECE: u32 = 4096;

/// Whether there is work left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// There is.
    More,
    /// There is none.
    Done,
}

/// A marked object whose slots from `first` on have not been scanned.
#[derive(Clone, Copy, Debug)]
struct Grey {
    object: ObjectRef,
    first: u32,
}

/// One marking under way.
#[derive(Debug, Default)]
pub(crate) struct Marker {
    grey: Pipeline<Grey>,
    work: Work,
}

impl Marker {
    /// Forgets the marks of the last marking; everything is white.
    pub(crate) fn start(spaces: &mut Spaces) -> Marker {
        spaces.old.prepare_marking(&mut spaces.memory, &spaces.faults);
        Marker::default()
    }

    /// Shades what handles and persistent roots refer to.
    pub(crate) fn shade_roots(&mut self, spaces: &mut Spaces, roots: &Roots) {
        for object in roots.handles.iter().chain(roots.persistent.iter()) {
            self.work.roots += 1;
            self.shade(spaces, object);
        }
    }

    /// Makes a white object grey.
    #[inline(always)]
    fn shade(&mut self, spaces: &mut Spaces, object: ObjectRef) {
        if MarkBits::mark(&mut spaces.memory, object.address()) {
            self.grey.push(Grey { object, first: 0 });
        }
    }

    /// Scans up to `pieces` grey objects or pieces of arrays.
    pub(crate) fn step(&mut self, spaces: &mut Spaces, pieces: u64) -> Progress {
        for _ in 0..pieces {
            let fetch = |grey: &Grey| spaces.memory.prefetch(grey.object.address());
            let Some(grey) = self.grey.pop(fetch) else { return Progress::Done };
            self.scan(spaces, grey);
        }
        if self.grey.is_empty() { Progress::Done } else { Progress::More }
    }

    #[inline(always)]
    fn scan(&mut self, spaces: &mut Spaces, grey: Grey) {
        let header = grey.object.header(&spaces.memory);
        if grey.first == 0 {
            self.blacken(spaces, grey.object, header);
        }
        let slots = if is_long(header) {
            let end = grey.first.saturating_add(PIECE);
            if end < header.length() {
                self.grey.push(Grey { object: grey.object, first: end });
            }
            spaces.shapes.slots_in(grey.object, header, grey.first..end)
        } else {
            spaces.shapes.slots(grey.object, header)
        };
        match slots {
            Slots::Words(words) => {
                self.work.slots += words.len() as u64;
                for slot in words {
                    self.scan_slot(spaces, slot);
                }
            }
            Slots::Values(values) => {
                self.work.slots += values.len() as u64;
                for slot in values {
                    self.scan_slot(spaces, slot);
                }
            }
        }
    }

    #[inline(always)]
    fn scan_slot(&mut self, spaces: &mut Spaces, slot: impl Slot) {
        if let Some(object) = slot.load(&spaces.memory)
            && !spaces.faults.make(Fault::ChildUnmarked)
        {
            self.shade(spaces, object);
        }
    }

    /// Counts an object, and marks all of its granules so that the holes between objects can be read off the bits.
    #[inline(always)]
    fn blacken(&mut self, spaces: &mut Spaces, object: ObjectRef, header: Header) {
        let size = header.size();
        self.work.marked_objects += 1;
        self.work.marked_bytes += size.bytes();
        if spaces.faults.make(Fault::MarkLost) {
            MarkBits::unmark(&mut spaces.memory, object.address());
        } else if size > Granules(1) && size.0 < PAGE_GRANULES {
            MarkBits::mark_all(&mut spaces.memory, object.address(), size);
        }
    }

    /// The work done since the last call.
    pub(crate) fn take_work(&mut self) -> Work {
        std::mem::take(&mut self.work)
    }
}

#[inline(always)]
fn is_long(header: Header) -> bool {
    matches!(header.kind(), Kind::Slots | Kind::Values) && header.length() > PIECE
}
