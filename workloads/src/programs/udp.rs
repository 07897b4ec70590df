//! Datagrams: nothing outlives the answer.

use super::{content, object_bytes};
use crate::{Checksum, Entry, Found, Latencies, Moment, Parameter, Parameters, Progress, Random, Workload};
use gc_core::{FixedShape, Heap, HeapFull, Layout, Local, Shape, View};

/// A server of names for UDP. A datagram is a buffer with a question: a name of some labels. It is parsed into a list of texts,
/// answered by a buffer that holds them in reverse, and forgotten: there is no connection and no state.
///
/// **Stresses** nothing but allocation: all that a scavenge can find alive is the datagram that is being answered. Nothing becomes
/// old, there is nothing to mark, and the price of a scavenge does not depend on the size of new space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Udp {
    /// How many datagrams arrive.
    pub datagrams: u32,
    /// Most labels of a name; at least 1.
    pub labels: u32,
    /// Size of the largest label, in bytes; 8 to 63.
    pub label_bytes: u32,
    /// The stream that random choices are drawn from.
    pub seed: u64,
}

/// The workload by name.
pub const ENTRY: Entry = Entry {
    name: "udp",
    about: "answers datagrams, each with a name of some labels, and keeps nothing",
    stresses: "allocation alone: everything is garbage at once, scavenges find next to nothing, and nothing becomes old",
    by_default: true,
    parameters: &[
        Parameter {
            name: "datagrams",
            unit: "datagrams",
            about: "how many datagrams arrive",
            default: 300_000,
            min: 1,
            max: 1_000_000_000,
        },
        Parameter {
            name: "labels",
            unit: "labels",
            about: "most labels of a name",
            default: 6,
            min: 1,
            max: 1_000,
        },
        Parameter {
            name: "label",
            unit: "bytes",
            about: "size of the largest label",
            default: 63,
            min: content::LEAST_BYTES as u64,
            max: 63,
        },
    ],
    construct: |parameters| Box::new(Udp::new(parameters)),
};

/// The name that a datagram asks for: numbers that its labels are filled with, and their sizes.
type Name = Vec<(u64, u32)>;

impl Udp {
    fn new(parameters: &Parameters) -> Self {
        Udp {
            datagrams: parameters.get_u32("datagrams"),
            labels: parameters.get_u32("labels"),
            label_bytes: parameters.get_u32("label"),
            seed: parameters.seed(),
        }
    }

    fn names(&self) -> impl Iterator<Item = Name> {
        let Udp { datagrams, labels, label_bytes, seed } = *self;
        let mut random = Random::new(seed);
        (0..datagrams).map(move |_| {
            let count = 1 + random.below(labels);
            let mut label = |_| {
                let bytes = content::LEAST_BYTES + random.below(label_bytes - content::LEAST_BYTES + 1);
                (random.number(), bytes)
            };
            (0..count).map(&mut label).collect()
        })
    }
}

impl Workload for Udp {
    fn operation(&self) -> &'static str {
        "datagram"
    }

    fn operations(&self) -> u64 {
        self.datagrams.into()
    }

    fn live_bytes(&self) -> u64 {
        let label =
            object_bytes(2, 0) + object_bytes(0, u64::from(self.label_bytes + content::LEAST_BYTES) / 2);
        object_bytes(0, 8) + 2 * object_bytes(0, 8) + u64::from(self.labels) * label
    }

    fn expected_checksum(&self) -> u64 {
        let mut checksum = Checksum::default();
        for name in self.names() {
            for (number, bytes) in name.into_iter().rev() {
                checksum.add(number);
                checksum.add(bytes.into());
            }
        }
        checksum.add(self.datagrams.into());
        checksum.value()
    }

    fn drive(&self, heap: &mut Heap, progress: &mut Progress<'_>) -> Result<Found, HeapFull> {
        let mut socket = Socket::new(heap)?;
        let mut latencies = Latencies::with_capacity(self.datagrams as usize);
        let mut checksum = Checksum::default();
        for name in self.names() {
            let start = Moment::now(heap);
            heap.scope(|heap| {
                let datagram = socket.receive(heap, &name)?;
                let question = socket.parse(heap, datagram)?;
                let answer = socket.answer(heap, question)?;
                read(heap.view(answer).buffer(), &mut checksum);
                Ok(())
            })?;
            latencies.record(Moment::now(heap).since(start));
            progress.advance(1);
        }
        checksum.add(heap.view(socket.socket).word(0));
        Ok(Found { latencies: Some(latencies), ..checksum.into() })
    }
}

