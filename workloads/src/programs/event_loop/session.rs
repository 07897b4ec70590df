//! What callbacks work for.

use super::{object_bytes, plan};
use gc_core::{FixedShape, Heap, HeapFull, Layout, Local, Shape, View};

/// Slot of a session. Its word is its total: all numbers of its callbacks, folded.
const STATE: u32 = 0;

/// A table of sessions. Each has a state, which every input that arrives for it replaces.
#[derive(Debug)]
pub(super) struct Sessions {
    table: Local,
    state: Shape,
    count: u32,
    state_bytes: u32,
}

impl Sessions {
    /// Fresh sessions, whose handle lives in the current scope.
    pub(super) fn new(heap: &mut Heap, count: u32, state_bytes: u32) -> Result<Self, HeapFull> {
        let table = heap.register("Sessions", Layout::Slots);
        let session: FixedShape<1, 1> = heap.register_fixed("Session");
        let state = heap.register("State", Layout::Bytes);
        let table = heap.alloc_array(table, count)?;
        for index in 0..count {
            heap.scope(|heap| {
                let state = heap.alloc_array(state, state_bytes)?;
                let session = heap.alloc_with(session, [Some(state)])?;
                heap.store(table, index, Some(session));
                Ok(())
            })?;
        }
        Ok(Sessions { table, state, count, state_bytes })
    }

    /// A handle to session number `index`.
    pub(super) fn get(&self, heap: &mut Heap, index: u32) -> Local {
        heap.load(self.table, index).expect("the table is full of sessions")
    }

    /// Gives `session` a fresh state, filled with the low byte of its total.
    pub(super) fn renew(&self, heap: &mut Heap, session: Local) -> Result<(), HeapFull> {
        let state = heap.alloc_array(self.state, self.state_bytes)?;
        let filling = plan::fill_byte(heap.view(session).word(0));
        heap.bytes_mut(state).fill(filling);
        heap.store(session, STATE, Some(state));
        Ok(())
    }

    /// The total of every session, and the sum of its state's bytes.
    pub(super) fn read<'h>(&self, heap: &'h Heap) -> impl Iterator<Item = [u64; 2]> + use<'h> {
        let table = heap.view(self.table);
        (0..self.count).map(move |index| table.slot(index).map_or([u64::MAX; 2], read))
    }
}

/// Folds the number of a callback into the total of `session`.
pub(super) fn fold(heap: &mut Heap, session: Local, number: u64) {
    let total = plan::folded(heap.view(session).word(0), number);
    heap.store_word(session, 0, total);
}

fn read(session: View<'_>) -> [u64; 2] {
    let state = session.slot(STATE).map_or(&[][..], View::bytes);
    [session.word(0), state.iter().map(|byte| u64::from(*byte)).sum()]
}

/// Bytes of the table with all that it refers to.
pub(super) fn live_bytes(sessions: u32, state_bytes: u32) -> u64 {
    let each = object_bytes(1, 8) + object_bytes(0, state_bytes.into());
    object_bytes(sessions.into(), 0) + u64::from(sessions) * each
}
