//! What recording costs.

use super::untyped::{batch_of_list, heap};
use crate::instructions::OPERATIONS;
use std::hint::black_box;
use std::io;
use workloads::trace::TraceRecorder;

pub(super) fn record(rounds: u32) -> u64 {
    let mut heap = heap();
    heap.record(Box::new(TraceRecorder::new(io::sink(), "a case", Vec::new())));
    let node = heap.register_fixed("node");
    for _ in 0..rounds {
        heap.scope(|heap| {
            black_box(batch_of_list(heap, node, OPERATIONS));
        });
    }
    let out = TraceRecorder::finish(heap.stop_recording().expect("it was set"));
    out.map(|_: io::Sink| 0).expect("it takes everything")
}
