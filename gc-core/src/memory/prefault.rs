//! Memory touched ahead of its use, by a thread of its own.
//!
//! The first write to a page of memory is a page fault: 0.2 to 2 µs for 4 KiB, several times that on virtual machines
//! that take free memory away from their guests, and all of 2 MiB at once where there are huge pages. Promotion into
//! fresh pages would pay that inside a pause. Here the system is asked beforehand, on another thread: it puts pages
//! behind addresses that have none and leaves all others as they are, so nothing needs to wait for it, and nothing
//! changes whether it comes early, late or never.

use memmap2::{Advice, MmapRaw};
use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, OnceLock};
use std::thread;

/// Bytes asked for at a time, of which they are multiples: a huge page. Between two of them the thread looks whether the
/// heap is still there.
const PORTION_BYTES: usize = super::region::ALIGNMENT_BYTES;

/// Asks the system for memory on a thread, which starts with the first request.
#[derive(Debug, Default)]
pub(super) struct Prefaulter {
    requests: OnceLock<Option<Sender<Request>>>,
    /// Whether to ask for huge pages.
    huge_pages: bool,
    /// Requests of earlier rounds have been taken back.
    round: Arc<AtomicU32>,
}

/// Bytes of the mapping to be backed with memory.
#[derive(Debug)]
struct Request {
    range: Range<usize>,
    huge_pages: bool,
    round: u32,
}

impl Prefaulter {
    /// Has the bytes `range` of `mapping` backed with memory, some time, in whole portions.
    pub(super) fn request(&self, mapping: &Arc<MmapRaw>, range: Range<usize>) {
        let misalignment = mapping.as_ptr().addr() % PORTION_BYTES;
        let down = |offset: usize| (offset + misalignment) / PORTION_BYTES * PORTION_BYTES;
        let first = down(range.start).saturating_sub(misalignment);
        let end = down(range.end + PORTION_BYTES - 1) - misalignment;
        let range = first..end.min(mapping.len());
        if let Some(requests) = self.requests.get_or_init(|| start(mapping, &self.round)) {
            let round = self.round.load(Ordering::Relaxed);
            // A thread that has ended is a missing help, nothing more.
            let _ = requests.send(Request { range, huge_pages: self.huge_pages, round });
        }
    }

    /// Asks for huge pages from now on.
    pub(super) fn prefer_huge_pages(&mut self) {
        self.huge_pages = true;
    }

    /// Takes all requests back, but for the portion that is being served.
    pub(super) fn cancel(&self) {
        self.round.fetch_add(1, Ordering::Relaxed);
    }
}

/// Starts the thread; `None` if the system has none to give.
fn start(mapping: &Arc<MmapRaw>, round: &Arc<AtomicU32>) -> Option<Sender<Request>> {
    let (requests, to_do) = channel();
    let (mapping, round) = (Arc::clone(mapping), Arc::clone(round));
    let thread = thread::Builder::new().name("gc-prefault".into()).stack_size(64 << 10);
    thread.spawn(move || serve(&mapping, &round, &to_do)).ok().map(|_| requests)
}

/// Serves requests until the heap is dropped.
fn serve(mapping: &Arc<MmapRaw>, round: &AtomicU32, requests: &Receiver<Request>) {
    for request in requests {
        let is_wanted = || request.round == round.load(Ordering::Relaxed);
        for start in request.range.clone().step_by(PORTION_BYTES).take_while(|_| is_wanted()) {
            let is_heap_gone = Arc::strong_count(mapping) == 1;
            let length = PORTION_BYTES.min(request.range.end - start);
            if is_heap_gone || populate(mapping, start, length, request.huge_pages).is_err() {
                return;
            }
        }
    }
}

/// Backs a portion with memory, and that with huge pages where they are to be had: here nobody waits for 2 MiB to be
/// cleared.
#[cfg(target_os = "linux")]
fn populate(mapping: &MmapRaw, start: usize, length: usize, huge_pages: bool) -> std::io::Result<()> {
    if !huge_pages {
        return mapping.advise_range(Advice::PopulateWrite, start, length);
    }
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
fn populate(_: &MmapRaw, _: usize, _: usize, _: bool) -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}
