//! An adversary of the remembered set: one huge array whose references are all young.

use super::object_bytes;
use crate::{Checksum, Entry, Found, Parameter, Parameters, Progress, Random, Workload};
use gc_core::{Heap, HeapFull, Layout};

/// Stores one new object after another at a random place of an array of many megabytes; then reads the array.
///
/// **Attacks** the remembering of long arrays: stores are so far apart that every card of the array is written to between two
/// scavenges, so each of these scans all of it; and an array is one object, which a marker that cannot stop inside of it
/// scans at once. **Answer:** arrays are remembered by cards of 512 bytes, which is no worse than the whole array and
/// far better when stores are close together; marking scans long arrays in parts. By the modelled clock scavenges spend half of
/// their time on the cards here, the rest on copying.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AdversaryArray {
    /// Length of the array, in slots.
    pub slots: u32,
    /// How many objects are stored.
    pub stores: u64,
    /// The stream that places are drawn from.
    pub seed: u64,
}

/// The workload by name.
pub const ENTRY: Entry = Entry {
    name: "adversary_array",
    about: "stores new objects at random places of one huge array",
    stresses: "the cards of long arrays: nearly all of them are written to between two scavenges, each of which scans \
               the whole array; what it replaces has died old; marking has one object of many megabytes",
    by_default: false,
    parameters: &[
        Parameter {
            name: "slots",
            unit: "slots",
            about: "length of the array",
            default: 1_000_000,
            min: 1,
            max: 500_000_000,
        },
        Parameter {
            name: "stores",
            unit: "objects",
            about: "how many objects are stored",
            default: 4_000_000,
            min: 1,
            max: 10_000_000_000,
        },
    ],
    construct: |parameters| Box::new(AdversaryArray::new(parameters)),
};

impl AdversaryArray {
    fn new(parameters: &Parameters) -> Self {
        AdversaryArray {
            slots: parameters.get_u32("slots"),
            stores: parameters.get("stores"),
            seed: parameters.seed(),
        }
    }

    /// The number of each store, and where it goes.
    fn stores(&self) -> impl Iterator<Item = (u64, u32)> {
        let AdversaryArray { slots, stores, seed } = *self;
        let mut random = Random::new(seed);
        (0..stores).map(move |number| (number, random.below(slots)))
    }
}

impl Workload for AdversaryArray {
    fn operation(&self) -> &'static str {
        "store"
    }

    fn operations(&self) -> u64 {
        self.stores
    }

    fn live_bytes(&self) -> u64 {
        let slots = f64::from(self.slots);
        // So many of the places are ever stored to.
        let filled = slots * (1.0 - (-(self.stores as f64) / slots).exp());
        object_bytes(self.slots.into(), 0) + filled as u64 * object_bytes(0, 8)
    }

    fn expected_checksum(&self) -> u64 {
        let mut numbers = vec![u64::MAX; self.slots as usize];
        self.stores().for_each(|(number, place)| numbers[place as usize] = number);
        numbers.into_iter().collect::<Checksum>().value()
    }

    fn drive(&self, heap: &mut Heap, progress: &mut Progress<'_>) -> Result<Found, HeapFull> {
        let object = heap.register("Object", Layout::Fixed { slots: 0, bytes: 8 });
        let array = heap.register("Array", Layout::Slots);
        let array = heap.alloc_array(array, self.slots)?;
        for (number, place) in self.stores() {
            heap.scope(|heap| {
                let stored = heap.alloc(object)?;
                heap.store_word(stored, 0, number);
                heap.store(array, place, Some(stored));
                Ok(())
            })?;
            progress.advance(1);
        }
        let array = heap.view(array);
        let numbers = (0..array.len()).map(|place| array.slot(place).map_or(u64::MAX, |held| held.word(0)));
        Ok(numbers.collect::<Checksum>().into())
    }
}
