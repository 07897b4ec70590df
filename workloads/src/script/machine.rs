//! Runs a program on a heap and on the model.

mod allocation;
mod choice;
mod comparison;
mod handles;
mod mutation;

use super::model::Model;
use super::shapes::{Kind, Shapes};
use super::{Difference, Divergence, ObjectId, Op, Pick, Program};
use gc_core::{Heap, HeapFull, Local, Root, Weak};

/// Scopes nest no deeper than this: each one is a stack frame of the interpreter.
const MAX_SCOPES: u32 = 16;

/// What a run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Operations that had an effect, or found nothing to have one on.
    pub operations: usize,
    /// Objects allocated and kept track of; [`Op::Garbage`] is not counted.
    pub objects: usize,
    /// Allocations that the heap refused.
    pub refused: usize,
    /// How often heap and model were compared.
    pub comparisons: usize,
}

/// A handle of some kind, and the object that it should refer to.
#[derive(Clone, Copy, Debug)]
struct Held<H> {
    handle: H,
    object: ObjectId,
}

/// A weak handle, and the object that it refers to unless it has been cleared.
#[derive(Debug)]
struct HeldWeak {
    weak: Weak,
    object: ObjectId,
    cleared: bool,
}

/// What must have become of weak handles to objects that cannot be reached.
#[derive(Clone, Copy)]
enum Unreachable {
    MayLinger,
    MustBeGone,
}

/// Why an operation was not carried out.
enum Skip {
    /// There is nothing that it could be done to.
    NoCandidate,
    /// The heap refused an allocation.
    HeapFull,
    /// Carrying it out showed a difference.
    Difference(Difference),
}

impl From<HeapFull> for Skip {
    fn from(_: HeapFull) -> Self {
        Skip::HeapFull
    }
}

/// The operations still to be run, numbered.
type Rest<'p> = std::iter::Enumerate<std::iter::Copied<std::slice::Iter<'p, Op>>>;

/// The interpreter: the model, and the heap's handles beside what they should refer to.
#[derive(Debug)]
pub(super) struct Machine {
    shapes: Shapes,
    model: Model,
    handles: Vec<Held<Local>>,
    roots: Vec<Held<Root>>,
    weaks: Vec<HeldWeak>,
    summary: Summary,
}

impl Machine {
    /// A machine with its shapes registered and nothing allocated.
    pub(super) fn new(heap: &mut Heap) -> Self {
        Machine {
            shapes: Shapes::new(heap),
            model: Model::default(),
            handles: Vec::new(),
            roots: Vec::new(),
            weaks: Vec::new(),
            summary: Summary::default(),
        }
    }

    /// Runs all of `program`; the handles that it makes end with it.
    pub(super) fn run(
        mut self,
        heap: &mut Heap,
        program: &Program,
        end: &mut dyn FnMut(&mut Heap),
    ) -> Result<Summary, Divergence> {
        let mut rest = program.0.iter().copied().enumerate();
        heap.scope(|heap| {
            // Scopes left open end with the program; so does the outermost block.
            self.block(heap, &mut rest, 0)?;
            let outcome = self.finish(heap).map_err(|difference| Divergence { after: None, difference });
            end(heap);
            outcome
        })?;
        self.summary.objects = self.model.next_id().0;
        Ok(self.summary)
    }

    fn finish(&mut self, heap: &mut Heap) -> Result<(), Difference> {
        self.compare(heap, Unreachable::MayLinger)?;
        heap.verify().map_err(|violation| Difference::Violation { text: violation.to_string() })
    }

    /// Runs operations up to the end of the scope that is open.
    fn block(&mut self, heap: &mut Heap, rest: &mut Rest<'_>, depth: u32) -> Result<(), Divergence> {
        while let Some((index, op)) = rest.next() {
            match op {
                Op::OpenScope if depth < MAX_SCOPES => self.scope(heap, rest, depth + 1)?,
                Op::OpenEscape { result } if depth < MAX_SCOPES => {
                    self.escape(heap, rest, depth + 1, result)?;
                }
                Op::CloseScope if depth > 0 => return Ok(()),
                _ => self.step(heap, index, op)?,
            }
        }
        Ok(())
    }

    fn scope(&mut self, heap: &mut Heap, rest: &mut Rest<'_>, depth: u32) -> Result<(), Divergence> {
        let outer = self.handles.len();
        let outcome = heap.scope(|heap| self.block(heap, rest, depth));
        self.handles.truncate(outer);
        outcome
    }

