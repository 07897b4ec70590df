//! Typed values: bodies that hold values of the host language, and where the references in them are.
//!
//! ```text
//! Typed   | header | value 0 | value 1 | ...     | cards, if over 512 bytes |
//! ```
//!
//! All references are words: a value holds a reference, or null, in 32 bits aligned to 4 bytes. The collector finds them by
//! the [`SlotMap`] of the type or, where that cannot tell, by asking the value, which notes their places with a
//! [`Tracer`]. It is asked before any of them is updated, and no code but that runs.

use super::header::HEADER_WORDS;
use super::reference::{ObjectRef, Slot, WordSlot};
use super::slot_map::SlotMap;
use crate::memory::{Address, Base, Memory};
use std::ops::Range;

/// Places that a tracer notes at once.
const WINDOW: usize = 16;

/// Is told by a value where its references are.
///
/// It notes a window of them at a time, so that it needs no memory of its own: a value with more is asked again.
#[derive(Debug)]
pub struct Tracer {
    /// Where the value starts.
    start: usize,
    /// References to pass over.
    skipped: usize,
    /// References met.
    met: usize,
    /// Offsets in bytes of those in the window.
    offsets: [u32; WINDOW],
}

impl Tracer {
    fn new(value: *const u8) -> Tracer {
        Tracer { start: value.addr(), skipped: 0, met: 0, offsets: [0; WINDOW] }
    }

    /// Takes note of a word that holds a reference or null.
    #[inline]
    pub(crate) fn note(&mut self, place: *const u32) {
        if let Some(offset) = self.offsets.get_mut(self.met.wrapping_sub(self.skipped)) {
            *offset = (place.addr() - self.start) as u32;
        }
        self.met += 1;
    }

    /// The offsets in words of the window's references.
    fn window(&self) -> impl Iterator<Item = u32> {
        let count = self.met.saturating_sub(self.skipped).min(WINDOW);
        self.offsets.into_iter().take(count).map(|offset| offset / 4)
    }

    /// Goes on to the next window, if there is one.
    fn advance(&mut self) -> bool {
        self.skipped += WINDOW;
        std::mem::take(&mut self.met) > self.skipped
    }
}

/// Asks the value at a place, of the type that the function belongs to, for its references.
pub(crate) type Trace = fn(*const u8, &mut Tracer);

/// What the collector knows of a type.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Type {
    /// Words from one value to the next.
    pub(crate) stride_words: u32,
    pub(crate) map: SlotMap,
    pub(crate) trace: Trace,
}

impl Type {
    /// The references of those values among the `words` words of an object's body that overlap with `range` of them.
    #[inline]
    pub(super) fn slots_in(self, object: Address, words: u32, range: Range<u32>) -> TypedSlots {
        let stride = self.stride_words;
        let values = range.start / stride..range.end.div_ceil(stride).min(words / stride);
        TypedSlots { object, values, of: self }
    }
}

/// The references of some values of one object.
#[derive(Clone, Debug)]
pub(crate) struct TypedSlots {
    object: Address,
    values: Range<u32>,
    of: Type,
}

impl TypedSlots {
    /// The references in the slots.
    pub(super) fn references(self, memory: &Memory) -> Vec<ObjectRef> {
        let mut references = Vec::new();
        self.for_each(memory.base(), |slot| references.extend(slot.load(memory)));
        references
    }

    /// Hands all of them to `each`, which may update them.
    #[inline]
    pub(crate) fn for_each(self, base: Base, mut each: impl FnMut(WordSlot)) {
        for index in self.values {
            let start = HEADER_WORDS + index * self.of.stride_words;
            let mut each_at = |offset| each(WordSlot(self.object.word(start + offset)));
            if !self.of.map.is_traced() {
                self.of.map.words().for_each(each_at);
                continue;
            }
            let value = base.pointer_to(self.object.word(start));
            let mut tracer = Tracer::new(value);
            loop {
                (self.of.trace)(value, &mut tracer);
                tracer.window().for_each(&mut each_at);
                if !tracer.advance() {
                    break;
                }
            }
        }
    }
}
