//! A leak: a cache without a bound.

mod map;
mod outside;

use self::map::Map;
use self::outside::Outside;
use super::{content, object_bytes};
use crate::{Checksum, Entry, Found, Parameter, Parameters, Progress, Random, Workload};
use gc_core::{Heap, HeapFull, Layout, Shape};
use std::collections::{HashMap, VecDeque};

/// Of how many latest keys one is asked for again.
const RECENT: u64 = 1_000;

/// Answers requests from a cache, which is a hash map on the heap: a request of a known key finds the value that another
/// stored, one of a new key stores its own. Keys that are asked for again are recent ones. Nothing is ever removed: the map
/// holds every key that there ever was.
///
/// Cured by a bound, the map forgets what came in first. Cured by keeping values elsewhere, they are sent to another process
/// in off-heap buffers, and fetched back in others: no request finds less, and on the heap there is one buffer at a time.
///
/// **Stresses** a leak: what is alive grows with the number of requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeakCache {
    /// How many requests are made.
    pub requests: u32,
    /// Share of the requests that ask for a recent key again, in percent.
    pub repeated_percent: u32,
    /// Size of a value, in bytes; at least 8.
    pub value_bytes: u32,
    /// How many values a bounded cache holds.
    pub bound: u32,
    /// What is done about values that nobody asks for.
    pub cure: Cure,
    /// The stream that keys are drawn from.
    pub seed: u64,
}

/// What is done about values that nobody asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cure {
    /// Nothing: they leak.
    Nothing,
    /// A full cache forgets the value that came in first.
    Bound,
    /// Values are kept by another process.
    Outside,
}

/// The workload by name.
pub const ENTRY: Entry = Entry {
    name: "leak_cache",
    about: "answers requests from a cache that forgets nothing; cured by a bound, or by keeping values off the heap",
    stresses: "a leak: what is alive grows with the number of requests, and the table of the map with it, a large \
               object that is replaced now and then; with values outside, off-heap buffers that are garbage at once",
    by_default: false,
    parameters: &[
        Parameter {
            name: "requests",
            unit: "requests",
            about: "how many requests are made",
            default: 500_000,
            min: 1,
            max: 1_000_000_000,
        },
        Parameter {
            name: "repeated",
            unit: "percent",
            about: "share of the requests that ask for a recent key again",
            default: 50,
            min: 0,
            max: 99,
        },
        Parameter {
            name: "value",
            unit: "bytes",
            about: "size of a value",
            default: 256,
            min: 8,
            max: 1_048_576,
        },
        Parameter {
            name: "bound",
            unit: "values",
            about: "how many values a bounded cache holds",
            default: 1_000,
            min: 1,
            max: 100_000_000,
        },
        Parameter {
            name: "cured",
            unit: "0, 1 or 2",
            about: "what is done about values that nobody asks for: nothing (0), a full cache forgets what came in \
                    first (1), values are kept by another process (2)",
            default: 0,
            min: 0,
            max: 2,
        },
    ],
    construct: |parameters| Box::new(LeakCache::new(parameters)),
};

impl LeakCache {
    fn new(parameters: &Parameters) -> Self {
        LeakCache {
            requests: parameters.get_u32("requests"),
            repeated_percent: parameters.get_u32("repeated"),
            value_bytes: parameters.get_u32("value"),
            bound: parameters.get_u32("bound"),
            cure: match parameters.get("cured") {
                0 => Cure::Nothing,
                1 => Cure::Bound,
                _ => Cure::Outside,
            },
            seed: parameters.seed(),
        }
    }

    /// The requests of a run in order: their numbers and keys. Keys are counted up from 0.
    fn numbered_keys(&self) -> impl Iterator<Item = (u64, u64)> {
        let LeakCache { requests, repeated_percent, seed, .. } = *self;
        let mut random = Random::new(seed);
        let mut known: u64 = 0;
        (0..requests.into()).map(move |number| {
            let key = if random.chance(repeated_percent) && known > 0 {
                known - 1 - u64::from(random.below(known.min(RECENT) as u32))
            } else {
                known += 1;
                known - 1
            };
            (number, key)
        })
    }

    fn bound(&self) -> u32 {
        if self.cure == Cure::Bound { self.bound } else { u32::MAX }
    }
}

