//! What is read and written, in which order: the same for the heap and for what it is compared with.

use crate::Random;
use crate::programs::content::LEAST_BYTES;
use std::collections::VecDeque;

/// How often the writer takes a chunk, for 100 that are read.
const WRITTEN_PERCENT: u32 = 50;

/// A piece of a message, as it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::programs) struct Chunk {
    /// What it is filled with: chunks are counted.
    pub(in crate::programs) number: u64,
    pub(in crate::programs) bytes: u32,
    /// Whether it is the last of its message.
    pub(in crate::programs) ends_message: bool,
}

/// One step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::programs) enum Step {
    /// A chunk is read, and waits to be written.
    Read(Chunk),
    /// The chunk that has waited longest is written.
    Write,
}

/// What a run is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::programs) struct Plan {
    pub(in crate::programs) messages: u32,
    /// Mean size of a message.
    pub(in crate::programs) message_bytes: u32,
    /// Largest size of a chunk.
    pub(in crate::programs) chunk_bytes: u32,
    /// How many bytes wait when reading pauses. Without it everything is read before anything is written.
    pub(in crate::programs) high_water_bytes: Option<u32>,
    pub(in crate::programs) seed: u64,
}

impl Plan {
    /// Makes all steps with `take`.
    pub(in crate::programs) fn make<E>(&self, mut take: impl FnMut(Step) -> Result<(), E>) -> Result<(), E> {
        let mut random = Random::new(!self.seed);
        let mut source = self.chunks();
        let mut waiting = VecDeque::new();
        let (mut waiting_bytes, mut is_paused, mut is_read) = (0, false, false);
        while !is_read || !waiting.is_empty() {
            if !is_paused {
                match source.next() {
                    Some(chunk) => {
                        waiting.push_back(chunk.bytes);
                        waiting_bytes += u64::from(chunk.bytes);
                        is_paused =
                            self.high_water_bytes.is_some_and(|mark| waiting_bytes >= u64::from(mark));
                        take(Step::Read(chunk))?;
                    }
                    None => is_read = true,
                }
            }
            let is_writing = self.high_water_bytes.is_some() && random.chance(WRITTEN_PERCENT);
            if (is_read || is_writing)
                && let Some(bytes) = waiting.pop_front()
            {
                waiting_bytes -= u64::from(bytes);
                take(Step::Write)?;
                // The writer has drained: reading goes on.
                is_paused &= !waiting.is_empty();
            }
        }
        Ok(())
    }

    /// About how many chunks a message is read in. The last one of each is shorter than others.
    pub(in crate::programs) fn chunks_per_message(&self) -> f64 {
        let mean = f64::from(self.chunk_bytes + LEAST_BYTES) / 2.0;
        (f64::from(self.message_bytes) / mean + 2.0 / 3.0).max(1.0)
    }

    /// All chunks of all messages.
    fn chunks(&self) -> impl Iterator<Item = Chunk> {
        let Plan { messages, message_bytes, chunk_bytes, seed, .. } = *self;
        let mut random = Random::new(seed);
        let (mut message, mut left) = (0, 0);
        let chunk = move |number| {
            if left == 0 {
                if message == messages {
                    return None;
                }
                message += 1;
                left = message_bytes / 2 + random.below(message_bytes + 1);
            }
            let bytes = LEAST_BYTES + random.below(chunk_bytes - LEAST_BYTES + 1);
            // What would be left is too little for a chunk of its own.
            let bytes = if left < bytes + LEAST_BYTES { left } else { bytes };
            left -= bytes;
            Some(Chunk { number, bytes, ends_message: left == 0 })
        };
        (0..).map_while(chunk)
    }
}

#[cfg(test)]
mod tests {
    use super::{Plan, Step};
    use std::collections::VecDeque;
    use std::convert::Infallible;

    const PLAN: Plan = Plan {
        messages: 200,
        message_bytes: 5_000,
        chunk_bytes: 1_000,
        high_water_bytes: Some(4_000),
        seed: 1,
    };

    /// Most bytes that wait, and all chunks in the order in which they are written.
    fn follow(plan: &Plan) -> (u32, Vec<u64>) {
        let (mut waiting, mut most, mut written) = (VecDeque::new(), 0, Vec::new());
        let Ok(()) = plan.make::<Infallible>(|step| {
            match step {
                Step::Read(chunk) => waiting.push_back(chunk),
                Step::Write => written.push(waiting.pop_front().expect("there is a chunk").number),
            }
            most = most.max(waiting.iter().map(|chunk| chunk.bytes).sum());
            Ok(())
        });
        assert!(waiting.is_empty());
        (most, written)
    }

    #[test]
    fn all_chunks_are_written_in_order() {
        let (_, written) = follow(&PLAN);
        assert_eq!(written, (0..PLAN.chunks().count() as u64).collect::<Vec<_>>());
    }

    #[test]
    fn reading_pauses_at_the_high_water_mark() {
        let (most, _) = follow(&PLAN);
        assert!((4_000..5_100).contains(&most), "{most}");
        let (all, _) = follow(&Plan { high_water_bytes: None, ..PLAN });
        assert_eq!(all, PLAN.chunks().map(|chunk| chunk.bytes).sum::<u32>());
    }

    #[test]
    fn messages_and_chunks_have_the_sizes_that_were_asked_for() {
        let chunks: Vec<_> = PLAN.chunks().collect();
        assert_eq!(chunks.iter().filter(|chunk| chunk.ends_message).count(), 200);
        assert!(chunks.iter().all(|chunk| (8..1_016).contains(&chunk.bytes)));
        let bytes: u32 = chunks.iter().map(|chunk| chunk.bytes).sum();
        assert!((900_000..1_100_000).contains(&bytes), "{bytes}");
        let expected = PLAN.chunks_per_message() * 200.0;
        let count = chunks.len() as f64;
        assert!((expected * 0.95..expected * 1.05).contains(&count), "{count}, not {expected}");
    }
}
