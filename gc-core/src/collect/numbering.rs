//! Numbers of all objects, while what the program does to them is recorded.
//!
//! Collectors tell where objects have gone and which are dead, as they do for identities; but every object has a number
//! here, so that finding one must be a matter of two loads: by number there is a table of places, and by place, for each
//! page in which a numbered object starts, a table of numbers.

use crate::memory::GRANULE_BYTES;
use crate::object::ObjectRef;
use crate::space::{PAGE_BYTES, PAGE_GRANULES};

/// A number in a table by place: 0 if no numbered object starts there, else the number plus 1; the top bit is [`LISTED`].
type Entry = u32;

/// The object is in the remembered set.
const LISTED: Entry = 1 << 31;

/// The numbers of objects, given again when their objects are dead.
#[derive(Debug, Default)]
pub(crate) struct Numbering {
    /// By number, where the object is.
    places: Vec<Option<ObjectRef>>,
    /// Numbers to be given again, the next one last.
    free: Vec<u32>,
    /// By page and granule.
    pages: Vec<Option<Box<[Entry]>>>,
    /// Numbers of young objects.
    young: Vec<u32>,
    /// Numbers of objects that have died since the last call of [`Numbering::take_dead`].
    dead: Vec<u32>,
}

impl Numbering {
    /// The number of an object, if it has one.
    #[inline(always)]
    pub(crate) fn of(&self, object: ObjectRef) -> Option<u32> {
        (self.entry(object) & !LISTED).checked_sub(1)
    }

    /// Gives a number to an object that has none.
    #[inline]
    pub(crate) fn add(&mut self, object: ObjectRef, is_young: bool) -> u32 {
        let number = self.free.pop().unwrap_or_else(|| {
            self.places.push(None);
            self.places.len() as u32 - 1
        });
        self.places[number as usize] = Some(object);
        *self.entry_mut(object) = number + 1;
        if is_young {
            self.young.push(number);
        }
        number
    }

    /// Whether an object is noted to be in the remembered set.
    pub(crate) fn is_listed(&self, object: ObjectRef) -> bool {
        self.entry(object) & LISTED != 0
    }

    /// Notes of an object, if it has a number, whether it is in the remembered set. False if it has none.
    pub(crate) fn set_listed(&mut self, object: ObjectRef, is_listed: bool) -> bool {
        if self.of(object).is_none() {
            return false;
        }
        let entry = self.entry_mut(object);
        *entry = if is_listed { *entry | LISTED } else { *entry & !LISTED };
        true
    }

    /// The young objects that have numbers.
    pub(crate) fn young(&self) -> impl Iterator<Item = ObjectRef> {
        self.young.iter().filter_map(|number| self.places[*number as usize])
    }

    /// The numbers of objects that have died since the last call: from now on they are given again.
    pub(crate) fn take_dead(&mut self) -> Vec<u32> {
        let dead = std::mem::take(&mut self.dead);
        self.free.extend(dead.iter().rev());
        dead
    }

    /// After a scavenge: `fate` says where a young object is now and whether it is still young, or that it died.
    pub(crate) fn update_young(&mut self, mut fate: impl FnMut(ObjectRef) -> Option<(ObjectRef, bool)>) {
        for number in std::mem::take(&mut self.young) {
            let Some(place) = self.places[number as usize] else { continue };
            *self.entry_mut(place) = 0;
            let fate = fate(place);
            self.places[number as usize] = fate.map(|(place, _)| place);
            match fate {
                Some((place, is_young)) => {
                    *self.entry_mut(place) = number + 1;
                    self.young.extend(is_young.then_some(number));
                }
                None => self.dead.push(number),
            }
        }
    }

    /// After a marking: the objects that are not `live` are dead.
    pub(crate) fn retain(&mut self, live: impl Fn(ObjectRef) -> bool) {
        for number in 0..self.places.len() {
            if let Some(place) = self.places[number].filter(|place| !live(*place)) {
                *self.entry_mut(place) = 0;
                self.places[number] = None;
                self.dead.push(number as u32);
            }
        }
    }

