//! An adversary of generations: everything survives.

use super::{content, object_bytes};
use crate::{Checksum, Entry, Found, Parameter, Parameters, Progress, Random, Workload};
use gc_core::{Heap, HeapFull, Layout, Local, Shape};

/// Slots of a piece of the table.
const PIECE: u32 = 128;

/// Fills a table of pieces with objects of random sizes and drops none before the last is made; then reads all of them. The
/// next round makes a new table while the one before is still there, and drops that at its end.
///
/// **Attacks** the generational hypothesis: not one object dies young, so what scavenges copy they copy in vain. **Answer:**
/// survivors are promoted at once where to-space is used beyond a share of it: with default settings two thirds of all bytes are
/// copied once only. New space does not grow, since nothing that survives one scavenge dies by the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AdversarySurvivors {
    /// How many objects a round makes.
    pub objects: u32,
    /// Mean size of an object, in bytes; at least 16.
    pub object_bytes: u32,
    /// How many rounds are made.
    pub rounds: u32,
    /// The stream that sizes are drawn from.
    pub seed: u64,
}

/// The workload by name.
pub const ENTRY: Entry = Entry {
    name: "adversary_survivors",
    about: "makes objects of which none dies before all are made, table after table",
    stresses: "the generational hypothesis: no scavenge frees anything, all that is made is copied and promoted, and a \
               whole table dies in old space at once",
    by_default: false,
    parameters: &[
        Parameter {
            name: "objects",
            unit: "objects",
            about: "how many objects a round makes",
            default: 500_000,
            min: 1,
            max: 100_000_000,
        },
        Parameter {
            name: "object",
            unit: "bytes",
            about: "mean size of an object",
            default: 64,
            min: 16,
            max: 65_536,
        },
        Parameter {
            name: "rounds",
            unit: "tables",
            about: "how many tables are filled, one after another",
            default: 4,
            min: 1,
            max: 1_000_000,
        },
    ],
    construct: |parameters| Box::new(AdversarySurvivors::new(parameters)),
};

impl AdversarySurvivors {
    fn new(parameters: &Parameters) -> Self {
        AdversarySurvivors {
            objects: parameters.get_u32("objects"),
            object_bytes: parameters.get_u32("object"),
            rounds: parameters.get_u32("rounds"),
            seed: parameters.seed(),
        }
    }

    /// Fill and size of all objects in order.
    fn objects(&self) -> impl Iterator<Item = (u64, u32)> {
        let mean = self.object_bytes;
        let mut random = Random::new(self.seed);
        std::iter::repeat_with(move || (random.number(), mean / 2 + random.below(mean + 1)))
    }
}

impl Workload for AdversarySurvivors {
    fn operation(&self) -> &'static str {
        "object"
    }

    fn operations(&self) -> u64 {
        u64::from(self.rounds) * u64::from(self.objects)
    }

    fn live_bytes(&self) -> u64 {
        let pieces = u64::from(self.objects.div_ceil(PIECE));
        // Half of all sizes are rounded up by a half of what they are rounded to.
        let objects = u64::from(self.objects) * (object_bytes(0, self.object_bytes.into()) + 4);
        let table = object_bytes(pieces, 0) + pieces * object_bytes(PIECE.into(), 0) + objects;
        table * u64::from(self.rounds.min(2))
    }

    fn expected_checksum(&self) -> u64 {
        let made = self.objects().take(self.operations() as usize);
        made.flat_map(|(fill, bytes)| [fill, bytes.into()]).collect::<Checksum>().value()
    }

    fn drive(&self, heap: &mut Heap, progress: &mut Progress<'_>) -> Result<Found, HeapFull> {
        let object = heap.register("Object", Layout::Bytes);
        let table = heap.register("Table", Layout::Slots);
        let kept = heap.alloc_array(table, 0)?;
        let mut objects = self.objects();
        let mut checksum = Checksum::default();
        for _ in 0..self.rounds {
            heap.scope(|heap| {
                let made = heap.alloc_array(table, self.objects.div_ceil(PIECE))?;
                for (index, (fill, bytes)) in (0..self.objects).zip(&mut objects) {
                    heap.scope(|heap| put(heap, [table, object], made, index, fill, bytes))?;
                    progress.advance(1);
                }
                read(heap, made, &mut checksum);
                heap.assign(kept, made);
                Ok(())
            })?;
        }
        Ok(checksum.into())
    }
}

/// Makes an object and puts it into a table.
fn put(
    heap: &mut Heap,
    [piece_shape, shape]: [Shape; 2],
    table: Local,
    index: u32,
    fill: u64,
    bytes: u32,
) -> Result<(), HeapFull> {
    let piece = match heap.load(table, index / PIECE) {
        Some(piece) => piece,
        None => {
            let piece = heap.alloc_array(piece_shape, PIECE)?;
            heap.store(table, index / PIECE, Some(piece));
            piece
        }
    };
    let object = heap.alloc_array(shape, bytes)?;
    content::write(heap.bytes_mut(object), fill);
    heap.store(piece, index % PIECE, Some(object));
    Ok(())
}

/// Folds in all objects of a table.
fn read(heap: &Heap, table: Local, checksum: &mut Checksum) {
    let table = heap.view(table);
    let pieces = (0..table.len()).filter_map(|index| table.slot(index));
    for object in pieces.flat_map(|piece| (0..PIECE).filter_map(move |index| piece.slot(index))) {
        checksum.add(content::read(object.bytes()));
        checksum.add(object.len().into());
    }
}

#[cfg(test)]
mod tests {
    use super::AdversarySurvivors;

    #[test]
    fn objects_have_the_mean_size_that_was_asked_for() {
        let adversary = AdversarySurvivors { objects: 1, object_bytes: 60, rounds: 1, seed: 1 };
        let bytes: u32 = adversary.objects().take(10_000).map(|(_, bytes)| bytes).sum();
        assert!((590_000..610_000).contains(&bytes), "{bytes}");
    }
}
