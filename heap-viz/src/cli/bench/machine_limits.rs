//! What the machine can do at most, and how near single phases of Tenure come.
//!
//! Times are those in which the thread had a processor, so that other programs do not count.

use super::super::calibrate::thread_time;
use super::super::failure::Failure;
use gc_core::event::{Event, EventSink, Phase, Recorder};
use gc_core::{Config, Heap};
use heap_viz::matrix::{Hardware, Reach, Unit};
use std::hint::black_box;
use std::time::Instant;
use workloads::{Random, Workload};

/// Bytes of an array that no cache holds.
const LARGE_BYTES: usize = 64 << 20;
/// Tries of which the best counts: the others show what else the machine did.
const TRIES: usize = 5;
/// Bytes of a line of a cache.
const LINE_BYTES: usize = 64;
/// Lines that are gone through one after another: 256 MiB, more than caches of servers hold.
const LINES: u32 = 4 << 20;
/// Lines gone through in a try.
const STEPS: u32 = 1 << 20;
/// Size of the heap that is marked: more than most caches hold.
const LIVE_KIB: u32 = 128 << 10;
/// Bytes of a page of memory.
const PAGE_BYTES: usize = 4 << 10;

/// Asks the machine, and runs the phases.
pub(super) fn measure() -> Result<Hardware, Failure> {
    let mut hardware = Hardware {
        copy_bytes_per_second: copy_rate(LARGE_BYTES),
        read_bytes_per_second: read_rate(),
        write_bytes_per_second: write_rate(),
        miss_ns: miss_ns(),
        fault_ns: fault_ns(),
        reaches: Vec::new(),
    };
    hardware.reaches = reaches(&hardware)?;
    Ok(hardware)
}

/// The seconds of the best try.
fn best_seconds(mut try_once: impl FnMut()) -> f64 {
    (0..TRIES).map(|_| Spent::on(&mut try_once).processor_seconds).fold(f64::INFINITY, f64::min)
}

/// What something took.
#[derive(Clone, Copy)]
struct Spent {
    seconds: f64,
    /// The part of it in which this thread had a processor: all of it where the system does not tell.
    processor_seconds: f64,
}

impl Spent {
    fn on(work: impl FnOnce()) -> Self {
        let (start, before) = (Instant::now(), thread_time());
        work();
        let (after, seconds) = (thread_time(), start.elapsed().as_secs_f64());
        let had = after.zip(before).map(|(after, before)| after.since(before).0 as f64 * 1e-9);
        Spent { seconds, processor_seconds: had.map_or(seconds, |had| had.min(seconds)) }
    }

    /// The share of the time that others did not have.
    fn share(self) -> f64 {
        self.processor_seconds / self.seconds
    }
}

fn copy_rate(bytes: usize) -> f64 {
    let (source, mut target) = (vec![1_u8; bytes], vec![2_u8; bytes]);
    bytes as f64 / best_seconds(|| black_box(&mut target).copy_from_slice(black_box(&source)))
}

fn read_rate() -> f64 {
    let words = vec![1_u64; LARGE_BYTES / 8];
    LARGE_BYTES as f64
        / best_seconds(|| {
            black_box(black_box(&words).iter().sum::<u64>());
        })
}

fn write_rate() -> f64 {
    let mut words = vec![1_u64; LARGE_BYTES / 8];
    LARGE_BYTES as f64 / best_seconds(|| black_box(&mut words).fill(black_box(2)))
}

/// The time of one load of a chain of lines in random order.
fn miss_ns() -> f64 {
    let lines = chain(LINES);
    let mut line = 0;
    let seconds = best_seconds(|| (0..STEPS).for_each(|_| line = lines[line as usize][0]));
    black_box(line);
    seconds * 1e9 / f64::from(STEPS)
}

