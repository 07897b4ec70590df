//! Evacuation: sparse pages are emptied at the end of a marking, so that a heap that lives long stays compact without a
//! slide.
//!
//! Which pages, is chosen when the marking starts. While it runs it takes note of the *holders*: old objects, or cards of
//! long arrays, in which a reference into such a page was seen. Everything that scans an old object meanwhile says so:
//! the marker, and the scavenger for objects that are promoted or remembered. A reference that is stored later lies in an
//! object that has been logged since the last scavenge; evacuation follows a scavenge, so it has been noted too.
//!
//! In the final pause the live objects of those pages are copied to other pages, each leaving its new address behind, and
//! the holders, the young objects, the roots and the side tables are told. Then the pages are given back.
//!
//! The pause is bounded: by the bytes that the pages hold when they are chosen, which can only become less, and by the
//! number of holders: if there are more than [`MAX_HOLDERS`], nothing is evacuated this time.

use super::relocate::Relocation;
use super::remembered::Remembered;
use super::roots::Roots;
use crate::event::Work;
use crate::fault::Fault;
use crate::memory::Granules;
use crate::object::{Header, HeaderState, ObjectRef, Slots};
use crate::policy::Compaction;
use crate::space::{MarkBits, PAGE_BYTES, PAGE_GRANULES, PageNumber, Spaces};

/// Holders that can be told in about a millisecond.
const MAX_HOLDERS: usize = 1 << 16;

/// Pages that may be begun and not filled.
const RUNS: usize = 2;

/// The evacuation that a marking prepares.
#[derive(Debug)]
pub(crate) struct Evacuation {
    pages: Vec<PageNumber>,
    objects: Vec<ObjectRef>,
    cards: Vec<(ObjectRef, u32)>,
}

/// What an evacuation has done.
#[derive(Debug, Default)]
pub(crate) struct Evacuated {
    pub(crate) work: Work,
    /// Objects that were moved: from where, to where.
    pub(crate) moves: Vec<(ObjectRef, ObjectRef)>,
}

impl Evacuation {
    /// Chooses the sparsest of the pages that wait to be swept: their marks still say how much lives in them.
    pub(crate) fn choose(spaces: &mut Spaces, policy: &Compaction) -> Option<Evacuation> {
        let mut sparse: Vec<(u64, PageNumber)> = spaces
            .old
            .unswept_pages()
            .map(|page| (live_bytes(spaces, page), page))
            .filter(|(live, _)| policy.is_sparse(*live, PAGE_BYTES as u64))
            .collect();
        sparse.sort_unstable();
        let mut left_bytes = policy.evacuate_bytes;
        let fits = |(live, _): &(u64, PageNumber)| {
            let fits = *live <= left_bytes;
            left_bytes = left_bytes.saturating_sub(*live);
            fits
        };
        let pages: Vec<_> = sparse.into_iter().take_while(fits).map(|(_, page)| page).collect();
        if pages.len() < 2 {
            return None;
        }
        pages.iter().for_each(|page| spaces.pages.set_sparse(*page, true));
        Some(Evacuation { pages, objects: Vec::new(), cards: Vec::new() })
    }

    /// Takes note of an old object that refers to a chosen page.
    #[inline]
    pub(crate) fn note(&mut self, spaces: &Spaces, object: ObjectRef, header: Header) {
        if header.cards() > 0 {
            (0..header.cards()).for_each(|card| self.note_card(spaces, object, header, card));
        } else if self.refers_to_sparse(spaces, spaces.shapes.slots(object, header)) {
            self.objects.push(object);
        }
    }

    /// Takes note of a card of a long array that refers to a chosen page.
    pub(crate) fn note_card(&mut self, spaces: &Spaces, array: ObjectRef, header: Header, card: u32) {
        let slots = spaces.shapes.slots_of_card(array, header, card);
        if self.refers_to_sparse(spaces, slots) {
            self.cards.push((array, card));
        }
    }

