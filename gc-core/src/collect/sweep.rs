//! Sweeping: what a marking has not marked is free.
//!
//! The pause that ends a marking only says so. What is to be given back, pages and large objects, is found and given
//! back in steps while the program runs; holes are found by the allocator, when it gets there (see
//! [`OldSpace`](crate::space::OldSpace)).

use super::mark::Progress;
use crate::event::Work;
use crate::fault::Fault;
use crate::memory::Granules;
use crate::space::{Large, MarkBits, Spaces};

/// Bits that are cleared at once.
const CLEARED_TOGETHER: u32 = 64;

/// Ends a marking: everything unmarked is dead. Afterwards only old space has mark bits.
pub(crate) fn begin_sweep(spaces: &mut Spaces) -> Work {
    let (memory, faults) = (&spaces.memory, &spaces.faults);
    let is_live = |large: Large| {
        MarkBits::is_marked(memory, large.object.address()) && !faults.make(Fault::LiveLargeCondemned)
    };
    let freed_large_bytes = spaces.large.condemn(is_live);
    let freed_old_bytes = spaces.old.begin_sweep(&mut spaces.memory, &spaces.faults);
    clear_other_marks(spaces);
    Work { freed_bytes: freed_old_bytes + freed_large_bytes, ..Work::default() }
}

/// Ends a marking in which old space was compacted: what was dead there is gone.
pub(crate) fn end_compacted(spaces: &mut Spaces, used_before: u64) -> Work {
    let freed_large_bytes = condemn_large(spaces);
    clear_other_marks(spaces);
    let freed_bytes = freed_large_bytes + used_before - spaces.old.used_bytes();
    Work { freed_bytes, ..Work::default() }
}

fn condemn_large(spaces: &mut Spaces) -> u64 {
    let memory = &spaces.memory;
    spaces.large.condemn(|large| MarkBits::is_marked(memory, large.object.address()))
}

/// Examines up to `pages` pages of old space, and then gives back as many of condemned large objects.
pub(crate) fn sweep_step(spaces: &mut Spaces, pages: u64) -> (Progress, Work) {
    let mut work = Work::default();
    for _ in 0..pages {
        if spaces.old.examine_page(&mut spaces.memory, &mut spaces.pages, &spaces.faults) {
            work.swept_pages += 1;
        } else if !spaces.large.free_condemned_page(&mut spaces.memory, &mut spaces.pages) {
            return (Progress::Done, work);
        }
    }
    (Progress::More, work)
}

/// Clears the marks of new space and of large objects.
fn clear_other_marks(spaces: &mut Spaces) {
    let active = spaces.new.active();
    let size = Granules(active.used.0.next_multiple_of(CLEARED_TOGETHER));
    MarkBits::clear(&mut spaces.memory, active.start, size);
    for large in spaces.large.all() {
        MarkBits::unmark(&mut spaces.memory, large.object.address());
    }
}

/// Gives a marking up: afterwards nothing is marked.
pub(crate) fn forget_marks(spaces: &mut Spaces) {
    spaces.old.forget_marking(&mut spaces.memory);
    for large in spaces.large.all() {
        MarkBits::unmark(&mut spaces.memory, large.object.address());
    }
}
