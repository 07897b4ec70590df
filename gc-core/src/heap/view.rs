//! Reading objects without handles.

use super::{Heap, Local, Root, Weak};
use crate::map::Place;
use crate::memory::Granules;
use crate::object::{Header, Kind, ObjectRef, Slot, ValueSlot, raw_bytes, slot};
use crate::space::{BufferId, Space};
use std::fmt;

/// A read-only look at an object.
///
/// It borrows the heap, so no collection can move the object while it lives: following references costs a load,
/// not a handle.
#[derive(Clone, Copy)]
pub struct View<'h> {
    heap: &'h Heap,
    object: ObjectRef,
}

/// A 64-bit value as read from an array of values.
#[derive(Clone, Copy, Debug)]
pub enum ValueView<'h> {
    /// Plain bits.
    Bits(u64),
    /// A reference to an object.
    Object(View<'h>),
}

impl Heap {
    /// A look at the object of `local`.
    #[inline]
    #[must_use]
    pub fn view(&self, local: Local) -> View<'_> {
        View { heap: self, object: self.resolve(local) }
    }

    /// A look at the object of `root`.
    ///
    /// # Panics
    /// If `root` belongs to another heap.
    #[must_use]
    pub fn view_root(&self, root: &Root) -> View<'_> {
        View { heap: self, object: self.rooted(root) }
    }

    /// A look at the object of `weak`; `None` if it has been collected.
    ///
    /// Unlike [`Heap::upgrade`], this keeps nothing alive: an object that nothing else keeps is still freed by the
    /// marking that is under way.
    ///
    /// ```
    /// use gc_core::snapshot::Space;
    /// use gc_core::{Config, Heap, Layout};
    ///
    /// let mut heap = Heap::new(Config::default())?;
    /// let node = heap.register("node", Layout::Fixed { slots: 1, bytes: 0 });
    /// let weak = heap.scope(|heap| heap.alloc(node).map(|local| heap.weak(local)))?;
    /// let look = heap.view_weak(&weak).expect("it has not been collected yet");
    /// assert_eq!((look.space(), look.age()), (Space::New, 0));
    /// heap.collect_minor();
    /// assert!(heap.view_weak(&weak).is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Panics
    /// If `weak` belongs to another heap.
    #[must_use]
    pub fn view_weak(&self, weak: &Weak) -> Option<View<'_>> {
        let object = self.weakly_held(weak)?;
        Some(View { heap: self, object })
    }
}

impl<'h> View<'h> {
    /// A look at an object.
    pub(crate) fn of(heap: &'h Heap, object: ObjectRef) -> View<'h> {
        View { heap, object }
    }

    #[inline(always)]
    fn header(self) -> Header {
        self.object.header(&self.heap.spaces.memory)
    }

    #[inline(always)]
    fn to(self, object: ObjectRef) -> View<'h> {
        View { heap: self.heap, object }
    }

