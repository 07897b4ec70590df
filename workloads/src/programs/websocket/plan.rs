//! Which frames arrive: the same for the heap and for its model.

use crate::Random;
use crate::programs::content::LEAST_BYTES;

/// A source of all choices of a run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    pub(super) connections: u32,
    pub(super) rooms: u32,
    pub(super) frames: u32,
    pub(super) payload_bytes: u32,
    pub(super) fragmented_percent: u32,
    pub(super) seed: u64,
}

/// A frame that arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Arrival {
    /// What its payload is filled with: frames are counted.
    pub(super) number: u64,
    pub(super) connection: u32,
    pub(super) payload_bytes: u16,
    pub(super) is_last: bool,
    pub(super) mask: [u8; 4],
}

impl Plan {
    /// All frames, in the order in which they arrive.
    pub(super) fn arrivals(&self) -> impl Iterator<Item = Arrival> {
        let Plan { connections, frames, payload_bytes, fragmented_percent, seed, .. } = *self;
        let mut random = Random::new(seed);
        (0..u64::from(frames)).map(move |number| Arrival {
            number,
            connection: random.below(connections),
            payload_bytes: (LEAST_BYTES + random.below(payload_bytes - LEAST_BYTES + 1)) as u16,
            is_last: !random.chance(fragmented_percent),
            mask: (random.number() as u32).to_ne_bytes(),
        })
    }

    /// The connections in the same room as `connection`, itself among them.
    pub(super) fn room_of(&self, connection: u32) -> impl Iterator<Item = u32> + use<> {
        (connection % self.rooms..self.connections).step_by(self.rooms as usize)
    }
}
