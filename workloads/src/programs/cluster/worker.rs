//! A worker: a heap of its own on a thread of its own.

use super::job::{self, Shapes};
use crate::WorkerSummary;
use crate::programs::queue::Queue;
use gc_core::event::Nanos;
use gc_core::{ClockSource, Config, ConfigError, Heap, HeapFull, Local, Message};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender};
use std::time::Instant;

/// Size of what an oversized job asks for at a time, in bytes.
const PIECE_BYTES: u32 = 1 << 16;

/// What is sent to a worker.
#[derive(Debug)]
pub(super) struct Task {
    pub(super) index: u64,
    /// A job.
    pub(super) message: Arc<Message>,
}

/// What a worker sends.
#[derive(Debug)]
pub(super) enum Reply {
    /// The answer to the next job.
    Answer(Message),
    /// The next job found no room. The worker ends, and leaves the others undone.
    OutOfMemory { full: HeapFull, heap: HeapEnd },
    /// There are no more jobs.
    Finished(HeapEnd),
    /// It could not even start.
    NoHeap(HeapFull),
}

/// What is known of a heap that has ended.
#[derive(Debug)]
pub(super) struct HeapEnd {
    stats: gc_core::Stats,
    total_bytes: u64,
    start: Option<Nanos>,
}

impl HeapEnd {
    fn of(heap: &Heap, start: Option<Nanos>) -> Self {
        HeapEnd { stats: heap.stats(), total_bytes: heap.usage().heap_total(), start }
    }

    pub(super) fn add_to(&self, summary: &mut WorkerSummary) {
        summary.add_heap(&self.stats, self.total_bytes, self.start);
    }
}

/// Does jobs until there are none, or one finds no room. Nobody hears the replies of one whose master has gone.
pub(super) fn work(config: Config, kept_bytes: u32, tasks: &Receiver<Task>, replies: &Sender<Reply>) {
    let is_measured = config.clock == ClockSource::Measured;
    let before = Instant::now();
    let mut heap = match Heap::new(config) {
        Ok(heap) => heap,
        Err(error) => return drop(replies.send(Reply::NoHeap(no_room(&error)))),
    };
    let start = is_measured.then(|| Nanos(before.elapsed().as_nanos() as u64));
    let done = heap.scope(|heap| do_all(heap, kept_bytes, tasks, replies));
    let heap = HeapEnd::of(&heap, start);
    let last = match done {
        Ok(()) => Reply::Finished(heap),
        Err(full) => Reply::OutOfMemory { full, heap },
    };
    let _ = replies.send(last);
}

/// A heap that could not be made, as an allocation that could not.
fn no_room(error: &ConfigError) -> HeapFull {
    match error {
        ConfigError::NoAddressSpace { requested_bytes, .. } => HeapFull::new(*requested_bytes),
        other => unreachable!("the master has a heap with these settings: {other}"),
    }
}

fn do_all(
    heap: &mut Heap,
    kept_bytes: u32,
    tasks: &Receiver<Task>,
    replies: &Sender<Reply>,
) -> Result<(), HeapFull> {
    let shapes = Shapes::new(heap);
    let kept = Queue::new(heap)?;
    for task in tasks {
        let answer = heap.scope(|heap| do_one(heap, &shapes, &kept, kept_bytes, &task))?;
        let _ = replies.send(Reply::Answer(answer));
    }
    Ok(())
}

/// Does a job, and keeps a record of it for good: this is what the worker will run out of memory by.
fn do_one(
    heap: &mut Heap,
    shapes: &Shapes,
    kept: &Queue,
    kept_bytes: u32,
    task: &Task,
) -> Result<Message, HeapFull> {
    let job = heap.unpack(&task.message)?;
    if job::is_oversized(heap.view(job)) {
        fill(heap, shapes)?;
    }
    let answer = shapes.answer(heap, job, task.index)?;
    let record = shapes.bytes(heap, kept_bytes)?;
    kept.push(heap, record)?;
    Ok(heap.pack(answer))
}

/// Asks for more memory at a time than the heap may have.
fn fill(heap: &mut Heap, shapes: &Shapes) -> Result<(), HeapFull> {
    let most = heap.config().max_old_bytes + 2 * heap.config().new_space.max_bytes;
    let pieces = (0..=most / u64::from(PIECE_BYTES)).map(|_| shapes.bytes(heap, PIECE_BYTES));
    pieces.collect::<Result<Vec<Local>, _>>().map(drop)
}
