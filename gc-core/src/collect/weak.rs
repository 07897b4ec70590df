//! After a marking: what must not refer to dead objects is told which ones are.

use super::mark::Scope;
use super::remembered::Remembered;
use super::roots::Roots;
use crate::fault::Fault;
use crate::object::ObjectRef;
use crate::space::{MarkBits, Spaces};
use std::mem;

/// Whether a marking of this scope has found `object` alive. Young objects are left to the scavenge, unless it has gone
/// through them too.
pub(crate) fn is_live(scope: Scope, spaces: &Spaces, object: ObjectRef) -> bool {
    scope == Scope::OldGeneration && spaces.is_young(object)
        || MarkBits::is_marked(&spaces.memory, object.address())
}

/// Clears weak handles to dead objects.
pub(crate) fn clear_weak(scope: Scope, spaces: &Spaces, roots: &mut Roots) {
    if !spaces.faults.make(Fault::WeakKept) {
        roots.weak.clear_dead(|object| is_live(scope, spaces, object));
    }
}

/// Frees what dead objects own and forgets their identities and numbers, and that they were remembered.
pub(crate) fn forget_dead(scope: Scope, spaces: &mut Spaces, roots: &mut Roots, remembered: &mut Remembered) {
    let (mut external, mut hosted) = (mem::take(&mut spaces.external), mem::take(&mut spaces.hosted));
    if !spaces.faults.make(Fault::BufferKept) {
        external.sweep(|object| is_live(scope, spaces, object));
        hosted.sweep(|object| is_live(scope, spaces, object));
    }
    remembered.retain(|object| is_live(scope, spaces, object));
    if !spaces.faults.make(Fault::IdentityKept) {
        roots.identities.retain(|object| is_live(scope, spaces, object));
    }
    if let Some(numbering) = &mut roots.numbering {
        numbering.retain(|object| is_live(scope, spaces, object));
    }
    (spaces.external, spaces.hosted) = (external, hosted);
}
