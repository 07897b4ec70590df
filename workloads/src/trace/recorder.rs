//! Writing a trace of what a heap's program does.

use super::header::{Evidence, Part, TraceHeader};
use super::writer::TraceWriter;
use gc_core::Layout;
use gc_core::record::{MutationLog, Request};
use std::any::Any;
use std::fmt;
use std::io::{self, Write};

/// Writes what a heap tells into a trace.
///
/// ```
/// use gc_core::{Config, Heap, Layout};
/// use workloads::trace::{Replay, TraceFile, TraceRecorder};
///
/// let mut heap = Heap::new(Config::default())?;
/// heap.record(Box::new(TraceRecorder::new(Vec::new(), "a list", Vec::new())));
/// let node = heap.register("node", Layout::Fixed { slots: 1, bytes: 8 });
/// let tail = heap.alloc(node)?;
/// let head = heap.alloc_with(node, [Some(tail)])?;
/// let log = heap.stop_recording().expect("it has been set");
/// let file: Vec<u8> = TraceRecorder::finish(log)?;
///
/// let mut other = Heap::new(Config::default())?;
/// let replay = Replay::new(TraceFile::open(&file)?);
/// let replayed = replay.run_and_look(&mut other, &mut |_| (), &mut |heap| assert_eq!(heap.snapshot().len(), 3))?;
/// assert_eq!(replayed.operations, 2 + 1 + 2, "objects, references, roots");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct TraceRecorder<W> {
    writer: TraceWriter<W>,
    /// The writer's numbers of the heap's shapes.
    shapes: Vec<u32>,
}

impl<W> fmt::Debug for TraceRecorder<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TraceRecorder").finish_non_exhaustive()
    }
}

impl<W: Write + Send + 'static> TraceRecorder<W> {
    /// Starts a trace of `source`, a program with these parameters.
    pub fn new(out: W, source: &str, parameters: Vec<(String, String)>) -> Self {
        let made_by = format!("tenure {}", env!("CARGO_PKG_VERSION"));
        let header = TraceHeader { source: source.into(), made_by, parameters, ..TraceHeader::default() };
        let header = Part::ALL.into_iter().fold(header, |header, part| header.with(part, Evidence::Recorded));
        TraceRecorder { writer: TraceWriter::new(out, &header), shapes: Vec::new() }
    }

    /// Ends the trace of a log that a heap has given back, and gives what was written to.
    ///
    /// # Errors
    /// The first failure to write.
    ///
    /// # Panics
    /// If the log is not of this type.
    pub fn finish(log: Box<dyn MutationLog>) -> io::Result<W> {
        let log: Box<dyn Any> = log;
        let recorder = log.downcast::<TraceRecorder<W>>().expect("the log is the recorder that was set");
        recorder.writer.finish()
    }
}

impl<W: Write + Send + 'static> MutationLog for TraceRecorder<W> {
    fn shape(&mut self, name: &str, layout: Option<Layout>) {
        self.shapes.push(self.writer.shape(name, layout.into()));
    }

    fn allocated(&mut self, object: u32, shape: u32, length: u32) {
        self.writer.allocate(object, self.shapes[shape as usize], length);
    }

    fn stored(&mut self, holder: u32, place: u32, target: Option<u32>) {
        self.writer.store(holder, place, target);
    }

    fn root_set(&mut self, root: u32, target: Option<u32>) {
        self.writer.root(root, target);
    }

    fn point(&mut self) {
        self.writer.point();
    }

    fn requested(&mut self, request: Request) {
        self.writer.request(request);
    }

    fn died(&mut self, object: u32) {
        self.writer.die(object);
    }

    fn collected(&mut self) {
        self.writer.settle();
    }
}
