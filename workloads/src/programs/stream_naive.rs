//! Large data all at once: what a stream is better than.

use super::stream::{self, CHUNK, MESSAGE, MESSAGES, plan::Plan};
use crate::{Entry, Found, Parameters, Progress, Workload};
use gc_core::{Heap, HeapFull};

/// Reads what [`Stream`](super::Stream) pipes, in the same chunks, but all of it before anything is written. What is
/// written is the same.
///
/// **Stresses** off-heap buffers that all live: there is as much external memory as data, and no collection wins any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamNaive {
    /// How many messages are copied.
    pub messages: u32,
    /// Mean size of a message, in bytes.
    pub message_bytes: u32,
    /// Largest size of a chunk, in bytes.
    pub chunk_bytes: u32,
    /// The stream that sizes are drawn from.
    pub seed: u64,
}

/// The workload by name.
pub const ENTRY: Entry = Entry {
    name: "stream_naive",
    about: "does what `stream` does without back-pressure: reads everything before it writes",
    stresses: "external memory that is alive: each collection that buffers make due finds all of them needed, and the \
               limit has to follow",
    by_default: false,
    parameters: &[MESSAGES, MESSAGE, CHUNK],
    construct: |parameters| Box::new(StreamNaive::new(parameters)),
};

impl StreamNaive {
    fn new(parameters: &Parameters) -> Self {
        StreamNaive {
            messages: parameters.get_u32(MESSAGES.name),
            message_bytes: parameters.get_u32(MESSAGE.name),
            chunk_bytes: parameters.get_u32(CHUNK.name),
            seed: parameters.seed(),
        }
    }

    fn plan(&self) -> Plan {
        Plan {
            messages: self.messages,
            message_bytes: self.message_bytes,
            chunk_bytes: self.chunk_bytes,
            high_water_bytes: None,
            seed: self.seed,
        }
    }
}

impl Workload for StreamNaive {
    fn operation(&self) -> &'static str {
        "message"
    }

    fn operations(&self) -> u64 {
        self.messages.into()
    }

    fn live_bytes(&self) -> u64 {
        stream::live_bytes(&self.plan(), self.messages.into())
    }

    fn expected_checksum(&self) -> u64 {
        stream::expected_checksum(&self.plan())
    }

    fn drive(&self, heap: &mut Heap, progress: &mut Progress<'_>) -> Result<Found, HeapFull> {
        stream::drive(&self.plan(), heap, progress)
    }
}

#[cfg(test)]
mod tests {
    use super::StreamNaive;
    use crate::Workload;
    use crate::programs::Stream;

    #[test]
    fn both_write_the_same() {
        let naive = StreamNaive { messages: 50, message_bytes: 3_000, chunk_bytes: 1_000, seed: 7 };
        let StreamNaive { messages, message_bytes, chunk_bytes, seed } = naive;
        let stream = Stream { messages, message_bytes, chunk_bytes, high_water_bytes: 2_000, seed };
        assert_eq!(naive.expected_checksum(), stream.expected_checksum());
    }
}
