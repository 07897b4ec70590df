//! Runs on their way out: one file format a module.

mod events;

pub use events::EventsWriter;
