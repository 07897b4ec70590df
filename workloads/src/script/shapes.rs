//! The shapes that programs allocate.

use gc_core::{Decoder, Heap, Layout, Shape};

/// Slots and raw bytes of the fixed shapes. The first is the pair; the last is larger than any small object.
pub(super) const FIXED: [(u16, u32); 9] =
    [(2, 0), (0, 8), (1, 0), (3, 12), (0, 0), (7, 64), (40, 9), (1, 3), (2, 140_000)];

/// Index of the pair in [`FIXED`].
pub(super) const PAIR: usize = 0;

/// Encodings of references in values: in the low half of a number that is no number, and beside a low tag bit.
pub(super) const DECODERS: [Decoder; 2] =
    [Decoder { mask: 0xFFFF << 48, tag: 0xFFFC << 48, shift: 0 }, Decoder { mask: 1, tag: 1, shift: 32 }];

/// What kind of object something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Of the fixed shape with this index.
    Fixed(usize),
    /// An array of references.
    Slots,
    /// An array of bytes.
    Bytes,
    /// An array of values in the encoding with this index.
    Values(usize),
    /// An object that owns memory off the heap.
    Buffer,
}

impl Kind {
    /// The name that the shape is registered under; buffers have a shape of the heap's own.
    pub(super) fn name(self) -> Option<String> {
        match self {
            Kind::Fixed(index) => Some(format!("Fixed{index}")),
            Kind::Slots => Some("Slots".to_owned()),
            Kind::Bytes => Some("Bytes".to_owned()),
            Kind::Values(index) => Some(format!("Values{index}")),
            Kind::Buffer => None,
        }
    }

    /// `bits`, changed so that an array of this kind does not take them for a reference.
    pub(super) fn plain_bits(self, bits: u64) -> u64 {
        match self {
            Kind::Values(index) => plain(DECODERS[index], bits),
            _ => bits,
        }
    }
}

fn plain(decoder: Decoder, bits: u64) -> u64 {
    if bits & decoder.mask == decoder.tag { bits ^ decoder.tag } else { bits }
}

/// All shapes, registered with one heap.
#[derive(Clone, Debug)]
pub(super) struct Shapes {
    pub(super) fixed: Vec<Shape>,
    pub(super) slots: Shape,
    pub(super) bytes: Shape,
    pub(super) values: Vec<Shape>,
}

impl Shapes {
    pub(super) fn new(heap: &mut Heap) -> Self {
        let mut register =
            |kind: Kind, layout| heap.register(&kind.name().expect("no buffer is registered"), layout);
        let fixed = (0..).zip(FIXED).map(|(index, (slots, bytes))| (index, Layout::Fixed { slots, bytes }));
        let values = (0..).zip(DECODERS).map(|(index, decoder)| (index, Layout::Values(decoder)));
        Shapes {
            fixed: fixed.map(|(index, layout)| register(Kind::Fixed(index), layout)).collect(),
            values: values.map(|(index, layout)| register(Kind::Values(index), layout)).collect(),
            slots: register(Kind::Slots, Layout::Slots),
            bytes: register(Kind::Bytes, Layout::Bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{DECODERS, plain};

    #[test]
    fn plain_bits_are_never_taken_for_a_reference() {
        for decoder in DECODERS {
            for bits in [0, 1, 2, 3, u64::MAX, decoder.tag, decoder.tag | 0xFF00] {
                let plain = plain(decoder, bits);
                assert_ne!(plain & decoder.mask, decoder.tag, "{bits:#x} became {plain:#x}");
            }
        }
    }
}
