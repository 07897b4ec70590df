//! An adversary of promotion: objects that die just after they have become old.

use super::{content, object_bytes};
use crate::{Checksum, Entry, Found, Parameter, Parameters, Progress, Random, Workload};
use gc_core::{Heap, HeapFull, Layout};

/// Makes objects, most of which are garbage at once; some are kept until so many bytes have been allocated after them: about
/// as many as it takes for two scavenges, by which they are promoted. There are too few of them for to-space to be crowded, so
/// they are promoted by age, and each is copied twice first.
///
/// **Attacks** promotion by age, at any age: set `lifetime` to what new space takes at first, times the age plus one. It
/// attacks the growth of new space too, which goes by what of the survivors of one scavenge dies by the next: that is nothing
/// here, though all of it dies soon after. **Answer:** to lives that are a little shorter, a new space that grows and makes them
/// die young; to these none, but that old space is collected in steps for what has just been promoted.
///
/// By the modelled clock with default settings, scavenges take 2.8 ms in all with a `lifetime` of 1536 KiB, for which new space
/// grows, and 24.5 ms with one of 1792 KiB and more, for which it stays at 1 MiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AdversaryPromotion {
    /// How many objects are made.
    pub objects: u32,
    /// Mean size of an object, in bytes; at least 16.
    pub object_bytes: u32,
    /// Share of the objects that are kept for a while, in percent.
    pub kept_percent: u32,
    /// For how many KiB of allocation they are kept.
    pub lifetime_kib: u32,
    /// The stream that random choices are drawn from.
    pub seed: u64,
}

/// The workload by name.
pub const ENTRY: Entry = Entry {
    name: "adversary_promotion",
    about: "keeps some objects just until they have been promoted",
    stresses: "promotion by age: what survives is copied as often as it can be and dies as soon as it is old, so all \
               copying is in vain and old space fills with garbage; and the growth of new space, which sees no survivor die \
               young that a larger one would spare",
    by_default: false,
    parameters: &[
        Parameter {
            name: "objects",
            unit: "objects",
            about: "how many objects are made",
            default: 4_000_000,
            min: 1,
            max: 1_000_000_000,
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
            name: "kept",
            unit: "percent",
            about: "share of the objects that are kept for a while",
            default: 20,
            min: 1,
            max: 100,
        },
        Parameter {
            name: "lifetime",
            unit: "KiB",
            about: "for how much allocation they are kept",
            default: 2_048,
            min: 1,
            max: 16_777_216,
        },
    ],
    construct: |parameters| Box::new(AdversaryPromotion::new(parameters)),
};

impl AdversaryPromotion {
    fn new(parameters: &Parameters) -> Self {
        AdversaryPromotion {
            objects: parameters.get_u32("objects"),
            object_bytes: parameters.get_u32("object"),
            kept_percent: parameters.get_u32("kept"),
            lifetime_kib: parameters.get_u32("lifetime"),
            seed: parameters.seed(),
        }
    }

    /// Mean size of an object on the heap.
    fn mean_bytes(&self) -> u64 {
        object_bytes(0, self.object_bytes.into())
    }

    /// How many objects are kept at a time.
    fn window(&self) -> u32 {
        let allocated = u64::from(self.lifetime_kib) * 1_024 / self.mean_bytes();
        (allocated * u64::from(self.kept_percent) / 100).clamp(1, u32::MAX.into()) as u32
    }

    /// All objects in order.
    fn objects(&self) -> impl Iterator<Item = Object> {
        let AdversaryPromotion { objects, object_bytes, kept_percent, seed, .. } = *self;
        let window = self.window();
        let mut random = Random::new(seed);
        let mut kept = 0;
        (0..objects).map(move |number| {
            let bytes = object_bytes / 2 + random.below(object_bytes + 1);
            let place = random.chance(kept_percent).then(|| {
                kept += 1;
                (kept - 1) % window
            });
            Object { number: number.into(), bytes, place }
        })
    }
}

/// An object, and where it is kept if it is.
#[derive(Clone, Copy, Debug)]
struct Object {
    number: u64,
    bytes: u32,
    place: Option<u32>,
}

impl Workload for AdversaryPromotion {
    fn operation(&self) -> &'static str {
        "object"
    }

    fn operations(&self) -> u64 {
        self.objects.into()
    }

    fn live_bytes(&self) -> u64 {
        let kept = (u64::from(self.objects) * u64::from(self.kept_percent) / 100).min(self.window().into());
        object_bytes(self.window().into(), 0) + kept * self.mean_bytes()
    }

    fn expected_checksum(&self) -> u64 {
        let mut window = vec![u64::MAX; self.window().min(self.objects) as usize];
        let mut checksum = Checksum::default();
        for Object { number, place, .. } in self.objects() {
            if let Some(place) = place {
                checksum.add(std::mem::replace(&mut window[place as usize], number));
            }
        }
        window.resize(self.window() as usize, u64::MAX);
        window.into_iter().for_each(|number| checksum.add(number));
        checksum.value()
    }

    fn drive(&self, heap: &mut Heap, progress: &mut Progress<'_>) -> Result<Found, HeapFull> {
        let shape = heap.register("Object", Layout::Bytes);
        let window = heap.register("Window", Layout::Slots);
        let window = heap.alloc_array(window, self.window())?;
        let read = |heap: &Heap, place| {
            heap.view(window).slot(place).map_or(u64::MAX, |object| content::read(object.bytes()))
        };
        let mut checksum = Checksum::default();
        for Object { number, bytes, place } in self.objects() {
            heap.scope(|heap| {
                let object = heap.alloc_array(shape, bytes)?;
                content::write(heap.bytes_mut(object), number);
                if let Some(place) = place {
                    checksum.add(read(heap, place));
                    heap.store(window, place, Some(object));
                }
                Ok(())
            })?;
            progress.advance(1);
        }
        (0..self.window()).for_each(|place| checksum.add(read(heap, place)));
        Ok(checksum.into())
    }
}

#[cfg(test)]
mod tests {
    use super::AdversaryPromotion;

    const ADVERSARY: AdversaryPromotion = AdversaryPromotion {
        objects: 100_000,
        object_bytes: 64,
        kept_percent: 20,
        lifetime_kib: 1_024,
        seed: 1,
    };

    #[test]
    fn objects_are_kept_for_as_much_allocation_as_was_asked_for() {
        let mut kept_since = vec![None; ADVERSARY.window() as usize];
        let (mut allocated, mut lifetimes) = (0, Vec::new());
        for object in ADVERSARY.objects() {
            allocated += super::object_bytes(0, object.bytes.into());
            if let Some(place) = object.place {
                let since: Option<u64> = kept_since[place as usize].replace(allocated);
                lifetimes.extend(since.map(|since| allocated - since));
            }
        }
        let mean = lifetimes.iter().sum::<u64>() / lifetimes.len() as u64;
        assert!((900 << 10..1_200 << 10).contains(&mean), "{mean}");
    }
}
