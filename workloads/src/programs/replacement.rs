//! A table whose records are replaced at random: what does a steady state cost in which everything grows old?

use super::literal::{self, Literal};
use super::{array_of_values_bytes, values};
use crate::{Checksum, Entry, Found, Parameter, Parameters, Progress, Workload};
use gc_core::{Heap, HeapFull, Layout, Local, Shape, View};

/// Replaces records of a table, each time one that the generator chooses. A record is an object that refers to a second one.
///
/// How long a record lives is a matter of chance alone: as long on average as it takes to replace as many as there are. New
/// space is much smaller than the table, so most of what a scavenge finds is alive, and most of what is promoted dies old.
///
/// The generator is *Xorshift32* (G. Marsaglia, "Xorshift RNGs", 2003). With `boxed`, its state is an object on the heap whenever it
/// does not fit 31 bits, as in virtual machines that tag small integers: a little garbage besides the records.
///
/// **Stresses** the old generation: steady promotion, old objects that are written to, garbage among old objects, so that
/// full collections come at a steady pace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// How many records the table has room for.
    pub records: u32,
    /// How many times a record is replaced.
    pub steps: u64,
    /// Size of a record and of the object that it refers to, in bytes, a multiple of 8.
    pub object_bytes: u32,
    /// Whether the state of the generator is an object where it is large.
    pub boxed: bool,
    /// The state that the generator starts with.
    pub seed: u64,
}

/// The workload by name.
pub const ENTRY: Entry = Entry {
    name: "replacement",
    about: "replaces records of a large table in random order",
    stresses: "the old generation: what survives a scavenge lives for a time that only chance decides, so most dies old, \
               and full collections come at a steady pace",
    by_default: false,
    parameters: &[
        Parameter {
            name: "records",
            unit: "records",
            about: "how many records the table has room for",
            default: 100_000,
            min: 1,
            max: 100_000_000,
        },
        Parameter {
            name: "steps",
            unit: "steps",
            about: "how many times a record is replaced",
            default: 1_500_000,
            min: 1,
            max: 10_000_000_000,
        },
        literal::PARAMETER,
        Parameter {
            name: "boxed",
            unit: "0 or 1",
            about: "whether the state of the generator is an object where it does not fit 31 bits",
            default: 1,
            min: 0,
            max: 1,
        },
    ],
    construct: |parameters| Box::new(Replacement::new(parameters)),
};

const BODY: u32 = 0;
/// Size of a number that is an object: a header and 64 bits.
const BOX_WORDS: u32 = 1;

/// Xorshift32.
#[derive(Debug)]
struct Xorshift(u32);

impl Xorshift {
    /// A generator that starts with the low bits of `seed`, or with 1 if they are all zero.
    fn new(seed: u64) -> Self {
        Xorshift((seed as u32).max(1))
    }

    fn next(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0
    }
}

/// What a run needs.
#[derive(Debug)]
struct Table {
    records: Local,
    record: Literal,
    body: Literal,
    number: Shape,
}

impl Replacement {
    fn new(parameters: &Parameters) -> Self {
        Replacement {
            records: parameters.get_u32("records"),
            steps: parameters.get("steps"),
            object_bytes: literal::object_bytes(parameters),
            boxed: parameters.get("boxed") == 1,
            seed: parameters.seed(),
        }
    }

    /// The states of the generator, numbered.
    fn draws(&self) -> impl Iterator<Item = (u64, u32)> {
        let mut generator = Xorshift::new(self.seed);
        (0..self.steps).map(move |number| (number, generator.next()))
    }

    fn table(&self, heap: &mut Heap) -> Result<Table, HeapFull> {
        let shape = values::register(heap);
        Ok(Table {
            records: heap.alloc_array(shape, self.records)?,
            record: Literal::new(heap, 1, self.object_bytes),
            body: Literal::new(heap, 0, self.object_bytes),
            number: heap.register("Number", Layout::Fixed { slots: 0, bytes: 8 * BOX_WORDS }),
        })
    }
}

impl Table {
    fn replace(&self, heap: &mut Heap, index: u32, number: u64) -> Result<(), HeapFull> {
        let record = self.record.make(heap, number)?;
        let body = self.body.make(heap, !number)?;
        heap.store(record, BODY, Some(body));
        values::store(heap, self.records, index, record);
        Ok(())
    }
}

impl Workload for Replacement {
    fn operation(&self) -> &'static str {
        "step"
    }

    fn operations(&self) -> u64 {
        self.steps
    }

    fn live_bytes(&self) -> u64 {
        let records = u64::from(self.records);
        array_of_values_bytes(records) + records.min(self.steps) * 2 * u64::from(self.object_bytes)
    }

    fn expected_checksum(&self) -> u64 {
        let mut numbers = vec![None; self.records as usize];
        self.draws().for_each(|(number, state)| numbers[(state % self.records) as usize] = Some(number));
        numbers.into_iter().flatten().collect::<Checksum>().value()
    }

    fn drive(&self, heap: &mut Heap, progress: &mut Progress<'_>) -> Result<Found, HeapFull> {
        let table = self.table(heap)?;
        for (number, state) in self.draws() {
            heap.scope(|heap| {
                if self.boxed && i32::try_from(state).is_err() {
                    heap.alloc(table.number)?;
                }
                table.replace(heap, state % self.records, number)
            })?;
            progress.advance(1);
        }
        let records = heap.view(table.records);
        let found = (0..self.records).filter_map(|index| values::object(records, index));
        Ok(found.map(read).collect::<Checksum>().into())
    }
}

/// The number of a record, which its body holds too, inverted; 0 if they do not agree.
fn read(record: View<'_>) -> u64 {
    let number = record.word(0);
    let agrees = record.slot(BODY).is_some_and(|body| body.word(0) == !number);
    if agrees { number } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::Xorshift;

    #[test]
    fn the_generator_is_marsaglias() {
        let mut generator = Xorshift::new(1);
        assert_eq!([(); 3].map(|()| generator.next()), [270_369, 67_634_689, 2_647_435_461]);
    }
}
