//! What is to run at a certain time.

use super::object_bytes;
use crate::Random;
use gc_core::event::Nanos;
use gc_core::{FixedShape, Heap, HeapFull, Local, View};

/// Slots of a timer. Its words are when it is due, its number, and its priority.
const LEFT: u32 = 0;
const RIGHT: u32 = 1;
const CALLBACK: u32 = 2;

/// Slot of the tree.
const ROOT: u32 = 0;

/// Timers in a treap: a search tree by the time when they are due, and by number if that is the same, which random
/// priorities, none above that of its parent, keep balanced.
#[derive(Debug)]
pub(super) struct Timers {
    timer: FixedShape<3, 3>,
    tree: Local,
    numbers: u64,
    priorities: Random,
}

/// A slot that refers to a subtree.
#[derive(Clone, Copy, Debug)]
struct Link {
    owner: Local,
    index: u32,
}

impl Timers {
    /// No timers. The handle of the tree lives in the current scope.
    pub(super) fn new(heap: &mut Heap) -> Result<Self, HeapFull> {
        let timer = heap.register_fixed("Timer");
        let tree: FixedShape<1, 0> = heap.register_fixed("Timers");
        let tree = heap.alloc_with(tree, [None])?;
        Ok(Timers { timer, tree, numbers: 0, priorities: Random::new(0) })
    }

    /// When the next timer is due.
    pub(super) fn next_due(&self, heap: &Heap) -> Option<Nanos> {
        let root = heap.view(self.tree).slot(ROOT);
        std::iter::successors(root, |timer| timer.slot(LEFT)).last().map(|timer| key_of(timer).0)
    }

    /// Sets a timer. The numbers of timers rise, so those due at the same time fire in the order in which they were set.
    pub(super) fn set(&mut self, heap: &mut Heap, due: Nanos, callback: Local) -> Result<(), HeapFull> {
        let key = (due, self.numbers);
        self.numbers += 1;
        let priority = self.priorities.number();
        heap.scope(|heap| {
            let timer = heap.alloc_with(self.timer, [None, None, Some(callback)])?;
            for (index, word) in (0..).zip([key.0.0, key.1, priority]) {
                heap.store_word(timer, index, word);
            }
            self.insert(heap, timer, key, priority);
            Ok(())
        })
    }

    /// Puts `timer` where its priority wants it, and what was there below it.
    fn insert(&self, heap: &mut Heap, timer: Local, key: Key, priority: u64) {
        let current = heap.duplicate(timer);
        let mut place = Link { owner: heap.duplicate(self.tree), index: ROOT };
        let mut is_occupied = heap.advance(current, place.owner, place.index);
        while is_occupied && priority_of(heap.view(current)) >= priority {
            heap.assign(place.owner, current);
            place.index = if key < key_of(heap.view(current)) { LEFT } else { RIGHT };
            is_occupied = heap.advance(current, place.owner, place.index);
        }
        heap.store(place.owner, place.index, Some(timer));
        split(heap, is_occupied.then_some(current), key, timer);
    }

    /// Takes the callback of the next timer if that is due at `now`, with the time when it was due.
    pub(super) fn take(&mut self, heap: &mut Heap, now: Nanos) -> Option<(Nanos, Local)> {
        let first = heap.load(self.tree, ROOT)?;
        let mut place = Link { owner: heap.duplicate(self.tree), index: ROOT };
        let next = heap.duplicate(first);
        while heap.advance(next, first, LEFT) {
            heap.assign(place.owner, first);
            place.index = LEFT;
            heap.assign(first, next);
        }
        let due = key_of(heap.view(first)).0;
        if due > now {
            return None;
        }
        heap.copy_slots(first, RIGHT..RIGHT + 1, place.owner, place.index);
        heap.load(first, CALLBACK).map(|callback| (due, callback))
    }
}

