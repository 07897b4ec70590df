//! The heap of Node.js before the first line of a program runs.

use gc_core::{Heap, HeapFull, Layout, Root, Shape};

/// What Node.js 20 has in its heap when a program starts, in bytes.
///
/// The program of the first reference row prints it (`v8.getHeapSpaceStatistics`). What of it lives in new space is what
/// the first scavenge of that program, which keeps nothing itself, leaves.
const OLD_BYTES: u64 = OLD_SPACE_BYTES + CODE_BYTES + LARGE_OBJECT_BYTES;
const OLD_SPACE_BYTES: u64 = 2_799_560;
const CODE_BYTES: u64 = 245_712;
const LARGE_OBJECT_BYTES: u64 = 262_160;
const NEW_BYTES: u64 = 356_208;
const LIVE_NEW_BYTES: u64 = 170_000;

/// Bytes of one of the objects that stand for all these: the size makes no difference as long as it is small.
const OBJECT_BYTES: u64 = 1_000;

/// What keeps the heap of the start alive.
#[derive(Debug)]
pub(crate) struct StartUp {
    _roots: Vec<Root>,
}

impl StartUp {
    /// Fills a heap as Node.js does.
    ///
    /// # Errors
    /// If the heap is full.
    pub(crate) fn fill(heap: &mut Heap) -> Result<Self, HeapFull> {
        let bytes = heap.register("StartUp", Layout::Bytes);
        let mut roots = Vec::new();
        for _ in 0..OLD_BYTES / OBJECT_BYTES {
            roots.push(
                heap.scope(|heap| heap.alloc_old_array(bytes, body()).map(|object| heap.root(object)))?,
            );
        }
        for _ in 0..LIVE_NEW_BYTES / OBJECT_BYTES {
            roots.push(make(heap, bytes)?);
        }
        for _ in 0..(NEW_BYTES - LIVE_NEW_BYTES) / OBJECT_BYTES {
            make(heap, bytes)?;
        }
        Ok(StartUp { _roots: roots })
    }
}

fn body() -> u32 {
    OBJECT_BYTES as u32 - 8
}

fn make(heap: &mut Heap, bytes: Shape) -> Result<Root, HeapFull> {
    heap.scope(|heap| heap.alloc_array(bytes, body()).map(|object| heap.root(object)))
}
