//! The other ends of the connections, as the server knows them.

use super::frame::{self, Header};
use super::plan::Arrival;
use crate::programs::content;
use crate::programs::queue::Queue;
use gc_core::{FixedShape, Heap, HeapFull, Layout, Local, Shape};

/// Slot of a frame.
const PAYLOAD: u32 = 0;

/// Makes frames and messages, and keeps those that are on their way.
#[derive(Debug)]
pub(super) struct Peers {
    frame: FixedShape<1, 0>,
    bytes: Shape,
    peers: Vec<Peer>,
    /// Room for bytes on their way from one object to another, which cannot both be looked at.
    wire: Vec<u8>,
}

/// One connection: the frames of a message that has not ended, and the messages that are still to be sent.
#[derive(Debug)]
struct Peer {
    fragments: Queue,
    outbox: Queue,
    /// How many messages are to be sent.
    waiting: u32,
}

impl Peers {
    /// So many connections on which nothing is on its way, with handles in the current scope.
    pub(super) fn new(heap: &mut Heap, connections: u32) -> Result<Self, HeapFull> {
        let peer = |heap: &mut Heap| {
            Ok(Peer { fragments: Queue::new(heap)?, outbox: Queue::new(heap)?, waiting: 0 })
        };
        let peers = (0..connections).map(|_| peer(heap)).collect::<Result<_, _>>()?;
        let (frame, bytes) = (heap.register_fixed("Frame"), heap.register("Payload", Layout::Bytes));
        Ok(Peers { frame, bytes, peers, wire: Vec::new() })
    }

    /// A frame arrives: a buffer, whose payload is unmasked into an object.
    pub(super) fn receive(&mut self, heap: &mut Heap, arrival: &Arrival) -> Result<(), HeapFull> {
        let buffer = self.arrive(heap, arrival)?;
        let (header, payload) = Header::read(heap.view(buffer).buffer()).expect("frames arrive whole");
        self.wire.clear();
        self.wire.extend_from_slice(payload);
        let unmasked = heap.alloc_array(self.bytes, header.payload_bytes.into())?;
        let bytes = heap.bytes_mut(unmasked);
        bytes.copy_from_slice(&self.wire);
        header.mask.into_iter().for_each(|key| frame::mask(bytes, key));
        let frame = heap.alloc_with(self.frame, [Some(unmasked)])?;
        self.peers[arrival.connection as usize].fragments.push(heap, frame)
    }

    /// The bytes of a frame, as they come from the network.
    fn arrive(&mut self, heap: &mut Heap, arrival: &Arrival) -> Result<Local, HeapFull> {
        let Arrival { number, connection, payload_bytes, is_last, mask } = *arrival;
        let fragments = &self.peers[connection as usize].fragments;
        let is_first = fragments.values(heap).next().is_none();
        self.wire.clear();
        Header { is_first, is_last, mask: Some(mask), payload_bytes }.write(&mut self.wire);
        let start = self.wire.len();
        self.wire.resize(start + usize::from(payload_bytes), 0);
        content::write(&mut self.wire[start..], number);
        frame::mask(&mut self.wire[start..], mask);
        let buffer = heap.alloc_buffer(self.wire.len() as u32)?;
        heap.buffer_mut(buffer).copy_from_slice(&self.wire);
        Ok(buffer)
    }

    /// Puts the message together that has come in by `connection`.
    pub(super) fn reassemble(&mut self, heap: &mut Heap, connection: u32) -> Result<Local, HeapFull> {
        let fragments = &self.peers[connection as usize].fragments;
        self.wire.clear();
        for payload in fragments.values(heap).filter_map(|frame| frame.slot(PAYLOAD)) {
            self.wire.extend_from_slice(payload.bytes());
        }
        while heap.scope(|heap| fragments.pop(heap).is_some()) {}
        let message = heap.alloc_array(self.bytes, self.wire.len() as u32)?;
        heap.bytes_mut(message).copy_from_slice(&self.wire);
        Ok(message)
    }

    /// Has `message` sent to `connection`; how many messages wait to be.
    pub(super) fn post(&mut self, heap: &mut Heap, connection: u32, message: Local) -> Result<u32, HeapFull> {
        let peer = &mut self.peers[connection as usize];
        heap.scope(|heap| peer.outbox.push(heap, message))?;
        peer.waiting += 1;
        Ok(peer.waiting)
    }

    /// Sends all messages that wait for `connection`; `sent` is given what their frames say.
    pub(super) fn flush(
        &mut self,
        heap: &mut Heap,
        connection: u32,
        sent: &mut dyn FnMut(&[u8]),
    ) -> Result<(), HeapFull> {
        self.peers[connection as usize].waiting = 0;
        while heap.scope(|heap| match self.peers[connection as usize].outbox.pop(heap) {
            Some(message) => self.send(heap, message, sent).map(|()| true),
            None => Ok(false),
        })? {}
        Ok(())
    }

    /// Sends a message in as few frames as it fits in, each a buffer of its own.
    fn send(&mut self, heap: &mut Heap, message: Local, sent: &mut dyn FnMut(&[u8])) -> Result<(), HeapFull> {
        let length = heap.view(message).bytes().len();
        let mut start = 0;
        while start < length {
            let end = length.min(start + frame::MOST_BYTES as usize);
            let (is_first, is_last, payload_bytes) = (start == 0, end == length, (end - start) as u16);
            self.wire.clear();
            Header { is_first, is_last, mask: None, payload_bytes }.write(&mut self.wire);
            self.wire.extend_from_slice(&heap.view(message).bytes()[start..end]);
            let buffer = heap.alloc_buffer(self.wire.len() as u32)?;
            heap.buffer_mut(buffer).copy_from_slice(&self.wire);
            let (_, payload) = Header::read(heap.view(buffer).buffer()).expect("it has just been written");
            sent(payload);
            start = end;
        }
        Ok(())
    }
}