    /// The object in reference slot `index`.
    ///
    /// # Panics
    /// If the object has no such slot.
    #[inline]
    #[must_use]
    pub fn slot(self, index: u32) -> Option<View<'h>> {
        check_slot(self.header(), index);
        slot(self.object, index).load(&self.heap.spaces.memory).map(|object| self.to(object))
    }

    /// The objects in the first `N` reference slots, for the price of one check.
    ///
    /// # Panics
    /// If the object has fewer slots.
    #[inline]
    #[must_use]
    pub fn first_slots<const N: usize>(self) -> [Option<View<'h>>; N] {
        check_slots(self.header(), N as u32);
        // Two slots are read at once: half the loads.
        let pair = |index: usize| {
            self.heap.spaces.memory.load(self.object.address() + Granules(1 + index as u32 / 2))
        };
        let word = |index: usize| (pair(index) >> (32 * (index % 2))) as u32;
        std::array::from_fn(|index| ObjectRef::from_word(word(index)).map(|object| self.to(object)))
    }

    /// Number of reference slots.
    #[must_use]
    pub fn slots(self) -> u32 {
        self.header().slot_count()
    }

    /// Number of 64-bit values.
    #[must_use]
    pub fn values(self) -> u32 {
        let header = self.header();
        if header.kind() == Kind::Values { header.length() } else { 0 }
    }

    /// Number of elements: of slots, bytes or values; of a fixed object or ephemeron its slots.
    #[must_use]
    pub fn len(self) -> u32 {
        let header = self.header();
        match header.kind() {
            Kind::Fixed | Kind::Wide | Kind::Ephemeron => header.slot_count(),
            Kind::Slots | Kind::Bytes | Kind::Values | Kind::Buffer | Kind::Free | Kind::Typed => {
                header.length()
            }
        }
    }

    /// Whether there are no elements.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The raw bytes: of an object of bytes all, of a fixed object those behind the slots, rounded up to a multiple
    /// of 8; of any other none.
    #[must_use]
    pub fn bytes(self) -> &'h [u8] {
        let (start, length) = raw_bytes(self.header());
        self.heap.spaces.memory.bytes(self.object.address() + start, length)
    }

    /// The 64-bit word `index` of the raw bytes, in the machine's byte order.
    ///
    /// # Panics
    /// If the raw bytes end before it does.
    #[inline]
    #[must_use]
    pub fn word(self, index: u32) -> u64 {
        let (start, length) = raw_bytes(self.header());
        check_index(index, (length / 8) as u32);
        self.heap.spaces.memory.load(self.object.address() + start + Granules(index))
    }

    /// Value `index` of an array of values.
    ///
    /// # Panics
    /// If the object has no such value.
    #[must_use]
    pub fn value(self, index: u32) -> ValueView<'h> {
        let place = super::barrier::value_place(self.object, self.header(), index);
        let (memory, decoder) = (&self.heap.spaces.memory, self.heap.spaces.shapes.decoder(self.header()));
        match (ValueSlot { place, decoder }).load(memory) {
            Some(object) => ValueView::Object(self.to(object)),
            None => ValueView::Bits(memory.load(place)),
        }
    }

    /// The off-heap bytes of a buffer object.
    ///
    /// # Panics
    /// If the object is not a buffer.
    #[must_use]
    pub fn buffer(self) -> &'h [u8] {
        self.heap.spaces.external.bytes_of(self.heap.buffer_id(self.object))
    }

    /// Whether both are the same object.
    #[inline]
    #[must_use]
    pub fn same(self, other: View<'_>) -> bool {
        std::ptr::eq(self.heap, other.heap) && self.object == other.object
    }

    /// Size in the heap, header included.
    #[must_use]
    pub fn size_bytes(self) -> u64 {
        self.header().size().bytes()
    }

    /// Where it lies.
    #[must_use]
    pub fn space(self) -> Space {
        self.heap.spaces.space_of(self.object, self.header().size())
    }

    /// Where it lies until a collection moves it.
    #[must_use]
    pub fn place(self) -> Place {
        self.object.address().into()
    }

    /// How many scavenges it had survived when it was last moved by one.
    #[must_use]
    pub fn age(self) -> u8 {
        self.header().age()
    }

    /// The name that its shape was registered under.
    #[must_use]
    pub fn shape_name(self) -> &'h str {
        self.heap.spaces.shapes.name(self.header())
    }
}

impl fmt::Debug for View<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?}", self.shape_name(), self.object)
    }
}

impl Heap {
    /// The number of the buffer that `object` owns.
    pub(super) fn buffer_id(&self, object: ObjectRef) -> BufferId {
        let header = object.header(&self.spaces.memory);
        assert_eq!(header.kind(), Kind::Buffer, "the object is not a buffer");
        BufferId::of(&self.spaces.memory, object)
    }
}

/// Panics if the object has no slot `index`.
#[inline(always)]
#[track_caller]
pub(super) fn check_slot(header: Header, index: u32) {
    // Saturating does not matter: no object has as many slots.
    check_slots(header, index.saturating_add(1));
}

/// Panics if the object has fewer than `count` slots.
#[inline(always)]
#[track_caller]
fn check_slots(header: Header, count: u32) {
    if !header.has_slots(count) {
        no_such_element(count - 1, header.slot_count());
    }
}

/// Panics if there is no element `index` among `count`.
#[inline(always)]
#[track_caller]
pub(super) fn check_index(index: u32, count: u32) {
    if index >= count {
        no_such_element(index, count);
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn no_such_element(index: u32, count: u32) -> ! {
    panic!("no element {index}: the object has {count} of that kind")
}
