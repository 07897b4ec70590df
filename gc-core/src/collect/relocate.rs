//! After objects have been given new places: everything that refers to them is told.

use super::remembered::Remembered;
use super::roots::Roots;
use crate::memory::Memory;
use crate::object::{ObjectRef, Slot, Slots};
use crate::space::Spaces;

/// Where objects are now.
pub(crate) trait Relocation {
    /// Where `object` is now: another place, or the same.
    fn new_place(&self, spaces: &Spaces, object: ObjectRef) -> ObjectRef;

    /// Updates references from outside the heap and from its side tables.
    fn update_tables(&self, spaces: &mut Spaces, roots: &mut Roots, remembered: &mut Remembered) {
        let mut external = std::mem::take(&mut spaces.external);
        let new_place = |object| self.new_place(spaces, object);
        roots.update_all(new_place);
        remembered.update_all(new_place);
        external.update_owners(new_place);
        spaces.external = external;
    }

    /// Updates the young objects that are `live`, which have not moved.
    fn update_young(&self, spaces: &mut Spaces, live: impl Fn(&Memory, ObjectRef) -> bool) {
        let active = spaces.new.active();
        let mut next = active.start;
        while next < active.start + active.used {
            let object = ObjectRef::at(next);
            next = next + object.header(&spaces.memory).size();
            if live(&spaces.memory, object) {
                self.update_object(spaces, object);
            }
        }
    }

    /// Updates the slots of an object.
    #[inline(always)]
    fn update_object(&self, spaces: &mut Spaces, object: ObjectRef) {
        let header = object.header(&spaces.memory);
        self.update_slots(spaces, spaces.shapes.slots(object, header));
    }

    /// Updates some slots.
    #[inline(always)]
    fn update_slots(&self, spaces: &mut Spaces, slots: Slots) {
        match slots {
            Slots::Words(words) => words.for_each(|slot| self.update_slot(spaces, slot)),
            Slots::Values(values) => values.for_each(|slot| self.update_slot(spaces, slot)),
            Slots::Typed(typed) => {
                typed.for_each(spaces.memory.base(), |slot| self.update_slot(spaces, slot));
            }
            Slots::Ephemeron(ephemeron) => {
                ephemeron.words().for_each(|slot| self.update_slot(spaces, slot));
            }
        }
    }

    #[inline(always)]
    fn update_slot(&self, spaces: &mut Spaces, slot: impl Slot) {
        let Some(object) = slot.load(&spaces.memory) else { return };
        let place = self.new_place(spaces, object);
        if place != object {
            slot.store(&mut spaces.memory, place);
        }
    }
}
