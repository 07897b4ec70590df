//! Ephemerons in a scavenge: each key that has not been reached leads to those that wait for it.
//!
//! The program does not run during a scavenge, so the header's place of such a key can hold the number of its list
//! instead; the header is kept in the list. Whoever reaches the key finds the number, puts the header back and goes on
//! as with any object. So there are no rounds and no table, and a chain of ephemerons costs the same in any order.

use crate::memory::Memory;
use crate::object::{Ephemeron, Header, HeaderState, ObjectRef};

/// The ephemerons of one scavenge that wait for their keys.
#[derive(Debug, Default)]
pub(crate) struct Awaited {
    keys: Vec<Key>,
    entries: Vec<Entry>,
    /// Entries whose keys have been reached; those before them in their lists have too.
    ready: Vec<u32>,
}

/// A key, its header and the last of its entries, until it is reached.
#[derive(Clone, Copy, Debug)]
struct Key {
    object: ObjectRef,
    header: Header,
    last: Option<u32>,
}

/// An ephemeron, and the one before it that waits for the same key.
#[derive(Clone, Copy, Debug)]
struct Entry {
    ephemeron: Ephemeron,
    previous: Option<u32>,
}

impl Awaited {
    /// Adds an ephemeron whose key, a young object, has not been reached.
    pub(crate) fn add(&mut self, memory: &mut Memory, ephemeron: Ephemeron, key: ObjectRef) {
        let number = match key.state(memory) {
            HeaderState::Live(header) => self.add_key(memory, key, header),
            HeaderState::Awaited(number) => number,
            HeaderState::Forwarded(_) => unreachable!("the key has not been reached"),
        };
        let last = &mut self.keys[number as usize].last;
        let previous = last.replace(self.entries.len() as u32);
        self.entries.push(Entry { ephemeron, previous });
    }

    fn add_key(&mut self, memory: &mut Memory, object: ObjectRef, header: Header) -> u32 {
        let number = self.keys.len() as u32;
        self.keys.push(Key { object, header, last: None });
        object.await_as(memory, number);
        number
    }

    /// The key with this number is being reached: puts back and returns its header.
    pub(crate) fn reach(&mut self, memory: &mut Memory, number: u32) -> Header {
        let key = &mut self.keys[number as usize];
        self.ready.extend(key.last.take());
        key.object.set_header(memory, key.header);
        key.header
    }

    /// An ephemeron whose key has been reached.
    pub(crate) fn next_ready(&mut self) -> Option<Ephemeron> {
        let Entry { ephemeron, previous } = self.entries[self.ready.pop()? as usize];
        self.ready.extend(previous);
        Some(ephemeron)
    }

    /// Nothing more is reached: puts back the headers of all keys that have not been, which are dead, and returns their
    /// ephemerons.
    pub(crate) fn take_dead(&mut self, memory: &mut Memory) -> Vec<Ephemeron> {
        let mut dead = Vec::new();
        for key in self.keys.drain(..).filter(|key| key.last.is_some()) {
            key.object.set_header(memory, key.header);
            self.ready.extend(key.last);
        }
        while let Some(ephemeron) = self.next_ready() {
            dead.push(ephemeron);
        }
        self.entries.clear();
        dead
    }
}
