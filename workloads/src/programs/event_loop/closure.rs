//! Callbacks on the heap.

use super::object_bytes;
use super::plan::{self, Captured, Plan, Task};
use gc_core::{FixedShape, Heap, HeapFull, Local, View};

/// Slot of a closure. Its words are the number and the depth of its task.
const SCOPE: u32 = 0;

/// Slots of a scope. Its word is the number of the task.
const OUTER: u32 = 0;
const BINDINGS: u32 = 1;
const BUFFER: u32 = 2;
const SESSION: u32 = 3;

/// Slot of a binding. Its word is the value.
const NEXT: u32 = 0;

/// Makes and reads closures: each refers to a scope, and that to what was captured.
#[derive(Clone, Copy, Debug)]
pub(super) struct Closures {
    closure: FixedShape<1, 2>,
    scope: FixedShape<4, 1>,
    binding: FixedShape<1, 1>,
}

impl Closures {
    pub(super) fn new(heap: &mut Heap) -> Self {
        Closures {
            closure: heap.register_fixed("Closure"),
            scope: heap.register_fixed("Scope"),
            binding: heap.register_fixed("Binding"),
        }
    }

    /// A closure made in the scope `outer`, or in none, that works for `session`.
    pub(super) fn make(
        &self,
        heap: &mut Heap,
        plan: &Plan,
        task: Task,
        outer: Option<Local>,
        session: Local,
    ) -> Result<Local, HeapFull> {
        heap.escape(|heap| {
            let Captured { bindings, buffer_bytes } = plan.captured(task);
            let buffer = heap.alloc_buffer(buffer_bytes)?;
            heap.buffer_mut(buffer).fill(plan::fill_byte(task.number));
            let bindings = self.bindings(heap, task.number, bindings)?;
            let scope = heap.alloc_with(self.scope, [outer, bindings, Some(buffer), Some(session)])?;
            heap.store_word(scope, 0, task.number);
            let closure = heap.alloc_with(self.closure, [Some(scope)])?;
            heap.store_word(closure, 0, task.number);
            heap.store_word(closure, 1, task.depth.into());
            Ok(closure)
        })
    }

    /// A list of so many bindings, the last of them first.
    fn bindings(&self, heap: &mut Heap, number: u64, count: u32) -> Result<Option<Local>, HeapFull> {
        let mut first = None;
        for index in 0..count {
            let binding = heap.alloc_with(self.binding, [first])?;
            heap.store_word(binding, 0, plan::bound_value(number, index));
            first = Some(binding);
        }
        Ok(first)
    }
}

/// What `closure` is to do.
pub(super) fn task_of(closure: View<'_>) -> Task {
    Task { number: closure.word(0), depth: closure.word(1) as u32 }
}

/// The scope that `closure` captured.
pub(super) fn scope_of(heap: &mut Heap, closure: Local) -> Local {
    heap.load(closure, SCOPE).expect("a closure has a scope")
}

/// The session that `scope` works for.
pub(super) fn session_of(heap: &mut Heap, scope: Local) -> Local {
    heap.load(scope, SESSION).expect("a scope has a session")
}

/// All that `scope` captured, and the number of the scope around it.
pub(super) fn read(scope: View<'_>) -> [u64; 3] {
    let outer = scope.slot(OUTER).map_or(0, |outer| outer.word(0));
    let bindings = std::iter::successors(scope.slot(BINDINGS), |binding| binding.slot(NEXT));
    let bound = bindings.fold(0_u64, |sum, binding| sum.wrapping_add(binding.word(0)));
    let buffer = scope.slot(BUFFER).map_or(&[][..], View::buffer);
    [outer, bound, buffer.iter().map(|byte| u64::from(*byte)).sum()]
}

/// What [`read`] must give.
pub(super) fn expected(task: Task, outer: Option<u64>, captured: Captured) -> [u64; 3] {
    let values = (0..captured.bindings).map(|index| plan::bound_value(task.number, index));
    let bound = values.fold(0, u64::wrapping_add);
    let filled = u64::from(captured.buffer_bytes) * u64::from(plan::fill_byte(task.number));
    [outer.unwrap_or(0), bound, filled]
}

/// Bytes of a closure, without its scope.
const CLOSURE_BYTES: u64 = object_bytes(1, 16);

/// Bytes of a scope and what it captured.
const fn scope_bytes(captured: Captured) -> u64 {
    object_bytes(4, 8) + object_bytes(0, 8) + captured.bindings as u64 * object_bytes(1, 8)
}

/// Bytes of a closure of mean size with its scope and the one around that.
pub(super) fn live_bytes(plan: &Plan) -> u64 {
    CLOSURE_BYTES + 2 * scope_bytes(plan.mean_captured())
}