/// Slots of a label.
const NEXT: u32 = 0;
const TEXT: u32 = 1;

/// What datagrams come by. It keeps none of them.
#[derive(Debug)]
struct Socket {
    label: FixedShape<2, 0>,
    text: Shape,
    /// The socket itself, all that lives: its word is how many datagrams have been answered.
    socket: Local,
    /// Room for a datagram on its way to or from the heap.
    wire: Vec<u8>,
}

impl Socket {
    fn new(heap: &mut Heap) -> Result<Self, HeapFull> {
        let socket: FixedShape<0, 1> = heap.register_fixed("Socket");
        let (label, text) = (heap.register_fixed("Label"), heap.register("Text", Layout::Bytes));
        Ok(Socket { label, text, socket: heap.alloc_with(socket, [])?, wire: Vec::new() })
    }

    /// A datagram arrives.
    fn receive(&mut self, heap: &mut Heap, name: &Name) -> Result<Local, HeapFull> {
        self.wire.clear();
        for (number, bytes) in name {
            self.wire.push(*bytes as u8);
            let start = self.wire.len();
            self.wire.resize(start + *bytes as usize, 0);
            content::write(&mut self.wire[start..], *number);
        }
        self.buffer(heap)
    }

    /// A buffer with what is in the wire.
    fn buffer(&self, heap: &mut Heap) -> Result<Local, HeapFull> {
        let buffer = heap.alloc_buffer(self.wire.len() as u32)?;
        heap.buffer_mut(buffer).copy_from_slice(&self.wire);
        Ok(buffer)
    }

    /// The labels of a datagram as a list, the last first.
    fn parse(&mut self, heap: &mut Heap, datagram: Local) -> Result<Option<Local>, HeapFull> {
        self.wire.clear();
        self.wire.extend_from_slice(heap.view(datagram).buffer());
        let mut first = None;
        for label in labels(&self.wire) {
            let text = heap.alloc_array(self.text, label.len() as u32)?;
            heap.bytes_mut(text).copy_from_slice(label);
            first = Some(heap.alloc_with(self.label, [first, Some(text)])?);
        }
        Ok(first)
    }

    /// The answer to a question: its labels in the order of the list.
    fn answer(&mut self, heap: &mut Heap, question: Option<Local>) -> Result<Local, HeapFull> {
        self.wire.clear();
        let first = question.map(|label| heap.view(label));
        let list = std::iter::successors(first, |label| label.slot(NEXT));
        for text in list.filter_map(|label| label.slot(TEXT)).map(View::bytes) {
            self.wire.push(text.len() as u8);
            self.wire.extend_from_slice(text);
        }
        let answered = heap.view(self.socket).word(0) + 1;
        heap.store_word(self.socket, 0, answered);
        self.buffer(heap)
    }
}

/// The labels of a datagram, each behind a byte that says how long it is.
fn labels(datagram: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut left = datagram;
    std::iter::from_fn(move || {
        let (length, rest) = left.split_first()?;
        let (label, behind) = rest.split_at_checked((*length).into())?;
        left = behind;
        Some(label)
    })
}

fn read(answer: &[u8], checksum: &mut Checksum) {
    for label in labels(answer) {
        checksum.add(content::read(label));
        checksum.add(label.len() as u64);
    }
}

#[cfg(test)]
mod tests {
    use super::labels;

    #[track_caller]
    fn check(datagram: &[u8], expected: &[&str]) {
        let found: Vec<_> = labels(datagram).map(String::from_utf8_lossy).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn labels_are_read_as_far_as_they_are_whole() {
        check(b"\x03www\x07example\x00", &["www", "example", ""]);
        check(b"\x03www\x09example", &["www"]);
        check(b"", &[]);
    }
}
