//! What objects there are.

use super::{Distribution, Form, Kind, Lifetime, Weighted};
use crate::Random;
use std::ops::RangeInclusive;

/// How many references a node may have: as many as leave a heap's table of shapes room for nodes of all sizes.
pub const NODE_SLOTS: RangeInclusive<u64> = 0..=255;
/// How many raw bytes a node may have.
pub const NODE_BYTES: RangeInclusive<u64> = 0..=4_096;
/// How many references an array may have.
pub const ARRAY_SLOTS: RangeInclusive<u64> = 0..=16_777_216;
/// How long an array of bytes, or a buffer off the heap, may be.
pub const BYTES: RangeInclusive<u64> = 0..=134_217_728;

/// One class of objects: what they are, and how long they live.
#[derive(Clone, Debug, PartialEq)]
pub struct Class {
    /// What reports call its objects.
    pub name: String,
    /// What they hold.
    pub body: Body,
    /// How long they live.
    pub lifetime: Weighted<Lifetime>,
}

/// What objects of a class hold. What is drawn beyond the range of a kind counts as its bound.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// References and raw bytes.
    Node {
        /// How many references: [`NODE_SLOTS`].
        slots: Distribution,
        /// How many raw bytes: [`NODE_BYTES`].
        bytes: Distribution,
    },
    /// References only.
    Array {
        /// How many: [`ARRAY_SLOTS`].
        slots: Distribution,
    },
    /// Bytes only.
    Bytes {
        /// How many: [`BYTES`].
        bytes: Distribution,
    },
    /// Bytes off the heap.
    Buffer {
        /// How many: [`BYTES`].
        bytes: Distribution,
    },
}

impl Body {
    /// The form of the next object.
    pub(super) fn draw(&self, random: &mut Random) -> Form {
        let mut drawn = |of: &Distribution, range| whole_within(of.draw(random), range);
        match self {
            Body::Node { slots, bytes } => Form::node(drawn(slots, NODE_SLOTS), drawn(bytes, NODE_BYTES)),
            Body::Array { slots } => Form { kind: Kind::Array, slots: drawn(slots, ARRAY_SLOTS), bytes: 0 },
            Body::Bytes { bytes } => Form { kind: Kind::Bytes, slots: 0, bytes: drawn(bytes, BYTES) },
            Body::Buffer { bytes } => Form { kind: Kind::Buffer, slots: 0, bytes: drawn(bytes, BYTES) },
        }
    }

    /// How many shapes a heap needs for it at most.
    pub(super) fn most_shapes(&self) -> u64 {
        match self {
            Body::Node { slots, bytes } => {
                let slots = slots.most_values(*NODE_SLOTS.end() as f64, 1.0);
                slots.saturating_mul(bytes.most_values(*NODE_BYTES.end() as f64, 8.0))
            }
            _ => 1,
        }
    }
}

/// `drawn` as a whole number of the range, which lies within `u32`.
fn whole_within(drawn: f64, range: RangeInclusive<u64>) -> u32 {
    (drawn.round() as u64).clamp(*range.start(), *range.end()) as u32
}
