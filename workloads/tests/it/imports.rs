//! Files of other runtimes: those that lie beside this test, and those that Node and memray make where they are
//! installed.

use crate::configs::{heap, plain};
use gc_core::clock::CostModel;
use gc_core::policy::NewSpaceSizing;
use gc_core::{ClockSource, Config, Heap, Stress};
use std::fs::File;
use std::io::{BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use workloads::graph::{HeapGraph, Node, NodeKind, NodeType, Placement};
use workloads::import::heap_snapshot::HeapSnapshot;
use workloads::import::lifetimes::BirthPlace;
use workloads::import::memray::PythonAllocators;
use workloads::import::{EdgeStatistics, Imported, Memray, Order, SnapshotTrace, Synthesis};
use workloads::programs::SnapshotHeap;
use workloads::trace::{Replay, TraceFile, TraceHeader, TraceWriter};
use workloads::{Parameters, Workload, WorkloadError};

/// A snapshot of a heap of Lox, which a test of heap-viz writes.
const LOX: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/files/lox.heapsnapshot");
/// A capture by memray 1.20, made by `make_capture.py` beside it.
const CAPTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/files/small.bin");

fn import(path: &Path) -> Imported {
    let file = File::open(path).expect("the file is there");
    Imported::read(BufReader::new(file)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn snapshot(path: impl AsRef<Path>) -> HeapSnapshot {
    match import(path.as_ref()) {
        Imported::HeapSnapshot(snapshot) => snapshot,
        other => panic!("{other:?} is no snapshot"),
    }
}

fn capture(path: impl AsRef<Path>) -> Memray {
    match import(path.as_ref()) {
        Imported::Memray(capture) => capture,
        other => panic!("{other:?} is no capture of memray"),
    }
}

fn small_heap(stress: Stress) -> Heap {
    let new_space =
        NewSpaceSizing { initial_bytes: 256 << 10, max_bytes: 256 << 10, ..NewSpaceSizing::default() };
    heap(Config { new_space, stress, ..plain() })
}

fn churn(objects: &Arc<Placement>, allocations: u64) -> SnapshotHeap {
    let overrides = [format!("allocations={allocations}"), "kept=50".into()];
    let parameters = Parameters::parse(&SnapshotHeap::PARAMETERS, overrides).expect("they are legal");
    SnapshotHeap::new(Arc::clone(objects), &parameters)
}

#[track_caller]
fn check_run(objects: &Arc<Placement>, allocations: u64, stress: Stress) {
    let workload = churn(objects, allocations);
    let mut heap = small_heap(stress);
    let outcome = workload.run(&mut heap, &mut |_| ());
    let outcome = outcome.unwrap_or_else(|error| panic!("{error} under {:?}", heap.config().stress));
    assert_eq!(outcome.operations, workload.operations());
}

#[test]
fn a_snapshot_is_built_and_churned_under_all_configurations() {
    let objects = Arc::new(Placement::new(snapshot(LOX).graph));
    check_run(&objects, 20_000, Stress::default());
    check_run(&objects, 3_000, Stress { verify: true, poison: true, ..Stress::default() });
    check_run(&objects, 200, Stress::all(40, 11));
}

#[test]
fn a_snapshot_gives_the_same_events_every_time() {
    let objects = Arc::new(Placement::new(snapshot(LOX).graph));
    let run = || {
        let clock = ClockSource::Modelled(CostModel::default());
        let mut heap = heap(Config { clock, ..Config::default() });
        churn(&objects, 5_000).run(&mut heap, &mut |_| ()).expect("it passes")
    };
    assert_eq!(run(), run());
}

#[test]
fn a_heap_that_is_too_small_for_a_snapshot_refuses_it() {
    let mut graph = HeapGraph::new(vec![NodeType { kind: NodeKind::Object, name: "large".into() }]);
    (0..100).for_each(|id| graph.push(Node { size_bytes: 100_000, of_type: 0, id }, [(id + 1) % 100]));
    let mut heap = heap(Config { max_old_bytes: 1 << 20, ..Config::default() });
    let refused = churn(&Arc::new(Placement::new(graph)), 0).run(&mut heap, &mut |_| ());
    assert!(matches!(refused, Err(WorkloadError::HeapFull(_))), "{refused:?}");
    assert!(heap.verify().is_ok());
}

#[test]
fn live_bytes_of_a_snapshot_are_those_of_its_heap() {
    let objects = Arc::new(Placement::new(snapshot(LOX).graph));
    let workload = churn(&objects, 0);
    let mut found = 0;
    let look =
        &mut |heap: &Heap| found = heap.snapshot().census().iter().map(|total| total.bytes).sum::<u64>();
    workload.run_and_look(&mut small_heap(Stress::default()), &mut |_| (), look).expect("it passes");
    let (expected, table) = (workload.live_bytes(), 4 * u64::from(objects.len()));
    assert!((expected - table..=expected).contains(&found), "{found} are alive instead of {expected}");
}

/// The bytes of a trace.
fn trace(
    header: &TraceHeader,
    write: impl FnOnce(TraceWriter<Vec<u8>>) -> std::io::Result<Vec<u8>>,
) -> Vec<u8> {
    write(TraceWriter::new(Vec::new(), header)).expect("memory takes everything")
}

/// Objects alive at the end of a replay, and references that led nowhere.
fn replay(trace: &Vec<u8>, stress: Stress) -> (u64, u64) {
    let replay = Replay::new(TraceFile::open(trace).expect("the trace is whole"));
    let mut alive = 0;
    let look = &mut |heap: &Heap| alive = heap.snapshot().len() as u64;
    let done =
        replay.run_and_look(&mut small_heap(stress), &mut |_| (), look).expect("the heap is large enough");
    (alive, done.lost)
}

#[test]
fn the_capture_of_a_program_is_read_and_replayed() {
    let capture = capture(CAPTURE);
    assert_eq!((capture.info.python, capture.info.python_allocators), ((3, 11), PythonAllocators::Traced));
    // As memray's own reader counts them: `FileReader.get_allocation_records`.
    let allocated = capture.lifetimes.allocated();
    assert_eq!((allocated.objects, allocated.bytes, capture.lifetimes.deaths()), (2_467, 292_100, 2_413));
    let header = Synthesis::header(&capture.lifetimes, TraceHeader::default());
    let trace = trace(&header, |writer| Synthesis::default().write(&capture.lifetimes, writer));
    for stress in [Stress::default(), Stress::all(20, 5)] {
        let (alive, lost) = replay(&trace, stress);
        assert_eq!(lost, 0);
        assert!((54..54 + 8).contains(&alive), "{alive} are alive");
    }
}

#[test]
fn a_snapshot_becomes_a_trace() {
    let snapshot = snapshot(LOX);
    let order = Order::of(&snapshot);
    let objects = Placement::new(snapshot.graph);
    let steps = SnapshotTrace::new(&objects, order);
    let trace = trace(&steps.header(TraceHeader::default()), |writer| steps.write(writer));
    let buffers = (0..objects.len()).filter(|place| objects.kind(*place) == NodeKind::Native).count() as u64;
    let (alive, lost) = replay(&trace, Stress::default());
    let expected = u64::from(objects.len()) + buffers;
    assert_eq!(lost, 0);
    assert!((expected..expected + 8).contains(&alive), "{alive} are alive of {expected}");
}

/// A folder of a test's own, removed with the value.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{test}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("the folder can be made");
        Folder(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Nobody is left to tell.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Gives `program` to the standard input of a command that runs in `folder`; false, with a note, if it is not installed
/// or cannot do this.
fn is_made(folder: &Folder, command: &str, arguments: &[&str], program: &str) -> bool {
    let started = Command::new(command)
        .args(arguments)
        .current_dir(&folder.0)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let done = started.and_then(|mut child| {
        child.stdin.take().expect("it is a pipe").write_all(program.as_bytes())?;
        child.wait()
    });
    let is_made = done.is_ok_and(|status| status.success());
    if !is_made {
        eprintln!("note: skipped, since `{command} {}` cannot do this here", arguments.join(" "));
    }
    is_made
}

const NODE_PROGRAM: &str = r#"
const inspector = require('inspector'), fs = require('fs');
const session = new inspector.Session();
session.connect();
const post = (method, parameters) => new Promise((resolve, reject) =>
  session.post(method, parameters, (error, result) => error ? reject(error) : resolve(result)));
class Point { constructor(x) { this.x = x + 0.5; this.name = 'point ' + x; } }
globalThis.kept = [];
const work = () => { for (let i = 0; i < 2000; i++) { const p = new Point(i); if (i % 4 == 0) kept.push(p); } };
const write = async (file, stop) => {
  const out = fs.openSync(file, 'w');
  const chunk = message => fs.writeSync(out, message.params.chunk);
  session.on('HeapProfiler.addHeapSnapshotChunk', chunk);
  await stop();
  session.off('HeapProfiler.addHeapSnapshotChunk', chunk);
  fs.closeSync(out);
};
(async () => {
  globalThis.buffer = new ArrayBuffer(1234567);
  work();
  await write('it.heapsnapshot', () => post('HeapProfiler.takeHeapSnapshot'));
  await post('HeapProfiler.startTrackingHeapObjects', { trackAllocations: true });
  work();
  await write('it.heaptimeline', () => post('HeapProfiler.stopTrackingHeapObjects'));
  await post('HeapProfiler.startSampling', { samplingInterval: 128 });
  work();
  fs.writeFileSync('it.heapprofile', JSON.stringify((await post('HeapProfiler.stopSampling')).profile));
})();
"#;

#[test]
fn what_node_writes_is_read() {
    let folder = Folder::new("node");
    if !is_made(&folder, "node", &["-"], NODE_PROGRAM) {
        return;
    }
    let heap = snapshot(folder.0.join("it.heapsnapshot"));
    let graph = &heap.graph;
    let points = (0..graph.len()).filter(|number| graph.type_of(*number).name == "Point").count();
    assert_eq!(points, 500);
    let native = (0..graph.len()).filter(|number| graph.type_of(*number).kind == NodeKind::Native);
    assert!(native.map(|number| graph.node(number).size_bytes).any(|bytes| bytes == 1_234_567));
    assert!(heap.left_out.weak > 0 && heap.timeline.is_empty());
    let objects = Arc::new(Placement::new(heap.graph));
    assert_eq!(objects.len(), objects.graph().len(), "V8 writes what is alive, and no more");
    check_run(&objects, 20_000, Stress::default());
    assert_ne!(EdgeStatistics::of(&objects), EdgeStatistics::default());

    let timeline = snapshot(folder.0.join("it.heaptimeline"));
    assert!(!timeline.timeline.is_empty());
    assert!(timeline.allocated.is_some_and(|allocated| allocated.objects > 2_000));

    let Imported::HeapProfile(profile) = import(&folder.0.join("it.heapprofile")) else {
        panic!("no profile")
    };
    assert!(profile.lifetimes.allocated().objects > 0);
}

const PYTHON_PROGRAM: &str = r#"
import memray
class Node:
    def __init__(self, next): self.next = next
def work():
    node = None
    for _ in range(1000): node = Node(node)
python = {"trace_python_allocators": True}
for name, options in ("all", python), ("native", {**python, "native_traces": True}), ("system", {}):
    with memray.Tracker(name + ".bin", **options): work(); bytearray(1_000_000)
    records = list(memray.FileReader(name + ".bin").get_allocation_records())
    births = [record.size for record in records if int(record.allocator) not in (1, 5, 15)]
    with open(name + ".txt", "w") as out: print(len(births), sum(births), file=out)
"#;

#[test]
fn what_memray_writes_is_read_as_memray_reads_it() {
    let folder = Folder::new("memray");
    if !is_made(&folder, "python3", &["-"], PYTHON_PROGRAM) {
        return;
    }
    for name in ["all", "native", "system"] {
        let lifetimes = capture(folder.0.join(format!("{name}.bin"))).lifetimes;
        let text = std::fs::read_to_string(folder.0.join(format!("{name}.txt"))).expect("it was written");
        let allocated = lifetimes.allocated();
        assert_eq!(format!("{} {}", allocated.objects, allocated.bytes), text.trim(), "{name}");
        let objects = lifetimes.allocated_at(BirthPlace::Heap).objects;
        assert_eq!(objects > 1_000, name != "system", "{objects} objects in {name}");
    }
}
