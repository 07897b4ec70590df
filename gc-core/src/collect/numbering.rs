//! Where the objects of a heap have been told to the log that records it.
//!
//! A new object is known by how many were told before it since the last scavenge, which is enough for as long as it does not
//! move. Only one that is told of again, or survives, gets a *number*, which collectors carry along: most objects die
//! without. By place there is a table of 32 bits for each granule of every page in which an object starts that has been
//! told, so that finding out is a matter of two loads; by number there is a table of places.

use crate::memory::{GRANULE_BYTES, Granules};
use crate::object::ObjectRef;
use crate::space::{PAGE_BYTES, PAGE_GRANULES, Semispace};

/// Of the object that starts at a place: 0 if it has not been told, else its order plus 1, or, with the bit [`NUMBERED`],
/// its number.
type Entry = u32;

const NUMBERED: Entry = 1 << 31;

/// How an object has been told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// Not at all.
    Untold,
    /// After so many others since the last scavenge.
    Ordered(u32),
    /// It has this number.
    Numbered(u32),
}

impl Known {
    #[inline(always)]
    fn of(entry: Entry) -> Known {
        match entry {
            0 => Known::Untold,
            entry if entry & NUMBERED != 0 => Known::Numbered(entry & !NUMBERED),
            entry => Known::Ordered(entry - 1),
        }
    }
}

/// The entries of a page.
type Page = Box<[Entry; PAGE_GRANULES as usize]>;

/// How objects have been told; numbers are given again when their objects are dead.
#[derive(Debug, Default)]
pub(crate) struct Numbering {
    /// By page and granule.
    pages: Vec<Option<Page>>,
    /// By number, where the object is.
    places: Vec<Option<ObjectRef>>,
    /// Numbers to be given again, the next one last.
    free: Vec<u32>,
    /// Numbers of young objects.
    young: Vec<u32>,
    /// Orders of the objects that have survived without a number, and the numbers that they have got.
    survivors: Vec<(u32, u32)>,
    /// Numbers of objects that have died.
    dead: Vec<u32>,
}

impl Numbering {
    /// How an object has been told.
    #[inline(always)]
    pub(crate) fn of(&self, object: ObjectRef) -> Known {
        let (page, granule) = place(object);
        match self.pages.get(page) {
            Some(Some(entries)) => Known::of(entries[granule]),
            _ => Known::Untold,
        }
    }

    /// How many others have been told after an object, if it is among the last `count` of the `told` since the last scavenge
    /// and has no number.
    #[inline(always)]
    pub(crate) fn recent(&self, object: ObjectRef, count: u32, told: u32) -> Option<u32> {
        let (page, granule) = place(object);
        let entry = self.pages.get(page)?.as_deref()?[granule];
        // One comparison: what has not been told, or has a number, is far more than `told` away from it.
        let ago = told.wrapping_sub(entry);
        (ago < count).then_some(ago)
    }

    /// Notes that an object, which has not been told, is told after so many others.
    #[inline(always)]
    pub(crate) fn set_order(&mut self, object: ObjectRef, order: u32) {
        *self.entry_mut(object) = order + 1;
    }

    /// Gives a number to an object that has none.
    #[inline]
    pub(crate) fn number(&mut self, object: ObjectRef, is_young: bool) -> u32 {
        let number = self.free.pop().unwrap_or_else(|| {
            self.places.push(None);
            self.places.len() as u32 - 1
        });
        self.places[number as usize] = Some(object);
        *self.entry_mut(object) = number | NUMBERED;
        if is_young {
            self.young.push(number);
        }
        number
    }

    /// The orders of objects that have survived without a number since the last call, and the numbers that they have got.
    pub(crate) fn take_survivors(&mut self) -> Vec<(u32, u32)> {
        std::mem::take(&mut self.survivors)
    }

    /// The numbers of objects that have died since the last call: from now on they are given again.
    pub(crate) fn take_dead(&mut self) -> Vec<u32> {
        let dead = std::mem::take(&mut self.dead);
        self.free.extend(dead.iter().rev());
        dead
    }

    /// After a scavenge of `from`: `fate` says where a young object is now and whether it is still young, or that it died.
    pub(crate) fn update_young(
        &mut self,
        from: Semispace,
        mut fate: impl FnMut(ObjectRef) -> Option<(ObjectRef, bool)>,
    ) {
        let numbered = std::mem::take(&mut self.young);
        self.number_survivors(from, &mut fate);
        for number in numbered {
            let Some(place) = self.places[number as usize] else { continue };
            let fate = fate(place);
            self.places[number as usize] = fate.map(|(place, _)| place);
            // What lay in from-space has been taken out already. A large object does not move, and may be dead.
            if !from.contains(place) {
                *self.entry_mut(place) = 0;
            }
            match fate {
                Some((place, is_young)) => {
                    *self.entry_mut(place) = number | NUMBERED;
                    self.young.extend(is_young.then_some(number));
                }
                None => self.dead.push(number),
            }
        }
    }

