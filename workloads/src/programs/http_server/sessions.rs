//! What the server remembers of those who ask.

use crate::programs::event_loop::{TIMER_BYTES, folded};
use crate::programs::object_bytes;
use gc_core::event::Nanos;
use gc_core::{FixedShape, Heap, HeapFull, Layout, Local, Shape, View};

/// Slot of a session. Its words are what callbacks are told by, the user, the time of the last request, and the total.
const STATE: u32 = 0;
const USER: u32 = 1;
const USED: u32 = 2;
const TOTAL: u32 = 3;

/// Sessions by user, each of which ends when it has not been used for some time.
#[derive(Debug)]
pub(super) struct Sessions {
    table: Local,
    session: FixedShape<1, 4>,
    state: Shape,
    state_bytes: u32,
    expiry: Nanos,
}

/// What became of a session that was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expiry {
    /// It has been used since, and may expire after this time.
    Later(Nanos),
    /// It has ended with this total.
    Ended(u64),
}

impl Sessions {
    /// No sessions, for users below `users`. The handle lives in the current scope.
    pub(super) fn new(
        heap: &mut Heap,
        users: u32,
        state_bytes: u32,
        expiry: Nanos,
    ) -> Result<Self, HeapFull> {
        let table = heap.register("Sessions", Layout::Slots);
        let (session, state) = (heap.register_fixed("Session"), heap.register("State", Layout::Bytes));
        Ok(Sessions { table: heap.alloc_array(table, users)?, session, state, state_bytes, expiry })
    }

    /// The session of `user`, and whether it has just begun, in which case it is to be looked at when it may expire.
    pub(super) fn begin(&self, heap: &mut Heap, user: u32) -> Result<(Local, bool), HeapFull> {
        if let Some(session) = heap.load(self.table, user) {
            return Ok((session, false));
        }
        let session = heap.alloc_with(self.session, [None])?;
        heap.store_word(session, USER, user.into());
        heap.store(self.table, user, Some(session));
        Ok((session, true))
    }

    /// Request `number` uses `session` at `now`: the total has it folded in, and the state is a fresh one.
    pub(super) fn touch(
        &self,
        heap: &mut Heap,
        session: Local,
        number: u64,
        now: Nanos,
    ) -> Result<(), HeapFull> {
        heap.store_word(session, USED, now.0);
        let total = folded(heap.view(session).word(TOTAL), number);
        heap.store_word(session, TOTAL, total);
        heap.scope(|heap| {
            let state = heap.alloc_array(self.state, self.state_bytes)?;
            heap.bytes_mut(state).fill(total as u8);
            heap.store(session, STATE, Some(state));
            Ok(())
        })
    }

    /// Ends `session` if it has not been used for so long.
    pub(super) fn expire(&self, heap: &mut Heap, session: Local, now: Nanos) -> Expiry {
        let view = heap.view(session);
        let until = Nanos(view.word(USED) + self.expiry.0);
        if now < until {
            return Expiry::Later(until.since(now));
        }
        let (user, total) = (view.word(USER) as u32, read(view));
        heap.store(self.table, user, None);
        Expiry::Ended(total)
    }
}

/// The total of a session; another number if a byte of its state is wrong.
pub(super) fn read(session: View<'_>) -> u64 {
    let total = session.word(TOTAL);
    let state = session.slot(STATE).map_or(&[][..], View::bytes);
    if state.iter().all(|byte| *byte == total as u8) { total } else { !total }
}

/// Bytes of the table and of so many sessions, with their timers.
pub(super) fn live_bytes(users: u32, sessions: f64, state_bytes: u32) -> u64 {
    let each = object_bytes(1, 32) + object_bytes(0, state_bytes.into()) + TIMER_BYTES;
    object_bytes(users.into(), 0) + (sessions * each as f64) as u64
}
