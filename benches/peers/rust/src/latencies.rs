//! How long each operation took.

use std::time::Instant;

/// Latencies in nanoseconds, in the order of the operations; one beyond 4.29 s is kept as that.
#[derive(Debug)]
pub(crate) struct Latencies(Vec<u32>);

impl Latencies {
    /// None yet, with room for so many.
    pub(crate) fn with_capacity(operations: usize) -> Self {
        Latencies(Vec::with_capacity(operations))
    }

    /// Makes an operation, and notes how long it takes.
    #[inline]
    pub(crate) fn time(&mut self, operation: impl FnOnce()) {
        let start = Instant::now();
        operation();
        self.0.push(u32::try_from(start.elapsed().as_nanos()).unwrap_or(u32::MAX));
    }
}

/// Prints percentiles, if there are any latencies.
pub(crate) fn print(latencies: Option<Latencies>) {
    let Some(Latencies(mut nanos)) = latencies.filter(|latencies| !latencies.0.is_empty()) else { return };
    nanos.sort_unstable();
    let within = |share: f64| nanos[((share * nanos.len() as f64).ceil() as usize).max(1) - 1];
    for (name, share) in [("p50", 0.5), ("p99", 0.99), ("p999", 0.999), ("worst", 1.0)] {
        println!("latency_{name}_ns {}", within(share));
    }
}
