//! An adversary of the write barrier: as many old objects as possible that refer to young ones.

use super::object_bytes;
use super::shuffle::Shuffle;
use crate::{Checksum, Entry, Found, Parameter, Parameters, Progress, Workload};
use gc_core::{Heap, HeapFull, Layout, Local, Shape};

/// Makes many holders; then, round after round, gives every one of them, in random order, a new object, which replaces that
/// of the round before. Each holder is written to once a round, and `holder` bytes lie between two slots.
///
/// **Attacks** the remembered set: no store is to an object that has been remembered already, no two are close together, and
/// the objects are as small as they get, so that there are as many entries for a scavenge as there can be. **Answer:**
/// an entry costs a scavenge one visit, and is made once however often its object is written to; what it finds young is
/// promoted after at most another scavenge, and then the holder is forgotten. By the modelled clock a third of the time of
/// scavenges goes into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AdversaryRemembered {
    /// How many holders there are.
    pub holders: u32,
    /// Raw bytes of a holder.
    pub holder_bytes: u32,
    /// How many rounds are made.
    pub rounds: u32,
    /// What decides the order of the stores.
    pub seed: u64,
}

/// The workload by name.
pub const ENTRY: Entry = Entry {
    name: "adversary_remembered",
    about: "gives each of many scattered old holders a new object, in random order, round after round",
    stresses: "the remembered set: every store makes an entry, none is close to another, and little is allocated for \
               each; what is replaced has just become old",
    by_default: false,
    parameters: &[
        Parameter {
            name: "holders",
            unit: "holders",
            about: "how many holders there are",
            default: 200_000,
            min: 1,
            max: 100_000_000,
        },
        Parameter {
            name: "holder",
            unit: "bytes",
            about: "raw bytes of a holder, which keep its slot away from others",
            default: 128,
            min: 0,
            max: 65_536,
        },
        Parameter {
            name: "rounds",
            unit: "rounds",
            about: "how often every holder is given a new object",
            default: 15,
            min: 1,
            max: 1_000_000,
        },
    ],
    construct: |parameters| Box::new(AdversaryRemembered::new(parameters)),
};

const HELD: u32 = 0;

impl AdversaryRemembered {
    fn new(parameters: &Parameters) -> Self {
        AdversaryRemembered {
            holders: parameters.get_u32("holders"),
            holder_bytes: parameters.get_u32("holder"),
            rounds: parameters.get_u32("rounds"),
            seed: parameters.seed(),
        }
    }

    /// All stores, numbered: to which holder each is.
    fn stores(&self) -> impl Iterator<Item = (u64, u32)> {
        let AdversaryRemembered { holders, rounds, seed, .. } = *self;
        let round = move |round: u32| Shuffle::new(holders, seed.wrapping_add(round.into()));
        (0..).zip((0..rounds).flat_map(round))
    }
}

impl Workload for AdversaryRemembered {
    fn operation(&self) -> &'static str {
        "store"
    }

    fn operations(&self) -> u64 {
        u64::from(self.rounds) * u64::from(self.holders)
    }

    fn live_bytes(&self) -> u64 {
        let holders = u64::from(self.holders);
        let holder = object_bytes(1, u64::from(self.holder_bytes).next_multiple_of(8));
        object_bytes(holders, 0) + holders * (holder + object_bytes(0, 8))
    }

    fn expected_checksum(&self) -> u64 {
        let mut numbers = vec![0; self.holders as usize];
        self.stores().for_each(|(number, holder)| numbers[holder as usize] = number);
        numbers.into_iter().collect::<Checksum>().value()
    }

    fn drive(&self, heap: &mut Heap, progress: &mut Progress<'_>) -> Result<Found, HeapFull> {
        let object = heap.register("Object", Layout::Fixed { slots: 0, bytes: 8 });
        let holders = self.make_holders(heap)?;
        for (number, holder) in self.stores() {
            heap.scope(|heap| give(heap, object, holders, holder, number))?;
            progress.advance(1);
        }
        let holders = heap.view(holders);
        let held = |index| holders.slot(index)?.slot(HELD);
        let numbers = (0..holders.len()).map(|index| held(index).map_or(u64::MAX, |held| held.word(0)));
        Ok(numbers.collect::<Checksum>().into())
    }
}

impl AdversaryRemembered {
    fn make_holders(&self, heap: &mut Heap) -> Result<Local, HeapFull> {
        let holder = heap.register("Holder", Layout::Fixed { slots: 1, bytes: self.holder_bytes });
        let table = heap.register("Table", Layout::Slots);
        let holders = heap.alloc_array(table, self.holders)?;
        for index in 0..self.holders {
            heap.scope(|heap| {
                let made = heap.alloc(holder)?;
                heap.store(holders, index, Some(made));
                Ok(())
            })?;
        }
        Ok(holders)
    }
}

fn give(heap: &mut Heap, object: Shape, holders: Local, holder: u32, number: u64) -> Result<(), HeapFull> {
    let given = heap.alloc(object)?;
    heap.store_word(given, 0, number);
    let holder = heap.load(holders, holder).expect("all holders are there");
    heap.store(holder, HELD, Some(given));
    Ok(())
}
