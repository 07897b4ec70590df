//! A leak: a queue that is filled faster than it is emptied.

use super::queue::{LINK_BYTES, Queue};
use super::{content, object_bytes};
use crate::{Checksum, Entry, Found, Parameter, Parameters, Progress, Random, Workload};
use gc_core::{Heap, HeapFull, Layout, Shape};
use std::collections::VecDeque;

/// A producer puts one job after another into a queue; after each the consumer takes one, but only most of the time. What
/// it does not keep up with waits, and for good: the queue is as long as the program has run.
///
/// Cured by a bound, the queue refuses jobs while it is full; cured by a timeout, the job that has waited longest is
/// dropped when the queue is longer than that many jobs. How many were lost is part of the result, and so is which.
///
/// **Stresses** a leak in use: all that leaks is reached, and is taken out one day. Jobs die old, in order of age.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeakQueue {
    /// How many jobs are produced.
    pub jobs: u32,
    /// Size of a job's payload, in bytes; at least 8.
    pub payload_bytes: u32,
    /// How often the consumer takes a job, for 100 that are produced.
    pub consumed_percent: u32,
    /// How many jobs a cured queue holds.
    pub bound: u32,
    /// What is done about jobs that nobody takes.
    pub cure: Cure,
    /// The stream that random choices are drawn from.
    pub seed: u64,
}

/// What is done about jobs that nobody takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cure {
    /// Nothing: they leak.
    Nothing,
    /// A full queue refuses new ones.
    Refuse,
    /// The job that has waited longest is dropped once too many have come after it.
    Expire,
}

/// The workload by name.
pub const ENTRY: Entry = Entry {
    name: "leak_queue",
    about: "fills a queue faster than it empties it, so that what waits grows; cured by a bound or by a timeout",
    stresses: "a leak in use: what waits is alive, old and growing, so every marking has more to do than the one before \
               and the limit of the old generation follows; those that are taken die in order of age",
    by_default: false,
    parameters: &[
        Parameter {
            name: "jobs",
            unit: "jobs",
            about: "how many jobs are produced",
            default: 500_000,
            min: 1,
            max: 1_000_000_000,
        },
        Parameter {
            name: "payload",
            unit: "bytes",
            about: "size of a job's payload",
            default: 512,
            min: 8,
            max: 1_048_576,
        },
        Parameter {
            name: "consumed",
            unit: "percent",
            about: "how often the consumer takes a job, for 100 that are produced",
            default: 80,
            min: 0,
            max: 99,
        },
        Parameter {
            name: "bound",
            unit: "jobs",
            about: "how many jobs a cured queue holds",
            default: 1_000,
            min: 1,
            max: 100_000_000,
        },
        Parameter {
            name: "cured",
            unit: "0, 1 or 2",
            about: "what is done about jobs that nobody takes: nothing (0), a full queue refuses new ones (1), those \
                    that have waited for too long are dropped (2)",
            default: 0,
            min: 0,
            max: 2,
        },
    ],
    construct: |parameters| Box::new(LeakQueue::new(parameters)),
};

/// What happens, in order.
#[derive(Clone, Copy, Debug)]
enum Step {
    Produce(u64),
    Consume,
}

impl LeakQueue {
    fn new(parameters: &Parameters) -> Self {
        LeakQueue {
            jobs: parameters.get_u32("jobs"),
            payload_bytes: parameters.get_u32("payload"),
            consumed_percent: parameters.get_u32("consumed"),
            bound: parameters.get_u32("bound"),
            cure: match parameters.get("cured") {
                0 => Cure::Nothing,
                1 => Cure::Refuse,
                _ => Cure::Expire,
            },
            seed: parameters.seed(),
        }
    }

    fn steps(&self) -> impl Iterator<Item = Step> {
        let LeakQueue { jobs, consumed_percent, seed, .. } = *self;
        let mut random = Random::new(seed);
        (0..jobs).flat_map(move |number| {
            let consumed = random.chance(consumed_percent).then_some(Step::Consume);
            std::iter::once(Step::Produce(number.into())).chain(consumed)
        })
    }

    fn is_refused(&self, waiting: u32) -> bool {
        self.cure == Cure::Refuse && waiting >= self.bound
    }

    fn is_expired(&self, waiting: u32) -> bool {
        self.cure == Cure::Expire && waiting > self.bound
    }
}

