//! The remembered set: old objects that may refer to young ones.
//!
//! The write barrier (`heap/barrier.rs`) lists an object at the first store into it after a scavenge, whatever is stored: that costs
//! one predictable test a store, and lists no object twice. Long arrays are remembered by the card instead, 512
//! bytes of elements, so that a scavenge does not scan a million slots because of one store.
//!
//! Invariant: every slot of an old object that refers to a young one belongs to a listed object or to a listed card.

use crate::memory::Memory;
use crate::object::{Cards, Header, ObjectRef};
use std::ops::Range;

/// Old objects and cards to scan at the next scavenge.
#[derive(Debug, Default)]
pub(crate) struct Remembered {
    /// Objects without cards; their headers are not `unlogged`.
    objects: Vec<ObjectRef>,
    /// Cards of long arrays; their bits are set.
    cards: Vec<(ObjectRef, u32)>,
}

impl Remembered {
    /// Takes note of stores into the slots `range` of `object`, whose header is unlogged.
    pub(crate) fn record(
        &mut self,
        memory: &mut Memory,
        object: ObjectRef,
        header: Header,
        range: Range<u32>,
    ) {
        if header.cards() == 0 {
            self.add(memory, object, header);
        } else if !range.is_empty() {
            let per_card = header.elements_per_card();
            for card in range.start / per_card..=(range.end - 1) / per_card {
                self.add_card(memory, object, header, card);
            }
        }
    }

    /// Of the slots `range` of `object`, whose header is unlogged, those that lie in cards that are not listed, a card at a
    /// time; of an object without cards, all at once.
    pub(crate) fn unlisted(
        &self,
        memory: &Memory,
        object: ObjectRef,
        header: Header,
        range: Range<u32>,
    ) -> impl Iterator<Item = Range<u32>> {
        let per_card = header.elements_per_card();
        let is_long = header.cards() > 0;
        let (cards, whole) = if is_long {
            (range.start / per_card..range.end.div_ceil(per_card), None)
        } else {
            (0..0, Some(range))
        };
        let unlisted = cards.filter(move |card| !Cards::of(object, header).is_set(memory, *card));
        unlisted.map(move |card| card * per_card..(card + 1) * per_card).chain(whole)
    }

    /// Lists an object without cards.
    pub(crate) fn add(&mut self, memory: &mut Memory, object: ObjectRef, header: Header) {
        object.set_header(memory, header.logged());
        self.objects.push(object);
    }

    /// Lists a card, unless it is listed already.
    pub(crate) fn add_card(&mut self, memory: &mut Memory, object: ObjectRef, header: Header, card: u32) {
        if Cards::of(object, header).set(memory, card) {
            self.cards.push((object, card));
        }
    }

    /// Takes all objects; their headers stay as they are.
    pub(crate) fn take_objects(&mut self) -> Vec<ObjectRef> {
        std::mem::take(&mut self.objects)
    }

    /// Takes all cards; their bits stay set.
    pub(crate) fn take_cards(&mut self) -> Vec<(ObjectRef, u32)> {
        std::mem::take(&mut self.cards)
    }

    /// Keeps only entries whose objects are `live`.
    pub(crate) fn retain(&mut self, live: impl Fn(ObjectRef) -> bool) {
        self.objects.retain(|object| live(*object));
        self.cards.retain(|(object, _)| live(*object));
    }

    /// Makes all entries refer to where their objects are now.
    pub(crate) fn update_all(&mut self, new_place: impl Fn(ObjectRef) -> ObjectRef) {
        self.objects.iter_mut().for_each(|object| *object = new_place(*object));
        self.cards.iter_mut().for_each(|(object, _)| *object = new_place(*object));
    }

    /// Objects listed.
    pub(crate) fn objects(&self) -> &[ObjectRef] {
        &self.objects
    }

    /// Cards listed.
    pub(crate) fn cards(&self) -> &[(ObjectRef, u32)] {
        &self.cards
    }

    /// Objects and cards listed.
    pub(crate) fn len(&self) -> usize {
        self.objects.len() + self.cards.len()
    }
}
