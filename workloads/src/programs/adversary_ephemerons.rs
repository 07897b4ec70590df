//! An adversary of weak tables: ephemerons that come alive one by one.

use super::object_bytes;
use super::shuffle::Shuffle;
use crate::{Checksum, Entry, Found, Parameter, Parameters, Progress, Random, Workload};
use gc_core::{Heap, HeapFull, Layout, Local, Shape};

/// Makes a web of ephemerons, all in one table and each with the next one's key for its value; only the first key is held
/// otherwise. Each key comes alive when the ephemeron before has been looked at again, and the table lists them in random
/// order. Then the web is cut at a random place: the value there is replaced, and from the next key on nothing is alive,
/// though each is in an ephemeron twice. A full collection must clear just these.
///
/// Webs are made one after another, of random shape each.
///
/// **Attacks** collectors that go through all ephemerons again after each that came alive, which takes time in proportion to
/// the square of their number. **Answer:** a scavenge hangs an ephemeron on its key, where it is found when the key is;
/// marking goes through them ten times, and then makes a table from keys to ephemerons. By the modelled clock two webs of 25,000,
/// 100,000 and 400,000 take 3.3, 15 and 65 ms in all: little more than in proportion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AdversaryEphemerons {
    /// How many ephemerons a web has.
    pub length: u32,
    /// How many webs are made.
    pub webs: u32,
    /// What decides orders and cuts.
    pub seed: u64,
}

/// The workload by name.
pub const ENTRY: Entry = Entry {
    name: "adversary_ephemerons",
    about: "makes webs of ephemerons that come alive one by one, cuts them and looks what is cleared",
    stresses: "ephemerons: the value of each is the key of one that stands anywhere in the table, so going through \
               the table finds few that have come alive since the last time; and the clearing of what a cut leaves",
    by_default: false,
    parameters: &[
        Parameter {
            name: "length",
            unit: "ephemerons",
            about: "how many ephemerons a web has",
            default: 100_000,
            min: 1,
            max: 100_000_000,
        },
        Parameter {
            name: "webs",
            unit: "webs",
            about: "how many webs are made, one after another",
            default: 10,
            min: 1,
            max: 1_000_000,
        },
    ],
    construct: |parameters| Box::new(AdversaryEphemerons::new(parameters)),
};

/// The slots of an ephemeron.
const KEY: u32 = 0;
const VALUE: u32 = 1;

impl AdversaryEphemerons {
    fn new(parameters: &Parameters) -> Self {
        AdversaryEphemerons {
            length: parameters.get_u32("length"),
            webs: parameters.get_u32("webs"),
            seed: parameters.seed(),
        }
    }

    /// Where the table has the ephemerons of a web, last to first.
    fn places(&self, web: u32) -> Shuffle {
        Shuffle::new(self.length, self.seed.wrapping_add(web.into()))
    }

    /// How many ephemerons of each web are left when it has been cut.
    fn cuts(&self) -> impl Iterator<Item = u32> {
        let length = self.length;
        let mut random = Random::new(self.seed);
        (0..self.webs).map(move |_| 1 + random.below(length))
    }

    /// What is found in a web: the numbers of all keys by place, or that there is none.
    fn expected(&self, web: u32, left: u32) -> Vec<u64> {
        let mut numbers = vec![0; self.length as usize];
        for (number, place) in (0..self.length).rev().zip(self.places(web)) {
            numbers[place as usize] = if number < left { number.into() } else { u64::MAX };
        }
        numbers
    }
}

