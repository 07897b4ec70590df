//! What of new space is lost where a semispace consists of pages.

/// A semispace that consists of pages, as V8's does, into which the survivors of a scavenge are copied by the buffer.
///
/// Objects do not lie across the end of a page, and while survivors are copied, neither do the buffers in which the
/// collector makes room for them. So the end of each page, if it is shorter than a buffer, holds no survivor. The
/// program goes on behind the last survivor and never returns to the pages before: what is free there is lost until the
/// next scavenge.
///
/// ```text
/// | buffer | buffer | buffer | lost |   | buffer | survivors | free for the program |   | free ...
/// ```
///
/// Two things follow. Where survivors would take all of to-space, some find no room and are promoted, however young. And
/// a new space that is full of survivors has less room for the program than its capacity tells. Both matter where about as much
/// survives as a semispace holds: in V8 a window of 0.92 MiB in a semispace of 1 MiB is scavenged twice as often as it
/// would be without pages.
///
/// Tenure's own semispaces are in one piece. With a page layout they behave as if they were not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageLayout {
    /// Bytes of a page that objects may take.
    pub page_bytes: u64,
    /// Bytes of a buffer, no more than those of a page.
    pub buffer_bytes: u64,
}

impl PageLayout {
    /// V8's on a 64-bit system without pointer compression.
    pub const V8: PageLayout = PageLayout {
        // A page of 256 KiB less its header: `MemoryChunkLayout::AllocatableMemoryInDataPage` (V8 `memory-chunk-layout.cc`;
        // the number is what `getHeapSpaceStatistics` of Node 20 gives, a quarter of 1,030,880 bytes).
        page_bytes: 257_720,
        // `EvacuationAllocator::kLabSize`: 32 KiB (V8 `evacuation-allocator.h`).
        buffer_bytes: 32 << 10,
    };

    /// Bytes of a page that survivors may take.
    fn page_room_bytes(&self) -> u64 {
        self.page_bytes / self.buffer_bytes * self.buffer_bytes
    }

    /// Most that survivors may take of a semispace of `capacity_bytes`.
    #[must_use]
    pub fn room_bytes(&self, capacity_bytes: u64) -> u64 {
        let last_page_bytes = capacity_bytes % self.page_bytes;
        let whole_pages = capacity_bytes / self.page_bytes;
        whole_pages * self.page_room_bytes() + last_page_bytes / self.buffer_bytes * self.buffer_bytes
    }

    /// What the program cannot use of a semispace in which `survived_bytes` were copied.
    #[must_use]
    pub fn lost_bytes(&self, survived_bytes: u64) -> u64 {
        let full_pages = survived_bytes.saturating_sub(1) / self.page_room_bytes();
        full_pages * (self.page_bytes - self.page_room_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::PageLayout;

    const LAYOUT: PageLayout = PageLayout { page_bytes: 100, buffer_bytes: 30 };

    #[test]
    fn survivors_find_no_room_at_the_ends_of_pages() {
        assert_eq!(
            [0, 29, 30, 100, 130, 400].map(|bytes| LAYOUT.room_bytes(bytes)),
            [0, 0, 30, 90, 120, 360]
        );
    }

    #[test]
    fn the_ends_of_the_pages_before_the_last_are_lost() {
        assert_eq!(
            [0, 1, 90, 91, 180, 181, 360].map(|bytes| LAYOUT.lost_bytes(bytes)),
            [0, 0, 0, 10, 10, 20, 30]
        );
    }

    #[test]
    fn a_page_of_v8_holds_seven_buffers() {
        assert_eq!(PageLayout::V8.room_bytes(4 * 257_720), 4 * 7 * 32 * 1_024);
        assert_eq!(PageLayout::V8.lost_bytes(4 * 7 * 32 * 1_024), 3 * 28_344);
    }
}
