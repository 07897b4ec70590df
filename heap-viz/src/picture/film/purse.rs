//! What filming may cost: to look at all of a large heap takes time.

/// Bytes that may be looked at in any case.
const FREE_BYTES: u64 = 64 << 20;

/// How many bytes may be looked at: so many for each byte that the program allocates. That costs about as much for any
/// heap and any run, and does not depend on a clock.
#[derive(Debug)]
pub(super) struct Purse {
    per_allocated_byte: u64,
    spent_bytes: u64,
}

impl Purse {
    /// A purse that gets so many bytes for each that is allocated.
    pub(super) fn new(per_allocated_byte: u64) -> Self {
        Purse { per_allocated_byte, spent_bytes: 0 }
    }

    /// Whether there is enough for a look at so many bytes, once so many have been allocated.
    pub(super) fn affords(&self, bytes: u64, allocated_bytes: u64) -> bool {
        self.spent_bytes + bytes <= FREE_BYTES + self.per_allocated_byte * allocated_bytes
    }

    /// Takes note of a look at so many bytes.
    pub(super) fn spend(&mut self, bytes: u64) {
        self.spent_bytes += bytes;
    }
}

#[cfg(test)]
mod tests {
    use super::{FREE_BYTES, Purse};

    #[test]
    fn what_is_allocated_pays_for_looks() {
        let mut purse = Purse::new(3);
        purse.spend(FREE_BYTES);
        assert!(!purse.affords(100, 33));
        assert!(purse.affords(100, 34));
        purse.spend(100);
        assert!(!purse.affords(100, 34));
    }
}
