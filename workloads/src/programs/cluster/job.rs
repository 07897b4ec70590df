//! What workers are asked and what they answer: graphs that are copied from heap to heap.

use crate::programs::{content, object_bytes};
use crate::{Checksum, Random};
use gc_core::{FixedShape, Heap, HeapFull, Layout, Local, Shape, View};

/// Slots of a node of a job. Its words are its value, and for the first node whether the job is an oversized one.
const NEXT: u32 = 0;
const OTHER: u32 = 1;
const DATA: u32 = 2;

/// A job of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Job {
    pub(super) index: u64,
    seed: u64,
    nodes: u32,
    data_bytes: u32,
    /// Whether it asks for more memory than any worker has.
    pub(super) is_oversized: bool,
}

/// A source of jobs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    pub(super) jobs: u32,
    pub(super) nodes: u32,
    pub(super) data_bytes: u32,
    pub(super) oversized_per_million: u32,
    pub(super) seed: u64,
}

impl Plan {
    /// All jobs, in order.
    pub(super) fn jobs(&self) -> impl Iterator<Item = Job> + use<> {
        let Plan { jobs, nodes, data_bytes, oversized_per_million, seed } = *self;
        let mut random = Random::new(seed);
        (0..jobs.into()).map(move |index| Job {
            index,
            seed: random.number(),
            nodes: 1 + random.below(nodes),
            data_bytes: content::LEAST_BYTES + random.below(data_bytes - content::LEAST_BYTES + 1),
            is_oversized: random.below(1_000_000) < oversized_per_million,
        })
    }
}

impl Job {
    /// How much there is to do: what the load of a worker is counted in.
    pub(super) fn weight(&self) -> u64 {
        u64::from(self.nodes) * 16 + u64::from(self.data_bytes)
    }

    /// What [`answer_of`] must give for the job.
    pub(super) fn expected(&self) -> u64 {
        let mut checksum = Checksum::default();
        for index in 0..self.nodes {
            checksum.add(self.value(index));
            checksum.add(self.value(self.other(index)));
            checksum.add(self.seed);
        }
        checksum.value()
    }

    fn value(&self, index: u32) -> u64 {
        self.seed.rotate_left(index)
    }

    /// The node that node `index` refers to besides the next.
    fn other(&self, index: u32) -> u32 {
        (index * 7 + 3) % self.nodes
    }
}

/// Makes jobs and answers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shapes {
    node: FixedShape<3, 2>,
    bytes: Shape,
    answer: FixedShape<0, 2>,
}

/// Bytes of an answer.
pub(super) const ANSWER_BYTES: u64 = object_bytes(0, 16);

impl Shapes {
    pub(super) fn new(heap: &mut Heap) -> Self {
        Shapes {
            node: heap.register_fixed("Node"),
            bytes: heap.register("Data", Layout::Bytes),
            answer: heap.register_fixed("Answer"),
        }
    }

    /// The graph of a job: a ring of nodes, each of which also refers to another. All share their data: every other node as
    /// an object, the rest as a buffer.
    pub(super) fn make(&self, heap: &mut Heap, job: &Job) -> Result<Local, HeapFull> {
        heap.escape(|heap| {
            let object = heap.alloc_array(self.bytes, job.data_bytes)?;
            content::write(heap.bytes_mut(object), job.seed);
            let buffer = heap.alloc_buffer(job.data_bytes)?;
            content::write(heap.buffer_mut(buffer), job.seed);
            let nodes = (0..job.nodes).map(|index| {
                let data = if index.is_multiple_of(2) { object } else { buffer };
                let node = heap.alloc_with(self.node, [None, None, Some(data)])?;
                heap.store_word(node, 0, job.value(index));
                Ok(node)
            });
            let nodes = nodes.collect::<Result<Vec<_>, _>>()?;
            for (index, node) in (0..).zip(&nodes) {
                heap.store(*node, NEXT, Some(nodes[(index as usize + 1) % nodes.len()]));
                heap.store(*node, OTHER, Some(nodes[job.other(index) as usize]));
            }
            heap.store_word(nodes[0], 1, job.is_oversized.into());
            Ok(nodes[0])
        })
    }

    /// Does a job: the answer to it.
    pub(super) fn answer(&self, heap: &mut Heap, job: Local, index: u64) -> Result<Local, HeapFull> {
        let found = answer_of(heap.view(job));
        let answer = heap.alloc_with(self.answer, [])?;
        heap.store_word(answer, 0, index);
        heap.store_word(answer, 1, found);
        Ok(answer)
    }

    /// An object of so many bytes.
    pub(super) fn bytes(&self, heap: &mut Heap, bytes: u32) -> Result<Local, HeapFull> {
        heap.alloc_array(self.bytes, bytes)
    }
}

/// Whether a job asks for more memory than there is.
pub(super) fn is_oversized(job: View<'_>) -> bool {
    job.word(1) == 1
}

/// Reads the whole ring.
fn answer_of(job: View<'_>) -> u64 {
    let mut checksum = Checksum::default();
    let mut node = job;
    loop {
        checksum.add(node.word(0));
        checksum.add(node.slot(OTHER).map_or(0, |other| other.word(0)));
        checksum.add(node.slot(DATA).map_or(0, data));
        node = node.slot(NEXT).expect("a ring has no end");
        if node.same(job) {
            return checksum.value();
        }
    }
}

/// What data is filled with: of a buffer, which has no bytes on the heap, what is off it.
fn data(data: View<'_>) -> u64 {
    let bytes = data.bytes();
    content::read(if bytes.is_empty() { data.buffer() } else { bytes })
}

/// The number of the job that an answer is for, and what was found.
pub(super) fn read(answer: View<'_>) -> [u64; 2] {
    [answer.word(0), answer.word(1)]
}

#[cfg(test)]
mod tests {
    use super::{Plan, Shapes, is_oversized, read};
    use gc_core::{Config, Heap, Stress};

    #[test]
    fn a_job_is_done_on_another_heap() {
        let config = Config { huge_pages: false, stress: Stress::all(1, 1), ..Config::default() };
        let [mut master, mut worker] = [config.clone(), config].map(|it| Heap::new(it).expect("valid"));
        let plan = Plan { jobs: 20, nodes: 9, data_bytes: 40, oversized_per_million: 500_000, seed: 1 };
        let shapes = [Shapes::new(&mut master), Shapes::new(&mut worker)];
        for job in plan.jobs() {
            let made = shapes[0].make(&mut master, &job).expect("there is room");
            let message = master.pack(made);
            let copy = worker.unpack(&message).expect("there is room");
            assert_eq!(is_oversized(worker.view(copy)), job.is_oversized);
            let answer = shapes[1].answer(&mut worker, copy, job.index).expect("there is room");
            assert_eq!(read(worker.view(answer)), [job.index, job.expected()]);
        }
        let oversized = plan.jobs().filter(|job| job.is_oversized).count();
        assert!((1..20).contains(&oversized), "{oversized}");
    }
}
