//! Doing what a trace tells.

mod table;

use super::error::TraceError;
use super::form::{Form, TraceShape};
use super::header::TraceHeader;
use super::op::{TraceOp, TraceRef};
use super::reader::{TraceBytes, TraceFile, TraceReader};
use super::totals::Totals;
use crate::{Checksum, Progress};
use gc_core::record::Request;
use gc_core::{Heap, HeapFull, Layout, Local, Root, Shape, Site, Value};
use std::collections::HashMap;
use std::fmt;
use table::Table;

/// A program that does on a heap what a trace tells.
///
/// Its objects have the sizes of those that were recorded and refer to each other as these did; what else they held is not
/// in a trace. Typed objects have become untyped ones whose slots are where the references were.
#[derive(Debug)]
pub struct Replay<'f, B: ?Sized> {
    trace: TraceFile<'f, B>,
}

/// A replay that has come to its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Replayed {
    /// Operations done, points not counted.
    pub operations: u64,
    /// References that led nowhere: the trace names an object that this heap has found dead, since the program that was
    /// recorded had kept it in a way that is not in the trace, such as a weak one.
    pub lost: u64,
}

/// Why a replay has not come to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReplayError {
    /// The heap is too small.
    HeapFull(HeapFull),
    /// The trace is damaged.
    Trace(TraceError),
}

impl Replayed {
    /// What was done, in one number: the same under every configuration, but for references that were lost.
    #[must_use]
    pub fn checksum(&self) -> u64 {
        Checksum::from_iter([self.operations, self.lost]).value()
    }
}

impl From<HeapFull> for ReplayError {
    fn from(full: HeapFull) -> Self {
        ReplayError::HeapFull(full)
    }
}

impl From<TraceError> for ReplayError {
    fn from(error: TraceError) -> Self {
        ReplayError::Trace(error)
    }
}

impl fmt::Display for ReplayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReplayError::HeapFull(_) => f.write_str("the heap is too small for the trace"),
            ReplayError::Trace(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ReplayError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ReplayError::HeapFull(full) => Some(full),
            ReplayError::Trace(error) => Some(error),
        }
    }
}

impl<'f, B: TraceBytes + ?Sized> Replay<'f, B> {
    /// The program of a trace.
    #[must_use]
    pub fn new(trace: TraceFile<'f, B>) -> Self {
        Replay { trace }
    }

    /// Where the trace comes from.
    #[must_use]
    pub fn header(&self) -> &TraceHeader {
        self.trace.header()
    }

    /// How much there is in the trace.
    #[must_use]
    pub fn totals(&self) -> &Totals {
        self.trace.totals()
    }

    /// Does all that the trace tells. `report` is given the share that is done, at most 200 times; `look` is shown the heap
    /// when all is done, or an allocation was refused, before what the program has kept is let go.
    ///
    /// # Errors
    /// If the heap refuses an allocation, or the trace is damaged.
    pub fn run_and_look(
        &self,
        heap: &mut Heap,
        report: &mut dyn FnMut(f64),
        look: &mut dyn FnMut(&Heap),
    ) -> Result<Replayed, ReplayError> {
        self.run_and_end(heap, report, &mut |heap| look(heap))
    }

    /// As [`Replay::run_and_look`], but what is shown the heap may change it: end its recording, say.
    ///
    /// # Errors
    /// As [`Replay::run_and_look`].
    pub fn run_and_end(
        &self,
        heap: &mut Heap,
        report: &mut dyn FnMut(f64),
        end: &mut dyn FnMut(&mut Heap),
    ) -> Result<Replayed, ReplayError> {
        let mut progress = Progress::new(self.totals().operations(), report);
        let mut player = Player::new(self.trace.reader(), heap)?;
        let outcome = player.play(heap, &mut progress);
        end(heap);
        outcome.map(|()| player.done)
    }

    /// As [`Replay::run_and_look`], without a look.
    ///
    /// # Errors
    /// As [`Replay::run_and_look`].
    pub fn run(&self, heap: &mut Heap, report: &mut dyn FnMut(f64)) -> Result<Replayed, ReplayError> {
        self.run_and_look(heap, report, &mut |_| ())
    }
}

/// A replay under way.
struct Player<'f, B: ?Sized> {
    reader: TraceReader<'f, B>,
    /// Those of the heap, by their numbers in the trace; buffers have none.
    shapes: Vec<ReplayedShape>,
    /// The sites of the trace that have been told, as the heap knows them.
    sites: HashMap<u32, Site>,
    /// Objects allocated since the last point.
    recent: Vec<Local>,
    table: Table,
    roots: Vec<Root>,
    /// What roots refer to that refer to nothing.
    nothing: Root,
    done: Replayed,
}

/// A shape of the trace, as the heap knows it.
#[derive(Clone, Copy, Debug)]
struct ReplayedShape {
    /// Buffers have none.
    shape: Option<Shape>,
    form: Form,
    site: Option<Site>,
}

/// Whether there is more to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    More,
    Done,
}

