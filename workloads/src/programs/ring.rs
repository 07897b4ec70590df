//! A window of recent messages: what latency does a steady stream see?

use super::object_bytes;
use crate::{Checksum, Entry, Found, Latencies, Moment, Parameter, Parameters, Progress, Workload};
use gc_core::event::Nanos;
use gc_core::{Budget, Heap, HeapFull, Layout, Local, Shape, View};

/// Pushes between two idle times.
const PUSHES_PER_BATCH: u32 = 100;

/// Pushes messages into an array that keeps the latest `window` of them, each message filled with the low byte
/// of its number, and records how long each push took; then reads the whole window.
///
/// The shape is that of a message broker that keeps a history: live data is large and constant, the oldest data
/// dies first, and every stop of the program shows as one slow push.
///
/// Messages may come in batches of 100: then the program is idle for `idle_us` after each, gives that time to the heap
/// ([`Heap::step`]), and counts it in no push.
///
/// **Stresses** pause times: promotion of everything, a large array that is written at every push, and old
/// objects that die in order of age.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ring {
    /// How many messages are kept.
    pub window: u32,
    /// Size of a message, in bytes.
    pub message_bytes: u32,
    /// How many messages are pushed.
    pub pushes: u32,
    /// Idle time that the heap is given after every 100 pushes, in microseconds; none if 0.
    pub idle_us: u32,
}

/// The workload by name.
pub const ENTRY: Entry = Entry {
    name: "ring",
    about: "pushes messages into a window that keeps the latest, and times every push",
    stresses: "the generational hypothesis: every message outlives several scavenges and then dies old, so all of \
               them are copied and promoted for nothing, the large array of the window is scanned by every \
               scavenge, and old space fills with garbage in order of age; the worst push shows the longest pause",
    by_default: true,
    parameters: &[
        Parameter {
            name: "window",
            unit: "messages",
            about: "how many messages are kept",
            default: 200_000,
            min: 1,
            max: 10_000_000,
        },
        Parameter {
            name: "message",
            unit: "bytes",
            about: "size of a message",
            default: 1_024,
            min: 1,
            max: 1_048_576,
        },
        Parameter {
            name: "pushes",
            unit: "messages",
            about: "how many messages are pushed",
            default: 2_000_000,
            min: 1,
            max: 100_000_000,
        },
        Parameter {
            name: "idle_us",
            unit: "microseconds",
            about: "idle time that the heap is given after every 100 pushes; 0: none",
            default: 0,
            min: 0,
            max: 1_000_000,
        },
    ],
    construct: |parameters| Box::new(Ring::new(parameters)),
};

impl Ring {
    fn new(parameters: &Parameters) -> Self {
        Ring {
            window: parameters.get_u32("window"),
            message_bytes: parameters.get_u32("message"),
            pushes: parameters.get_u32("pushes"),
            idle_us: parameters.get_u32("idle_us"),
        }
    }

    /// The number of the message that ends up at `index`: the last that is pushed there.
    fn last_at(&self, index: u32) -> Option<u32> {
        let last = self.pushes - 1;
        (index <= last).then(|| last - (last - index) % self.window)
    }

    fn push(&self, heap: &mut Heap, ring: Local, message: Shape, number: u32) -> Result<(), HeapFull> {
        heap.scope(|heap| {
            let pushed = heap.alloc_array(message, self.message_bytes)?;
            heap.bytes_mut(pushed).fill(fill_byte(number));
            heap.store(ring, number % self.window, Some(pushed));
            Ok(())
        })
    }

    /// Gives the heap the time until the next batch, if `number` was the last push of one.
    fn idle_after(&self, heap: &mut Heap, number: u32) {
        if self.idle_us > 0 && (number + 1).is_multiple_of(PUSHES_PER_BATCH) {
            heap.step(Budget::Time(Nanos(u64::from(self.idle_us) * 1_000)));
        }
    }
}

impl Workload for Ring {
    fn operation(&self) -> &'static str {
        "push"
    }

    fn operations(&self) -> u64 {
        self.pushes.into()
    }

    fn live_bytes(&self) -> u64 {
        let kept = u64::from(self.window.min(self.pushes));
        object_bytes(self.window.into(), 0) + kept * object_bytes(0, self.message_bytes.into())
    }

    fn expected_checksum(&self) -> u64 {
        let byte_sum = |number| u64::from(self.message_bytes) * u64::from(fill_byte(number));
        let sums = (0..self.window).map(|index| self.last_at(index).map_or(0, byte_sum));
        sums.collect::<Checksum>().value()
    }

    fn drive(&self, heap: &mut Heap, progress: &mut Progress<'_>) -> Result<Found, HeapFull> {
        let window = heap.register("Window", Layout::Slots);
        let message = heap.register("Message", Layout::Bytes);
        let ring = heap.alloc_array(window, self.window)?;
        let mut latencies = Latencies::with_capacity(self.pushes as usize);
        for number in 0..self.pushes {
            let start = Moment::now(heap);
            self.push(heap, ring, message, number)?;
            latencies.record(Moment::now(heap).since(start));
            self.idle_after(heap, number);
            progress.advance(1);
        }
        let checksum = read(heap.view(ring));
        Ok(Found { latencies: Some(latencies), ..checksum.into() })
    }
}

const fn fill_byte(number: u32) -> u8 {
    number as u8
}

fn read(ring: View<'_>) -> Checksum {
    let byte_sum = |message: View<'_>| message.bytes().iter().map(|byte| u64::from(*byte)).sum();
    (0..ring.len()).map(|index| ring.slot(index).map_or(0, byte_sum)).collect()
}

#[cfg(test)]
mod tests {
    use super::Ring;

    #[track_caller]
    fn check(window: u32, pushes: u32, expected: &[Option<u32>]) {
        let ring = Ring { window, message_bytes: 8, pushes, idle_us: 0 };
        let numbers: Vec<_> = (0..window).map(|index| ring.last_at(index)).collect();
        assert_eq!(numbers, expected, "a window of {window} after {pushes} pushes");
    }

    #[test]
    fn the_window_keeps_the_latest() {
        check(3, 2, &[Some(0), Some(1), None]);
        check(3, 3, &[Some(0), Some(1), Some(2)]);
        check(3, 5, &[Some(3), Some(4), Some(2)]);
        check(1, 7, &[Some(6)]);
    }
}