impl Workload for LeakQueue {
    fn operation(&self) -> &'static str {
        "job"
    }

    fn operations(&self) -> u64 {
        self.jobs.into()
    }

    fn live_bytes(&self) -> u64 {
        let left = (u64::from(self.jobs) * u64::from(100 - self.consumed_percent) / 100).max(1);
        let waiting = if self.cure == Cure::Nothing { left } else { left.min(self.bound.into()) };
        waiting * (LINK_BYTES + object_bytes(0, self.payload_bytes.into()))
    }

    fn expected_checksum(&self) -> u64 {
        let mut queue = VecDeque::new();
        let (mut checksum, mut refused) = (Checksum::default(), 0);
        for step in self.steps() {
            match step {
                Step::Produce(_) if self.is_refused(queue.len() as u32) => refused += 1,
                Step::Produce(number) => queue.push_back(number),
                Step::Consume => checksum.add(queue.pop_front().unwrap_or(u64::MAX)),
            }
            if self.is_expired(queue.len() as u32) {
                checksum.add(!queue.pop_front().unwrap_or(0));
            }
        }
        checksum.add(refused);
        queue.into_iter().for_each(|number| checksum.add(number));
        checksum.value()
    }

    fn drive(&self, heap: &mut Heap, progress: &mut Progress<'_>) -> Result<Found, HeapFull> {
        let mut jobs = Jobs::new(heap, self.payload_bytes)?;
        let (mut checksum, mut refused) = (Checksum::default(), 0);
        for step in self.steps() {
            match step {
                Step::Produce(_) if self.is_refused(jobs.waiting) => refused += 1,
                Step::Produce(number) => jobs.produce(heap, number)?,
                Step::Consume => checksum.add(jobs.take(heap).unwrap_or(u64::MAX)),
            }
            if self.is_expired(jobs.waiting) {
                checksum.add(!jobs.take(heap).unwrap_or(0));
            }
            progress.advance(matches!(step, Step::Produce(_)).into());
        }
        checksum.add(refused);
        jobs.queue.values(heap).for_each(|job| checksum.add(content::read(job.bytes())));
        Ok(checksum.into())
    }
}

/// The jobs that wait, on the heap.
struct Jobs {
    queue: Queue,
    job: Shape,
    payload_bytes: u32,
    waiting: u32,
}

impl Jobs {
    fn new(heap: &mut Heap, payload_bytes: u32) -> Result<Self, HeapFull> {
        let job = heap.register("Job", Layout::Bytes);
        Ok(Jobs { queue: Queue::new(heap)?, job, payload_bytes, waiting: 0 })
    }

    fn produce(&mut self, heap: &mut Heap, number: u64) -> Result<(), HeapFull> {
        heap.scope(|heap| {
            let job = heap.alloc_array(self.job, self.payload_bytes)?;
            content::write(heap.bytes_mut(job), number);
            self.queue.push(heap, job)
        })?;
        self.waiting += 1;
        Ok(())
    }

    /// Takes the job out that has waited longest: its number.
    fn take(&mut self, heap: &mut Heap) -> Option<u64> {
        let number =
            heap.scope(|heap| self.queue.pop(heap).map(|job| content::read(heap.view(job).bytes())))?;
        self.waiting -= 1;
        Some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::{Cure, LeakQueue, Step, Workload};

    const QUEUE: LeakQueue = LeakQueue {
        jobs: 10_000,
        payload_bytes: 8,
        consumed_percent: 70,
        bound: 100,
        cure: Cure::Nothing,
        seed: 1,
    };

    #[test]
    fn the_consumer_takes_its_share() {
        let consumed = QUEUE.steps().filter(|step| matches!(step, Step::Consume)).count();
        assert!((6_800..7_200).contains(&consumed), "{consumed}");
    }

    #[test]
    fn every_cure_loses_other_jobs() {
        let sums = [Cure::Nothing, Cure::Refuse, Cure::Expire]
            .map(|cure| LeakQueue { cure, ..QUEUE }.expected_checksum());
        assert!(sums[0] != sums[1] && sums[1] != sums[2] && sums[0] != sums[2], "{sums:?}");
    }

    #[test]
    fn a_bound_that_is_never_reached_changes_nothing() {
        let large = LeakQueue { bound: 10_000, ..QUEUE };
        let sums = [Cure::Nothing, Cure::Refuse, Cure::Expire]
            .map(|cure| LeakQueue { cure, ..large }.expected_checksum());
        assert!(sums.iter().all(|sum| *sum == sums[0]), "{sums:?}");
    }
}
