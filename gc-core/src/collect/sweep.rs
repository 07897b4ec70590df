//! Sweeping: what a marking has not marked is free.
//!
//! Inside the pause only whole pages are looked at, 4 KiB of mark bits each; pages with live objects wait for the
//! allocator to walk them (see [`OldSpace`](crate::space::OldSpace)).

use crate::event::Work;
use crate::memory::Granules;
use crate::space::{MarkBits, PAGE_GRANULES, Spaces};

/// Bits that are cleared at once.
const CLEARED_TOGETHER: u32 = 64;

/// Frees unmarked large objects and pages without a marked object; afterwards only old space has mark bits.
pub(crate) fn sweep(spaces: &mut Spaces) -> Work {
    let swept = spaces.old.sweep(&mut spaces.memory, &mut spaces.pages, &spaces.faults);
    let freed_large_bytes = spaces.large.sweep(&mut spaces.memory, &mut spaces.pages, |memory, large| {
        MarkBits::is_marked(memory, large.object.address())
    });
    clear_other_marks(spaces);
    Work { swept_pages: swept.pages, freed_bytes: swept.freed_bytes + freed_large_bytes, ..Work::default() }
}

/// Clears the marks of new space and of large objects.
fn clear_other_marks(spaces: &mut Spaces) {
    let active = spaces.new.active();
    let size = Granules(active.used.0.next_multiple_of(CLEARED_TOGETHER));
    MarkBits::clear(&mut spaces.memory, active.start, size);
    for large in spaces.large.young().iter().chain(spaces.large.old()) {
        // The bits of its first page: an object shorter than that has all of its own set.
        MarkBits::clear(&mut spaces.memory, large.object.address(), Granules(PAGE_GRANULES));
    }
}
