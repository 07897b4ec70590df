//! How an object of another heap lies on this one.

use super::{HeapGraph, NodeKind};
use gc_core::Layout;

/// What the header of an object takes, in bytes: the same here and there.
const HEADER_BYTES: u32 = 8;
/// What a reference takes, in bytes.
const SLOT_BYTES: u32 = 4;
/// Most slots and most bytes of a fixed object that every heap takes, whatever else it holds.
const MAX_FIXED_SLOTS: u32 = 1 << 14;
const MAX_FIXED_BYTES: u32 = 1 << 18;

/// An object of another heap as one of this heap's: as large as there, with as many references.
///
/// References take 4 bytes here, half of what V8's take outside of a browser. What they save is raw bytes, so that the
/// object is as large as it was; one with more references than its bytes had room for is larger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Body {
    /// References to other objects.
    pub slots: u32,
    /// Raw bytes behind them.
    pub bytes: u32,
    /// Bytes off the heap, which it refers to with a slot of its own, behind all others.
    pub external_bytes: u32,
}

impl Body {
    /// How the object with this number lies on the heap.
    #[must_use]
    pub fn of(graph: &HeapGraph, number: u32) -> Body {
        let slots = graph.targets(number).len() as u32;
        let size_bytes = graph.node(number).size_bytes;
        match graph.type_of(number).kind {
            NodeKind::Native if size_bytes > 0 => Body { slots, bytes: 0, external_bytes: size_bytes },
            _ => Body::sized(size_bytes, slots),
        }
    }

    /// An object of this size, header included, with so many references.
    #[must_use]
    pub fn sized(size_bytes: u32, slots: u32) -> Body {
        Body { slots, bytes: Body::raw_bytes(size_bytes, slots), external_bytes: 0 }
    }

    /// What an object of this size has besides its header and its slots.
    fn raw_bytes(size_bytes: u32, slots: u32) -> u32 {
        let taken = HEADER_BYTES.saturating_add(slots.saturating_mul(SLOT_BYTES)).next_multiple_of(8);
        size_bytes.saturating_sub(taken)
    }

    /// Slots with that of the buffer, if it owns one.
    #[must_use]
    pub fn all_slots(self) -> u32 {
        self.slots + u32::from(self.external_bytes > 0)
    }

    /// The layout that suits it.
    #[must_use]
    pub fn layout(self) -> Layout {
        let slots = self.all_slots();
        match slots {
            0 => Layout::Bytes,
            ..=MAX_FIXED_SLOTS if self.bytes <= MAX_FIXED_BYTES => {
                Layout::Fixed { slots: slots as u16, bytes: self.bytes }
            }
            _ => Layout::Slots,
        }
    }

    /// The length that it is allocated with under `layout`, if that is one of arrays. As an array of references it has
    /// empty ones behind its own, in place of raw bytes.
    #[must_use]
    pub fn length(self, layout: Layout) -> Option<u32> {
        match layout {
            Layout::Bytes => Some(self.bytes),
            Layout::Slots => Some(self.all_slots() + self.bytes / SLOT_BYTES),
            Layout::Fixed { .. } | Layout::Values(_) | Layout::Ephemeron => None,
        }
    }

    /// What it takes on the heap, in bytes, as a fixed object or an array of bytes; without what it owns off the heap.
    #[must_use]
    pub fn heap_bytes(self) -> u64 {
        let slots = (u64::from(self.all_slots()) * u64::from(SLOT_BYTES)).next_multiple_of(8);
        u64::from(HEADER_BYTES) + slots + u64::from(self.bytes).next_multiple_of(8)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Node, NodeType};
    use super::{Body, HeapGraph, NodeKind};
    use gc_core::Layout;

    /// The body of an object of this size that refers to itself so many times.
    fn body(kind: NodeKind, size_bytes: u32, references: usize) -> Body {
        let mut graph = HeapGraph::new(vec![NodeType { kind, name: "it".into() }]);
        graph.push(Node { size_bytes, of_type: 0, id: 1 }, vec![0; references]);
        Body::of(&graph, 0)
    }

    #[test]
    fn an_object_is_as_large_as_it_was() {
        for (size_bytes, references) in [(16, 1), (24, 2), (56, 5), (8, 0), (24, 0), (4_096, 511)] {
            let body = body(NodeKind::Object, size_bytes, references);
            assert_eq!(body.heap_bytes(), u64::from(size_bytes), "{references} references");
        }
    }

    #[test]
    fn an_object_without_room_for_its_references_grows() {
        assert_eq!(body(NodeKind::Object, 24, 10).heap_bytes(), 48);
        assert_eq!(body(NodeKind::Synthetic, 0, 3).heap_bytes(), 24);
    }

    #[test]
    fn what_lies_off_the_heap_stays_off_it() {
        let body = body(NodeKind::Native, 1_000_000, 2);
        assert_eq!((body.heap_bytes(), body.external_bytes), (24, 1_000_000));
    }

    #[track_caller]
    fn check_layout(body: Body, layout: Layout, length: Option<u32>) {
        assert_eq!((body.layout(), body.length(body.layout())), (layout, length), "{body:?}");
    }

    #[test]
    fn what_fits_no_fixed_object_is_an_array() {
        check_layout(body(NodeKind::Object, 40, 3), Layout::Fixed { slots: 3, bytes: 16 }, None);
        check_layout(body(NodeKind::Object, 1_000_008, 0), Layout::Bytes, Some(1_000_000));
        check_layout(body(NodeKind::Object, 1_000_008, 2), Layout::Slots, Some(250_000));
        check_layout(body(NodeKind::Synthetic, 0, 20_000), Layout::Slots, Some(20_000));
    }
}
