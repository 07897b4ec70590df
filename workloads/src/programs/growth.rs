//! Data that only grows: what does it cost to find again and again that nothing has died?

use super::growing_array::{GrowingArray, largest_bytes};
use super::literal::{self, Literal};
use crate::{Checksum, Entry, Found, Parameter, Parameters, Progress, Workload};
use gc_core::{Heap, HeapFull, View};

/// Allocates objects and keeps all of them, in arrays of `chunk` elements that grow as they fill up, which an array keeps
/// that grows too. The arrays that were outgrown are the only garbage.
///
/// **Stresses** the limits: new space, which grows to its maximum, the growth of the old generation from one full collection
/// to the next, and what happens near its maximum. One chunk for all makes a leak in one huge array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Growth {
    /// How many objects are allocated.
    pub objects: u64,
    /// Size of an object, in bytes, a multiple of 8.
    pub object_bytes: u32,
    /// Size of a second object that each refers to, in bytes, a multiple of 8; 0: none.
    pub companion_bytes: u32,
    /// How many objects an array keeps.
    pub chunk: u32,
}

/// The workload by name.
pub const ENTRY: Entry = Entry {
    name: "growth",
    about: "keeps every object that it allocates, in arrays that grow as they fill up",
    stresses: "limits: new space grows to its maximum, the old generation grows from one full collection to the next, \
               and none of them finds any garbage to speak of",
    by_default: false,
    parameters: &[
        Parameter {
            name: "objects",
            unit: "objects",
            about: "how many objects are allocated",
            default: 2_000_000,
            min: 1,
            max: 1_000_000_000,
        },
        literal::PARAMETER,
        Parameter {
            name: "companion",
            unit: "bytes",
            about: "size of a second object that each refers to, rounded up to a multiple of 8, at least 16; 0: none",
            default: 0,
            min: 0,
            max: 240,
        },
        Parameter {
            name: "chunk",
            unit: "objects",
            about: "how many objects an array keeps",
            default: 4_096,
            min: 1,
            max: 1_000_000_000,
        },
    ],
    construct: |parameters| Box::new(Growth::new(parameters)),
};

const COMPANION: u32 = 0;

/// The places of the program that allocate.
#[derive(Debug)]
struct Places {
    object: Literal,
    companion: Option<Literal>,
}

impl Growth {
    fn new(parameters: &Parameters) -> Self {
        let companion_bytes = match parameters.get_u32("companion") {
            0 => 0,
            bytes => bytes.next_multiple_of(8).max(16),
        };
        Growth {
            objects: parameters.get("objects"),
            object_bytes: literal::object_bytes(parameters),
            companion_bytes,
            chunk: parameters.get_u32("chunk"),
        }
    }

    fn places(&self, heap: &mut Heap) -> Places {
        let has_companion = self.companion_bytes > 0;
        Places {
            object: Literal::new(heap, has_companion.into(), self.object_bytes),
            companion: has_companion.then(|| Literal::new(heap, 0, self.companion_bytes)),
        }
    }
}

impl Places {
    /// Makes an object and keeps it.
    fn add(&self, heap: &mut Heap, chunk: &mut GrowingArray, number: u64) -> Result<(), HeapFull> {
        let object = self.object.make(heap, number)?;
        if let Some(companion) = &self.companion {
            let companion = companion.make(heap, !number)?;
            heap.store(object, COMPANION, Some(companion));
        }
        chunk.push(heap, object)
    }
}

impl Workload for Growth {
    fn operation(&self) -> &'static str {
        "object"
    }

    fn operations(&self) -> u64 {
        self.objects
    }

    fn live_bytes(&self) -> u64 {
        let chunks = self.objects.div_ceil(self.chunk.into());
        let in_chunk = self.objects.min(self.chunk.into());
        let arrays = largest_bytes(chunks) + chunks * largest_bytes(in_chunk);
        arrays + self.objects * u64::from(self.object_bytes + self.companion_bytes)
    }

    fn expected_checksum(&self) -> u64 {
        (0..self.objects).collect::<Checksum>().value()
    }

    fn drive(&self, heap: &mut Heap, progress: &mut Progress<'_>) -> Result<Found, HeapFull> {
        let places = self.places(heap);
        let mut kept = GrowingArray::new(heap)?;
        let mut chunk = GrowingArray::new(heap)?;
        for number in 0..self.objects {
            heap.scope(|heap| places.add(heap, &mut chunk, number))?;
            if chunk.length() == self.chunk || number + 1 == self.objects {
                let full = chunk.array();
                kept.push(heap, full)?;
                chunk.clear(heap)?;
            }
            progress.advance(1);
        }
        Ok(kept.iter(heap).flat_map(objects).map(read).collect::<Checksum>().into())
    }
}

/// The objects of a chunk.
fn objects(chunk: View<'_>) -> impl Iterator<Item = View<'_>> {
    (0..chunk.len()).map_while(move |index| super::values::object(chunk, index))
}

/// The number of an object, which a companion holds too, inverted; 0 if they do not agree.
fn read(object: View<'_>) -> u64 {
    let number = object.word(0);
    let companion = if object.slots() > 0 { object.slot(COMPANION) } else { None };
    if companion.is_none_or(|companion| companion.word(0) == !number) { number } else { 0 }
}
