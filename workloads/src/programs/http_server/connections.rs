//! Connections: those that are open, and what is on its way through them.

use super::response;
use crate::Checksum;
use crate::programs::{content, object_bytes};
use gc_core::{FixedShape, Heap, HeapFull, Layout, Local};

/// Slots of a connection. Its words are its number and how many requests it has answered.
const HEAD: u32 = 0;
const BODY: u32 = 1;
const RESPONSE: u32 = 2;
const NUMBER: u32 = 0;
const SERVED: u32 = 1;

/// A table of connections. Each holds the request that has arrived by it until that is parsed, and its latest response
/// until the next.
#[derive(Debug)]
pub(super) struct Connections {
    table: Local,
    connection: FixedShape<3, 2>,
    places: u32,
    opened: u64,
}

/// Bytes of the table and of so many open connections, without what is off the heap.
pub(super) fn live_bytes(places: u32, open: f64) -> u64 {
    let each = object_bytes(3, 16) + response::LIVE_BYTES;
    object_bytes(places.into(), 0) + (open * each as f64) as u64
}

impl Connections {
    /// So many places, no connection open. The handle lives in the current scope.
    pub(super) fn new(heap: &mut Heap, places: u32) -> Result<Self, HeapFull> {
        let table = heap.register("Connections", Layout::Slots);
        let connection = heap.register_fixed("Connection");
        Ok(Connections { table: heap.alloc_array(table, places)?, connection, places, opened: 0 })
    }

    /// The connection at `place`, which is opened if it is not open.
    pub(super) fn open(&mut self, heap: &mut Heap, place: u32) -> Result<Local, HeapFull> {
        if let Some(connection) = heap.load(self.table, place) {
            return Ok(connection);
        }
        let connection = heap.alloc_with(self.connection, [None, None, None])?;
        heap.store_word(connection, NUMBER, self.opened);
        self.opened += 1;
        heap.store(self.table, place, Some(connection));
        Ok(connection)
    }

    /// Closes `connection`, if it is still the one at `place`: folds in what it was.
    pub(super) fn close(&self, heap: &mut Heap, place: u32, connection: Local, checksum: &mut Checksum) {
        let open = heap.view(self.table).slot(place);
        if open.is_some_and(|open| open.same(heap.view(connection))) {
            heap.store(self.table, place, None);
            checksum.add(heap.view(connection).word(NUMBER));
            checksum.add(heap.view(connection).word(SERVED));
        }
    }

    /// Folds in what all open connections are, and what was answered last by them.
    pub(super) fn read(&self, heap: &Heap, checksum: &mut Checksum) {
        let table = heap.view(self.table);
        for connection in (0..self.places).filter_map(|place| table.slot(place)) {
            checksum.add(connection.word(NUMBER));
            checksum.add(connection.word(SERVED));
            connection.slot(RESPONSE).into_iter().for_each(|it| response::read(it, checksum));
        }
    }
}

/// A request arrives: its head, and its body if it has one.
pub(super) fn receive(
    heap: &mut Heap,
    connection: Local,
    head: &[u8],
    body: Option<(u32, u64)>,
) -> Result<(), HeapFull> {
    heap.scope(|heap| {
        let buffer = heap.alloc_buffer(head.len() as u32)?;
        heap.buffer_mut(buffer).copy_from_slice(head);
        heap.store(connection, HEAD, Some(buffer));
        if let Some((bytes, number)) = body {
            let buffer = heap.alloc_buffer(bytes)?;
            content::write(heap.buffer_mut(buffer), number);
            heap.store(connection, BODY, Some(buffer));
        }
        Ok(())
    })
}

/// Takes the request that has arrived: head and body.
pub(super) fn take(heap: &mut Heap, connection: Local) -> (Local, Option<Local>) {
    let head = heap.load(connection, HEAD).expect("a request has arrived");
    let body = heap.load(connection, BODY);
    heap.fill_slots(connection, HEAD..BODY + 1, None);
    (head, body)
}

/// Answers: what was answered before has been sent by now, and is folded in.
pub(super) fn answer(heap: &mut Heap, connection: Local, response: Local, checksum: &mut Checksum) {
    heap.view(connection).slot(RESPONSE).into_iter().for_each(|it| response::read(it, checksum));
    heap.store(connection, RESPONSE, Some(response));
    let served = heap.view(connection).word(SERVED) + 1;
    heap.store_word(connection, SERVED, served);
}
