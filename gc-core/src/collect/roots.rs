//! What keeps objects alive from outside the heap: handles, persistent roots; and weak handles, which do not.

use super::finalize::Finalizers;
use super::identities::Identities;
use super::numbering::Numbering;
use crate::object::ObjectRef;
use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

/// Numbers of root slots whose owners were dropped, on whatever thread.
pub(crate) type DropList = Arc<Mutex<Vec<u32>>>;

/// The roots of a heap.
#[derive(Debug, Default)]
pub(crate) struct Roots {
    /// Handles, innermost scope last.
    pub(crate) handles: Handles,
    /// Persistent roots.
    pub(crate) persistent: RootTable,
    /// Weak handles.
    pub(crate) weak: RootTable,
    /// Objects to be finalized.
    pub(crate) finalizers: Finalizers,
    /// Objects that have been asked for their identities, which does not keep them alive.
    pub(crate) identities: Identities,
    /// How all objects have been told, while the heap is recorded.
    pub(crate) numbering: Option<Box<Numbering>>,
}

impl Roots {
    /// Everything that is kept alive from outside the heap.
    pub(crate) fn strong(&self) -> impl Iterator<Item = ObjectRef> {
        self.handles.iter().chain(self.persistent.iter()).chain(self.finalizers.queued())
    }

    /// Lets go of what was held by roots and weak handles that have been dropped.
    pub(crate) fn free_dropped(&mut self) {
        self.persistent.free_dropped();
        self.weak.free_dropped();
    }

    /// Makes everything, weak handles too, refer to where its object is now.
    pub(crate) fn update_all(&mut self, new_place: impl Fn(ObjectRef) -> ObjectRef) {
        self.handles.iter_mut().for_each(|object| *object = new_place(*object));
        self.persistent.update_all(&new_place);
        self.weak.update_all(&new_place);
        self.finalizers.update_all(&new_place);
        self.identities.update_all(&new_place);
        if let Some(numbering) = &mut self.numbering {
            numbering.update_all(&new_place);
        }
    }
}

/// The stack of handles.
#[derive(Debug, Default)]
pub(crate) struct Handles {
    stack: Vec<ObjectRef>,
    /// For each handle a number that no other handle has had: tells a stale handle in debug builds.
    #[cfg(debug_assertions)]
    stamps: Vec<u32>,
    #[cfg(debug_assertions)]
    next_stamp: u32,
}

impl Handles {
    /// How many handles there are.
    #[inline(always)]
    pub(crate) fn len(&self) -> usize {
        self.stack.len()
    }

    /// Adds a handle; its index.
    #[inline(always)]
    pub(crate) fn push(&mut self, object: ObjectRef) -> u32 {
        let index = self.stack.len() as u32;
        self.stack.push(object);
        #[cfg(debug_assertions)]
        {
            self.stamps.push(self.next_stamp);
            self.next_stamp = self.next_stamp.wrapping_add(1);
        }
        index
    }

    /// Ends all handles from index `len` on.
    #[inline(always)]
    pub(crate) fn truncate(&mut self, len: usize) {
        self.stack.truncate(len);
        #[cfg(debug_assertions)]
        self.stamps.truncate(len);
    }

    /// Ends all handles from index `len` on and adds one; its index.
    #[inline(always)]
    pub(crate) fn truncate_to(&mut self, len: usize, object: ObjectRef) -> u32 {
        match self.stack.get_mut(len) {
            // The place of an ended handle is reused: a store, where a push would ask for room first.
            Some(place) => *place = object,
            None => return self.push(object),
        }
        self.stack.truncate(len + 1);
        #[cfg(debug_assertions)]
        {
            self.stamps.truncate(len + 1);
            self.stamps[len] = self.next_stamp;
            self.next_stamp = self.next_stamp.wrapping_add(1);
        }
        len as u32
    }

    /// What handle `index` refers to.
    ///
    /// # Panics
    /// If there is none: its scope has ended.
    #[inline(always)]
    pub(crate) fn get(&self, index: u32) -> ObjectRef {
        match self.stack.get(index as usize) {
            Some(object) => *object,
            None => stale(),
        }
    }

    /// Makes handle `index` refer to `object`.
    #[inline(always)]
    pub(crate) fn set(&mut self, index: u32, object: ObjectRef) {
        match self.stack.get_mut(index as usize) {
            Some(place) => *place = object,
            None => stale(),
        }
    }

    /// The number that tells handle `index` from others that had its place.
    #[cfg(debug_assertions)]
    pub(crate) fn stamp(&self, index: u32) -> Option<u32> {
        self.stamps.get(index as usize).copied()
    }

