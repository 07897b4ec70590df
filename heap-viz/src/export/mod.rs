//! Runs and heaps on their way out: one file format a module.

mod events;
mod heap_snapshot;

pub use events::EventsWriter;
pub use heap_snapshot::write_heap_snapshot;
