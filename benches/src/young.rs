//! Objects that die young: chains of [`CHAIN`] objects, each dropped as soon as it is complete.
//!
//! An object refers to the one before it and holds `WORDS` zeroed words: all slots are initialised, one of them
//! with a reference, as constructors do. All three programs make the same chains of objects of the same size: 16
//! bytes and the words.

use crate::settings::{MIB, heap};
use bumpalo::Bump;
use gc_core::{Batch, Config, FixedShape, Heap, HeapFull, Layout, Part, Shape, ShapeWithSlots};
use std::hint::black_box;

/// Objects in a chain.
pub const CHAIN: u32 = 64;

/// Bytes that the bumpalo program allocates before it starts anew: the size of Tenure's semispace while little
/// survives, so that both run in the same level of cache.
const RESET_BYTES: usize = MIB as usize;

/// The program on a Tenure heap with default settings. An object is a header, two 32-bit slots, and the words.
#[derive(Debug)]
pub struct Tenure<S> {
    heap: Heap,
    shape: S,
}

impl Tenure<Shape> {
    /// The program with objects of `words` words, a number that is looked at when the program runs.
    #[must_use]
    pub fn new(words: u32) -> Self {
        let mut heap = heap(Config::default());
        let shape = heap.register("link", Layout::Fixed { slots: 2, bytes: 8 * words });
        Tenure { heap, shape }
    }
}

impl<const WORDS: usize> Tenure<FixedShape<2, WORDS>> {
    /// The program with objects of a shape that the compiler knows.
    #[must_use]
    pub fn fixed() -> Self {
        let mut heap = heap(Config::default());
        let shape = heap.register_fixed("link");
        Tenure { heap, shape }
    }

    /// Makes `chains` chains, each in a batch.
    ///
    /// # Panics
    /// If the heap is full, which it never is.
    pub fn run_in_batches(&mut self, chains: u32) {
        let (shape, bytes) = (self.shape, u64::from(CHAIN) * self.shape.size_bytes());
        for _ in 0..chains {
            let made =
                self.heap.scope(|heap| heap.batch(bytes, |batch| batch_chain(batch, shape)).map(|_| ()));
            made.expect("a chain fits in the heap");
        }
    }
}

impl<S: ShapeWithSlots<2>> Tenure<S> {
    /// Makes `chains` chains.
    ///
    /// # Panics
    /// If the heap is full, which it never is.
    pub fn run(&mut self, chains: u32) {
        for _ in 0..chains {
            let made = self.heap.scope(|heap| chain(heap, self.shape));
            made.expect("a chain fits in the heap");
        }
    }
}

#[inline]
fn chain(heap: &mut Heap, shape: impl ShapeWithSlots<2>) -> Result<(), HeapFull> {
    let mut last = None;
    for _ in 0..CHAIN {
        last = Some(heap.alloc_with(shape, [last, None])?);
    }
    black_box(last);
    Ok(())
}

#[inline]
fn batch_chain<'b>(batch: &mut Batch<'b>, shape: impl ShapeWithSlots<2>) -> Part<'b> {
    let mut last = batch.alloc_with(shape, [None, None]);
    for _ in 1..CHAIN {
        last = batch.alloc_with(shape, [Some(last), None]);
    }
    black_box(last)
}

/// An object of the bumpalo program.
#[derive(Debug)]
struct BumpLink<'b, const WORDS: usize> {
    _slots: [Option<&'b BumpLink<'b, WORDS>>; 2],
    _words: [u64; WORDS],
}

/// The program on bumpalo: the floor. Nothing is collected; the memory is reused from the start after [`MIB`].
pub fn bumpalo<const WORDS: usize>(bump: &mut Bump, chains: u32) {
    let chains_per_reset = RESET_BYTES / (CHAIN as usize * size_of::<BumpLink<'_, WORDS>>());
    for number in 0..chains as usize {
        let mut last: Option<&BumpLink<'_, WORDS>> = None;
        for _ in 0..CHAIN {
            last = Some(bump.alloc(BumpLink { _slots: [last, None], _words: [0; WORDS] }));
        }
        black_box(last);
        if number % chains_per_reset == chains_per_reset - 1 {
            bump.reset();
        }
    }
}

/// An object of the `Box` program.
#[derive(Debug)]
struct BoxLink<const WORDS: usize> {
    _slots: [Option<Box<BoxLink<WORDS>>>; 2],
    _words: [u64; WORDS],
}

/// The program with `Box`: the ceiling. Every object is freed by itself.
pub fn boxed<const WORDS: usize>(chains: u32) {
    for _ in 0..chains {
        let mut last: Option<Box<BoxLink<WORDS>>> = None;
        for _ in 0..CHAIN {
            last = Some(Box::new(BoxLink { _slots: [last, None], _words: [0; WORDS] }));
        }
        black_box(last);
    }
}

#[cfg(test)]
mod tests {
    use super::{BoxLink, BumpLink};

    #[test]
    fn peers_have_objects_of_one_size() {
        assert_eq!([size_of::<BumpLink<'_, 0>>(), size_of::<BoxLink<0>>()], [16, 16]);
        assert_eq!([size_of::<BumpLink<'_, 2>>(), size_of::<BoxLink<2>>()], [32, 32]);
    }
}