    fn refers_to_sparse(&self, spaces: &Spaces, slots: Slots) -> bool {
        self.is_bounded()
            && spaces
                .shapes
                .references(&spaces.memory, slots)
                .any(|object| spaces.pages.is_sparse(object.address()))
            && !spaces.faults.make(Fault::HolderForgotten)
    }

    /// Whether there are few enough holders.
    fn is_bounded(&self) -> bool {
        self.objects.len() + self.cards.len() < MAX_HOLDERS
    }

    /// Lets the pages be as they are.
    pub(crate) fn cancel(self, spaces: &mut Spaces) {
        self.pages.iter().for_each(|page| spaces.pages.set_sparse(*page, false));
    }

    /// Empties the chosen pages and gives them back, if the holders are few and there is room. To be called right after a
    /// scavenge and the end of the marking, while its marks are there.
    pub(crate) fn carry_out(
        self,
        spaces: &mut Spaces,
        roots: &mut Roots,
        remembered: &mut Remembered,
    ) -> Evacuated {
        if !self.is_bounded() || spaces.pages.room_left() < self.pages.len() + RUNS {
            self.cancel(spaces);
            return Evacuated::default();
        }
        let mut evacuated = Evacuated::default();
        self.pages.iter().for_each(|page| copy_page(spaces, *page, &mut evacuated));
        evacuated.moves.iter().for_each(|(_, object)| self.update_object(spaces, *object));
        self.update_holders(spaces);
        self.update_young(spaces, |_, _| true);
        self.update_tables(spaces, roots, remembered);
        for page in self.pages {
            spaces.pages.set_sparse(page, false);
            spaces.old.give_back(&mut spaces.memory, &mut spaces.pages, page);
        }
        evacuated
    }

    /// Updates the holders, but for those that have moved: their copies are up to date.
    fn update_holders(&self, spaces: &mut Spaces) {
        for object in
            self.objects.iter().filter(|object| !is_sparse(spaces, **object)).copied().collect::<Vec<_>>()
        {
            self.update_object(spaces, object);
        }
        for (array, card) in &self.cards {
            if is_sparse(spaces, *array) {
                continue;
            }
            let header = array.header(&spaces.memory);
            let slots = spaces.shapes.slots_of_card(*array, header, *card);
            self.update_slots(spaces, slots);
        }
    }
}

impl Relocation for Evacuation {
    #[inline(always)]
    fn new_place(&self, spaces: &Spaces, object: ObjectRef) -> ObjectRef {
        if !is_sparse(spaces, object) {
            return object;
        }
        match object.state(&spaces.memory) {
            HeaderState::Forwarded(place) => place,
            HeaderState::Live(_) | HeaderState::Awaited(_) => object,
        }
    }
}

fn is_sparse(spaces: &Spaces, object: ObjectRef) -> bool {
    spaces.pages.is_sparse(object.address())
}

fn live_bytes(spaces: &Spaces, page: PageNumber) -> u64 {
    MarkBits::count(&spaces.memory, page.start(), Granules(PAGE_GRANULES)).bytes()
}

/// Copies the live objects of a page to other pages.
fn copy_page(spaces: &mut Spaces, page: PageNumber, evacuated: &mut Evacuated) {
    let mut next = MarkBits::next_marked(&spaces.memory, page.start(), page.end());
    while next < page.end() {
        let object = ObjectRef::at(next);
        let size = object.header(&spaces.memory).size();
        let copy = spaces.old.allocate(&mut spaces.memory, &mut spaces.pages, &spaces.faults, size);
        let copy = copy.expect("there are as many free pages as are emptied");
        spaces.memory.copy(next, copy.address(), size);
        spaces.old.note_copied(&mut spaces.memory, copy, size);
        object.forward_to(&mut spaces.memory, copy);
        evacuated.moves.push((object, copy));
        evacuated.work.moved_objects += 1;
        evacuated.work.moved_bytes += size.bytes();
        next = MarkBits::next_marked(&spaces.memory, next + size, page.end());
    }
}
