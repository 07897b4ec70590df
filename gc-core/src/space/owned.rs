//! Things off the heap, each owned by an object on it: they die with their owners.

use crate::object::ObjectRef;

/// A table of things that objects own, by number.
#[derive(Debug)]
pub(crate) struct Owned<T> {
    entries: Vec<Option<Entry<T>>>,
    free_numbers: Vec<u32>,
    /// Those whose owners are young.
    young: Vec<u32>,
}

#[derive(Debug)]
struct Entry<T> {
    owner: ObjectRef,
    thing: T,
}

impl<T> Default for Owned<T> {
    fn default() -> Self {
        Owned { entries: Vec::new(), free_numbers: Vec::new(), young: Vec::new() }
    }
}

impl<T> Owned<T> {
    /// Adds a thing; its number.
    pub(crate) fn add(&mut self, owner: ObjectRef, is_young: bool, thing: T) -> u32 {
        let number = self.free_numbers.pop().unwrap_or_else(|| {
            self.entries.push(None);
            self.entries.len() as u32 - 1
        });
        self.entries[number as usize] = Some(Entry { owner, thing });
        if is_young {
            self.young.push(number);
        }
        number
    }

    /// The thing with this number.
    pub(crate) fn get(&self, number: u32) -> Option<&T> {
        self.entries.get(number as usize)?.as_ref().map(|entry| &entry.thing)
    }

    /// All things, with their numbers and owners.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, ObjectRef, &T)> {
        let numbered = self.entries.iter().enumerate();
        numbered.filter_map(|(number, entry)| {
            entry.as_ref().map(|entry| (number as u32, entry.owner, &entry.thing))
        })
    }

    /// After a scavenge: `fate` says where each young owner is now and whether it is still young, or that it died. Takes
    /// out what the dead ones owned.
    pub(crate) fn take_dead_young(
        &mut self,
        mut fate: impl FnMut(ObjectRef) -> Option<(ObjectRef, bool)>,
    ) -> Vec<T> {
        let mut dead = Vec::new();
        for number in std::mem::take(&mut self.young) {
            let place = &mut self.entries[number as usize];
            let entry = place.as_mut().expect("what is gone is not listed as young");
            match fate(entry.owner) {
                None => dead.extend(self.take(number)),
                Some((owner, still_young)) => {
                    entry.owner = owner;
                    if still_young {
                        self.young.push(number);
                    }
                }
            }
        }
        dead
    }

    /// What young owners own.
    pub(crate) fn young(&self) -> impl Iterator<Item = &T> {
        self.young.iter().filter_map(|number| self.get(*number))
    }

    /// After a marking: takes out what owners that are not `live` owned.
    pub(crate) fn take_dead(&mut self, live: impl Fn(ObjectRef) -> bool) -> Vec<T> {
        let is_dead = |entry: &Option<Entry<T>>| entry.as_ref().is_some_and(|entry| !live(entry.owner));
        let dead: Vec<_> = (0..self.entries.len()).filter(|number| is_dead(&self.entries[*number])).collect();
        let dead = dead.into_iter().filter_map(|number| self.take(number as u32)).collect();
        // Their numbers may be given to other things: forget that they were young.
        self.young.retain(|number| self.entries[*number as usize].is_some());
        dead
    }

    /// Makes all things belong to where their owners are now.
    pub(crate) fn update_owners(&mut self, new_place: impl Fn(ObjectRef) -> ObjectRef) {
        for entry in self.entries.iter_mut().flatten() {
            entry.owner = new_place(entry.owner);
        }
    }

    fn take(&mut self, number: u32) -> Option<T> {
        let entry = self.entries[number as usize].take()?;
        self.free_numbers.push(number);
        Some(entry.thing)
    }
}

#[cfg(test)]
mod tests {
    use super::Owned;
    use crate::memory::Address;
    use crate::object::ObjectRef;

    fn owner(address: u32) -> ObjectRef {
        ObjectRef::at(Address(address))
    }

    #[test]
    fn a_number_is_given_again_without_its_youth() {
        let mut owned = Owned::default();
        let number = owned.add(owner(1), true, 'a');
        assert_eq!(owned.take_dead(|_| false), ['a']);
        assert_eq!(owned.add(owner(2), false, 'b'), number);
        assert_eq!(owned.take_dead_young(|_| None), []);
        assert_eq!(owned.get(number), Some(&'b'));
    }

    #[test]
    fn owners_are_followed_while_they_are_young() {
        let mut owned = Owned::default();
        owned.add(owner(1), true, 'a');
        owned.add(owner(2), true, 'b');
        let fate = |object| (object == owner(1)).then_some((owner(3), true));
        assert_eq!(owned.take_dead_young(fate), ['b']);
        assert_eq!(owned.take_dead_young(|object| Some((object, false))), []);
        owned.update_owners(|_| owner(4));
        assert_eq!(owned.take_dead_young(|_| None), []);
        assert_eq!(owned.take_dead(|object| object != owner(4)), ['a']);
    }
}
