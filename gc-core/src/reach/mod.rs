//! What objects reach, for those who read a heap: the verifier and snapshots.
//!
//! It shares no code with the collectors, so that both cannot be wrong in the same way.

mod numbers;

use crate::memory::Memory;
use crate::object::{Ephemeron, ObjectRef, Slot};
use numbers::Numbers;
use std::collections::HashMap;

/// How many objects ahead of its turn one is fetched into the cache.
const AHEAD: usize = 16;

/// A breadth-first search for everything that some objects reach, which numbers objects as it finds them.
///
/// Whoever searches takes one object after the other with [`Reach::next`], and adds what it refers to. There is no
/// recursion: the objects found are the queue.
#[derive(Debug, Default)]
pub(crate) struct Reach {
    /// By their numbers.
    found: Vec<ObjectRef>,
    numbers: Numbers,
    /// How many of them have been taken.
    taken: usize,
    /// The values of ephemerons that were found before their keys.
    values_by_key: HashMap<ObjectRef, Vec<ObjectRef>>,
}

impl Reach {
    /// A search from `roots`.
    pub(crate) fn from(roots: impl Iterator<Item = ObjectRef>) -> Reach {
        let mut reach = Reach::default();
        roots.for_each(|root| _ = reach.add(root));
        reach
    }

    /// An object is reached; its number.
    #[inline]
    pub(crate) fn add(&mut self, object: ObjectRef) -> u32 {
        let new = self.found.len() as u32;
        let number = self.numbers.get_or_insert(object, new);
        if number == new {
            self.found.push(object);
        }
        number
    }

    /// An ephemeron is reached: so is its value if its key is, or is null.
    pub(crate) fn add_ephemeron(&mut self, memory: &Memory, ephemeron: Ephemeron) {
        let Some(value) = ephemeron.value_slot().load(memory) else { return };
        match ephemeron.key(memory) {
            Some(key) if !self.contains(key) => self.values_by_key.entry(key).or_default().push(value),
            _ => _ = self.add(value),
        }
    }

    /// The next object found of which nothing has been added yet.
    #[inline]
    pub(crate) fn next(&mut self, memory: &Memory) -> Option<ObjectRef> {
        let object = *self.found.get(self.taken)?;
        if let Some(later) = self.found.get(self.taken + AHEAD) {
            memory.prefetch(later.address());
        }
        self.taken += 1;
        if !self.values_by_key.is_empty() {
            let values = self.values_by_key.remove(&object);
            values.into_iter().flatten().for_each(|value| _ = self.add(value));
        }
        Some(object)
    }

    /// The number of an object, if it has been found.
    pub(crate) fn number(&self, object: ObjectRef) -> Option<u32> {
        self.numbers.get(object)
    }

    /// Whether an object has been found.
    pub(crate) fn contains(&self, object: ObjectRef) -> bool {
        self.number(object).is_some()
    }

    /// The objects found, by their numbers.
    pub(crate) fn found(&self) -> &[ObjectRef] {
        &self.found
    }
}
