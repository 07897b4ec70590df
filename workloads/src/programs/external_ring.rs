//! A ring of buffers: who notices memory that is not on the heap?

use super::{array_of_values_bytes, values};
use crate::{Checksum, Entry, Found, Parameter, Parameters, Progress, Workload};
use gc_core::{Heap, HeapFull, Layout, Local, Shape, View};

/// Allocates buffers off the heap into a ring: each is dropped by the `kept`-th after it.
///
/// On the heap a buffer is an object of under a hundred bytes. A collector that looked at its own spaces only would not
/// collect before gigabytes of dead buffers are waiting.
///
/// **Stresses** the account of external memory: it alone makes scavenges due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExternalRing {
    /// How many buffers are allocated.
    pub buffers: u64,
    /// How many of them are alive at a time.
    pub kept: u32,
    /// Size of a buffer, in bytes; at least 8.
    pub buffer_bytes: u32,
}

/// The workload by name.
pub const ENTRY: Entry = Entry {
    name: "external_ring",
    about: "allocates large buffers off the heap, of which each lives until a fixed number of others has been allocated",
    stresses: "external memory: the heap itself stays next to empty, and only the account of what lies off it makes \
               collections due",
    by_default: true,
    parameters: &[
        Parameter {
            name: "buffers",
            unit: "buffers",
            about: "how many buffers are allocated",
            default: 4_000,
            min: 1,
            max: 1_000_000_000,
        },
        Parameter {
            name: "kept",
            unit: "buffers",
            about: "how many buffers are alive at a time",
            default: 64,
            min: 1,
            max: 10_000_000,
        },
        Parameter {
            name: "buffer",
            unit: "bytes",
            about: "size of a buffer",
            default: 262_144,
            min: 8,
            max: 1_073_741_824,
        },
    ],
    construct: |parameters| Box::new(ExternalRing::new(parameters)),
};

/// Size of what a program holds of a buffer, in bytes: with the object that owns the buffer as much as an `ArrayBuffer` takes
/// in V8, which is 88.
const HOLDER_BYTES: u32 = 72;
const BUFFER: u32 = 0;

impl ExternalRing {
    fn new(parameters: &Parameters) -> Self {
        ExternalRing {
            buffers: parameters.get("buffers"),
            kept: parameters.get_u32("kept"),
            buffer_bytes: parameters.get_u32("buffer"),
        }
    }

    fn make(&self, heap: &mut Heap, holder: Shape, number: u64) -> Result<Local, HeapFull> {
        let made = heap.alloc(holder)?;
        let buffer = heap.alloc_buffer(self.buffer_bytes)?;
        heap.buffer_mut(buffer)[..8].copy_from_slice(&number.to_le_bytes());
        heap.store(made, BUFFER, Some(buffer));
        Ok(made)
    }

    fn numbers_kept(&self) -> impl Iterator<Item = u64> {
        let (last, kept) = (self.buffers - 1, u64::from(self.kept));
        (0..kept.min(self.buffers)).map(move |index| last - (last - index) % kept)
    }
}

impl Workload for ExternalRing {
    fn operation(&self) -> &'static str {
        "buffer"
    }

    fn operations(&self) -> u64 {
        self.buffers
    }

    fn live_bytes(&self) -> u64 {
        array_of_values_bytes(self.kept.into()) + 88 * self.buffers.min(self.kept.into())
    }

    fn expected_checksum(&self) -> u64 {
        self.numbers_kept().collect::<Checksum>().value()
    }

    fn drive(&self, heap: &mut Heap, progress: &mut Progress<'_>) -> Result<Found, HeapFull> {
        let holder = heap.register("Holder", Layout::Fixed { slots: 1, bytes: HOLDER_BYTES - 16 });
        let shape = values::register(heap);
        let ring = heap.alloc_array(shape, self.kept)?;
        for number in 0..self.buffers {
            heap.scope(|heap| {
                let made = self.make(heap, holder, number)?;
                values::store(heap, ring, (number % u64::from(self.kept)) as u32, made);
                Ok(())
            })?;
            progress.advance(1);
        }
        let ring = heap.view(ring);
        let kept = (0..self.kept).filter_map(|index| values::object(ring, index));
        Ok(kept.map(read).collect::<Checksum>().into())
    }
}

/// The number in a buffer.
fn read(holder: View<'_>) -> u64 {
    let buffer = holder.slot(BUFFER).expect("every holder has a buffer");
    u64::from_le_bytes(buffer.buffer()[..8].try_into().expect("eight bytes"))
}
