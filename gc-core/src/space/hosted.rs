//! Host values: values of the program that objects own, and that have to be dropped. They lie on the program's own heap.

use super::owned::Owned;
use crate::memory::StableBox;
use crate::object::ObjectRef;

/// A value stands for 1 TiB at most, so that sums stay far from overflow.
const MAX_BYTES: u64 = 1 << 40;

/// All host values of a heap.
#[derive(Debug, Default)]
pub(crate) struct Hosted {
    values: Owned<HostValue>,
    /// Those whose owners have died: to be dropped, which is code of the program, when the collection is done.
    dead: Vec<StableBox>,
    bytes: u64,
    added_bytes_since_scavenge: u64,
    young_survivor_bytes: u64,
}

/// A value, and the external memory that it stands for.
#[derive(Debug)]
struct HostValue {
    value: StableBox,
    bytes: u64,
}

impl Hosted {
    /// Bytes that the values of living objects stand for.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Bytes that the values added since the last scavenge stand for.
    pub(crate) fn young_bytes(&self) -> u64 {
        self.added_bytes_since_scavenge
    }

    /// Bytes that the values of young objects stand for that have survived the last scavenge.
    pub(crate) fn young_survivor_bytes(&self) -> u64 {
        self.young_survivor_bytes
    }

    /// Makes `owner` own a value that stands for so many bytes.
    pub(crate) fn add(&mut self, owner: ObjectRef, is_young: bool, value: StableBox, bytes: u64) {
        let bytes = bytes.min(MAX_BYTES);
        self.bytes += bytes;
        self.added_bytes_since_scavenge += bytes;
        self.values.add(owner, is_young, HostValue { value, bytes });
    }

    /// The objects that own values.
    pub(crate) fn owners(&self) -> impl Iterator<Item = ObjectRef> {
        self.values.iter().map(|(_, owner, _)| owner)
    }

    /// Bytes that the values of living objects stand for, counted anew.
    pub(crate) fn counted_bytes(&self) -> u64 {
        self.values.iter().map(|(_, _, value)| value.bytes).sum()
    }

    /// After a scavenge: lets go of the values of those young owners that died by [`Owned::take_dead_young`]'s `fate`.
    pub(crate) fn update_young(&mut self, fate: impl FnMut(ObjectRef) -> Option<(ObjectRef, bool)>) {
        self.added_bytes_since_scavenge = 0;
        let dead = self.values.take_dead_young(fate);
        self.young_survivor_bytes = self.values.young().map(|value| value.bytes).sum();
        self.bury(dead);
    }

    /// After a marking: lets go of every value whose owner is not `live`.
    pub(crate) fn sweep(&mut self, live: impl Fn(ObjectRef) -> bool) {
        let dead = self.values.take_dead(live);
        self.bury(dead);
    }

    /// Makes all values belong to where their owners are now.
    pub(crate) fn update_owners(&mut self, new_place: impl Fn(ObjectRef) -> ObjectRef) {
        self.values.update_owners(new_place);
    }

    /// The values whose owners have died since the last call.
    pub(crate) fn take_dead(&mut self) -> Vec<StableBox> {
        std::mem::take(&mut self.dead)
    }

    fn bury(&mut self, dead: Vec<HostValue>) {
        self.bytes -= dead.iter().map(|value| value.bytes).sum::<u64>();
        self.dead.extend(dead.into_iter().map(|value| value.value));
    }
}
