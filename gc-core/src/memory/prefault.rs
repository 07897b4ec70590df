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

/// Bytes asked for at a time, of which they are multiples: a huge page.
const PORTION_BYTES: usize = super::region::ALIGNMENT_BYTES;

/// Asks the system for memory on a thread, which starts with the first request.
#[derive(Debug, Default)]
pub(super) struct Prefaulter {
    requests: OnceLock<Option<Sender<Portion>>>,
    /// Whether to ask for huge pages.
    huge_pages: bool,
    /// Requests of earlier rounds have been taken back.
    round: Arc<AtomicU32>,
}

/// A portion of the mapping to be backed with memory.
#[derive(Debug)]
struct Portion {
    start: usize,
    length: usize,
    huge_pages: bool,
    round: u32,
}

/// What the thread does next.
enum Task {
    Populate(Portion),
    Join(Portion),
}

impl Prefaulter {
    /// Has the bytes `range` of `mapping` backed with memory, some time, in whole portions.
    pub(super) fn request(&self, mapping: &Arc<MmapRaw>, range: Range<usize>) {
        let misalignment = mapping.as_ptr().addr() % PORTION_BYTES;
        let down = |offset: usize| (offset + misalignment) / PORTION_BYTES * PORTION_BYTES;
        let first = down(range.start).saturating_sub(misalignment);
        let end = down(range.end + PORTION_BYTES - 1) - misalignment;
        let end = end.min(mapping.len());
        let round = self.round.load(Ordering::Relaxed);
        let Some(requests) = self.requests.get_or_init(|| start_thread(mapping, &self.round)) else { return };
        for start in (first..end).step_by(PORTION_BYTES) {
            let length = PORTION_BYTES.min(end - start);
            // A thread that has ended is a missing help, nothing more.
            let _ = requests.send(Portion { start, length, huge_pages: self.huge_pages, round });
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

impl Portion {
    /// Backs it with memory, and that with huge pages where they are to be had: here nobody waits for 2 MiB to be cleared.
    #[cfg(target_os = "linux")]
    fn populate(&self, mapping: &MmapRaw) -> std::io::Result<()> {
        if self.huge_pages {
            let _ = mapping.advise_range(Advice::HugePage, self.start, self.length);
        }
        mapping.advise_range(Advice::PopulateWrite, self.start, self.length)
    }

    #[cfg(not(target_os = "linux"))]
    fn populate(&self, _: &MmapRaw) -> std::io::Result<()> {
        Err(std::io::ErrorKind::Unsupported.into())
    }

    /// Where the program was faster, its own faults have brought small pages: has them joined. A refusal costs speed,
    /// nothing else.
    #[cfg(target_os = "linux")]
    #[expect(unsafe_code, reason = "an advice that `memmap2` does not offer")]
    fn join(&self, mapping: &MmapRaw) {
        // SAFETY: the portion lies inside the mapping.
        let portion = unsafe { mapping.as_mut_ptr().add(self.start) };
        // SAFETY: joining pages changes neither what they hold nor where they are.
        unsafe { libc::madvise(portion.cast(), self.length, libc::MADV_COLLAPSE) };
    }

    #[cfg(not(target_os = "linux"))]
    fn join(&self, _: &MmapRaw) {}
}

/// Starts the thread; `None` if the system has none to give.
fn start_thread(mapping: &Arc<MmapRaw>, round: &Arc<AtomicU32>) -> Option<Sender<Portion>> {
    let (requests, to_do) = channel();
    let (mapping, round) = (Arc::clone(mapping), Arc::clone(round));
    let thread = thread::Builder::new().name("gc-prefault".into()).stack_size(64 << 10);
    thread.spawn(move || serve(&mapping, &round, &to_do)).ok().map(|_| requests)
}

/// Serves requests until the heap is dropped.
///
/// Pages are joined only while no request waits. Joining the small ones of a portion takes as long as touching another
/// portion: a thread that the program has overtaken once, and that stops to join what the program has touched, never gets
/// ahead of it again.
fn serve(mapping: &Arc<MmapRaw>, round: &AtomicU32, requests: &Receiver<Portion>) {
    let is_wanted = |portion: &Portion| portion.round == round.load(Ordering::Relaxed);
    let mut to_join = Vec::new();
    while let Some(task) = next_task(requests, &mut to_join)
        && Arc::strong_count(mapping) > 1
    {
        match task {
            Task::Populate(portion) if is_wanted(&portion) => {
                if portion.populate(mapping).is_err() {
                    return;
                }
                to_join.extend(Some(portion).filter(|portion| portion.huge_pages));
            }
            Task::Join(portion) if is_wanted(&portion) => portion.join(mapping),
            Task::Populate(_) | Task::Join(_) => {}
        }
    }
}

/// The next request; the portion whose turn it is to be joined, if none waits; `None` when the heap has been dropped.
fn next_task(requests: &Receiver<Portion>, to_join: &mut Vec<Portion>) -> Option<Task> {
    if let Ok(portion) = requests.try_recv() {
        return Some(Task::Populate(portion));
    }
    to_join.pop().map(Task::Join).or_else(|| requests.recv().ok().map(Task::Populate))
}
