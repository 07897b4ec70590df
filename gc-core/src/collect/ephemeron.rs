//! Ephemerons in a marking: those whose keys have not been found alive wait here.
//!
//! The value of an ephemeron is to be marked once its key is, and marking it may reach the key of another one: a
//! fixpoint. It is looked for whenever nothing is grey, in units of work of one ephemeron each:
//!
//! ```text
//!          start_round, up to 10 times           the 11th
//! Rounds ------------------------------> Rounds -----------> ByKey
//! ```
//!
//! **Rounds** look at all that wait, again and again until a round finds that nothing has been marked since it started.
//! That needs no table, and few rounds as a rule; but a chain in the worst order takes a round for each link. So after
//! [`MAX_ROUNDS`] the keys are put into a table, and each object marked from then on is looked up there: **by key**, all
//! is linear in the number of objects and ephemerons.

use crate::object::{Ephemeron, ObjectRef};
use std::collections::HashMap;

/// Rounds before a table is made (V8, `ephemeron_fixpoint_iterations`: 10).
const MAX_ROUNDS: u32 = 10;

/// The ephemerons of one marking that wait for their keys.
#[derive(Debug)]
pub(crate) struct Waiting {
    /// To be looked at, whatever has been marked.
    unseen: Vec<Ephemeron>,
    search: Search,
}

#[derive(Debug)]
enum Search {
    Rounds(Rounds),
    ByKey(ByKey),
}

/// All that wait are looked at, again and again.
#[derive(Debug, Default)]
struct Rounds {
    /// Looked at in this round.
    seen: Vec<Ephemeron>,
    started: u32,
    /// How much had been marked when the round started.
    marked_bytes: u64,
}

/// Each key leads to the ephemerons that wait for it.
#[derive(Debug, Default)]
struct ByKey {
    /// For each key that has not been marked, the last of its entries.
    last: HashMap<ObjectRef, u32>,
    entries: Vec<Entry>,
    /// Entries whose keys have been marked; those before them in their lists have too.
    ready: Vec<u32>,
}

/// An ephemeron, and the one before it that waits for the same key.
#[derive(Clone, Copy, Debug)]
struct Entry {
    ephemeron: Ephemeron,
    previous: Option<u32>,
}

impl Default for Waiting {
    fn default() -> Self {
        Waiting { unseen: Vec::new(), search: Search::Rounds(Rounds::default()) }
    }
}

impl Waiting {
    /// Adds an ephemeron whose key has not been found alive.
    pub(crate) fn add(&mut self, ephemeron: Ephemeron, key: ObjectRef) {
        match &mut self.search {
            Search::Rounds(rounds) => rounds.seen.push(ephemeron),
            Search::ByKey(by_key) => by_key.add(ephemeron, key),
        }
    }

    /// The next one to look at, given how much has been marked; `None` if that would find nothing new.
    ///
    /// Only to be called when nothing is grey.
    pub(crate) fn next(&mut self, marked_bytes: u64) -> Option<Ephemeron> {
        if self.is_settled(marked_bytes) {
            return None;
        }
        if let Some(ephemeron) = self.unseen.pop() {
            return Some(ephemeron);
        }
        if let Search::Rounds(rounds) = &mut self.search {
            self.unseen = std::mem::take(&mut rounds.seen);
            rounds.started += 1;
            rounds.marked_bytes = marked_bytes;
            if rounds.started > MAX_ROUNDS {
                self.search = Search::ByKey(ByKey::with_capacity(self.unseen.len()));
            }
        }
        match &mut self.search {
            Search::Rounds(_) => self.unseen.pop(),
            Search::ByKey(by_key) => by_key.next_ready().or_else(|| self.unseen.pop()),
        }
    }

    /// Whether looking at any of them would find nothing new, given how much has been marked.
    pub(crate) fn is_settled(&self, marked_bytes: u64) -> bool {
        let nothing_new = match &self.search {
            Search::Rounds(rounds) => rounds.seen.is_empty() || rounds.marked_bytes == marked_bytes,
            Search::ByKey(by_key) => by_key.ready.is_empty(),
        };
        nothing_new && self.unseen.is_empty()
    }