    /// Gives numbers to the objects of `from` that live and have none, and takes all out that lay there.
    fn number_survivors(
        &mut self,
        from: Semispace,
        fate: &mut impl FnMut(ObjectRef) -> Option<(ObjectRef, bool)>,
    ) {
        let (mut at, end) = (from.start, from.start + from.used);
        while at < end {
            let page_end = Granules((at.0 / PAGE_GRANULES + 1) * PAGE_GRANULES);
            let part_end = end.0.min(page_end.0);
            self.number_survivors_of_page(at.0, part_end, fate);
            at.0 = part_end;
        }
    }

    /// The same for the granules from `start` up to `end`, which lie in one page.
    fn number_survivors_of_page(
        &mut self,
        start: u32,
        end: u32,
        fate: &mut impl FnMut(ObjectRef) -> Option<(ObjectRef, bool)>,
    ) {
        let page = (start / PAGE_GRANULES) as usize;
        let Some(mut entries) = self.pages.get_mut(page).and_then(Option::take) else { return };
        let first = page as u32 * PAGE_GRANULES;
        let part = &mut entries[(start - first) as usize..(end - first) as usize];
        for (granule, entry) in (start..).zip(&*part) {
            if let Known::Ordered(order) = Known::of(*entry)
                && let Some((target, is_young)) = fate(ObjectRef::at(crate::memory::Address(granule)))
            {
                let number = self.number(target, is_young);
                self.survivors.push((order, number));
            }
        }
        part.fill(0);
        self.pages[page] = Some(entries);
    }

    /// After a marking: the numbered objects that are not `live` are dead.
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
        moved.iter().for_each(|(number, _, new)| *self.entry_mut(*new) = number | NUMBERED);
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
        let entries = vec![0; PAGE_GRANULES as usize].into_boxed_slice();
        self.pages[page] = Some(entries.try_into().expect("it is as long as a page"));
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
    use super::{Known, Numbering};
    use crate::memory::{Address, Granules};
    use crate::object::ObjectRef;
    use crate::space::Semispace;

    fn object(number: u32) -> ObjectRef {
        ObjectRef::at(Address(number))
    }

    fn known(numbering: &Numbering, objects: [u32; 4]) -> [Known; 4] {
        objects.map(|at| numbering.of(object(at)))
    }

    const FROM: Semispace = Semispace { start: Address(1), used: Granules(100) };

    #[test]
    fn what_survives_has_a_number_and_keeps_it() {
        let mut numbering = Numbering::default();
        (0..3).for_each(|order| numbering.set_order(object(order + 1), order));
        assert_eq!(numbering.number(object(2), true), 0);
        // 1 is copied, 2 is promoted, 3 dies.
        numbering.update_young(FROM, |it| match it.address().0 {
            1 => Some((object(1 << 19), true)),
            2 => Some((object(1 << 20), false)),
            _ => None,
        });
        assert_eq!(numbering.take_survivors(), [(0, 1)]);
        let [untold, first, second] = [Known::Untold, Known::Numbered(1), Known::Numbered(0)];
        assert_eq!(known(&numbering, [1, 2, 1 << 19, 1 << 20]), [untold, untold, first, second]);
        // They change places.
        let other = |it| if it == object(1 << 19) { object(1 << 20) } else { object(1 << 19) };
        numbering.update_all(other);
        assert_eq!(known(&numbering, [1, 2, 1 << 19, 1 << 20]), [untold, untold, second, first]);
    }

    #[test]
    fn numbers_of_the_dead_are_given_again_once_they_have_been_taken() {
        let mut numbering = Numbering::default();
        assert_eq!([1, 2].map(|at| numbering.number(object(at), false)), [0, 1]);
        numbering.retain(|it| it != object(1));
        assert_eq!(numbering.number(object(3), true), 2);
        assert_eq!(numbering.take_dead(), [0]);
        assert_eq!(numbering.number(object(4), true), 0);
        assert_eq!(numbering.of(object(1)), Known::Untold);
        // One young object dies where it was moved to, another where it was born.
        numbering.update_young(FROM, |_| None);
        assert_eq!(numbering.take_dead(), [2, 0]);
    }
}
