//! When old space is compacted.

use crate::event::Cause;

/// Old space after a marking, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occupancy {
    /// Live objects.
    pub live_bytes: u64,
    /// Pages.
    pub total_bytes: u64,
}

/// The rules of compaction.
///
/// Free memory between live objects is used again by small objects, but an object larger than every hole finds no
/// room although enough is free in all, and pages that are nearly empty cannot be given back. Two cures:
///
/// **Sliding** moves everything to one end. It costs more than the marking before it, so a full collection slides only
/// where more than [`slide_percent`](Compaction::slide_percent) of old space is free; but always where a whole page is
/// to be won and an allocation cannot be met otherwise.
///
/// **Evacuation** empties the sparsest pages at the end of a marking in steps. It costs a pause in proportion to what
/// is moved, so at most [`evacuate_bytes`](Compaction::evacuate_bytes) are, from pages of which less than
/// [`sparse_percent`](Compaction::sparse_percent) is alive (V8, `mark-compact.cc`: 30 %, 4 MiB), once more than
/// [`fragmented_percent`](Compaction::fragmented_percent) of old space is free (Whippet: 10 %).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compaction {
    /// Share of old space, in percent, that must be free for a full collection to slide. More than 100: never.
    pub slide_percent: u8,
    /// Share of old space, in percent, that must be free for sparse pages to be evacuated. More than 100: never.
    pub fragmented_percent: u8,
    /// Greatest share of a page, in percent, that is alive in a page worth evacuating.
    pub sparse_percent: u8,
    /// Most that one evacuation moves, in bytes.
    pub evacuate_bytes: u64,
}

impl Default for Compaction {
    fn default() -> Self {
        Compaction { slide_percent: 50, fragmented_percent: 10, sparse_percent: 30, evacuate_bytes: 1 << 20 }
    }
}

impl Occupancy {
    /// Whether more than `percent` of the pages is free.
    fn is_free_beyond(self, percent: u8) -> bool {
        let free_bytes = self.total_bytes.saturating_sub(self.live_bytes);
        u128::from(free_bytes) * 100 > u128::from(self.total_bytes) * u128::from(percent)
    }
}

impl Compaction {
    /// Whether a full collection for this cause slides.
    #[must_use]
    pub fn slides(&self, cause: Cause, now: Occupancy, page_bytes: u64) -> bool {
        let wins_a_page = now.total_bytes.saturating_sub(now.live_bytes) >= page_bytes;
        match cause {
            Cause::Fragmentation => true,
            Cause::LastResort => wins_a_page,
            _ => wins_a_page && now.is_free_beyond(self.slide_percent),
        }
    }

    /// Whether a marking that starts now is to evacuate sparse pages when it ends.
    #[must_use]
    pub fn evacuates(&self, now: Occupancy) -> bool {
        now.is_free_beyond(self.fragmented_percent)
    }

    /// Whether a page of `page_bytes` with `live_bytes` in it is worth evacuating.
    #[must_use]
    pub fn is_sparse(&self, live_bytes: u64, page_bytes: u64) -> bool {
        live_bytes * 100 < page_bytes * u64::from(self.sparse_percent)
    }
}

#[cfg(test)]
mod tests {
    use super::{Compaction, Occupancy};
    use crate::event::Cause;

    const PAGE: u64 = 100;

    fn slides(cause: Cause, live_bytes: u64, total_bytes: u64) -> bool {
        Compaction::default().slides(cause, Occupancy { live_bytes, total_bytes }, PAGE)
    }

    #[test]
    fn a_full_collection_slides_where_more_than_half_is_free() {
        assert!(!slides(Cause::Requested, 500, 1_000));
        assert!(slides(Cause::Requested, 499, 1_000));
        assert!(!slides(Cause::Requested, 10, PAGE), "no page is to be won");
    }

    #[test]
    fn the_last_resort_slides_wherever_a_page_is_won() {
        assert!(slides(Cause::LastResort, 900, 1_000));
        assert!(!slides(Cause::LastResort, 901, 1_000));
    }

    #[test]
    fn fragmentation_always_slides() {
        assert!(slides(Cause::Fragmentation, 1_000, 1_000));
    }

    #[test]
    fn sparse_pages_are_evacuated_once_a_tenth_is_free() {
        let policy = Compaction::default();
        assert!(!policy.evacuates(Occupancy { live_bytes: 900, total_bytes: 1_000 }));
        assert!(policy.evacuates(Occupancy { live_bytes: 899, total_bytes: 1_000 }));
        assert!(policy.is_sparse(29, PAGE) && !policy.is_sparse(30, PAGE));
    }
}
