//! Memory touched ahead of its use, by a thread of its own.
//!
//! The first write to a page of memory is a page fault: 0.2 to 2 µs for 4 KiB, several times that on virtual machines
//! that take free memory away from their guests, and all of 2 MiB at once where there are huge pages. Promotion into
//! fresh pages would pay that inside a pause. Here the system is asked beforehand, on another thread: it puts pages
//! behind addresses that have none and leaves all others as they are, so nothing needs to wait for it, and nothing
//! changes whether it comes early, late or never.

use memmap2::{Advice, MmapRaw};
use std::ops::Range;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, OnceLock};
use std::thread;

/// Bytes asked for at a time, of which they are multiples: a huge page. Between two of them the thread looks whether the
/// heap is still there.
const PORTION_BYTES: usize = super::region::ALIGNMENT_BYTES;

/// Asks the system for memory on a thread, which starts with the first request.
#[derive(Debug, Default)]
pub(super) struct Prefaulter {
    requests: OnceLock<Option<Sender<Range<usize>>>>,
}

impl Prefaulter {
    /// Has the bytes `range` of `mapping` backed with memory, some time, in whole portions.
    pub(super) fn request(&self, mapping: &Arc<MmapRaw>, range: Range<usize>) {
        let misalignment = mapping.as_ptr().addr() % PORTION_BYTES;
        let down = |offset: usize| (offset + misalignment) / PORTION_BYTES * PORTION_BYTES;
        let first = down(range.start).saturating_sub(misalignment);
        let end = down(range.end + PORTION_BYTES - 1) - misalignment;
        let range = first..end.min(mapping.len());
        if let Some(requests) = self.requests.get_or_init(|| start(mapping)) {
            // A thread that has ended is a missing help, nothing more.
            let _ = requests.send(range);
        }
    }
}

/// Starts the thread; `None` if the system has none to give.
fn start(mapping: &Arc<MmapRaw>) -> Option<Sender<Range<usize>>> {
    let (requests, to_do) = channel();
    let mapping = Arc::clone(mapping);
    let thread = thread::Builder::new().name("gc-prefault".into()).stack_size(64 << 10);
    thread.spawn(move || serve(&mapping, &to_do)).ok().map(|_| requests)
}

/// Serves requests until the heap is dropped.
fn serve(mapping: &Arc<MmapRaw>, requests: &Receiver<Range<usize>>) {
    for range in requests {
        for start in range.clone().step_by(PORTION_BYTES) {
            let is_heap_gone = Arc::strong_count(mapping) == 1;
            let length = PORTION_BYTES.min(range.end - start);
            if is_heap_gone || populate(mapping, start, length).is_err() {
                return;
            }
        }
    }
}

/// Backs a portion with memory, and that with huge pages where they are to be had: here nobody waits for 2 MiB to be
/// cleared.
#[cfg(target_os = "linux")]
fn populate(mapping: &MmapRaw, start: usize, length: usize) -> std::io::Result<()> {
    let _ = mapping.advise_range(Advice::HugePage, start, length);
    mapping.advise_range(Advice::PopulateWrite, start, length)?;
    collapse(mapping, start, length);
    Ok(())
}

/// Where the program was faster, its own faults have brought small pages: has them joined. A refusal costs speed, nothing
/// else.
#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "an advice that `memmap2` does not offer")]
fn collapse(mapping: &MmapRaw, start: usize, length: usize) {
    // SAFETY: the portion lies inside the mapping.
    let portion = unsafe { mapping.as_mut_ptr().add(start) };
    // SAFETY: joining pages changes neither what they hold nor where they are.
    unsafe { libc::madvise(portion.cast(), length, libc::MADV_COLLAPSE) };
}

#[cfg(not(target_os = "linux"))]
fn populate(_: &MmapRaw, _: usize, _: usize) -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}
