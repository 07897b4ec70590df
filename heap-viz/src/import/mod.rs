//! Runs on their way in: one file format a module.

mod events;

pub use events::{EventsError, read_reports};
