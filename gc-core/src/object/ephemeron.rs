//! Ephemerons (B. Hayes, "Ephemerons: a new finalization mechanism", 1997): pairs in which the value is kept alive by
//! the pair only while something else keeps the key alive.
//!
//! The rule that whoever traces the graph has to follow: if an ephemeron is alive, and its key is alive or null, then its
//! value is alive. When the key is found dead both words become null.

use super::header::HEADER_WORDS;
use super::layout::slot;
use super::reference::{ObjectRef, Slot, WordSlot, WordSlots};
use crate::memory::{Granules, Memory};

/// An object with a weak key in slot 0 and a value in slot 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ephemeron(ObjectRef);

impl Ephemeron {
    /// The ephemeron with its header at `object`.
    #[inline]
    pub(crate) fn at(object: ObjectRef) -> Ephemeron {
        Ephemeron(object)
    }

    /// The place of the key.
    pub(crate) fn key_slot(self) -> WordSlot {
        slot(self.0, 0)
    }

    /// The place of the value.
    pub(crate) fn value_slot(self) -> WordSlot {
        slot(self.0, 1)
    }

    /// Both places: for whoever must update them because objects have moved.
    pub(crate) fn words(self) -> WordSlots {
        WordSlots { object: self.0.address(), words: HEADER_WORDS..HEADER_WORDS + 2 }
    }

    /// What has to be alive for the value to be.
    pub(crate) fn key(self, memory: &Memory) -> Option<ObjectRef> {
        self.key_slot().load(memory)
    }

    /// Writes both words of a new one.
    pub(crate) fn write(self, memory: &mut Memory, key: Option<ObjectRef>, value: Option<ObjectRef>) {
        let [key, value] = [key, value].map(|target| u64::from(ObjectRef::to_word(target)));
        memory.store(self.0.address() + Granules(1), key | value << u32::BITS);
    }

    /// Makes both words null: the key is dead.
    pub(crate) fn clear(self, memory: &mut Memory) {
        self.key_slot().clear(memory);
        self.value_slot().clear(memory);
    }
}
