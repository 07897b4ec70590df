//! Numbers that objects keep wherever they are moved.

use crate::object::ObjectRef;
use std::collections::HashMap;

/// The numbers of those objects that have been asked for theirs.
#[derive(Debug, Default)]
pub(crate) struct Identities {
    numbers: HashMap<ObjectRef, u64>,
    /// Those of the objects that may be young.
    young: Vec<ObjectRef>,
    next: u64,
}

impl Identities {
    /// The number of `object`, which is given one if it has none.
    pub(crate) fn of(&mut self, object: ObjectRef, is_young: bool) -> u64 {
        let numbers = &mut self.numbers;
        *numbers.entry(object).or_insert_with(|| {
            if is_young {
                self.young.push(object);
            }
            self.next += 1;
            self.next - 1
        })
    }

    /// The number of `object`, if it has one.
    pub(crate) fn known(&self, object: ObjectRef) -> Option<u64> {
        self.numbers.get(&object).copied()
    }

    /// After a scavenge: `fate` says where a young object is now and whether it is still young, or that it died.
    pub(crate) fn update_young(&mut self, mut fate: impl FnMut(ObjectRef) -> Option<(ObjectRef, bool)>) {
        // All are taken out before any is put back: an object may now lie where another one did.
        let young = std::mem::take(&mut self.young);
        let taken = |object| self.numbers.remove(&object).map(|number| (object, number));
        let numbered: Vec<_> = young.into_iter().filter_map(taken).collect();
        for (object, number) in numbered {
            if let Some((object, is_young)) = fate(object) {
                self.numbers.insert(object, number);
                self.young.extend(is_young.then_some(object));
            }
        }
    }

    /// After a marking: forgets the objects that are not `live`.
    pub(crate) fn retain(&mut self, live: impl Fn(ObjectRef) -> bool) {
        self.numbers.retain(|object, _| live(*object));
        self.young.retain(|object| live(*object));
    }

    /// Makes all entries refer to where their objects are now.
    pub(crate) fn update_all(&mut self, new_place: impl Fn(ObjectRef) -> ObjectRef) {
        let numbers = std::mem::take(&mut self.numbers);
        self.numbers = numbers.into_iter().map(|(object, number)| (new_place(object), number)).collect();
        self.young.iter_mut().for_each(|object| *object = new_place(*object));
    }

    /// The objects that have numbers.
    pub(crate) fn objects(&self) -> impl Iterator<Item = ObjectRef> {
        self.numbers.keys().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::Identities;
    use crate::memory::Address;
    use crate::object::ObjectRef;

    fn object(number: u32) -> ObjectRef {
        ObjectRef::at(Address(number))
    }

    #[test]
    fn an_object_keeps_its_number_where_another_one_was() {
        let mut identities = Identities::default();
        let numbers = [1, 2, 3].map(|number| identities.of(object(number), number < 3));
        // 1 moves to where 2 was, 2 becomes old.
        identities.update_young(|it| {
            if it == object(1) { Some((object(2), true)) } else { Some((object(9), false)) }
        });
        assert_eq!([2, 9, 3].map(|number| identities.of(object(number), true)), numbers);
        assert_eq!(identities.young, [object(2)]);
    }

    #[test]
    fn the_number_of_a_dead_object_is_not_given_again() {
        let mut identities = Identities::default();
        let dead = identities.of(object(1), true);
        identities.update_young(|_| None);
        assert_ne!(identities.of(object(1), true), dead);
        identities.retain(|it| it != object(1));
        assert_eq!(identities.objects().count(), 0);
        assert!(identities.young.is_empty());
    }
}
