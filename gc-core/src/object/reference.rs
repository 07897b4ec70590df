//! References to objects, and the slots that hold them.

use super::ephemeron::Ephemeron;
use super::header::{Header, HeaderState};
use super::layout::Decoder;
use super::typed::TypedSlots;
use crate::memory::{Address, Granules, Memory, WordAddress};
use std::fmt;
use std::num::NonZeroU32;
use std::ops::Range;

/// A reference to an object: the index of the granule with its header. Never null.
///
/// It says where an object lay when the reference was read; a collection may move the object. Programs hold
/// [`Local`](crate::Local)s instead, which the collector keeps up to date.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(transparent)]
pub(crate) struct ObjectRef(NonZeroU32);

impl ObjectRef {
    /// The object with the lowest address.
    pub(crate) const LOWEST: ObjectRef = ObjectRef(NonZeroU32::MIN);

    /// The object with its header at `address`.
    ///
    /// # Panics
    /// At address 0, where no object can lie.
    #[inline(always)]
    pub(crate) fn at(address: Address) -> ObjectRef {
        ObjectRef(NonZeroU32::new(address.0).expect("no object lies at address 0"))
    }

    /// The reference that `word` holds, if it is not null.
    #[inline(always)]
    pub(crate) fn from_word(word: u32) -> Option<ObjectRef> {
        NonZeroU32::new(word).map(ObjectRef)
    }

    /// The word that holds `reference`, 0 for null.
    #[inline(always)]
    pub(crate) fn to_word(reference: Option<ObjectRef>) -> u32 {
        reference.map_or(0, |object| object.0.get())
    }

    /// The place of the header.
    #[inline(always)]
    pub(crate) fn address(self) -> Address {
        Address(self.0.get())
    }

    /// The object right behind this one, were it of `size`; `None` beyond the last address.
    #[inline(always)]
    pub(crate) fn behind(self, size: Granules) -> Option<ObjectRef> {
        self.0.checked_add(size.0).map(ObjectRef)
    }

    /// The header, or where the object has gone.
    #[inline(always)]
    pub(crate) fn state(self, memory: &Memory) -> HeaderState {
        HeaderState::from_bits(memory.load(self.address()))
    }

    /// The header of an object that has not been forwarded.
    #[inline(always)]
    pub(crate) fn header(self, memory: &Memory) -> Header {
        Header::from_bits(memory.load(self.address()))
    }

    /// Writes the header.
    #[inline(always)]
    pub(crate) fn set_header(self, memory: &mut Memory, header: Header) {
        memory.store(self.address(), header.bits());
    }

    /// Leaves a forwarding reference to `target` in the header's place.
    #[inline(always)]
    pub(crate) fn forward_to(self, memory: &mut Memory, target: ObjectRef) {
        memory.store(self.address(), HeaderState::Forwarded(target).bits());
    }

    /// Leaves the number under which ephemerons wait for the object in the header's place.
    pub(crate) fn await_as(self, memory: &mut Memory, number: u32) {
        memory.store(self.address(), HeaderState::Awaited(number).bits());
    }
}

impl fmt::Debug for ObjectRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:x}", self.0)
    }
}

/// A place inside an object that may hold a reference.
pub(crate) trait Slot: Copy {
    /// The reference in the slot, if there is one.
    fn load(self, memory: &Memory) -> Option<ObjectRef>;

    /// Replaces the reference in the slot.
    fn store(self, memory: &mut Memory, object: ObjectRef);
}

/// A 32-bit word that holds a reference or null.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WordSlot(pub(crate) WordAddress);

impl Slot for WordSlot {
    #[inline(always)]
    fn load(self, memory: &Memory) -> Option<ObjectRef> {
        ObjectRef::from_word(memory.load_word(self.0))
    }

    #[inline(always)]
    fn store(self, memory: &mut Memory, object: ObjectRef) {
        memory.store_word(self.0, ObjectRef::to_word(Some(object)));
    }
}

impl WordSlot {
    /// Makes it null.
    pub(crate) fn clear(self, memory: &mut Memory) {
        memory.store_word(self.0, 0);
    }
}

/// A 64-bit value that holds a reference if its decoder says so. A store leaves the rest of the value as it was.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ValueSlot {
    pub(crate) place: Address,
    pub(crate) decoder: Decoder,
}

impl Slot for ValueSlot {
    #[inline(always)]
    fn load(self, memory: &Memory) -> Option<ObjectRef> {
        self.decoder.decode(memory.load(self.place))
    }

    #[inline(always)]
    fn store(self, memory: &mut Memory, object: ObjectRef) {
        let value = self.decoder.replace(memory.load(self.place), object);
        memory.store(self.place, value);
    }
}

/// A run of slots of one object.
#[derive(Clone, Debug)]
pub(crate) enum Slots {
    Words(WordSlots),
    Values(ValueSlots),
    Typed(TypedSlots),
    /// Key and value, which whoever traces the graph must treat in a way of their own.
    Ephemeron(Ephemeron),
}

impl Slots {
    /// Slots of an object without any.
    pub(crate) const NONE: Slots = Slots::Words(WordSlots { object: Address(0), words: 0..0 });
}

/// Words of an object, counted from its header.
#[derive(Clone, Debug)]
pub(crate) struct WordSlots {
    pub(super) object: Address,
    pub(super) words: Range<u32>,
}

impl WordSlots {
    /// How many there are.
    #[inline(always)]
    pub(crate) fn len(&self) -> usize {
        self.words.len()
    }
}

impl Iterator for WordSlots {
    type Item = WordSlot;

    #[inline(always)]
    fn next(&mut self) -> Option<WordSlot> {
        self.words.next().map(|word| WordSlot(self.object.word(word)))
    }
}

/// Values of an object, by their granules.
#[derive(Clone, Debug)]
pub(crate) struct ValueSlots {
    pub(super) places: Range<u32>,
    pub(super) decoder: Decoder,
}

impl ValueSlots {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }
}

impl Iterator for ValueSlots {
    type Item = ValueSlot;

    #[inline(always)]
    fn next(&mut self) -> Option<ValueSlot> {
        self.places.next().map(|place| ValueSlot { place: Address(place), decoder: self.decoder })
    }
}