impl<'f, B: TraceBytes + ?Sized> Player<'f, B> {
    fn new(reader: TraceReader<'f, B>, heap: &mut Heap) -> Result<Self, HeapFull> {
        let shape = heap.register("nothing", Layout::Fixed { slots: 0, bytes: 0 });
        let nothing = heap.scope(|heap| heap.alloc(shape).map(|nothing| heap.root(nothing)))?;
        Ok(Player {
            reader,
            shapes: Vec::new(),
            sites: HashMap::new(),
            recent: Vec::new(),
            table: Table::default(),
            roots: Vec::new(),
            nothing,
            done: Replayed::default(),
        })
    }

    fn play(&mut self, heap: &mut Heap, progress: &mut Progress<'_>) -> Result<(), ReplayError> {
        loop {
            let before = self.done.operations;
            self.recent.clear();
            let turn = heap.scope(|heap| self.play_to_point(heap))?;
            progress.advance(self.done.operations - before);
            if turn == Turn::Done {
                return Ok(());
            }
        }
    }

    /// Does everything up to the next point, in a scope that holds what is allocated.
    fn play_to_point(&mut self, heap: &mut Heap) -> Result<Turn, ReplayError> {
        while let Some(op) = self.reader.next()? {
            match op {
                TraceOp::Allocate { shape, length, name } => self.allocate(heap, shape, length, name)?,
                TraceOp::Store { holder, place, target } => self.store(heap, holder, place, target)?,
                TraceOp::Root { root, target } => self.set_root(heap, root, target),
                TraceOp::Die { .. } => {}
                TraceOp::Request(request) => carry_out(heap, request),
                TraceOp::Point => return Ok(Turn::More),
            }
            self.done.operations += 1;
        }
        Ok(Turn::Done)
    }

    #[inline]
    fn allocate(
        &mut self,
        heap: &mut Heap,
        shape: u32,
        length: u32,
        name: Option<u32>,
    ) -> Result<(), ReplayError> {
        if shape as usize >= self.shapes.len() {
            self.register_shapes(heap)?;
        }
        let ReplayedShape { shape, form, site } = self.shapes[shape as usize];
        let object = match (shape, form, site) {
            (None, ..) => heap.alloc_buffer(length)?,
            (Some(shape), Form::Fixed { .. }, None) => heap.alloc(shape)?,
            (Some(shape), Form::Fixed { .. }, Some(site)) => heap.alloc_at(site, shape)?,
            (Some(shape), Form::Ephemeron, _) => heap.alloc_ephemeron(shape, None, None)?,
            (Some(shape), ..) => heap.alloc_array(shape, length)?,
        };
        self.recent.push(object);
        if let Some(name) = name {
            self.table.set(heap, name, object);
        }
        Ok(())
    }

    /// Registers the shapes that the trace has told since the last call.
    #[cold]
    fn register_shapes(&mut self, heap: &mut Heap) -> Result<(), TraceError> {
        for TraceShape { name, form, site } in &self.reader.shapes()[self.shapes.len()..] {
            let shape = form.layout().map(|layout| heap.try_register(name, layout)).transpose();
            let offset = self.reader.offset();
            let problem =
                |error| TraceError::corrupt(offset, format!("no heap has the shape `{name}`: {error}"));
            let site = site.map(|site| *self.sites.entry(site).or_insert_with(|| heap.add_site()));
            self.shapes.push(ReplayedShape { shape: shape.map_err(problem)?, form: *form, site });
        }
        Ok(())
    }

    #[inline]
    fn store(
        &mut self,
        heap: &mut Heap,
        holder: TraceRef,
        place: u32,
        target: Option<TraceRef>,
    ) -> Result<(), TraceError> {
        let target = target.and_then(|target| self.find(heap, target));
        let Some(holder) = self.find(heap, holder) else { return Ok(()) };
        let view = heap.view(holder);
        if place < view.slots() {
            heap.store(holder, place, target);
        } else if place < view.values() {
            heap.store_value(holder, place, target.map_or(Value::Bits(0), Value::Object));
        } else {
            let problem =
                format!("the operation before stores into place {place} of an object that has none");
            return Err(TraceError::corrupt(self.reader.offset(), problem));
        }
        Ok(())
    }

    fn set_root(&mut self, heap: &mut Heap, root: u32, target: Option<TraceRef>) {
        let target = target.and_then(|target| self.find(heap, target));
        let target = target.unwrap_or_else(|| heap.get(&self.nothing));
        match self.roots.get(root as usize) {
            Some(root) => heap.set_root(root, target),
            None => self.roots.push(heap.root(target)),
        }
    }

    /// A handle to an object of the trace, unless this heap has found it dead.
    #[inline]
    fn find(&mut self, heap: &mut Heap, object: TraceRef) -> Option<Local> {
        match object {
            TraceRef::Recent(ago) => Some(self.recent[self.recent.len() - 1 - ago as usize]),
            TraceRef::Named(name) => {
                let found = self.table.find(heap, name);
                self.done.lost += u64::from(found.is_none());
                found
            }
        }
    }
}

fn carry_out(heap: &mut Heap, request: Request) {
    match request {
        Request::Minor => heap.collect_minor(),
        Request::Full => heap.collect_full(),
        Request::Compact => heap.compact(),
        Request::Step(budget) => {
            heap.step(budget);
        }
    }
}
