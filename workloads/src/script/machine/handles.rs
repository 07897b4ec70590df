//! Operations on handles of all kinds.

use super::choice::choose;
use super::{Held, HeldWeak, Machine, Skip};
use crate::script::{Difference, ObjectId, Pick};
use gc_core::{Heap, Local};

impl Machine {
    pub(super) fn load(&mut self, heap: &mut Heap, object: Pick, slot: Pick) -> Result<(), Skip> {
        let (held, slot) = self.slot(object, slot)?;
        let expected = self.target_of(held.object, slot);
        match (heap.load(held.handle, slot as u32), expected) {
            (Some(handle), Some(object)) => self.handles.push(Held { handle, object }),
            (None, None) => {}
            _ => return Err(slot_difference(held.object, slot, expected)),
        }
        Ok(())
    }

    pub(super) fn advance(
        &mut self,
        heap: &mut Heap,
        cursor: Pick,
        object: Pick,
        slot: Pick,
    ) -> Result<(), Skip> {
        let (held, slot) = self.slot(object, slot)?;
        let cursor = cursor.among(self.handles.len()).ok_or(Skip::NoCandidate)?;
        let expected = self.target_of(held.object, slot);
        if heap.advance(self.handles[cursor].handle, held.handle, slot as u32) != expected.is_some() {
            return Err(slot_difference(held.object, slot, expected));
        }
        if let Some(object) = expected {
            self.handles[cursor].object = object;
        }
        Ok(())
    }

    pub(super) fn duplicate(&mut self, heap: &mut Heap, handle: Pick) -> Result<(), Skip> {
        let held = self.handle(handle)?;
        self.handles.push(Held { handle: heap.duplicate(held.handle), ..held });
        Ok(())
    }

    pub(super) fn assign(&mut self, heap: &mut Heap, target: Pick, source: Pick) -> Result<(), Skip> {
        let source = self.handle(source)?;
        let target = target.among(self.handles.len()).ok_or(Skip::NoCandidate)?;
        heap.assign(self.handles[target].handle, source.handle);
        self.handles[target].object = source.object;
        Ok(())
    }

    pub(super) fn root(&mut self, heap: &mut Heap, handle: Pick) -> Result<(), Skip> {
        let held = self.handle(handle)?;
        self.roots.push(Held { handle: heap.root(held.handle), object: held.object });
        Ok(())
    }

    pub(super) fn set_root(&mut self, heap: &mut Heap, root: Pick, handle: Pick) -> Result<(), Skip> {
        let held = self.handle(handle)?;
        let index = root.among(self.roots.len()).ok_or(Skip::NoCandidate)?;
        heap.set_root(&self.roots[index].handle, held.handle);
        self.roots[index].object = held.object;
        Ok(())
    }

    pub(super) fn get(&mut self, heap: &mut Heap, root: Pick) -> Result<(), Skip> {
        let root = choose(&self.roots, root)?;
        self.handles.push(Held { handle: heap.get(&root.handle), object: root.object });
        Ok(())
    }

    pub(super) fn unroot(&mut self, root: Pick) -> Result<(), Skip> {
        let index = root.among(self.roots.len()).ok_or(Skip::NoCandidate)?;
        self.roots.swap_remove(index);
        Ok(())
    }

    pub(super) fn weak(&mut self, heap: &mut Heap, handle: Pick) -> Result<(), Skip> {
        let held = self.handle(handle)?;
        self.weaks.push(HeldWeak { weak: heap.weak(held.handle), object: held.object, cleared: false });
        Ok(())
    }

    pub(super) fn upgrade(&mut self, heap: &mut Heap, weak: Pick) -> Result<(), Skip> {
        let index = weak.among(self.weaks.len()).ok_or(Skip::NoCandidate)?;
        let held = &mut self.weaks[index];
        let upgraded = held.upgrade(heap).map_err(Skip::Difference)?;
        let object = held.object;
        self.handles.extend(upgraded.map(|handle| Held { handle, object }));
        Ok(())
    }

    pub(super) fn drop_weak(&mut self, weak: Pick) -> Result<(), Skip> {
        let index = weak.among(self.weaks.len()).ok_or(Skip::NoCandidate)?;
        self.weaks.swap_remove(index);
        Ok(())
    }
}

impl HeldWeak {
    /// A handle to the object if it is alive; takes note if it is not.
    pub(super) fn upgrade(&mut self, heap: &mut Heap) -> Result<Option<Local>, Difference> {
        let upgraded = heap.upgrade(&self.weak);
        if self.cleared && upgraded.is_some() {
            return Err(Difference::Revived { object: self.object });
        }
        self.cleared = upgraded.is_none();
        Ok(upgraded)
    }
}

fn slot_difference(object: ObjectId, slot: usize, expected: Option<ObjectId>) -> Skip {
    Skip::Difference(Difference::Slot { object, slot: slot as u32, expected })
}
