//! The start of a heap: how long it takes, and what it has resident before and after its first objects.

use crate::resident::now_bytes;
use crate::settings::{MIB, fixed_semispaces, heap};
use gc_core::{Config, Heap, Layout, MIN_SEMISPACE_BYTES};
use std::time::{Duration, Instant};

/// Heaps that are made at a time, so that what is resident can be told from what happens besides.
const HEAPS: u64 = 16;

/// Settings for a heap that is to be small: the least new space, no huge pages, nothing touched ahead.
#[must_use]
pub fn small() -> Config {
    Config {
        max_old_bytes: 8 * MIB,
        huge_pages: false,
        prefault: false,
        ..fixed_semispaces(MIN_SEMISPACE_BYTES)
    }
}

/// How long it takes to make a heap.
#[must_use]
pub fn time(config: &Config) -> Duration {
    let config = config.clone();
    let start = Instant::now();
    let heap = heap(config);
    let elapsed = start.elapsed();
    drop(heap);
    elapsed
}

/// How long it takes to make a heap, put one object on it, and give it back.
#[must_use]
pub fn time_of_life(config: &Config) -> Duration {
    let config = config.clone();
    let start = Instant::now();
    let mut heap = heap(config);
    use_once(&mut heap);
    drop(heap);
    start.elapsed()
}

fn use_once(heap: &mut Heap) {
    let object = heap.register("object", Layout::Fixed { slots: 2, bytes: 16 });
    heap.scope(|heap| heap.alloc(object).map(drop)).expect("there is room");
}

/// Bytes that a heap has resident which is made, and has one object or has been collected after it.
#[must_use]
pub fn resident_bytes(config: &Config, state: State) -> u64 {
    let before = now_bytes();
    let mut heaps: Vec<_> = (0..HEAPS).map(|_| heap(config.clone())).collect();
    if state != State::Fresh {
        heaps.iter_mut().for_each(use_once);
    }
    if state == State::Collected {
        heaps.iter_mut().for_each(Heap::collect_full);
    }
    (now_bytes().saturating_sub(before)) / HEAPS
}

/// How far a heap has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It has just been made.
    Fresh,
    /// It has an object.
    Used,
    /// It has also been collected.
    Collected,
}

#[cfg(test)]
mod tests {
    use super::{State, resident_bytes, small};

    #[test]
    fn a_small_heap_takes_less_than_the_goal() {
        for state in [State::Fresh, State::Used, State::Collected] {
            assert!(resident_bytes(&small(), state) < 1 << 20, "{state:?}");
        }
    }
}
