//! What objects referred to before they were written to.

use super::places::Telling;
use crate::object::{Header, ObjectRef};
use crate::space::Spaces;
use std::collections::HashSet;
use std::ops::Range;

/// Most slots of a long array that are saved by themselves: of more, whole cards are.
const MAX_ALONE: usize = 8;

/// The objects, and parts of long arrays, that have been written to since the last point.
#[derive(Debug, Default)]
pub(super) struct Written {
    saved: Vec<Saved>,
    /// Of all of them, one after the other: places and what was there.
    references: Vec<(u32, ObjectRef)>,
    /// The parts of long arrays that are saved, by their first slot and their length. Objects without cards are
    /// logged once only.
    parts: HashSet<(ObjectRef, u32, u32)>,
    /// What there is now.
    now: Vec<(u32, ObjectRef)>,
}

/// An object, or a part of a long array, that has been written to.
#[derive(Clone, Debug)]
pub(super) struct Saved {
    pub(super) object: ObjectRef,
    part: Option<Range<u32>>,
    /// Where in the list of references those of before are.
    before: Range<usize>,
}

impl Written {
    /// Saves what an object refers to; of a long array what these slots do, or the cards that they lie in.
    pub(super) fn save(
        &mut self,
        spaces: &Spaces,
        object: ObjectRef,
        header: Header,
        range: Range<u32>,
        telling: &Telling,
    ) {
        if header.cards() == 0 {
            return self.save_part(spaces, object, header, None, telling);
        }
        let step = if range.len() <= MAX_ALONE { 1 } else { header.elements_per_card() };
        for first in (range.start / step * step..range.end).step_by(step as usize) {
            if self.parts.insert((object, first, step)) {
                self.save_part(spaces, object, header, Some(first..first + step), telling);
            }
        }
    }

    fn save_part(
        &mut self,
        spaces: &Spaces,
        object: ObjectRef,
        header: Header,
        part: Option<Range<u32>>,
        telling: &Telling,
    ) {
        let start = self.references.len();
        collect(spaces, object, header, part.clone(), telling, &mut self.references, start);
        self.saved.push(Saved { object, part, before: start..self.references.len() });
    }

    /// Takes the list of what is saved; what was there before is kept until [`Written::clear`].
    pub(super) fn take(&mut self) -> Vec<Saved> {
        std::mem::take(&mut self.saved)
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.references.clear();
        self.parts.clear();
    }

    /// Hands each place whose contents have changed to `each`, with what is there now.
    pub(super) fn changes(
        &mut self,
        spaces: &Spaces,
        saved: &Saved,
        header: Header,
        telling: &Telling,
        mut each: impl FnMut(u32, Option<ObjectRef>),
    ) {
        self.now.clear();
        collect(spaces, saved.object, header, saved.part.clone(), telling, &mut self.now, 0);
        let mut before = self.references[saved.before.clone()].iter().peekable();
        for (place, target) in &self.now {
            while let Some((gone, _)) = before.next_if(|(other, _)| other < place) {
                each(*gone, None);
            }
            let was = before.next_if(|(other, _)| other == place).map(|(_, target)| target);
            if was != Some(target) {
                each(*place, Some(*target));
            }
        }
        before.for_each(|(gone, _)| each(*gone, None));
    }
}

/// Appends the references of an object or a part of it to `references`, in the order of their places from index `start` on.
fn collect(
    spaces: &Spaces,
    object: ObjectRef,
    header: Header,
    part: Option<Range<u32>>,
    telling: &Telling,
    references: &mut Vec<(u32, ObjectRef)>,
    start: usize,
) {
    let slots = match part {
        None => spaces.shapes.slots(object, header),
        Some(range) => spaces.shapes.slots_in(object, header, range),
    };
    spaces.shapes.for_each_reference_in(&spaces.memory, object, slots, |word, target| {
        references.push((telling.place(word), target));
    });
    // Values that tell their references themselves do so in an order of their own.
    if !references[start..].is_sorted_by_key(|(place, _)| *place) {
        references[start..].sort_unstable_by_key(|(place, _)| *place);
    }
}
