//! The log, and the words in which it is told of objects.

use crate::collect::{Known, Numbering};
use crate::object::ObjectRef;
use crate::record::{MutationLog, Told};
use crate::space::Spaces;

/// Tells a log of objects: of one of the latest by how many came after it, of any other by its number.
#[derive(Debug)]
pub(super) struct Teller {
    pub(super) log: Box<dyn MutationLog>,
    /// Objects told since the last collection, and how many of them before the last point.
    told: u32,
    told_before: u32,
}

impl Teller {
    pub(super) fn new(log: Box<dyn MutationLog>) -> Teller {
        Teller { log, told: 0, told_before: 0 }
    }

    /// How many objects have been told since the last collection.
    #[inline(always)]
    pub(super) fn told(&self) -> u32 {
        self.told
    }

    /// An object is about to be told: it is known from now on.
    #[inline(always)]
    pub(super) fn begin(&mut self, object: ObjectRef, numbering: &mut Numbering) {
        numbering.set_order(object, self.told);
        self.told += 1;
    }

    /// All since the last point has been told.
    pub(super) fn end_point(&mut self) {
        self.told_before = self.told;
        self.log.point();
    }

    /// A collection has ended, and its dead have been told.
    pub(super) fn end_collection(&mut self) {
        self.log.collected();
        (self.told, self.told_before) = (0, 0);
    }

    /// An object as it is told; `None` if it has not been. It gets a number if it has none and needs one.
    #[inline(always)]
    pub(super) fn told_as(
        &mut self,
        object: ObjectRef,
        numbering: &mut Numbering,
        spaces: &Spaces,
    ) -> Option<Told> {
        match numbering.recent(object, self.told - self.told_before, self.told) {
            Some(ago) => Some(Told::Recent(ago)),
            None => self.numbered(object, numbering, spaces).map(Told::Numbered),
        }
    }

    /// The number of an object that is none of the latest.
    #[inline(never)]
    fn numbered(&mut self, object: ObjectRef, numbering: &mut Numbering, spaces: &Spaces) -> Option<u32> {
        match numbering.of(object) {
            Known::Untold => None,
            Known::Numbered(number) => Some(number),
            Known::Ordered(order) => {
                let number = numbering.number(object, spaces.is_young(object));
                self.log.numbered(order, number);
                Some(number)
            }
        }
    }
}