    /// Whether each object that is marked must be told by [`Waiting::note_marked`].
    pub(crate) fn is_by_key(&self) -> bool {
        matches!(self.search, Search::ByKey(_))
    }

    /// An object is being marked.
    pub(crate) fn note_marked(&mut self, object: ObjectRef) {
        if let Search::ByKey(by_key) = &mut self.search {
            by_key.ready.extend(by_key.last.remove(&object));
        }
    }

    /// Takes all of them, in no particular order. When the marking has settled, the keys that they waited for are dead.
    pub(crate) fn take(&mut self) -> Vec<Ephemeron> {
        let mut all = std::mem::take(&mut self.unseen);
        match std::mem::take(self).search {
            Search::Rounds(rounds) => all.extend(rounds.seen),
            Search::ByKey(by_key) => all.extend(by_key.into_waiting()),
        }
        all
    }
}

impl ByKey {
    /// Room for so many, so that filling it never stops to move what it holds.
    fn with_capacity(count: usize) -> ByKey {
        ByKey { last: HashMap::with_capacity(count), entries: Vec::with_capacity(count), ready: Vec::new() }
    }

    fn add(&mut self, ephemeron: Ephemeron, key: ObjectRef) {
        let previous = self.last.insert(key, self.entries.len() as u32);
        self.entries.push(Entry { ephemeron, previous });
    }

    /// All that wait for keys that have not been marked.
    fn into_waiting(mut self) -> impl Iterator<Item = Ephemeron> {
        self.ready.extend(self.last.values());
        std::iter::from_fn(move || self.next_ready())
    }

    fn next_ready(&mut self) -> Option<Ephemeron> {
        let Entry { ephemeron, previous } = self.entries[self.ready.pop()? as usize];
        self.ready.extend(previous);
        Some(ephemeron)
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_ROUNDS, Waiting};
    use crate::memory::Address;
    use crate::object::{Ephemeron, ObjectRef};

    fn object(number: u32) -> ObjectRef {
        ObjectRef::at(Address(number))
    }

    /// Ephemerons with the numbers from 1 on, each waiting for the key of the same number.
    fn waiting(count: u32) -> Waiting {
        let mut waiting = Waiting::default();
        (1..=count).for_each(|number| waiting.add(Ephemeron::at(object(number)), object(number)));
        waiting
    }

    /// Looks at all that are to be looked at, without finding a key alive.
    fn look(waiting: &mut Waiting, marked_bytes: u64) -> u32 {
        let mut count = 0;
        while let Some(ephemeron) = waiting.next(marked_bytes) {
            let number = (1..).find(|number| Ephemeron::at(object(*number)) == ephemeron);
            waiting.add(ephemeron, object(number.expect("one of them")));
            count += 1;
        }
        count
    }

    #[test]
    fn a_round_looks_at_each_once() {
        let mut waiting = waiting(5);
        assert_eq!(look(&mut waiting, 8), 5);
        assert!(waiting.is_settled(8) && !waiting.is_settled(16));
        assert_eq!(look(&mut waiting, 8), 0, "nothing has been marked since");
        assert_eq!(look(&mut waiting, 16), 5);
    }

    #[test]
    fn after_some_rounds_only_those_are_looked_at_whose_keys_are_marked() {
        let mut waiting = waiting(5);
        for round in 1..=MAX_ROUNDS {
            assert_eq!(look(&mut waiting, 8 * u64::from(round)), 5);
            assert!(!waiting.is_by_key());
        }
        assert_eq!(look(&mut waiting, 800), 5, "each is put into the table");
        assert!(waiting.is_by_key() && waiting.is_settled(900));
        waiting.add(Ephemeron::at(object(6)), object(3));
        waiting.note_marked(object(3));
        waiting.note_marked(object(7));
        let ready: Vec<_> = std::iter::from_fn(|| waiting.next(900)).collect();
        assert_eq!(ready, [6, 3].map(|number| Ephemeron::at(object(number))));
        assert_eq!(waiting.take().len(), 4, "two have been taken");
    }
}
