//! Few connections, very many small frames.

mod frame;
mod peers;
mod plan;

use self::peers::Peers;
use self::plan::{Arrival, Plan};
use super::queue::LINK_BYTES;
use super::{content, object_bytes};
use crate::{Checksum, Entry, Found, Latencies, Moment, Parameter, Parameters, Progress, Workload};
use gc_core::{Heap, HeapFull, Local};

/// A server for WebSockets, which passes what anybody in a room says on to all in it. Each frame is unmasked into an object
/// of its own; those of a fragmented message wait until its last has come, and are put together. The message is one
/// object, shared by the outboxes of all in the room; an outbox is sent, a buffer a message, when so many wait in it.
///
/// Whatever the number of frames, what is alive depends on the number of connections alone.
///
/// **Stresses** allocation of very many small objects and of small buffers, which share slabs; a message survives as many
/// scavenges as its last reader needs, and old outboxes refer to young messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WebSocket {
    /// How many connections there are.
    pub connections: u32,
    /// How many rooms they are in.
    pub rooms: u32,
    /// How many frames arrive.
    pub frames: u32,
    /// Size of the largest payload of a frame, in bytes; 8 to 65,535.
    pub payload_bytes: u32,
    /// How many of a hundred frames are not the last of their message.
    pub fragmented_percent: u32,
    /// How many messages wait before they are sent.
    pub outbox: u32,
    /// The stream that random choices are drawn from.
    pub seed: u64,
}

/// The workload by name.
pub const ENTRY: Entry = Entry {
    name: "websocket",
    about: "receives many small frames over few connections, puts messages together and passes them on to rooms",
    stresses: "small objects and small buffers in great numbers, a hundred bytes alive for megabytes allocated; messages \
               are shared by old outboxes, and live until the slowest of these is sent",
    by_default: true,
    parameters: &[
        Parameter {
            name: "connections",
            unit: "connections",
            about: "how many connections there are",
            default: 64,
            min: 1,
            max: 100_000,
        },
        Parameter {
            name: "rooms",
            unit: "rooms",
            about: "how many rooms the connections are in; each hears what is said in its own",
            default: 8,
            min: 1,
            max: 100_000,
        },
        Parameter {
            name: "frames",
            unit: "frames",
            about: "how many frames arrive",
            default: 200_000,
            min: 1,
            max: 1_000_000_000,
        },
        Parameter {
            name: "payload",
            unit: "bytes",
            about: "size of the largest payload of a frame",
            default: 125,
            min: content::LEAST_BYTES as u64,
            max: frame::MOST_BYTES,
        },
        Parameter {
            name: "fragmented",
            unit: "percent",
            about: "how many of a hundred frames are not the last of their message",
            default: 20,
            min: 0,
            max: 90,
        },
        Parameter {
            name: "outbox",
            unit: "messages",
            about: "how many messages wait before they are sent",
            default: 16,
            min: 1,
            max: 1_000_000,
        },
    ],
    construct: |parameters| Box::new(WebSocket::new(parameters)),
};

impl WebSocket {
    fn new(parameters: &Parameters) -> Self {
        WebSocket {
            connections: parameters.get_u32("connections"),
            rooms: parameters.get_u32("rooms"),
            frames: parameters.get_u32("frames"),
            payload_bytes: parameters.get_u32("payload"),
            fragmented_percent: parameters.get_u32("fragmented"),
            outbox: parameters.get_u32("outbox"),
            seed: parameters.seed(),
        }
    }

    fn plan(&self) -> Plan {
        Plan {
            connections: self.connections,
            rooms: self.rooms,
            frames: self.frames,
            payload_bytes: self.payload_bytes,
            fragmented_percent: self.fragmented_percent,
            seed: self.seed,
        }
    }

    /// How many frames a message has, on average.
    fn frames_per_message(&self) -> f64 {
        100.0 / f64::from(100 - self.fragmented_percent)
    }

    /// A frame arrives; if it ends a message, that is passed on to the room.
    fn serve(
        &self,
        heap: &mut Heap,
        peers: &mut Peers,
        arrival: &Arrival,
        checksum: &mut Checksum,
    ) -> Result<(), HeapFull> {
        peers.receive(heap, arrival)?;
        if !arrival.is_last {
            return Ok(());
        }
        let message: Local = peers.reassemble(heap, arrival.connection)?;
        for listener in self.plan().room_of(arrival.connection) {
            if peers.post(heap, listener, message)? >= self.outbox {
                peers.flush(heap, listener, &mut |said| checksum.add_bytes(said))?;
            }
        }
        Ok(())
    }
}

