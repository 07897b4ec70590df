//! A cache in another process.

use crate::programs::{content, object_bytes};
use gc_core::{Heap, HeapFull, Layout, Local};
use std::collections::HashMap;

const BUFFER: u32 = 0;

/// Bytes of objects on the heap: the connection, and two buffer objects.
pub(super) const LIVE_BYTES: u64 = object_bytes(1, 0) + 2 * object_bytes(0, 8);

/// A connection to the other process, which is a map of this program here: no object of the heap, as it would not be one of
/// another process either. Values go there and come back in off-heap buffers.
#[derive(Debug)]
pub(super) struct Outside {
    connection: Local,
    value_bytes: u32,
    /// What the other process holds: by key, the number that the value is filled with.
    values: HashMap<u64, u64>,
}

impl Outside {
    /// A connection, whose handle lives in the current scope.
    pub(super) fn new(heap: &mut Heap, value_bytes: u32) -> Result<Self, HeapFull> {
        let connection = heap.register("Connection", Layout::Fixed { slots: 1, bytes: 0 });
        Ok(Outside { connection: heap.alloc(connection)?, value_bytes, values: HashMap::new() })
    }

    /// Answers request `number`: the number of the request that stored the value of `key`.
    pub(super) fn answer(&mut self, heap: &mut Heap, key: u64, number: u64) -> Result<u64, HeapFull> {
        let buffer = heap.alloc_buffer(self.value_bytes)?;
        heap.store(self.connection, BUFFER, Some(buffer));
        // The same buffer serves to send a value and to receive one.
        content::write(heap.buffer_mut(buffer), self.values.get(&key).copied().unwrap_or(number));
        let carried = content::read(heap.view(buffer).buffer());
        self.values.entry(key).or_insert(carried);
        Ok(carried)
    }
}
