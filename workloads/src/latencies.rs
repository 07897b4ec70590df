//! How long each operation of a workload took.

use gc_core::event::Nanos;

/// The latency of every operation, in the order in which the operations were made.
///
/// Kept whole, at 4 bytes each, rather than as a histogram: percentiles are then exact, and a report can draw
/// latency over time. A latency beyond 4.29 s is kept as 4.29 s, except that [`Latencies::worst`] is always exact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Latencies {
    nanos: Vec<u32>,
    worst: Nanos,
}

impl Latencies {
    /// None yet, with room for `operations` of them, so that recording one does not stall the next.
    #[must_use]
    pub fn with_capacity(operations: usize) -> Self {
        Latencies { nanos: Vec::with_capacity(operations), worst: Nanos(0) }
    }

    /// Adds the latency of the next operation.
    pub fn record(&mut self, latency: Nanos) {
        self.worst = self.worst.max(latency);
        self.nanos.push(u32::try_from(latency.0).unwrap_or(u32::MAX));
    }

    /// Number of operations.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nanos.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nanos.is_empty()
    }

    /// The longest latency; zero if there are none.
    #[must_use]
    pub fn worst(&self) -> Nanos {
        self.worst
    }

    /// All latencies, in order of time.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Nanos> + '_ {
        self.nanos.iter().map(|&nanos| Nanos(nanos.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::Latencies;
    use gc_core::event::Nanos;

    fn latencies(nanos: &[u64]) -> Latencies {
        let mut latencies = Latencies::with_capacity(nanos.len());
        nanos.iter().for_each(|&nanos| latencies.record(Nanos(nanos)));
        latencies
    }

    #[test]
    fn latencies_keep_their_order() {
        let seen: Vec<_> = latencies(&[30, 10, 20]).iter().collect();
        assert_eq!(seen, [Nanos(30), Nanos(10), Nanos(20)]);
    }

    #[test]
    fn the_worst_latency_is_exact_even_where_the_others_saturate() {
        let latencies = latencies(&[5, 10_000_000_000, 7]);
        assert_eq!(latencies.worst(), Nanos(10_000_000_000));
        assert_eq!(latencies.iter().nth(1), Some(Nanos(u32::MAX.into())));
    }

    #[test]
    fn without_operations_the_worst_latency_is_zero() {
        assert!(latencies(&[]).is_empty());
        assert_eq!(latencies(&[]).worst(), Nanos(0));
    }
}