    /// What the handles refer to.
    pub(crate) fn iter(&self) -> impl Iterator<Item = ObjectRef> {
        self.stack.iter().copied()
    }

    /// What the handles refer to, to be updated.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut ObjectRef> {
        self.stack.iter_mut()
    }
}

#[cold]
#[inline(never)]
pub(crate) fn stale() -> ! {
    panic!("stale handle: the scope in which it was made has ended")
}

/// Slots that persistent roots or weak handles refer to by number.
#[derive(Debug, Default)]
pub(crate) struct RootTable {
    slots: Vec<RootSlot>,
    free: Vec<u32>,
    /// Slots that may refer to young objects.
    young: Vec<u32>,
    dropped: DropList,
}

#[derive(Debug, Default)]
struct RootSlot {
    object: Option<ObjectRef>,
    /// Whether the slot is listed in `young`.
    listed: bool,
}

impl RootTable {
    /// Adds a slot for `object`; its number, and the list on which to put it when its owner is dropped.
    pub(crate) fn add(&mut self, object: ObjectRef, is_young: bool) -> (u32, DropList) {
        self.free_dropped();
        let index = self.free.pop().unwrap_or_else(|| {
            self.slots.push(RootSlot::default());
            self.slots.len() as u32 - 1
        });
        self.set(index, object, is_young);
        (index, Arc::clone(&self.dropped))
    }

    /// Whether `dropped` is the list of this table.
    pub(crate) fn owns(&self, dropped: &DropList) -> bool {
        Arc::ptr_eq(&self.dropped, dropped)
    }

    /// Makes slot `index` refer to `object`.
    pub(crate) fn set(&mut self, index: u32, object: ObjectRef, is_young: bool) {
        let slot = &mut self.slots[index as usize];
        slot.object = Some(object);
        if is_young && !slot.listed {
            slot.listed = true;
            self.young.push(index);
        }
    }

    /// What slot `index` refers to; `None` if that died.
    pub(crate) fn get(&self, index: u32) -> Option<ObjectRef> {
        self.slots[index as usize].object
    }

    /// Frees the slots whose owners were dropped since the last call.
    pub(crate) fn free_dropped(&mut self) {
        // A panic elsewhere cannot leave a list of numbers half-changed.
        let mut dropped = self.dropped.lock().unwrap_or_else(PoisonError::into_inner);
        for index in dropped.drain(..) {
            self.slots[index as usize].object = None;
            self.free.push(index);
        }
    }

    /// What the slots refer to.
    pub(crate) fn iter(&self) -> impl Iterator<Item = ObjectRef> {
        self.slots.iter().filter_map(|slot| slot.object)
    }

    /// What the slots refer to, by their numbers.
    pub(crate) fn slots(&self) -> impl Iterator<Item = Option<ObjectRef>> {
        self.slots.iter().map(|slot| slot.object)
    }

    /// What the slots refer to whose owners have not been dropped, also since the last call of [`RootTable::free_dropped`].
    pub(crate) fn owned(&self) -> impl Iterator<Item = ObjectRef> {
        // A panic elsewhere cannot leave a list of numbers half-changed.
        let dropped: HashSet<u32> =
            self.dropped.lock().unwrap_or_else(PoisonError::into_inner).iter().copied().collect();
        let owned = (0..).zip(&self.slots).filter(move |(index, _)| !dropped.contains(index));
        owned.filter_map(|(_, slot)| slot.object)
    }

    /// How many slots may refer to young objects.
    pub(crate) fn young_len(&self) -> usize {
        self.young.len()
    }

    /// Updates the slots that refer to young objects: `update` says where the object is now and whether it is still
    /// young, or that it died.
    pub(crate) fn update_young(&mut self, mut update: impl FnMut(ObjectRef) -> Option<(ObjectRef, bool)>) {
        let slots = &mut self.slots;
        self.young.retain(|index| {
            let slot = &mut slots[*index as usize];
            let updated = slot.object.and_then(&mut update);
            slot.object = updated.map(|(object, _)| object);
            slot.listed = updated.is_some_and(|(_, is_young)| is_young);
            slot.listed
        });
    }

    /// Clears the slots whose objects are not `live`.
    pub(crate) fn clear_dead(&mut self, live: impl Fn(ObjectRef) -> bool) {
        for slot in &mut self.slots {
            slot.object = slot.object.filter(|object| live(*object));
        }
    }

    /// Makes all slots refer to where their objects are now.
    fn update_all(&mut self, new_place: impl Fn(ObjectRef) -> ObjectRef) {
        for slot in &mut self.slots {
            slot.object = slot.object.map(&new_place);
        }
    }
}
