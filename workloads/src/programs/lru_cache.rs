//! A cache that forgets the least recently used.

mod cache;

use self::cache::Cache;
use crate::{Checksum, Entry, Found, Parameter, Parameters, Progress, Random, Workload};
use gc_core::{Heap, HeapFull};
use std::collections::{BTreeMap, HashMap};

/// A hash map whose entries are also linked in order of use, all of it heap objects. Each lookup either finds an
/// entry and makes it the most recent, or inserts it with a fresh value, evicting the least recent if the cache is
/// full. The first keys are looked up most often: the logarithm of the key, not the key, is about evenly spread.
///
/// **Stresses** old objects that die and old objects that change: promotion does not pay for entries that are
/// evicted soon, and the order of their death is the order of their age.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LruCache {
    /// How many entries the cache holds.
    pub capacity: u32,
    /// How many different keys are looked up.
    pub keys: u32,
    /// How many lookups are made.
    pub lookups: u64,
    /// Size of a cached value, in bytes; at least 8.
    pub value_bytes: u32,
    /// The stream that keys are drawn from.
    pub seed: u64,
}

/// The workload by name.
pub const ENTRY: Entry = Entry {
    name: "lru_cache",
    about: "looks up keys, some far more often than others, in a cache that evicts the least recently used",
    stresses: "the least recently used dies first, after a long life: the opposite of what generations assume; \
               every hit relinks old entries, every miss links a young entry between old ones and makes an old one \
               garbage",
    by_default: true,
    parameters: &[
        Parameter {
            name: "capacity",
            unit: "entries",
            about: "how many entries the cache holds",
            default: 50_000,
            min: 1,
            max: 50_000_000,
        },
        Parameter {
            name: "keys",
            unit: "keys",
            about: "how many different keys are looked up",
            default: 500_000,
            min: 1,
            max: 1_000_000_000,
        },
        Parameter {
            name: "lookups",
            unit: "lookups",
            about: "how many lookups are made",
            default: 1_000_000,
            min: 1,
            max: 1_000_000_000,
        },
        Parameter {
            name: "value",
            unit: "bytes",
            about: "size of a cached value",
            default: 256,
            min: 8,
            max: 1_048_576,
        },
    ],
    construct: |parameters| Box::new(LruCache::new(parameters)),
};

impl LruCache {
    fn new(parameters: &Parameters) -> Self {
        LruCache {
            capacity: parameters.get_u32("capacity"),
            keys: parameters.get_u32("keys"),
            lookups: parameters.get("lookups"),
            value_bytes: parameters.get_u32("value"),
            seed: parameters.seed(),
        }
    }

    /// The keys of a run in order, each with the number of its lookup.
    fn numbered_keys(&self) -> impl Iterator<Item = (u64, u64)> {
        let LruCache { keys, lookups, seed, .. } = *self;
        let mut random = Random::new(seed);
        (0..lookups).map(move |number| (number, skewed(&mut random, keys).into()))
    }
}

/// A number below `bound` that is small more often than not: below a number below a number below `bound`.
fn skewed(random: &mut Random, bound: u32) -> u32 {
    let once = 1 + random.below(bound);
    let twice = 1 + random.below(once);
    random.below(twice)
}

impl Workload for LruCache {
    fn operation(&self) -> &'static str {
        "lookup"
    }

    fn operations(&self) -> u64 {
        self.lookups
    }

    fn live_bytes(&self) -> u64 {
        let entries = u64::from(self.capacity.min(self.keys)).min(self.lookups);
        cache::live_bytes(self.capacity, entries, self.value_bytes)
    }

    fn expected_checksum(&self) -> u64 {
        let mut shadow = Shadow::default();
        let mut checksum = Checksum::default();
        for (number, key) in self.numbered_keys() {
            checksum.add(shadow.look_up(key, number, self.capacity as usize));
        }
        shadow.newest_first().flat_map(<[u64; 2]>::from).for_each(|part| checksum.add(part));
        checksum.value()
    }

    fn drive(&self, heap: &mut Heap, progress: &mut Progress<'_>) -> Result<Found, HeapFull> {
        let mut cache = Cache::new(heap, self.capacity, self.value_bytes)?;
        let mut checksum = Checksum::default();
        for (number, key) in self.numbered_keys() {
            checksum.add(heap.scope(|heap| cache.look_up(heap, key, number))?);
            progress.advance(1);
        }
        cache.newest_first(heap).flat_map(<[u64; 2]>::from).for_each(|part| checksum.add(part));
        Ok(checksum.into())
    }
}

/// The same cache without a heap, and by other means: uses are kept in a sorted map instead of a linked list.
#[derive(Debug, Default)]
struct Shadow {
    /// By key: the number of the last lookup, and of the one that inserted it.
    entries: HashMap<u64, (u64, u64)>,
    /// Keys by the number of their last lookup.
    by_use: BTreeMap<u64, u64>,
}

impl Shadow {
    /// Looks `key` up; the number of the lookup that inserted it.
    fn look_up(&mut self, key: u64, number: u64, capacity: usize) -> u64 {
        let inserted = match self.entries.get(&key) {
            Some(&(used, inserted)) => {
                self.by_use.remove(&used);
                inserted
            }
            None => number,
        };
        self.entries.insert(key, (number, inserted));
        self.by_use.insert(number, key);
        self.evict(capacity);
        inserted
    }

    fn evict(&mut self, capacity: usize) {
        if self.entries.len() > capacity {
            let oldest = self.by_use.pop_first();
            self.entries.remove(&oldest.expect("every entry has been used").1);
        }
    }

    /// Every key with the number of the lookup that inserted it, the most recently used first.
    fn newest_first(&self) -> impl Iterator<Item = (u64, u64)> + '_ {
        self.by_use.values().rev().map(|key| (*key, self.entries[key].1))
    }
}

#[cfg(test)]
mod tests {
    use super::{Random, Shadow, skewed};

    #[test]
    fn the_least_recently_used_key_is_forgotten() {
        let mut shadow = Shadow::default();
        let inserted: Vec<_> =
            (0..).zip([7, 8, 7, 9, 7, 8]).map(|(number, key)| shadow.look_up(key, number, 2)).collect();
        assert_eq!(inserted, [0, 1, 0, 3, 0, 5]);
        assert_eq!(shadow.newest_first().collect::<Vec<_>>(), [(8, 5), (7, 0)]);
    }

    #[test]
    fn a_tenth_of_the_keys_gets_most_lookups() {
        let mut random = Random::new(5);
        let keys: Vec<_> = (0..10_000).map(|_| skewed(&mut random, 1_000)).collect();
        assert!(keys.iter().all(|key| *key < 1_000));
        let popular = keys.iter().filter(|key| **key < 100).count();
        assert!((5_500..7_000).contains(&popular), "{popular}");
    }
}
