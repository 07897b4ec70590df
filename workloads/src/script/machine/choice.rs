//! Choosing operands among what there is.

use super::{Held, Machine, Skip};
use crate::script::model::Object;
use crate::script::{ObjectId, Pick};
use gc_core::Local;

impl Machine {
    /// Any handle.
    pub(super) fn handle(&self, pick: Pick) -> Result<Held<Local>, Skip> {
        choose(&self.handles, pick).copied()
    }

    /// A handle to an object that `fits`.
    pub(super) fn handle_where(
        &self,
        pick: Pick,
        fits: impl Fn(&Object) -> bool,
    ) -> Result<Held<Local>, Skip> {
        let fitting: Vec<_> =
            self.handles.iter().filter(|held| fits(self.model.object(held.object))).collect();
        choose(&fitting, pick).map(|held| **held)
    }

    /// Any handle, or none.
    pub(super) fn optional(&self, pick: Option<Pick>) -> Option<Held<Local>> {
        pick.and_then(|pick| self.handle(pick).ok())
    }

    /// A slot of an object that has slots.
    pub(super) fn slot(&self, object: Pick, slot: Pick) -> Result<(Held<Local>, usize), Skip> {
        let held = self.handle_where(object, |object| !object.slots.is_empty())?;
        Ok((held, slot.among(self.model.object(held.object).slots.len()).ok_or(Skip::NoCandidate)?))
    }

    /// A value of an array that has values.
    pub(super) fn value(&self, object: Pick, index: Pick) -> Result<(Held<Local>, usize), Skip> {
        let held = self.handle_where(object, |object| !object.values.is_empty())?;
        Ok((held, index.among(self.model.object(held.object).values.len()).ok_or(Skip::NoCandidate)?))
    }

    /// What a slot should hold.
    pub(super) fn target_of(&self, object: ObjectId, slot: usize) -> Option<ObjectId> {
        self.model.object(object).slots[slot]
    }
}

/// One of `candidates`.
pub(super) fn choose<T>(candidates: &[T], pick: Pick) -> Result<&T, Skip> {
    pick.among(candidates.len()).map(|index| &candidates[index]).ok_or(Skip::NoCandidate)
}
