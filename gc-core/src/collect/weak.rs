//! After a marking: what must not refer to dead objects is told which ones are.

use super::remembered::Remembered;
use super::roots::Roots;
use crate::fault::Fault;
use crate::object::ObjectRef;
use crate::space::{MarkBits, Spaces};

/// Clears weak handles to unmarked objects, frees their buffers and forgets that they were remembered.
pub(crate) fn clear_unmarked(spaces: &mut Spaces, roots: &mut Roots, remembered: &mut Remembered) {
    let mut external = std::mem::take(&mut spaces.external);
    let is_marked = |object: ObjectRef| MarkBits::is_marked(&spaces.memory, object.address());
    if !spaces.faults.make(Fault::WeakKept) {
        roots.weak.clear_dead(is_marked);
    }
    if !spaces.faults.make(Fault::BufferKept) {
        external.sweep(is_marked);
    }
    remembered.retain(is_marked);
    spaces.external = external;
}