    fn escape(
        &mut self,
        heap: &mut Heap,
        rest: &mut Rest<'_>,
        depth: u32,
        result: Pick,
    ) -> Result<(), Divergence> {
        let outer = self.handles.len();
        let mut escaped = None;
        // The error is none where there is no handle that could escape.
        let outcome = heap.escape(|heap| {
            self.block(heap, rest, depth)?;
            let held = result.among(self.handles.len()).map(|index| self.handles[index]).ok_or(None)?;
            escaped = Some(held.object);
            Ok::<_, Option<Divergence>>(held.handle)
        });
        self.handles.truncate(outer);
        match (outcome, escaped) {
            (Err(Some(divergence)), _) => return Err(divergence),
            (Ok(handle), Some(object)) => self.handles.push(Held { handle, object }),
            _ => {}
        }
        Ok(())
    }

    fn step(&mut self, heap: &mut Heap, index: usize, op: Op) -> Result<(), Divergence> {
        self.summary.operations += 1;
        let before = collections(heap);
        let compared = match self.apply(heap, op) {
            Err(Skip::Difference(difference)) => Err(difference),
            Err(Skip::HeapFull) => {
                self.summary.refused += 1;
                self.compare(heap, Unreachable::MayLinger)
            }
            Ok(()) | Err(Skip::NoCandidate) if collections(heap) == before => Ok(()),
            Ok(()) | Err(Skip::NoCandidate) => self.compare(heap, unreachable_after(op)),
        };
        compared.map_err(|difference| Divergence { after: Some((index, op)), difference })
    }

    fn apply(&mut self, heap: &mut Heap, op: Op) -> Result<(), Skip> {
        match op {
            Op::AllocFixed { shape } => self.alloc_fixed(heap, shape),
            Op::AllocPair { left, right } => self.alloc_pair(heap, left, right),
            Op::AllocSlots { len } => self.alloc_array(heap, Kind::Slots, len),
            Op::AllocBytes { len } => self.alloc_array(heap, Kind::Bytes, len),
            Op::AllocValues { decoder, len } => self.alloc_values(heap, decoder, len),
            Op::AllocBuffer { bytes } => self.alloc_buffer(heap, bytes),
            Op::Garbage { objects } => self.garbage(heap, objects),
            Op::Load { object, slot } => self.load(heap, object, slot),
            Op::Advance { cursor, object, slot } => self.advance(heap, cursor, object, slot),
            Op::Duplicate { handle } => self.duplicate(heap, handle),
            Op::Assign { target, source } => self.assign(heap, target, source),
            Op::Store { object, slot, value } => self.store(heap, object, slot, value),
            Op::CopySlots { source, start, len, target, at } => {
                self.copy_slots(heap, (source, start, len), (target, at))
            }
            Op::FillSlots { object, start, len, value } => self.fill_slots(heap, (object, start, len), value),
            Op::StoreBits { object, index, bits } => self.store_bits(heap, object, index, bits),
            Op::StoreValue { object, index, value } => self.store_value(heap, object, index, value),
            Op::StoreWord { object, index, word } => self.store_word(heap, object, index, word),
            Op::FillBytes { object, byte } => self.fill_bytes(heap, object, byte),
            Op::Root { handle } => self.root(heap, handle),
            Op::SetRoot { root, handle } => self.set_root(heap, root, handle),
            Op::Get { root } => self.get(heap, root),
            Op::Unroot { root } => self.unroot(root),
            Op::Weak { handle } => self.weak(heap, handle),
            Op::Upgrade { weak } => self.upgrade(heap, weak),
            Op::DropWeak { weak } => self.drop_weak(weak),
            Op::Minor => {
                heap.collect_minor();
                Ok(())
            }
            Op::Full => {
                heap.collect_full();
                Ok(())
            }
            // Too deep, or closing what is not open.
            Op::OpenScope | Op::OpenEscape { .. } | Op::CloseScope => Err(Skip::NoCandidate),
        }
    }
}

/// Collections so far.
fn collections(heap: &Heap) -> u64 {
    let stats = heap.stats();
    stats.minor_collections + stats.full_collections
}

/// Only a full collection that was asked for is known to have started after the last change: others may, in a
/// collector that marks in steps, keep alive what was reachable when they started.
fn unreachable_after(op: Op) -> Unreachable {
    match op {
        Op::Full => Unreachable::MustBeGone,
        _ => Unreachable::MayLinger,
    }
}
