//! When a program is as good as out of memory.

/// Full collections that were due although the program had hardly allocated since the last one.
///
/// A program whose memory grows for ever finds less room after each collection, and is refused memory only when there is
/// none at all: by then it has been collected many times for next to nothing. (The JVM gives up for the same reason, with
/// "GC overhead limit exceeded".)
#[derive(Debug)]
pub(crate) struct Exhaustion {
    /// What old space is limited to, in bytes.
    limit_bytes: u64,
    /// Bytes allocated by the last full collection that was due.
    allocated_bytes: u64,
    in_a_row: u32,
}

/// So many are no accident.
const MOST_IN_A_ROW: u32 = 3;

impl Exhaustion {
    pub(crate) fn new(limit_bytes: u64) -> Self {
        Exhaustion { limit_bytes, allocated_bytes: 0, in_a_row: 0 }
    }

    /// Notes a full collection that was due; whether that has been in vain too often. So many bytes have been allocated so
    /// far, and so many are in use.
    pub(crate) fn has_come(&mut self, allocated_bytes: u64, used_bytes: u64) -> bool {
        let is_nearly_full = used_bytes >= self.limit_bytes / 8 * 7;
        let is_in_vain = is_nearly_full && allocated_bytes - self.allocated_bytes < used_bytes / 100;
        self.in_a_row = if is_in_vain { self.in_a_row + 1 } else { 0 };
        self.allocated_bytes = allocated_bytes;
        self.in_a_row >= MOST_IN_A_ROW
    }
}

#[cfg(test)]
mod tests {
    use super::Exhaustion;

    /// After full collections, each with the bytes allocated and in use.
    #[track_caller]
    fn check(collections: &[(u64, u64)], comes: bool) {
        let mut exhaustion = Exhaustion::new(8_000);
        let last = collections.iter().map(|&(allocated, used)| exhaustion.has_come(allocated, used)).last();
        assert_eq!(last, Some(comes), "{collections:?}");
    }

    #[test]
    fn a_heap_that_stays_full_is_exhausted() {
        check(&[(7_500, 7_500), (7_550, 7_500), (7_580, 7_500), (7_600, 7_500)], true);
    }

    #[test]
    fn a_heap_with_room_is_not_exhausted() {
        check(&[(6_000, 6_000), (6_001, 6_000), (6_002, 6_000), (6_003, 6_000)], false);
    }

    #[test]
    fn a_program_that_gets_on_is_not_exhausted() {
        check(&[(7_500, 7_500), (7_550, 7_500), (7_580, 7_500), (7_700, 7_500), (7_710, 7_500)], false);
    }
}
