//! Figures of a heap that a script can assert.

use gc_core::{Heap, PAGE_BYTES};

/// A figure of a heap.
#[derive(Clone, Copy, Debug)]
pub struct Figure {
    /// Its name in scripts.
    pub name: &'static str,
    /// What it is, with its unit.
    pub about: &'static str,
    pub(super) read: fn(&Heap, &Seen) -> u64,
}

/// What a script has seen of its heap's collections.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seen {
    /// Objects of the script that were found dead.
    pub(super) freed: u64,
    /// Entries of the remembered set when the last pause started.
    pub(super) remembered: u64,
}

/// All figures. Those of work count from the start of the script.
pub const FIGURES: [Figure; 18] = [
    figure("live", "objects that can be reached", |heap, _| heap.snapshot().len() as u64),
    figure("live_bytes", "bytes of objects that can be reached", |heap, _| heap.snapshot().total_bytes()),
    figure("used", "bytes of objects, also dead ones that have not been found yet", |heap, _| {
        heap.usage().heap_used()
    }),
    figure("new", "bytes of these in new space", |heap, _| heap.usage().new_used),
    figure("old", "bytes of these in old space", |heap, _| heap.usage().old_used),
    figure("large", "bytes of large objects", |heap, _| heap.usage().large_used),
    figure("pages", "pages that old space takes, of 256 KiB", |heap, _| {
        heap.usage().old_total / PAGE_BYTES as u64
    }),
    figure("external", "bytes off the heap, slabs with room for more buffers included", |heap, _| {
        heap.usage().external
    }),
    figure("scavenges", "scavenges, without those of full collections", |heap, _| {
        heap.stats().minor_collections
    }),
    figure("fulls", "full collections, compactions among them", |heap, _| heap.stats().full_collections),
    figure("steps", "steps of marking and sweeping", |heap, _| heap.stats().steps),
    figure("markings", "markings in steps that have ended", |heap, _| heap.stats().incremental_collections),
    figure("copied", "objects copied within new space", |heap, _| heap.stats().work.copied_objects),
    figure("promoted", "objects that have become old", |heap, _| heap.stats().work.promoted_objects),
    figure("moved", "old objects moved by a compaction", |heap, _| heap.stats().work.moved_objects),
    figure("freed", "objects made by the script, other than by `fill`, that were found dead", |_, seen| {
        seen.freed
    }),
    figure(
        "remembered",
        "old objects and cards that were remembered when the last pause started",
        |_, seen| seen.remembered,
    ),
    figure("refused", "allocations refused", |heap, _| heap.stats().heap_full),
];

const fn figure(name: &'static str, about: &'static str, read: fn(&Heap, &Seen) -> u64) -> Figure {
    Figure { name, about, read }
}

impl Figure {
    /// The figure of this name.
    pub(super) fn find(name: &str) -> Option<Figure> {
        FIGURES.iter().find(|figure| figure.name == name).copied()
    }
}