    /// Makes all numbers those of where their objects are now.
    pub(crate) fn update_all(&mut self, new_place: impl Fn(ObjectRef) -> ObjectRef) {
        // All are taken out before any is put back: an object may now lie where another one did.
        let mut moved = Vec::new();
        for (number, place) in (0..).zip(&mut self.places) {
            let Some(old) = *place else { continue };
            let new = new_place(old);
            if new != old {
                *place = Some(new);
                moved.push((number, old, new));
            }
        }
        moved.iter().for_each(|(_, old, _)| *self.entry_mut(*old) = 0);
        moved.iter().for_each(|(number, _, new)| *self.entry_mut(*new) = number + 1);
    }

    #[inline(always)]
    fn entry(&self, object: ObjectRef) -> Entry {
        let (page, granule) = place(object);
        match self.pages.get(page) {
            Some(Some(entries)) => entries[granule],
            _ => 0,
        }
    }

    #[inline(always)]
    fn entry_mut(&mut self, object: ObjectRef) -> &mut Entry {
        let (page, granule) = place(object);
        match self.pages.get(page) {
            Some(Some(_)) => {}
            _ => self.add_page(page),
        }
        let entries = self.pages[page].as_mut().expect("just seen or added");
        &mut entries[granule]
    }

    #[cold]
    fn add_page(&mut self, page: usize) {
        if page >= self.pages.len() {
            self.pages.resize_with(page + 1, || None);
        }
        self.pages[page] = Some(vec![0; PAGE_GRANULES as usize].into());
    }
}

/// The page in which an object starts, counted from the start of the region, and the granule in it.
#[inline(always)]
fn place(object: ObjectRef) -> (usize, usize) {
    let granule = object.address().0 as usize;
    (granule / PAGE_GRANULES as usize, granule % PAGE_GRANULES as usize)
}

const _: () = assert!(PAGE_GRANULES as u64 * GRANULE_BYTES == PAGE_BYTES as u64);

#[cfg(test)]
mod tests {
    use super::Numbering;
    use crate::memory::Address;
    use crate::object::ObjectRef;

    fn object(number: u32) -> ObjectRef {
        ObjectRef::at(Address(number))
    }

    fn numbers(numbering: &Numbering, objects: [u32; 4]) -> [Option<u32>; 4] {
        objects.map(|at| numbering.of(object(at)))
    }

    #[test]
    fn an_object_keeps_its_number_where_another_one_was() {
        let mut numbering = Numbering::default();
        (1..=3).for_each(|at| {
            numbering.add(object(at), true);
        });
        // 1 moves to the place of 5, which is old, 2 to another page, and 3 dies.
        let fate = |it: ObjectRef| match it.address().0 {
            1 => Some((object(5), true)),
            2 => Some((object(1 << 20), false)),
            _ => None,
        };
        numbering.update_young(fate);
        assert_eq!(numbers(&numbering, [5, 1 << 20, 1, 3]), [Some(0), Some(1), None, None]);
        assert_eq!(numbering.young().collect::<Vec<_>>(), [object(5)]);
        // They change places.
        numbering.update_all(|it| if it == object(5) { object(1 << 20) } else { object(5) });
        assert_eq!(numbers(&numbering, [5, 1 << 20, 1, 3]), [Some(1), Some(0), None, None]);
    }

    #[test]
    fn numbers_of_the_dead_are_given_again_once_they_have_been_taken() {
        let mut numbering = Numbering::default();
        assert_eq!([1, 2].map(|at| numbering.add(object(at), false)), [0, 1]);
        numbering.retain(|it| it != object(1));
        assert_eq!(numbering.add(object(3), true), 2);
        assert_eq!(numbering.take_dead(), [0]);
        assert_eq!(numbering.add(object(4), true), 0);
        assert_eq!(numbering.of(object(1)), None);
    }

    #[test]
    fn an_object_without_a_number_is_not_noted_to_be_remembered() {
        let mut numbering = Numbering::default();
        numbering.add(object(1), false);
        assert!(numbering.set_listed(object(1), true) && !numbering.set_listed(object(2), true));
        assert!(numbering.is_listed(object(1)) && !numbering.is_listed(object(2)));
        assert_eq!(numbering.of(object(1)), Some(0));
    }
}
