//! Objects that the program wants back when they have died.
//!
//! ```text
//!            register               found dead                 taken by the program
//! (no entry) --------> registered -------------> queued ------------------------> (no entry)
//! ```
//!
//! A registered object is held weakly, a queued one strongly: it is resurrected together with all that it refers to, in
//! the pause that finds it dead. Its registration is used up by then, so it comes back once.
//!
//! Invariants:
//! - Each registration is in one list, once.
//! - What one collection queues is queued in the order of registration.

use crate::object::ObjectRef;
use std::collections::VecDeque;

/// An object to be finalized.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Registration {
    /// Later ones have greater numbers.
    pub(crate) number: u64,
    pub(crate) object: ObjectRef,
}

/// All registrations of a heap.
#[derive(Debug, Default)]
pub(crate) struct Finalizers {
    next_number: u64,
    /// Registrations of objects that may be young.
    young: Vec<Registration>,
    /// Registrations of old objects.
    old: Vec<Registration>,
    queue: VecDeque<Registration>,
    /// How many objects at the front of the queue are old.
    old_queued: usize,
}

impl Finalizers {
    /// Registers an object.
    pub(crate) fn register(&mut self, object: ObjectRef, is_young: bool) {
        let number = self.next_number;
        self.next_number += 1;
        let list = if is_young { &mut self.young } else { &mut self.old };
        list.push(Registration { number, object });
    }

    /// Takes the object that has been queued longest.
    pub(crate) fn take(&mut self) -> Option<ObjectRef> {
        self.old_queued = self.old_queued.saturating_sub(1);
        Some(self.queue.pop_front()?.object)
    }

    /// The objects queued.
    pub(crate) fn queued(&self) -> impl Iterator<Item = ObjectRef> {
        self.queue.iter().map(|registration| registration.object)
    }

    /// How many of them may be young.
    pub(crate) fn young_queued(&self) -> usize {
        self.queue.len() - self.old_queued
    }

    /// The objects registered.
    pub(crate) fn registered(&self) -> impl Iterator<Item = ObjectRef> {
        self.young.iter().chain(&self.old).map(|registration| registration.object)
    }

    /// All registrations, queued or not.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Registration> {
        self.young.iter().chain(&self.old).chain(&self.queue)
    }

    /// Updates all objects: `moved` says where each is now.
    pub(crate) fn update_all(&mut self, mut moved: impl FnMut(ObjectRef) -> ObjectRef) {
        let lists = self.young.iter_mut().chain(&mut self.old).chain(&mut self.queue);
        lists.for_each(|registration| registration.object = moved(registration.object));
    }

    /// Updates the queued objects that may be young: `update` says where each is now and whether it is still young.
    pub(crate) fn update_queue(&mut self, mut update: impl FnMut(ObjectRef) -> (ObjectRef, bool)) {
        let mut all_old = true;
        for registration in self.queue.range_mut(self.old_queued..) {
            let (object, is_young) = update(registration.object);
            registration.object = object;
            all_old &= !is_young;
            self.old_queued += usize::from(all_old);
        }
    }

    /// After a scavenge: queues the young objects that died; `fate` says where each is now and whether it is still young,
    /// or that it died. False if none did.
    pub(crate) fn queue_dead_young(
        &mut self,
        mut fate: impl FnMut(ObjectRef) -> Option<(ObjectRef, bool)>,
    ) -> bool {
        let mut dead = Vec::new();
        for registration in std::mem::take(&mut self.young) {
            match fate(registration.object) {
                None => dead.push(registration),
                Some((object, true)) => self.young.push(Registration { object, ..registration }),
                Some((object, false)) => self.old.push(Registration { object, ..registration }),
            }
        }
        self.enqueue(dead)
    }

    /// After a marking: queues the objects that are not `live`. False if all are.
    pub(crate) fn queue_dead(&mut self, live: impl Fn(ObjectRef) -> bool) -> bool {
        let is_dead = |registration: &mut Registration| !live(registration.object);
        let mut dead: Vec<_> = self.young.extract_if(.., is_dead).collect();
        dead.extend(self.old.extract_if(.., is_dead));
        self.enqueue(dead)
    }

    fn enqueue(&mut self, mut dead: Vec<Registration>) -> bool {
        dead.sort_unstable_by_key(|registration| registration.number);
        self.queue.extend(&dead);
        !dead.is_empty()
    }

    /// Leaves everything that is queued registered: a fault.
    pub(crate) fn keep_registered(&mut self) {
        self.young.extend(&self.queue);
    }
}

#[cfg(test)]
mod tests {
    use super::{Finalizers, ObjectRef};
    use crate::memory::Address;

    fn object(number: u32) -> ObjectRef {
        ObjectRef::at(Address(number))
    }

    fn queued(finalizers: &Finalizers) -> Vec<u32> {
        finalizers.queued().map(|object| object.address().0).collect()
    }

    /// Objects 1, 2, ... registered in this order; those with odd numbers are young.
    fn registered(count: u32) -> Finalizers {
        let mut finalizers = Finalizers::default();
        (1..=count).for_each(|number| finalizers.register(object(number), number % 2 == 1));
        finalizers
    }

    #[test]
    fn the_dead_are_queued_in_the_order_of_registration() {
        let mut finalizers = registered(6);
        assert!(!finalizers.queue_dead(|_| true));
        assert!(finalizers.queue_dead(|live| live == object(3)));
        assert_eq!(queued(&finalizers), [1, 2, 4, 5, 6]);
        assert_eq!(finalizers.registered().collect::<Vec<_>>(), [object(3)]);
        assert_eq!(finalizers.take(), Some(object(1)));
    }

    #[test]
    fn a_scavenge_asks_for_young_objects_only() {
        let mut finalizers = registered(6);
        let fate =
            |it: ObjectRef| (it != object(1)).then_some((object(it.address().0 + 10), it == object(3)));
        assert!(finalizers.queue_dead_young(fate));
        assert_eq!(queued(&finalizers), [1]);
        assert_eq!(finalizers.young.iter().map(|it| it.object).collect::<Vec<_>>(), [object(13)]);
        assert_eq!(finalizers.old.last().map(|it| it.object), Some(object(15)));
    }

    #[test]
    fn queued_objects_are_updated_until_they_are_old() {
        let mut finalizers = registered(5);
        finalizers.queue_dead(|_| false);
        assert_eq!(finalizers.young_queued(), 5);
        finalizers.update_queue(|it| (object(it.address().0 + 10), it == object(3)));
        assert_eq!((queued(&finalizers), finalizers.young_queued()), (vec![11, 12, 13, 14, 15], 3));
        finalizers.take();
        finalizers.update_queue(|it| (object(it.address().0 + 10), false));
        assert_eq!((queued(&finalizers), finalizers.young_queued()), (vec![12, 23, 24, 25], 0));
    }

    #[test]
    fn all_lists_are_updated_when_everything_moves() {
        let mut finalizers = registered(3);
        finalizers.queue_dead(|live| live != object(2));
        finalizers.update_all(|it| object(it.address().0 + 10));
        let all: Vec<_> = finalizers.all().map(|it| it.object).collect();
        assert_eq!(all, [object(11), object(13), object(12)]);
    }
}
