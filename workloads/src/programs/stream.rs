//! Large data in small pieces: what flows through the heap without staying there.

pub(super) mod plan;

use self::plan::{Chunk, Plan, Step};
use super::queue::{LINK_BYTES, Queue};
use super::{content, object_bytes};
use crate::{Checksum, Entry, Found, Parameter, Parameters, Progress, Workload};
use gc_core::{Heap, HeapFull, Layout, Local, Shape};
use std::collections::VecDeque;
use std::convert::Infallible;

/// Pipes messages from a reader to a writer that is slower. Chunks are read into off-heap buffers of random sizes: small
/// ones are cut from slabs of 8 KiB, which several share, larger ones have slabs of their own. They wait in a queue; when
/// `high_water` bytes do, reading pauses until the writer has drained it. The writer collects the chunks of a message, and
/// joins them in one buffer once it has the last.
///
/// However much flows through, little more than the high-water mark and a message is alive at any time. By default 125 MiB
/// do, and buffers take 17 MiB at most, as scavenges are due at 16 MiB of new ones; [`StreamNaive`](super::StreamNaive) takes
/// 153 MiB for them.
///
/// **Stresses** off-heap buffers: the heap has next to nothing to do, so what keeps memory flat is that collections become due
/// by what buffers take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stream {
    /// How many messages are piped.
    pub messages: u32,
    /// Mean size of a message, in bytes.
    pub message_bytes: u32,
    /// Largest size of a chunk, in bytes.
    pub chunk_bytes: u32,
    /// How many bytes wait when reading pauses.
    pub high_water_bytes: u32,
    /// The stream that sizes are drawn from.
    pub seed: u64,
}

/// How many messages are piped.
pub(super) const MESSAGES: Parameter = Parameter {
    name: "messages",
    unit: "messages",
    about: "how many messages are piped",
    default: 2_000,
    min: 1,
    max: 1_000_000_000,
};

/// Mean size of a message.
pub(super) const MESSAGE: Parameter = Parameter {
    name: "message",
    unit: "bytes",
    about: "mean size of a message",
    default: 65_536,
    min: 64,
    max: 268_435_456,
};

/// Largest size of a chunk.
pub(super) const CHUNK: Parameter = Parameter {
    name: "chunk",
    unit: "bytes",
    about: "largest size of a chunk; those of up to 8192 bytes share slabs",
    default: 16_384,
    min: 64,
    max: 16_777_216,
};

/// The workload by name.
pub const ENTRY: Entry = Entry {
    name: "stream",
    about: "pipes messages in chunks from a reader to a slower writer, with a high-water mark and back-pressure",
    stresses: "off-heap buffers: each is owned by an object of 16 bytes, so a heap that looked at objects alone would \
               hold gigabytes before it is full; slabs that several small buffers share, and that live as long as any \
               of them",
    by_default: true,
    parameters: &[
        MESSAGES,
        MESSAGE,
        CHUNK,
        Parameter {
            name: "high_water",
            unit: "bytes",
            about: "how many bytes wait when reading pauses until all of them are written",
            default: 65_536,
            min: 1,
            max: 1_073_741_824,
        },
    ],
    construct: |parameters| Box::new(Stream::new(parameters)),
};

impl Stream {
    fn new(parameters: &Parameters) -> Self {
        Stream {
            messages: parameters.get_u32("messages"),
            message_bytes: parameters.get_u32("message"),
            chunk_bytes: parameters.get_u32("chunk"),
            high_water_bytes: parameters.get_u32("high_water"),
            seed: parameters.seed(),
        }
    }

    fn plan(&self) -> Plan {
        Plan {
            messages: self.messages,
            message_bytes: self.message_bytes,
            chunk_bytes: self.chunk_bytes,
            high_water_bytes: Some(self.high_water_bytes),
            seed: self.seed,
        }
    }
}

impl Workload for Stream {
    fn operation(&self) -> &'static str {
        "message"
    }

    fn operations(&self) -> u64 {
        self.messages.into()
    }

    fn live_bytes(&self) -> u64 {
        let messages = 1.5 + f64::from(self.high_water_bytes) / f64::from(self.message_bytes);
        live_bytes(&self.plan(), messages.min(f64::from(self.messages)))
    }

    fn expected_checksum(&self) -> u64 {
        expected_checksum(&self.plan())
    }

    fn drive(&self, heap: &mut Heap, progress: &mut Progress<'_>) -> Result<Found, HeapFull> {
        drive(&self.plan(), heap, progress)
    }
}