impl Workload for AdversaryEphemerons {
    fn operation(&self) -> &'static str {
        "ephemeron"
    }

    fn operations(&self) -> u64 {
        u64::from(self.webs) * u64::from(self.length)
    }

    fn live_bytes(&self) -> u64 {
        let length = u64::from(self.length);
        object_bytes(length, 0) + length * (object_bytes(2, 0) + object_bytes(0, 8))
    }

    fn expected_checksum(&self) -> u64 {
        let mut checksum = Checksum::default();
        for (web, left) in (0..).zip(self.cuts()) {
            for left in [self.length, left] {
                self.expected(web, left).into_iter().for_each(|number| checksum.add(number));
            }
        }
        checksum.value()
    }

    fn drive(&self, heap: &mut Heap, progress: &mut Progress<'_>) -> Result<Found, HeapFull> {
        let shapes = Shapes {
            key: heap.register("Key", Layout::Fixed { slots: 0, bytes: 8 }),
            ephemeron: heap.register("Ephemeron", Layout::Ephemeron),
            table: heap.register("Table", Layout::Slots),
        };
        // What the web that was made last leaves is still there when the run is over.
        let table = heap.alloc_array(shapes.table, 0)?;
        let first = heap.alloc(shapes.key)?;
        let mut checksum = Checksum::default();
        for (web, left) in (0..).zip(self.cuts()) {
            heap.scope(|heap| {
                let made = heap.alloc_array(shapes.table, self.length)?;
                heap.assign(table, made);
                self.make_web(heap, &shapes, [table, first], self.places(web), progress)
            })?;
            heap.collect_full();
            numbers(heap, table).for_each(|number| checksum.add(number));
            heap.scope(|heap| cut(heap, table, left - 1));
            heap.collect_full();
            numbers(heap, table).for_each(|number| checksum.add(number));
        }
        Ok(checksum.into())
    }
}

struct Shapes {
    key: Shape,
    ephemeron: Shape,
    table: Shape,
}

impl AdversaryEphemerons {
    /// Fills `table` from the last ephemeron on, so that `first` is always a key that all others are alive by.
    fn make_web(
        &self,
        heap: &mut Heap,
        shapes: &Shapes,
        [table, first]: [Local; 2],
        places: Shuffle,
        progress: &mut Progress<'_>,
    ) -> Result<(), HeapFull> {
        for (number, place) in (0..self.length).rev().zip(places) {
            heap.scope(|heap| {
                let key = heap.alloc(shapes.key)?;
                heap.store_word(key, 0, number.into());
                // The value of the last one is a key of the web before, or of none.
                let ephemeron = heap.alloc_ephemeron(shapes.ephemeron, Some(key), Some(first))?;
                heap.store(table, place, Some(ephemeron));
                heap.assign(first, key);
                Ok(())
            })?;
            progress.advance(1);
        }
        Ok(())
    }
}

/// Makes the ephemeron whose key has this number the last one.
fn cut(heap: &mut Heap, table: Local, number: u32) {
    let view = heap.view(table);
    let is_it = |place: &u32| {
        let key = view.slot(*place).and_then(|ephemeron| ephemeron.slot(KEY));
        key.is_some_and(|key| key.word(0) == u64::from(number))
    };
    let place = (0..view.len()).find(is_it);
    if let Some(ephemeron) = place.and_then(|place| heap.load(table, place)) {
        heap.store(ephemeron, VALUE, None);
    }
}

/// The number of the key of every ephemeron of a table; that of none if it has been cleared.
fn numbers(heap: &Heap, table: Local) -> impl Iterator<Item = u64> {
    let table = heap.view(table);
    (0..table.len()).map(move |place| {
        let ephemeron = table.slot(place);
        let [key, value] = [KEY, VALUE].map(|slot| ephemeron.and_then(|ephemeron| ephemeron.slot(slot)));
        match (key, value) {
            (Some(key), _) => key.word(0),
            (None, None) => u64::MAX,
            // One that is cleared by half.
            (None, Some(_)) => u64::MAX - 1,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::AdversaryEphemerons;

    #[test]
    fn a_cut_leaves_something_and_seldom_all() {
        let adversary = AdversaryEphemerons { length: 100, webs: 50, seed: 1 };
        let cuts: Vec<_> = adversary.cuts().collect();
        assert!(cuts.iter().all(|left| (1..=100).contains(left)));
        assert!(cuts.iter().filter(|left| **left < 90).count() > 30, "{cuts:?}");
        let left = adversary.expected(3, 40).into_iter().filter(|number| *number != u64::MAX).count();
        assert_eq!(left, 40);
    }
}