/// So many lines, of which each holds the number of the next; going on one comes through all of them (Sattolo, "An
/// algorithm to generate a random cyclic permutation", 1986).
fn chain(length: u32) -> Vec<[u32; LINE_BYTES / 4]> {
    let mut lines: Vec<_> = (0..length).map(|line| [line; LINE_BYTES / 4]).collect();
    let mut random = Random::new(1);
    for last in (1..length).rev() {
        let other = random.below(last);
        lines.swap(last as usize, other as usize);
    }
    lines
}

/// The time until a page that was not there has been written to.
fn fault_ns() -> f64 {
    let seconds = best_seconds(|| {
        // Zeroed memory of this size is not touched before it is used.
        let mut bytes = vec![0_u8; LARGE_BYTES];
        bytes.iter_mut().step_by(PAGE_BYTES).for_each(|byte| *byte = 1);
        black_box(&bytes);
    });
    seconds * 1e9 / (LARGE_BYTES / PAGE_BYTES) as f64
}

/// What a phase did, and how long it took.
#[derive(Clone, Copy, Default)]
struct Done {
    seconds: f64,
    bytes: u64,
    objects: u64,
}

impl Done {
    /// Without the time that others had of the processor while all of this was `spent`.
    fn by(self, spent: Spent) -> Done {
        Done { seconds: self.seconds * spent.share(), ..self }
    }
}

fn reaches(hardware: &Hardware) -> Result<Vec<Reach>, Failure> {
    let bytes = |what: &str, done: Done, limit_is: &str, limit| Reach {
        what: what.into(),
        measured: done.bytes as f64 / done.seconds,
        limit_is: limit_is.into(),
        limit,
        unit: Unit::BytesPerSecond,
    };
    let objects = |what: &str, done: Done| Reach {
        what: what.into(),
        measured: done.seconds * 1e9 / done.objects as f64,
        limit_is: "a load that misses all caches".into(),
        limit: hardware.miss_ns,
        unit: Unit::NanosecondsPerObject,
    };
    let fresh_rate =
        PAGE_BYTES as f64 / (hardware.fault_ns * 1e-9 + PAGE_BYTES as f64 / hardware.write_bytes_per_second);
    let copied_rate = copy_rate(ALIVE_BYTES as usize);
    Ok(vec![
        bytes("scavenge, objects of 32 bytes", scavenged(32)?, "copying as much", copied_rate),
        bytes("scavenge, objects of 240 bytes", scavenged(240)?, "copying as much", copied_rate),
        objects("mark, objects as they were allocated", marked(LIVE_KIB, 0)?),
        objects("mark, objects anywhere", marked(LIVE_KIB, 1)?),
        bytes(
            "allocation, no scavenge in between",
            allocated(true)?,
            "writing memory",
            hardware.write_bytes_per_second,
        ),
        bytes(
            "allocation in memory never used before",
            allocated(false)?,
            "first write, and writing",
            fresh_rate,
        ),
    ])
}

