//! How large new space is.

/// Capacity of one semispace over time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewSpaceSizing {
    /// Capacity of one semispace at the start, in bytes.
    pub initial_bytes: u64,
    /// Largest capacity of one semispace, in bytes.
    pub max_bytes: u64,
}

impl Default for NewSpaceSizing {
    fn default() -> Self {
        NewSpaceSizing { initial_bytes: 1 << 20, max_bytes: 32 << 20 }
    }
}

impl NewSpaceSizing {
    /// The capacity after a scavenge, given the bytes that have survived since the capacity last changed.
    ///
    /// Doubles once more has survived than the space holds: garbage alone never makes it grow, a lasting stream of
    /// survivors does (V8, `heap.cc`, `Heap::ShouldResizeNewSpace`).
    #[must_use]
    pub fn next_capacity(&self, capacity_bytes: u64, survived_bytes_since_resize: u64) -> u64 {
        if survived_bytes_since_resize > capacity_bytes {
            (capacity_bytes * 2).min(self.max_bytes)
        } else {
            capacity_bytes
        }
    }
}

#[cfg(test)]
mod tests {
    use super::NewSpaceSizing;

    const SIZING: NewSpaceSizing = NewSpaceSizing { initial_bytes: 1 << 20, max_bytes: 3 << 20 };

    #[test]
    fn new_space_stays_as_it_is_while_little_survives() {
        assert_eq!(SIZING.next_capacity(1 << 20, 1 << 20), 1 << 20);
    }

    #[test]
    fn new_space_doubles_once_more_survived_than_it_holds() {
        assert_eq!(SIZING.next_capacity(1 << 20, (1 << 20) + 8), 2 << 20);
    }

    #[test]
    fn new_space_never_exceeds_its_maximum() {
        assert_eq!(SIZING.next_capacity(2 << 20, 5 << 20), 3 << 20);
        assert_eq!(SIZING.next_capacity(3 << 20, 5 << 20), 3 << 20);
    }
}