impl Workload for LeakCache {
    fn operation(&self) -> &'static str {
        "request"
    }

    fn operations(&self) -> u64 {
        self.requests.into()
    }

    fn live_bytes(&self) -> u64 {
        let keys = (u64::from(self.requests) * u64::from(100 - self.repeated_percent) / 100).max(1);
        match self.cure {
            Cure::Outside => outside::LIVE_BYTES,
            Cure::Nothing | Cure::Bound => {
                let entries = keys.min(self.bound().into());
                map::live_bytes(entries) + entries * object_bytes(0, self.value_bytes.into())
            }
        }
    }

    fn expected_checksum(&self) -> u64 {
        let mut shadow = Shadow::default();
        let mut checksum = Checksum::default();
        for (number, key) in self.numbered_keys() {
            checksum.add(shadow.answer(key, number, self.bound()));
        }
        if self.cure != Cure::Outside {
            shadow.first_to_last().flat_map(<[u64; 2]>::from).for_each(|part| checksum.add(part));
        }
        checksum.value()
    }

    fn drive(&self, heap: &mut Heap, progress: &mut Progress<'_>) -> Result<Found, HeapFull> {
        let mut checksum = Checksum::default();
        if self.cure == Cure::Outside {
            let mut outside = Outside::new(heap, self.value_bytes)?;
            for (number, key) in self.numbered_keys() {
                checksum.add(heap.scope(|heap| outside.answer(heap, key, number))?);
                progress.advance(1);
            }
        } else {
            let mut inside = Inside::new(heap, self.value_bytes, self.bound())?;
            for (number, key) in self.numbered_keys() {
                checksum.add(heap.scope(|heap| inside.answer(heap, key, number))?);
                progress.advance(1);
            }
            let entries = inside.map.first_to_last(heap);
            let parts = entries.flat_map(|(key, value)| [key, content::read(value.bytes())]);
            parts.for_each(|part| checksum.add(part));
        }
        Ok(checksum.into())
    }
}

/// The cache on the heap.
struct Inside {
    map: Map,
    value: Shape,
    value_bytes: u32,
    bound: u32,
}

impl Inside {
    fn new(heap: &mut Heap, value_bytes: u32, bound: u32) -> Result<Self, HeapFull> {
        let value = heap.register("Value", Layout::Bytes);
        Ok(Inside { map: Map::new(heap)?, value, value_bytes, bound })
    }

    /// Answers request `number`: the number of the request that stored the value of `key`.
    fn answer(&mut self, heap: &mut Heap, key: u64, number: u64) -> Result<u64, HeapFull> {
        let value = match self.map.find(heap, key) {
            Some(value) => value,
            None => {
                if self.map.len() >= self.bound {
                    self.map.remove_first(heap);
                }
                let value = heap.alloc_array(self.value, self.value_bytes)?;
                content::write(heap.bytes_mut(value), number);
                self.map.insert(heap, key, value)?;
                value
            }
        };
        Ok(content::read(heap.view(value).bytes()))
    }
}

/// The same cache without a heap.
#[derive(Debug, Default)]
struct Shadow {
    /// By key: the number of the request that stored its value.
    stored: HashMap<u64, u64>,
    keys: VecDeque<u64>,
}

impl Shadow {
    fn answer(&mut self, key: u64, number: u64, bound: u32) -> u64 {
        if let Some(stored) = self.stored.get(&key) {
            return *stored;
        }
        if self.keys.len() >= bound as usize
            && let Some(first) = self.keys.pop_front()
        {
            self.stored.remove(&first);
        }
        self.keys.push_back(key);
        self.stored.insert(key, number);
        number
    }

    fn first_to_last(&self) -> impl Iterator<Item = (u64, u64)> {
        self.keys.iter().map(|key| (*key, self.stored[key]))
    }
}

#[cfg(test)]
mod tests {
    use super::{Cure, LeakCache, RECENT, Shadow};

    const CACHE: LeakCache = LeakCache {
        requests: 10_000,
        repeated_percent: 50,
        value_bytes: 8,
        bound: 2,
        cure: Cure::Bound,
        seed: 1,
    };

    #[test]
    fn what_came_in_first_is_forgotten() {
        let mut shadow = Shadow::default();
        let answers: Vec<_> =
            (0..).zip([7, 8, 7, 9, 8, 7]).map(|(number, key)| shadow.answer(key, number, 2)).collect();
        assert_eq!(answers, [0, 1, 0, 3, 1, 5]);
        assert_eq!(shadow.first_to_last().collect::<Vec<_>>(), [(9, 3), (7, 5)]);
    }

    #[test]
    fn keys_are_new_or_recent() {
        let mut known = 0;
        for (_, key) in CACHE.numbered_keys() {
            assert!(key <= known && key + RECENT >= known, "{key} of {known}");
            known = known.max(key + 1);
        }
        assert!((4_800..5_200).contains(&known), "{known}");
    }
}
