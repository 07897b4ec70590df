//! How many objects of each type there are, without a look at what refers to what.

use super::take::Survey;
use crate::heap::Heap;
use crate::object::Kind;
use crate::snapshot::type_index;

/// The objects of one type, counted where they lie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TypeTally {
    /// How many there are.
    pub objects: u64,
    /// Their size, headers included, in bytes.
    pub bytes: u64,
    /// Size of their off-heap buffers in bytes.
    pub external_bytes: u64,
}

impl Heap {
    /// How many objects there are that are not known to be dead, by the numbers of their [types](Heap::type_names).
    ///
    /// Right after a full collection those are the objects that are alive. At any other time the dead of new space and those
    /// that have died in old space since the last marking are counted too. Takes a walk over the objects and no memory for
    /// them, unlike a [snapshot](Heap::snapshot), which counts what the roots reach.
    ///
    /// ```
    /// # use gc_core::{Config, Heap, Layout};
    /// # let mut heap = Heap::new(Config::default())?;
    /// let small = heap.register("small", Layout::Fixed { slots: 0, bytes: 8 });
    /// heap.scope(|heap| heap.alloc(small).map(drop))?;
    /// let _kept = heap.alloc(small)?;
    /// assert_eq!(heap.tally()[0].objects, 2);
    /// heap.collect_full();
    /// assert_eq!((heap.tally()[0].objects, heap.tally()[0].bytes), (1, 16));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn tally(&self) -> Vec<TypeTally> {
        let mut tallies = vec![TypeTally::default(); self.type_names().count()];
        Survey::of(self).for_each_living(|header| {
            let tally = &mut tallies[type_index(&self.spaces, header) as usize];
            tally.objects += 1;
            tally.bytes += header.size().bytes();
            if header.kind() == Kind::Buffer {
                tally.external_bytes += u64::from(header.length());
            }
        });
        tallies
    }
}
