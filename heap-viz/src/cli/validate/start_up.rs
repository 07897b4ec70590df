//! The heap of Node.js before the first line of a program runs.

use gc_core::{Heap, HeapFull, Layout, Local, Root, Shape};

/// What Node.js 20 has in its heap when a program starts, in bytes, by `v8.getHeapSpaceStatistics`: in old space, with code
/// and large objects, and in new space.
const OLD_BYTES: u64 = 2_799_560 + 245_712 + 262_160;
const NEW_BYTES: u64 = 356_208;
/// What of it lives in new space: what the first scavenge leaves of a program that keeps nothing.
const LIVE_NEW_BYTES: u64 = 170_000;
/// What of it lives in old space: what the first mark-compact leaves, less that.
const LIVE_OLD_BYTES: u64 = 2_907_672 - LIVE_NEW_BYTES;

/// Bytes of one of the objects that stand for all these: the size makes no difference as long as it is small.
const OBJECT_BYTES: u64 = 1_000;

/// What keeps the heap of the start alive.
#[derive(Debug)]
pub(crate) struct StartUp {
    _roots: Vec<Root>,
}

/// Which generation an object is made in.
type Allocate = fn(&mut Heap, Shape, u32) -> Result<Local, HeapFull>;

impl StartUp {
    /// Fills a heap as Node.js does.
    ///
    /// # Errors
    /// If the heap is full.
    pub(crate) fn fill(heap: &mut Heap) -> Result<Self, HeapFull> {
        let mut roots = make(heap, Heap::alloc_old_array, LIVE_OLD_BYTES)?;
        drop(make(heap, Heap::alloc_old_array, OLD_BYTES - LIVE_OLD_BYTES)?);
        roots.extend(make(heap, Heap::alloc_array, LIVE_NEW_BYTES)?);
        drop(make(heap, Heap::alloc_array, NEW_BYTES - LIVE_NEW_BYTES)?);
        Ok(StartUp { _roots: roots })
    }
}

/// Makes objects that take so many bytes together.
fn make(heap: &mut Heap, allocate: Allocate, bytes: u64) -> Result<Vec<Root>, HeapFull> {
    let shape = heap.register("StartUp", Layout::Bytes);
    let body = OBJECT_BYTES as u32 - 8;
    let one = |heap: &mut Heap| allocate(heap, shape, body).map(|object| heap.root(object));
    (0..bytes / OBJECT_BYTES).map(|_| heap.scope(one)).collect()
}
