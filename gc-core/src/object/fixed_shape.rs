//! Shapes that the compiler knows: nothing about them is looked up or checked when an object is allocated.

use super::header::{HEADER, Header, MAX_RAW, slots_size};
use super::layout::{Layout, Shape};
use crate::memory::Granules;

/// A shape of objects with `SLOTS` reference slots and then `WORDS` words of 64 bits.
///
/// It is a [`Shape`] whose numbers are constants of the program: registering checks them once, and an allocation takes
/// a constant size. For the nodes and frames that a program declares, as opposed to those that it loads. 8 bytes (16
/// in debug builds, which can tell a shape of another heap).
///
/// ```
/// use gc_core::{Config, FixedShape, Heap};
///
/// let mut heap = Heap::new(Config::default())?;
/// let pair: FixedShape<2, 1> = heap.register_fixed("pair");
///
/// let list = heap.alloc_with(pair, [None, None])?;
/// let head = heap.alloc_with(pair, [Some(list), None])?;
/// heap.store_word(head, 0, 7);
/// assert_eq!(heap.view(head).size_bytes(), pair.size_bytes());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Giving it another number of slots is an error of types:
///
/// ```compile_fail
/// # use gc_core::{Config, Heap, FixedShape};
/// # let mut heap = Heap::new(Config::default()).unwrap();
/// # let pair: FixedShape<2, 1> = heap.register_fixed("pair");
/// heap.alloc_with(pair, [None]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FixedShape<const SLOTS: usize, const WORDS: usize>(Shape);

impl<const SLOTS: usize, const WORDS: usize> FixedShape<SLOTS, WORDS> {
    /// The layout that objects have.
    pub(crate) const LAYOUT: Layout = {
        assert!(SLOTS <= u16::MAX as usize, "at most 65,535 slots");
        assert!(WORDS <= MAX_RAW as usize, "at most 31 words of raw bytes");
        Layout::Fixed { slots: SLOTS as u16, bytes: 8 * WORDS as u32 }
    };

    const SIZE: Granules = Granules(HEADER.0 + slots_size(SLOTS as u32).0 + WORDS as u32);

    /// The shape, which was registered with [`FixedShape::LAYOUT`].
    pub(crate) fn of(shape: Shape) -> Self {
        FixedShape(shape)
    }

    /// The same shape, its numbers left to run time.
    #[must_use]
    pub fn shape(self) -> Shape {
        self.0
    }

    /// Size of an object, header included, in bytes.
    #[must_use]
    #[inline]
    pub fn size_bytes(self) -> u64 {
        Self::SIZE.bytes()
    }
}

/// A shape of fixed objects with `SLOTS` slots: a [`Shape`], which is looked at in each allocation, or a
/// [`FixedShape`], of which the compiler knows all that there is to see.
pub trait ShapeWithSlots<const SLOTS: usize>: Copy + sealed::Sealed {
    /// The shape.
    #[doc(hidden)]
    fn shape(self) -> Shape;

    /// Size of an object in granules.
    ///
    /// # Panics
    /// If the shape is another than that of fixed objects with as many slots.
    #[doc(hidden)]
    fn size_granules(self) -> u32;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Shape {}
    impl<const SLOTS: usize, const WORDS: usize> Sealed for super::FixedShape<SLOTS, WORDS> {}
}

impl<const SLOTS: usize, const WORDS: usize> ShapeWithSlots<SLOTS> for FixedShape<SLOTS, WORDS> {
    #[inline(always)]
    fn shape(self) -> Shape {
        self.0
    }

    #[inline(always)]
    fn size_granules(self) -> u32 {
        Self::SIZE.0
    }
}

impl<const SLOTS: usize> ShapeWithSlots<SLOTS> for Shape {
    #[inline(always)]
    fn shape(self) -> Shape {
        self
    }

    #[inline(always)]
    fn size_granules(self) -> u32 {
        match self.header().size_with_slots(SLOTS as u32) {
            Some(size) => size.0,
            None => wrong_slots(self.header(), SLOTS as u32),
        }
    }
}

#[cold]
#[inline(never)]
fn wrong_slots(header: Header, given: u32) -> ! {
    let has = header.slot_count();
    assert!(has != given, "objects of this shape need a length: use `alloc_array`");
    panic!("objects of this shape have {has} slots, {given} were given")
}
