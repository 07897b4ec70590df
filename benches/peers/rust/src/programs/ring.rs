//! `ring`: messages in a window that keeps the latest; every push is timed.

use super::{Found, Plain};
use crate::latencies::Latencies;
use workloads::{Checksum, Parameters};

/// Messages: some bytes.
pub(crate) trait Messages: Copy {
    type Message;

    /// A message that is filled with a byte.
    fn message(self, length: usize, fill: u8) -> Self::Message;
    /// The sum of its bytes.
    fn sum(self, message: &Self::Message) -> u64;
}

/// What the program does, a step each.
pub(crate) trait Stage {
    /// Makes a message and puts it in the place of another.
    fn push(&mut self, index: usize, length: usize, fill: u8);
    /// The sum of the bytes of a message; 0 if there is none.
    fn sum(&mut self, index: usize) -> u64;
}

impl<M: Messages> Stage for Plain<M, Vec<Option<M::Message>>> {
    fn push(&mut self, index: usize, length: usize, fill: u8) {
        self.root[index] = Some(self.objects.message(length, fill));
    }

    fn sum(&mut self, index: usize) -> u64 {
        self.root[index].as_ref().map_or(0, |message| self.objects.sum(message))
    }
}

/// A window without messages.
pub(crate) fn window<M>(parameters: &Parameters) -> Vec<Option<M>> {
    (0..parameters.get("window")).map(|_| None).collect()
}

/// Runs the program. Idle time (`idle_us`) is for collectors that can be given it, and is left out.
pub(crate) fn run(stage: &mut impl Stage, parameters: &Parameters) -> Found {
    let (window, pushes) = (parameters.get_u32("window"), parameters.get_u32("pushes"));
    let length = parameters.get("message") as usize;
    let mut latencies = Latencies::with_capacity(pushes as usize);
    for number in 0..pushes {
        latencies.time(|| stage.push((number % window) as usize, length, number as u8));
    }
    let checksum: Checksum = (0..window as usize).map(|index| stage.sum(index)).collect();
    Found { latencies: Some(latencies), ..checksum.into() }
}
