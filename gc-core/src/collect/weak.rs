//! After a marking: what must not refer to dead objects is told which ones are.

use super::mark::Scope;
use super::remembered::Remembered;
use super::roots::Roots;
use crate::fault::Fault;
use crate::object::ObjectRef;
use crate::space::{MarkBits, Spaces};

/// Clears weak handles to unmarked objects, frees their buffers and forgets that they were remembered. Young objects
/// are left to the scavenge, unless the marking has gone through them too.
pub(crate) fn clear_unmarked(
    scope: Scope,
    spaces: &mut Spaces,
    roots: &mut Roots,
    remembered: &mut Remembered,
) {
    let mut external = std::mem::take(&mut spaces.external);
    let is_live = |object: ObjectRef| {
        scope == Scope::OldGeneration && spaces.is_young(object)
            || MarkBits::is_marked(&spaces.memory, object.address())
    };
    if !spaces.faults.make(Fault::WeakKept) {
        roots.weak.clear_dead(is_live);
    }
    if !spaces.faults.make(Fault::BufferKept) {
        external.sweep(is_live);
    }
    remembered.retain(is_live);
    spaces.external = external;
}
