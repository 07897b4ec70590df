//! The master: gives jobs to workers, replaces those that have run out of memory, and collects the answers.

use super::job::{Job, Shapes};
use super::worker::{self, Reply, Task};
use super::{Cluster, Dispatch};
use crate::{Progress, WorkerSummary};
use gc_core::{Config, Heap, HeapFull, Layout, Local, Message};
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{Builder, Scope};

/// Stack of a worker's thread, in bytes: nothing in a worker recurses.
const STACK_BYTES: usize = 1 << 20;

/// Gives out jobs in order, and takes answers in the order of the jobs, whoever is done first. So what it does to its heap
/// does not depend on how fast the workers are.
#[derive(Debug)]
pub(super) struct Master<'scope, 'env> {
    scope: &'scope Scope<'scope, 'env>,
    worker_config: Config,
    kept_bytes: u32,
    dispatch: Dispatch,
    /// Most jobs that are given out and not yet answered.
    most_given: usize,
    shapes: Shapes,
    /// Answers by job, on the heap.
    answers: Local,
    workers: Vec<Worker>,
    /// The workers of the jobs that are given out, in the order of the jobs.
    given_to: VecDeque<usize>,
}

/// A worker as the master sees it.
#[derive(Debug)]
struct Worker {
    process: Process,
    given: VecDeque<Given>,
    /// How many jobs its present heap has done.
    done: u64,
    summary: WorkerSummary,
}

/// The channels to the thread of a worker.
#[derive(Debug)]
struct Process {
    tasks: Sender<Task>,
    replies: Receiver<Reply>,
}

/// A job that is given out.
#[derive(Debug)]
struct Given {
    job: Job,
    message: Arc<Message>,
}

impl<'scope, 'env> Master<'scope, 'env> {
    /// A master with all its workers, whose handles live in the current scope of its own heap.
    pub(super) fn new(
        scope: &'scope Scope<'scope, 'env>,
        heap: &mut Heap,
        cluster: &Cluster,
    ) -> Result<Self, HeapFull> {
        let table = heap.register("Answers", Layout::Slots);
        let mut master = Master {
            scope,
            worker_config: cluster.worker_config(heap.config()),
            kept_bytes: cluster.kept_bytes,
            dispatch: cluster.dispatch,
            most_given: (cluster.workers * cluster.window) as usize,
            shapes: Shapes::new(heap),
            answers: heap.alloc_array(table, cluster.jobs)?,
            workers: Vec::new(),
            given_to: VecDeque::new(),
        };
        for _ in 0..cluster.workers {
            let (process, given) = (master.start()?, VecDeque::new());
            master.workers.push(Worker { process, given, done: 0, summary: WorkerSummary::default() });
        }
        Ok(master)
    }

    /// Starts a worker.
    fn start(&self) -> Result<Process, HeapFull> {
        let (tasks, received) = channel();
        let (sent, replies) = channel();
        let (config, kept_bytes) = (self.worker_config.clone(), self.kept_bytes);
        let work = move || worker::work(config, kept_bytes, &received, &sent);
        let spawned = Builder::new().stack_size(STACK_BYTES).spawn_scoped(self.scope, work);
        spawned.map_err(|_| HeapFull::new(STACK_BYTES as u64))?;
        Ok(Process { tasks, replies })
    }

    /// Has a job done: packs it, gives it to a worker, and takes the oldest answer if too many are due.
    pub(super) fn submit(
        &mut self,
        heap: &mut Heap,
        job: Job,
        progress: &mut Progress<'_>,
    ) -> Result<(), HeapFull> {
        let message = heap.scope(|heap| self.shapes.make(heap, &job).map(|made| heap.pack(made)))?;
        let chosen = self.choose(job.index);
        let given = Given { job, message: Arc::new(message) };
        self.workers[chosen].process.give(&given);
        self.workers[chosen].given.push_back(given);
        self.given_to.push_back(chosen);
        if self.given_to.len() > self.most_given { self.collect(heap, progress) } else { Ok(()) }
    }

