//! A master and workers, each with a heap of its own.

mod job;
mod master;
mod worker;

use self::job::Plan;
use self::master::Master;
use super::{content, object_bytes};
use crate::{Checksum, Entry, Found, Parameter, Parameters, Progress, Workload};
use gc_core::{Config, Heap, HeapFull};

/// A cluster as Node.js makes them: a master gives jobs to workers and collects their answers. Each worker is a heap of its own
/// on a thread of its own; jobs and answers are graphs, which are copied from heap to heap ([`Heap::pack`],
/// [`Heap::unpack`]) over channels. The heap that the run is given is the master's; workers have the same settings, but less old
/// space.
///
/// Workers keep a record of every job for good, and so run out of memory one day. Such a worker ends, is replaced by a fresh
/// one, and has its jobs given to that, the one among them in which it ended. A job that finds no room in a worker
/// that has done nothing else could be done by no other: it is answered as failed. Some are made so, oversized.
/// Others go on meanwhile.
///
/// The result does not depend on which worker is faster: the master gives out jobs and takes answers in the order of the jobs,
/// and counts the load of a worker in what it has given it. Pauses and times that are reported are those of the master's
/// heap; what the workers' heaps did is summed up worker by worker ([`WorkerSummary`](crate::WorkerSummary)).
///
/// If the system refuses a worker its thread or its heap, the run ends as if the heap were full.
///
/// **Stresses** copies between heaps, that heaps on several threads do not disturb each other, and the end of heaps that are full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// How many workers there are.
    pub workers: u32,
    /// How many jobs are done.
    pub jobs: u32,
    /// Most nodes of a job.
    pub nodes: u32,
    /// Most bytes of a job's data, which its nodes share; at least 8.
    pub data_bytes: u32,
    /// Size of what a worker keeps of each job, in bytes.
    pub kept_bytes: u32,
    /// Most that the old generation of a worker may take, in bytes.
    pub worker_old_bytes: u64,
    /// How many jobs of a million ask for more memory than a worker has.
    pub oversized_per_million: u32,
    /// How many jobs a worker is given at a time, on average.
    pub window: u32,
    /// Who gets the next job.
    pub dispatch: Dispatch,
    /// The stream that random choices are drawn from.
    pub seed: u64,
}

/// Who gets the next job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dispatch {
    /// One worker after the other.
    InTurn,
    /// The one that has least to do.
    LeastLoaded,
}

/// The workload by name.
pub const ENTRY: Entry = Entry {
    name: "cluster",
    about: "gives jobs to workers with heaps of their own, copies messages between heaps, and replaces full workers",
    stresses: "copies of graphs from heap to heap, heaps on several threads that go on while others are full and are \
               replaced; the report has a line for each worker, all else in it is the master's",
    by_default: true,
    parameters: &[
        Parameter {
            name: "workers",
            unit: "workers",
            about: "how many workers there are, each with a heap and a thread of its own",
            default: 4,
            min: 1,
            max: 256,
        },
        Parameter {
            name: "jobs",
            unit: "jobs",
            about: "how many jobs are done",
            default: 30_000,
            min: 1,
            max: 10_000_000,
        },
        Parameter {
            name: "nodes",
            unit: "objects",
            about: "most objects of a job",
            default: 60,
            min: 1,
            max: 1_000_000,
        },
        Parameter {
            name: "data",
            unit: "bytes",
            about: "most bytes of a job's data, which its objects share",
            default: 1_024,
            min: content::LEAST_BYTES as u64,
            max: 16_777_216,
        },
        Parameter {
            name: "kept",
            unit: "bytes",
            about: "size of what a worker keeps of each job, for good: what it will run out of memory by",
            default: 2_048,
            min: 0,
            max: 1_048_576,
        },
        Parameter {
            name: "worker_old",
            unit: "bytes",
            about: "most that the old generation of a worker may take, or of the master if that is less",
            default: 8 << 20,
            min: 1 << 20,
            max: 4 << 30,
        },
        Parameter {
            name: "oversized",
            unit: "of a million",
            about: "how many jobs of a million ask for more memory than a worker has, and fail",
            default: 100,
            min: 0,
            max: 1_000_000,
        },
        Parameter {
            name: "window",
            unit: "jobs",
            about: "how many jobs a worker is given at a time, on average",
            default: 4,
            min: 1,
            max: 10_000,
        },
        Parameter {
            name: "dispatch",
            unit: "0 or 1",
            about: "who gets the next job: one worker after the other (0), or the one that has least to do (1)",
            default: 0,
            min: 0,
            max: 1,
        },
    ],
    construct: |parameters| Box::new(Cluster::new(parameters)),
};

impl Cluster {
    fn new(parameters: &Parameters) -> Self {
        Cluster {
            workers: parameters.get_u32("workers"),
            jobs: parameters.get_u32("jobs"),
            nodes: parameters.get_u32("nodes"),
            data_bytes: parameters.get_u32("data"),
            kept_bytes: parameters.get_u32("kept"),
            worker_old_bytes: parameters.get("worker_old"),
            oversized_per_million: parameters.get_u32("oversized"),
            window: parameters.get_u32("window"),
            dispatch: if parameters.get("dispatch") == 0 { Dispatch::InTurn } else { Dispatch::LeastLoaded },
            seed: parameters.seed(),
        }
    }

    fn plan(&self) -> Plan {
        Plan {
            jobs: self.jobs,
            nodes: self.nodes,
            data_bytes: self.data_bytes,
            oversized_per_million: self.oversized_per_million,
            seed: self.seed,
        }
    }

    /// The settings of a worker's heap.
    fn worker_config(&self, master: &Config) -> Config {
        Config { max_old_bytes: self.worker_old_bytes.min(master.max_old_bytes), ..master.clone() }
    }
}

/// What stands for the answer to a job that failed.
const FAILED: [u64; 2] = [u64::MAX; 2];

impl Workload for Cluster {
    fn operation(&self) -> &'static str {
        "job"
    }

    fn operations(&self) -> u64 {
        self.jobs.into()
    }

    fn live_bytes(&self) -> u64 {
        object_bytes(self.jobs.into(), 0) + u64::from(self.jobs) * job::ANSWER_BYTES
    }

    fn expected_checksum(&self) -> u64 {
        let answer = |job: job::Job| if job.is_oversized { FAILED } else { [job.index, job.expected()] };
        self.plan().jobs().flat_map(answer).collect::<Checksum>().value()
    }

    fn drive(&self, heap: &mut Heap, progress: &mut Progress<'_>) -> Result<Found, HeapFull> {
        std::thread::scope(|scope| {
            let mut master = Master::new(scope, heap, self)?;
            for job in self.plan().jobs() {
                master.submit(heap, job, progress)?;
            }
            let (answers, workers) = master.finish(heap, progress)?;
            let answers = heap.view(answers);
            let found = (0..self.jobs).flat_map(|index| answers.slot(index).map_or(FAILED, job::read));
            Ok(Found { workers, ..found.collect::<Checksum>().into() })
        })
    }
}