/// Bytes of objects while the chunks of so many messages are alive.
pub(super) fn live_bytes(plan: &Plan, messages: f64) -> u64 {
    let chunk = LINK_BYTES + object_bytes(1, 8) + object_bytes(0, 8);
    (messages * plan.chunks_per_message() * chunk as f64) as u64 + chunk
}

/// What is written, without a heap.
pub(super) fn expected_checksum(plan: &Plan) -> u64 {
    let mut waiting: VecDeque<Chunk> = VecDeque::new();
    let mut checksum = Checksum::default();
    let Ok(()) = plan.make::<Infallible>(|step| {
        match step {
            Step::Read(chunk) => waiting.push_back(chunk),
            Step::Write => {
                let chunk = waiting.pop_front().expect("only what was read is written");
                checksum.add(chunk.number);
                checksum.add(chunk.bytes.into());
            }
        }
        Ok(())
    });
    checksum.value()
}

/// Makes the steps of `plan` on a heap.
pub(super) fn drive(plan: &Plan, heap: &mut Heap, progress: &mut Progress<'_>) -> Result<Found, HeapFull> {
    let mut pipe = Pipe::new(heap)?;
    let mut checksum = Checksum::default();
    plan.make(|step| {
        heap.scope(|heap| match step {
            Step::Read(chunk) => pipe.read(heap, chunk),
            Step::Write if pipe.write(heap)? => {
                pipe.join(heap, &mut checksum)?;
                progress.advance(1);
                Ok(())
            }
            Step::Write => Ok(()),
        })
    })?;
    Ok(checksum.into())
}

/// The slot of a chunk, whose word 0 is 1 if it is the last of its message.
const BUFFER: u32 = 0;
/// The slot of the writer.
const JOINED: u32 = 0;

/// Both ends of the pipe, on the heap.
struct Pipe {
    chunk: Shape,
    /// What has been read and not yet written.
    waiting: Queue,
    /// What has been written of a message that has not ended.
    message: Queue,
    /// Holds the message that was joined last.
    writer: Local,
    /// Room for a message on its way from many buffers to one, and the sizes of its chunks.
    bytes: Vec<u8>,
    sizes: Vec<usize>,
}

impl Pipe {
    fn new(heap: &mut Heap) -> Result<Self, HeapFull> {
        let chunk = heap.register("Chunk", Layout::Fixed { slots: 1, bytes: 8 });
        let writer = heap.register("Writer", Layout::Fixed { slots: 1, bytes: 0 });
        let (waiting, message) = (Queue::new(heap)?, Queue::new(heap)?);
        let writer = heap.alloc(writer)?;
        Ok(Pipe { chunk, waiting, message, writer, bytes: Vec::new(), sizes: Vec::new() })
    }

    fn read(&self, heap: &mut Heap, read: Chunk) -> Result<(), HeapFull> {
        let buffer = heap.alloc_buffer(read.bytes)?;
        content::write(heap.buffer_mut(buffer), read.number);
        let chunk = heap.alloc_with(self.chunk, [Some(buffer)])?;
        heap.store_word(chunk, 0, read.ends_message.into());
        self.waiting.push(heap, chunk)
    }

    /// Writes the chunk that has waited longest; whether it ends its message.
    fn write(&self, heap: &mut Heap) -> Result<bool, HeapFull> {
        let Some(chunk) = self.waiting.pop(heap) else { return Ok(false) };
        self.message.push(heap, chunk)?;
        Ok(heap.view(chunk).word(0) == 1)
    }

    /// Joins the chunks of a message in one buffer, and reads them from there.
    fn join(&mut self, heap: &mut Heap, checksum: &mut Checksum) -> Result<(), HeapFull> {
        self.bytes.clear();
        self.sizes.clear();
        for buffer in self.message.values(heap).filter_map(|chunk| chunk.slot(BUFFER)) {
            self.bytes.extend_from_slice(buffer.buffer());
            self.sizes.push(buffer.buffer().len());
        }
        let joined = heap.alloc_buffer(self.bytes.len() as u32)?;
        heap.buffer_mut(joined).copy_from_slice(&self.bytes);
        heap.store(self.writer, JOINED, Some(joined));
        while heap.scope(|heap| self.message.pop(heap).is_some()) {}
        let mut left = heap.view(joined).buffer();
        for size in &self.sizes {
            let (chunk, others) = left.split_at(*size);
            checksum.add(content::read(chunk));
            checksum.add(chunk.len() as u64);
            left = others;
        }
        Ok(())
    }
}