    /// The worker for the next job. Its load is what the master has given it and not got back: how fast it is does not count.
    fn choose(&self, index: u64) -> usize {
        match self.dispatch {
            Dispatch::InTurn => (index % self.workers.len() as u64) as usize,
            Dispatch::LeastLoaded => {
                let load = |worker: &Worker| worker.given.iter().map(|given| given.job.weight()).sum::<u64>();
                let loads = self.workers.iter().map(load).enumerate();
                loads.min_by_key(|(_, load)| *load).expect("there are workers").0
            }
        }
    }

    /// Takes all answers that are still due, and lets the workers go: what became of each.
    pub(super) fn finish(
        mut self,
        heap: &mut Heap,
        progress: &mut Progress<'_>,
    ) -> Result<(Local, Vec<WorkerSummary>), HeapFull> {
        while !self.given_to.is_empty() {
            self.collect(heap, progress)?;
        }
        Ok((self.answers, self.workers.into_iter().map(Worker::finish).collect()))
    }

    /// Takes the answer to the job that was given out first.
    fn collect(&mut self, heap: &mut Heap, progress: &mut Progress<'_>) -> Result<(), HeapFull> {
        let number = self.given_to.pop_front().expect("jobs are given out");
        let due = self.workers[number].given.len();
        while self.workers[number].given.len() == due {
            self.take_reply(heap, number)?;
        }
        progress.advance(1);
        Ok(())
    }

    fn take_reply(&mut self, heap: &mut Heap, number: usize) -> Result<(), HeapFull> {
        let worker = &mut self.workers[number];
        match reply(&worker.process.replies) {
            Reply::Answer(message) => {
                let given = worker.answered();
                worker.done += 1;
                worker.summary.jobs += 1;
                heap.scope(|heap| {
                    let answer = heap.unpack(&message)?;
                    heap.store(self.answers, given.job.index as u32, Some(answer));
                    Ok(())
                })
            }
            Reply::OutOfMemory { full, heap: end } => {
                end.add_to(&mut worker.summary);
                let failed = worker.given.front().expect("it has a job").job;
                worker.summary.replaced_at.push(failed.index);
                // A worker that has done nothing else has all the memory that there is: no other could do it.
                if std::mem::take(&mut worker.done) == 0 {
                    worker.answered();
                    if !failed.is_oversized {
                        return Err(full);
                    }
                }
                self.replace(number)
            }
            Reply::NoHeap(full) => Err(full),
            Reply::Finished(_) => unreachable!("a worker goes on while it may be given jobs"),
        }
    }

    /// Puts a fresh worker in the place of one that has ended, and gives it the jobs that this one has left.
    fn replace(&mut self, number: usize) -> Result<(), HeapFull> {
        let process = self.start()?;
        let worker = &mut self.workers[number];
        worker.given.iter().for_each(|given| process.give(given));
        worker.process = process;
        Ok(())
    }
}

impl Worker {
    /// The first job is no longer one that is given out.
    fn answered(&mut self) -> Given {
        self.given.pop_front().expect("it has a job")
    }

    /// Lets the worker go: what became of it.
    fn finish(self) -> WorkerSummary {
        let Worker { process: Process { tasks, replies }, mut summary, .. } = self;
        drop(tasks);
        match reply(&replies) {
            Reply::Finished(end) => end.add_to(&mut summary),
            // It had nothing to do, so nobody misses it.
            Reply::NoHeap(_) => {}
            other => unreachable!("all jobs have been answered: {other:?}"),
        }
        summary
    }
}

impl Process {
    /// Gives the worker a job. One that has ended meanwhile does not hear of it; its replacement will.
    fn give(&self, given: &Given) {
        let task = Task { index: given.job.index, message: Arc::clone(&given.message) };
        let _ = self.tasks.send(task);
    }
}

/// Waits for what a worker says next.
fn reply(replies: &Receiver<Reply>) -> Reply {
    // It says something before it ends, unless it has panicked, as a verifier does that finds a mistake.
    replies.recv().unwrap_or_else(|_| panic!("a worker has panicked"))
}
