//! What each page holds, as little as a screen can show.

use crate::picture::PAGE_BYTES;
use gc_core::Glimpse;
use gc_core::map::{Area, AreaKind, Move};
use std::collections::BTreeSet;

/// What each page of a heap holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageMap {
    pages: Vec<MapPage>,
}

/// A page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MapPage {
    /// What it is used as.
    pub kind: AreaKind,
    /// How full it is, in eighths, rounded up: only what is empty has none.
    pub eighths: u8,
    /// What a collection does with it.
    pub state: PageState,
}

/// What a collection does with a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PageState {
    /// Nothing in particular.
    Settled,
    /// The marking under way will empty it.
    Chosen,
    /// The last pause has moved objects out of it.
    Emptied,
}

impl PageMap {
    /// What is seen just after a pause.
    #[must_use]
    pub fn of(glimpse: &Glimpse<'_>) -> PageMap {
        let mut survey = Survey { left: pages_left(glimpse.moves), pages: Vec::new() };
        glimpse.visit_areas(&mut |area| survey.add(area));
        survey.end()
    }

    /// A map of these pages, in the order of places.
    #[must_use]
    pub fn from_pages(pages: Vec<MapPage>) -> PageMap {
        PageMap { pages }
    }

    /// The pages that are used as one of `kinds`, in the order of places.
    pub fn pages(&self, kinds: &[AreaKind]) -> impl Iterator<Item = MapPage> {
        self.pages.iter().copied().filter(|page| kinds.contains(&page.kind))
    }
}

/// The numbers of pages that objects have been moved out of.
fn pages_left(moves: &[Move]) -> BTreeSet<u64> {
    moves.iter().map(|one| one.from.0 / PAGE_BYTES).collect()
}

/// A map in the making.
struct Survey {
    /// Pages that objects have left, and that have not been met yet.
    left: BTreeSet<u64>,
    pages: Vec<MapPage>,
}

impl Survey {
    /// Adds an area. It is filled from its start; of a page with holes, that comes to the same.
    fn add(&mut self, area: &Area) {
        let used_bytes = area.used_bytes();
        let first = area.start.0 / PAGE_BYTES;
        for number in 0..area.size_bytes / PAGE_BYTES {
            let in_page = used_bytes.saturating_sub(number * PAGE_BYTES).min(PAGE_BYTES);
            let was_left = self.left.remove(&(first + number));
            let state = match was_left {
                _ if area.is_chosen => PageState::Chosen,
                // A slide leaves pages, and fills them.
                true if in_page == 0 => PageState::Emptied,
                _ => PageState::Settled,
            };
            self.pages.push(MapPage {
                kind: area.kind,
                eighths: (8 * in_page).div_ceil(PAGE_BYTES) as u8,
                state,
            });
        }
    }

    /// The map. Pages that objects have left and that are there no more were old.
    fn end(mut self) -> PageMap {
        let gone = MapPage { kind: AreaKind::OldPage, eighths: 0, state: PageState::Emptied };
        self.pages.extend(self.left.iter().map(|_| gone));
        PageMap { pages: self.pages }
    }
}