/// Runs a workload on a heap, and gives the heap away before what the workload keeps is garbage.
fn run(
    (name, parameters): (&'static str, &[String]),
    heap: &mut Heap,
    end: &mut dyn FnMut(&mut Heap),
) -> Result<(), Failure> {
    let entry = workloads::find(name).expect("the workload is registered");
    let workload: Box<dyn Workload> = entry.workload(parameters).expect("the parameters are legal");
    let outcome = workload.run_and_end(heap, &mut |_| (), end);
    outcome.map(drop).map_err(|problem| Failure::MicroRun { name, problem })
}

/// What one phase did in all pauses that were recorded.
fn sum(recorder: &Recorder, phase: Phase, of: impl Fn(&gc_core::event::Work) -> (u64, u64)) -> Done {
    let mut done = Done::default();
    for event in recorder.take() {
        if let Event::PhaseEnded(end) = event
            && end.phase == phase
        {
            let (bytes, objects) = of(&end.work);
            done.seconds += end.duration.0 as f64 * 1e-9;
            done.bytes += bytes;
            done.objects += objects;
        }
    }
    done
}

fn recorded(heap: &mut Heap) -> Recorder {
    let recorder = Recorder::default();
    let sink: Box<dyn EventSink> = Box::new(recorder.clone());
    heap.set_sink(sink);
    recorder
}

/// The semispaces that scavenges are measured in.
const SEMISPACE_BYTES: u64 = 4 << 20;
/// What is alive in them at a time. Caches may hold that, so it is not to be compared with the copying of large blocks.
const ALIVE_BYTES: u64 = SEMISPACE_BYTES / 3;

/// What scavenges copy and promote of objects of a size.
fn scavenged(object_bytes: u64) -> Result<Done, Failure> {
    let mut config = Config::default();
    (config.new_space.initial_bytes, config.new_space.max_bytes) = (SEMISPACE_BYTES, SEMISPACE_BYTES);
    let alive = ALIVE_BYTES / object_bytes;
    let parameters =
        [format!("objects={}", 60 * alive), format!("window={alive}"), format!("object={object_bytes}")];
    let mut heap = Heap::new(config).map_err(Failure::Heap)?;
    let recorder = recorded(&mut heap);
    let mut outcome = Ok(());
    let spent = Spent::on(|| outcome = run(("window", &parameters), &mut heap, &mut |_| ()));
    outcome?;
    let done = sum(&recorder, Phase::Copy, |work| {
        (work.copied_bytes + work.promoted_bytes, work.copied_objects + work.promoted_objects)
    });
    Ok(done.by(spent))
}

/// What a full collection marks of so much in lists of records, which lie as they were allocated (0) or anywhere (1).
fn marked(live_kib: u32, order: u32) -> Result<Done, Failure> {
    let mut heap = Heap::new(Config::default()).map_err(Failure::Heap)?;
    let parameters = [format!("live={live_kib}"), "operations=1".to_owned(), format!("order={order}")];
    let recorder = recorded(&mut heap);
    let mut done = Done::default();
    run(("big_heap", &parameters), &mut heap, &mut |heap| {
        drop(recorder.take());
        let spent = Spent::on(|| heap.collect_full());
        done = sum(&recorder, Phase::Mark, |work| (work.marked_bytes, work.marked_objects)).by(spent);
    })?;
    Ok(done)
}

/// Objects that are made in a new space that they fit into: in memory that was used before, or was not.
fn allocated(is_used: bool) -> Result<Done, Failure> {
    const BYTES: u64 = 32 << 20;
    let mut config = Config { prefault: false, ..Config::default() };
    (config.new_space.initial_bytes, config.new_space.max_bytes) = (2 * BYTES, 2 * BYTES);
    let parameters = [format!("objects={}", BYTES / 48), "window=0".to_owned(), "object=48".to_owned()];
    let mut heap = Heap::new(config).map_err(Failure::Heap)?;
    if is_used {
        // Twice, for both semispaces.
        for _ in 0..2 {
            run(("window", &parameters), &mut heap, &mut |_| ())?;
            heap.collect_minor();
        }
    }
    let mut outcome = Ok(());
    let spent = Spent::on(|| outcome = run(("window", &parameters), &mut heap, &mut |_| ()));
    outcome?;
    Ok(Done { seconds: spent.processor_seconds, bytes: BYTES, objects: BYTES / 48 })
}

#[cfg(test)]
mod tests {
    use super::{chain, marked, scavenged};

    #[test]
    fn a_chain_goes_through_all_lines() {
        let lines = chain(1_000);
        let (mut line, mut steps) = (0, 0_u32);
        loop {
            line = lines[line as usize][0];
            steps += 1;
            if line == 0 {
                break;
            }
        }
        assert_eq!(steps, 1_000);
    }

    #[test]
    fn phases_do_what_they_are_asked_for() {
        let done = scavenged(240).expect("there is room");
        assert!(done.objects > 1_000 && done.bytes / done.objects == 240 && done.seconds > 0.0);
        let done = marked(1 << 10, 0).expect("there is room");
        assert!(done.objects > 10_000 && done.seconds > 0.0);
    }
}
