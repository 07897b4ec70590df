//! What hangs off each node of the splay tree.

use crate::programs::object_bytes;
use gc_core::{Decoder, FixedShape, Heap, HeapFull, Layout, Local, Shape, Value, ValueView, View};
use std::io::Write;

const LEFT: u32 = 0;
const RIGHT: u32 = 1;
const ARRAY: u32 = 0;
const STRING: u32 = 1;

/// Length of a leaf's array, in values.
const ARRAY_LENGTH: u32 = 10;
/// Length of a leaf's string: the text around the key and, for a length that is known before, all 20 digits.
const STRING_BYTES: u32 = "String for key 01234567890123456789 in leaf node".len() as u32;

/// Values are references if their lowest bit is set, and integers shifted left by one if not.
const TAGGED: Decoder = Decoder { mask: 1, tag: 1, shift: 32 };

/// Makes and checks binary trees whose leaves hold an array of the integers 0 to 9 and a string.
#[derive(Clone, Copy, Debug)]
pub(super) struct Payload {
    branch: FixedShape<2, 0>,
    leaf: FixedShape<2, 0>,
    array: Shape,
    string: Shape,
    depth: u32,
}

impl Payload {
    pub(super) fn new(heap: &mut Heap, depth: u32) -> Self {
        Payload {
            branch: heap.register_fixed("Branch"),
            leaf: heap.register_fixed("Leaf"),
            array: heap.register("Array", Layout::Values(TAGGED)),
            string: heap.register("String", Layout::Bytes),
            depth,
        }
    }

    /// The payload of the node under `key`.
    pub(super) fn grow(&self, heap: &mut Heap, key: u64) -> Result<Local, HeapFull> {
        self.branch(heap, &text(key), self.depth)
    }

    fn branch(&self, heap: &mut Heap, text: &Text, depth: u32) -> Result<Local, HeapFull> {
        heap.escape(|heap| {
            if depth == 0 {
                return self.leaf(heap, text);
            }
            let left = self.branch(heap, text, depth - 1)?;
            let right = self.branch(heap, text, depth - 1)?;
            heap.alloc_with(self.branch, [Some(left), Some(right)])
        })
    }

    fn leaf(&self, heap: &mut Heap, text: &Text) -> Result<Local, HeapFull> {
        let array = heap.alloc_array(self.array, ARRAY_LENGTH)?;
        for index in 0..ARRAY_LENGTH {
            heap.store_value(array, index, Value::Bits(integer(index)));
        }
        let string = heap.alloc_array(self.string, STRING_BYTES)?;
        heap.bytes_mut(string).copy_from_slice(text);
        heap.alloc_with(self.leaf, [Some(array), Some(string)])
    }

    /// Whether `found` is the payload of the node under `key`.
    pub(super) fn is_intact(&self, found: Option<View<'_>>, key: u64) -> bool {
        is_intact(found, &text(key), self.depth)
    }
}

fn is_intact(found: Option<View<'_>>, text: &Text, depth: u32) -> bool {
    let Some(found) = found else { return false };
    if depth == 0 {
        return found.slot(ARRAY).is_some_and(is_counting)
            && found.slot(STRING).is_some_and(|s| s.bytes() == text);
    }
    is_intact(found.slot(LEFT), text, depth - 1) && is_intact(found.slot(RIGHT), text, depth - 1)
}

fn is_counting(array: View<'_>) -> bool {
    let holds = |index| matches!(array.value(index), ValueView::Bits(bits) if bits == integer(index));
    array.len() == ARRAY_LENGTH && (0..ARRAY_LENGTH).all(holds)
}

const fn integer(number: u32) -> u64 {
    (number as u64) << 1
}

/// A leaf's string: formatted once for all leaves of a payload.
type Text = [u8; STRING_BYTES as usize];

fn text(key: u64) -> Text {
    let mut text = [0; STRING_BYTES as usize];
    write!(&mut text[..], "String for key {key:020} in leaf node").expect("the text has room for every key");
    text
}

/// Bytes of the objects of a payload of `depth`.
pub(super) fn live_bytes(depth: u32) -> u64 {
    let pair = object_bytes(2, 0);
    let leaf = pair + object_bytes(0, 8 * u64::from(ARRAY_LENGTH)) + object_bytes(0, STRING_BYTES.into());
    let leaves = 1 << depth;
    (leaves - 1) * pair + leaves * leaf
}