impl Workload for WebSocket {
    fn operation(&self) -> &'static str {
        "frame"
    }

    fn operations(&self) -> u64 {
        self.frames.into()
    }

    fn live_bytes(&self) -> u64 {
        let payload = f64::from(self.payload_bytes + content::LEAST_BYTES) / 2.0;
        let peers = u64::from(self.connections) * 2 * LINK_BYTES;
        let frame = LINK_BYTES + object_bytes(1, 0) + object_bytes(0, payload as u64);
        let fragments = f64::from(self.connections) * (self.frames_per_message() - 1.0) * frame as f64;
        // All outboxes of a room are filled by the same messages, so all are sent at the same time.
        let said = f64::from(self.frames) / self.frames_per_message() / f64::from(self.rooms);
        let waiting = said.min(f64::from(self.outbox));
        let message = object_bytes(0, (payload * self.frames_per_message()) as u64);
        let outboxes = waiting * f64::from(self.connections) * LINK_BYTES as f64;
        let messages = waiting * f64::from(self.rooms.min(self.connections)) * message as f64;
        peers + (fragments + (outboxes + messages) / 2.0) as u64
    }

    fn expected_checksum(&self) -> u64 {
        let mut peers = vec![Model::default(); self.connections as usize];
        let mut checksum = Checksum::default();
        for arrival in self.plan().arrivals() {
            peers[arrival.connection as usize].receive(&arrival);
            if !arrival.is_last {
                continue;
            }
            let message = std::mem::take(&mut peers[arrival.connection as usize].fragments);
            for listener in self.plan().room_of(arrival.connection) {
                let peer = &mut peers[listener as usize];
                peer.outbox.push(message.clone());
                if peer.outbox.len() >= self.outbox as usize {
                    peer.flush(&mut checksum);
                }
            }
        }
        peers.iter_mut().for_each(|peer| peer.flush(&mut checksum));
        checksum.value()
    }

    fn drive(&self, heap: &mut Heap, progress: &mut Progress<'_>) -> Result<Found, HeapFull> {
        let mut peers = Peers::new(heap, self.connections)?;
        let mut latencies = Latencies::with_capacity(self.frames as usize);
        let mut checksum = Checksum::default();
        for arrival in self.plan().arrivals() {
            let start = Moment::now(heap);
            heap.scope(|heap| self.serve(heap, &mut peers, &arrival, &mut checksum))?;
            latencies.record(Moment::now(heap).since(start));
            progress.advance(1);
        }
        for connection in 0..self.connections {
            peers.flush(heap, connection, &mut |said| checksum.add_bytes(said))?;
        }
        Ok(Found { latencies: Some(latencies), ..checksum.into() })
    }
}

/// A connection without a heap.
#[derive(Clone, Debug, Default)]
struct Model {
    fragments: Vec<u8>,
    outbox: Vec<Vec<u8>>,
}

impl Model {
    fn receive(&mut self, arrival: &Arrival) {
        let start = self.fragments.len();
        self.fragments.resize(start + usize::from(arrival.payload_bytes), 0);
        content::write(&mut self.fragments[start..], arrival.number);
    }

    fn flush(&mut self, checksum: &mut Checksum) {
        for message in self.outbox.drain(..) {
            checksum.add_bytes(&message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{WebSocket, Workload};

    const SERVER: WebSocket = WebSocket {
        connections: 6,
        rooms: 2,
        frames: 500,
        payload_bytes: 40,
        fragmented_percent: 30,
        outbox: 5,
        seed: 1,
    };

    #[test]
    fn a_room_has_every_so_many_th_connection() {
        let room = |connection| SERVER.plan().room_of(connection).collect::<Vec<_>>();
        assert_eq!((room(0), room(3)), (vec![0, 2, 4], vec![1, 3, 5]));
        let alone = WebSocket { rooms: 100, ..SERVER };
        assert_eq!(alone.plan().room_of(4).collect::<Vec<_>>(), [4]);
    }

    #[test]
    fn what_is_heard_depends_on_rooms_fragments_and_outboxes() {
        let expected = SERVER.expected_checksum();
        for other in [
            WebSocket { rooms: 1, ..SERVER },
            WebSocket { fragmented_percent: 0, ..SERVER },
            WebSocket { outbox: 1, ..SERVER },
        ] {
            assert_ne!(other.expected_checksum(), expected, "{other:?}");
        }
    }
}
