//! Writing a trace of what a heap's program does.

use super::encoding::Encoding;
use super::form::TraceShape;
use super::header::{Evidence, Part, TraceHeader};
use super::window::OpenWindow;
use gc_core::Layout;
use gc_core::record::{MutationLog, Request, Told};
use std::any::Any;
use std::fmt;
use std::io::{self, Write};

/// Words of the window from which it is written out when a collection has ended.
const WINDOW_WORDS: usize = 64 << 10;

/// Writes what a heap tells into a trace, on a thread of its own.
///
/// What the heap tells between two scavenges is kept in memory, some 12 to 20 bytes for each object.
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
    window: OpenWindow,
    encoding: Encoding<W>,
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
        TraceRecorder { window: OpenWindow::default(), encoding: Encoding::start(out, &header) }
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
        let TraceRecorder { mut window, mut encoding } = *recorder;
        window.settle();
        encoding.write(&mut window);
        encoding.finish()
    }
}

impl<W: Write + Send + 'static> MutationLog for TraceRecorder<W> {
    fn shape(&mut self, name: &str, layout: Option<Layout>, site: Option<u32>) {
        self.window.shape(TraceShape { site, ..TraceShape::new(name, layout.into()) });
    }

    fn allocated(&mut self, shape: u32, length: u32, references: &[(u32, Told)]) {
        self.window.allocate(shape, length, references);
    }

    fn numbered(&mut self, order: u32, number: u32) {
        self.window.number(order, number);
    }

    fn stored(&mut self, holder: Told, place: u32, target: Option<Told>) {
        self.window.store(holder, place, target);
    }

    fn root_set(&mut self, root: u32, target: Option<Told>) {
        self.window.root(root, target);
    }

    fn point(&mut self) {
        self.window.point();
    }

    fn requested(&mut self, request: Request) {
        self.window.request(request);
    }

    fn died(&mut self, number: u32) {
        self.window.die(number);
    }

    fn collected(&mut self) {
        self.window.settle();
        if self.window.len() >= WINDOW_WORDS {
            self.encoding.write(&mut self.window);
        }
    }
}