/// Splits the subtree `current`: what is before `key` becomes the left one of `timer`, the rest the right one.
fn split(heap: &mut Heap, current: Option<Local>, key: Key, timer: Local) {
    let Some(current) = current else { return };
    let mut before = Link { owner: heap.duplicate(timer), index: LEFT };
    let mut behind = Link { owner: heap.duplicate(timer), index: RIGHT };
    loop {
        let is_before = key_of(heap.view(current)) < key;
        let (link, inner) = if is_before { (&mut before, RIGHT) } else { (&mut behind, LEFT) };
        heap.store(link.owner, link.index, Some(current));
        heap.assign(link.owner, current);
        link.index = inner;
        if !heap.advance(current, link.owner, inner) {
            break;
        }
    }
    for link in [before, behind] {
        heap.store(link.owner, link.index, None);
    }
}

/// What timers are sorted by: when they are due, and their number.
type Key = (Nanos, u64);

fn key_of(timer: View<'_>) -> Key {
    (Nanos(timer.word(0)), timer.word(1))
}

fn priority_of(timer: View<'_>) -> u64 {
    timer.word(2)
}

/// Bytes of a timer, without its callback.
pub(in crate::programs) const TIMER_BYTES: u64 = object_bytes(3, 24);

#[cfg(test)]
mod tests {
    use super::{LEFT, RIGHT, ROOT, Timers, View};
    use crate::Random;
    use gc_core::event::Nanos;
    use gc_core::{Config, FixedShape, Heap, Stress};
    use std::collections::BTreeMap;

    struct Fixture {
        heap: Heap,
        timers: Timers,
        callback: FixedShape<0, 1>,
    }

    impl Fixture {
        fn new(stress: Stress) -> Self {
            let mut heap =
                Heap::new(Config { huge_pages: false, stress, ..Config::default() }).expect("valid");
            let callback = heap.register_fixed("callback");
            let timers = Timers::new(&mut heap).expect("there is room");
            Fixture { heap, timers, callback }
        }

        fn set(&mut self, due: u64, number: u64) {
            let Fixture { heap, timers, callback } = self;
            heap.scope(|heap| {
                let callback = heap.alloc_with(*callback, []).expect("there is room");
                heap.store_word(callback, 0, number);
                timers.set(heap, Nanos(due), callback).expect("there is room");
            });
        }

        fn take(&mut self, now: u64) -> Option<(u64, u64)> {
            let Fixture { heap, timers, .. } = self;
            heap.scope(|heap| {
                let (due, callback) = timers.take(heap, Nanos(now))?;
                Some((due.0, heap.view(callback).word(0)))
            })
        }
    }

    #[test]
    fn timers_fire_in_order() {
        let mut fixture = Fixture::new(Stress::all(7, 1));
        let mut random = Random::new(1);
        let mut expected = BTreeMap::new();
        for round in 0..60 {
            for index in 0..random.below(12) {
                let (due, number) = (round + u64::from(random.below(20)), round << 32 | u64::from(index));
                fixture.set(due, number);
                expected.insert((due, number), ());
            }
            let next = expected.first_key_value().map(|(key, ())| Nanos(key.0));
            assert_eq!(fixture.timers.next_due(&fixture.heap), next);
            while let Some(taken) = fixture.take(round) {
                assert_eq!(expected.pop_first(), Some((taken, ())));
            }
            assert!(expected.first_key_value().is_none_or(|(key, ())| key.0 > round));
        }
    }

    fn height(root: Option<View<'_>>) -> u32 {
        root.map_or(0, |timer| 1 + height(timer.slot(LEFT)).max(height(timer.slot(RIGHT))))
    }

    #[test]
    fn the_tree_is_balanced_also_if_timers_come_in_order() {
        let mut fixture = Fixture::new(Stress::default());
        (0..10_000).for_each(|number| fixture.set(number, number));
        let height = height(fixture.heap.view(fixture.timers.tree).slot(ROOT));
        assert!((14..50).contains(&height), "{height}");
    }
}
