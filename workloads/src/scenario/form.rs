//! What a single object is.

use crate::programs::content::LEAST_BYTES;
use crate::programs::object_bytes;

/// Bytes that a buffer's owner takes in the heap.
const OWNER_BYTES: u64 = 16;

/// References of an array that share a card, and cards whose bits share 8 bytes. Arrays of one card have no such bits.
const SLOTS_PER_CARD: u32 = 128;
const CARDS_PER_GRANULE: u32 = 64;

/// What an object holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// References and raw bytes, as many as its shape says.
    Node,
    /// References.
    Array,
    /// Bytes.
    Bytes,
    /// Bytes off the heap.
    Buffer,
}

/// What a single object is: its kind, and how much it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    /// What it holds.
    pub kind: Kind,
    /// How many references: none but in nodes and arrays.
    pub slots: u32,
    /// How many raw bytes, or bytes off the heap: none in arrays.
    pub bytes: u32,
}

impl Form {
    /// A node. Its raw bytes are rounded up to a multiple of 8.
    #[must_use]
    pub fn node(slots: u32, bytes: u32) -> Form {
        Form { kind: Kind::Node, slots, bytes: bytes.next_multiple_of(8) }
    }

    /// Size in the heap in bytes, header included.
    #[must_use]
    pub fn heap_bytes(&self) -> u64 {
        match self.kind {
            Kind::Node => object_bytes(self.slots.next_multiple_of(2).into(), self.bytes.into()),
            Kind::Array => object_bytes(self.slots.into(), 0) + card_bytes(self.slots),
            Kind::Bytes => object_bytes(0, self.bytes.into()),
            Kind::Buffer => OWNER_BYTES,
        }
    }

    /// Bytes off the heap.
    #[must_use]
    pub fn external_bytes(&self) -> u64 {
        if self.kind == Kind::Buffer { self.bytes.into() } else { 0 }
    }

    /// What an object is known by: the number that it carries if it has room for it, or else how much it holds.
    pub(super) fn mark(&self, number: u64) -> u64 {
        if self.bytes >= LEAST_BYTES { number } else { self.slots.max(self.bytes).into() }
    }
}

fn card_bytes(slots: u32) -> u64 {
    match slots {
        ..=SLOTS_PER_CARD => 0,
        _ => 8 * u64::from(slots.div_ceil(SLOTS_PER_CARD).div_ceil(CARDS_PER_GRANULE)),
    }
}

#[cfg(test)]
mod tests {
    use super::{Form, Kind};

    #[test]
    fn sizes_are_those_of_the_heap() {
        let bytes = |kind, slots, bytes| Form { kind, slots, bytes }.heap_bytes();
        assert_eq!(Form::node(0, 0).heap_bytes(), 8);
        assert_eq!(Form::node(3, 1).heap_bytes(), 8 + 16 + 8);
        assert_eq!(bytes(Kind::Array, 128, 0), 8 + 512);
        assert_eq!(bytes(Kind::Array, 129, 0), 8 + 520 + 8);
        assert_eq!(bytes(Kind::Array, 128 * 64 + 1, 0), 8 + 4 * 8_194 + 16);
        assert_eq!(bytes(Kind::Bytes, 0, 9), 8 + 16);
        assert_eq!(bytes(Kind::Buffer, 0, 1_000), 16);
    }
}
