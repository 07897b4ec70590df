//! Traces: what programs did to their memory, in a file, to be done again under any configuration.
//!
//! A [`TraceWriter`] writes one, a [`TraceFile`] reads it, a [`Replay`] does it on a heap. `docs/traces.md` has the format.

mod blocks;
mod encoder;
mod encoding;
mod error;
mod form;
mod format;
mod header;
mod names;
mod op;
mod reader;
mod recorder;
mod replay;
mod totals;
mod varint;
mod window;
mod writer;

pub use error::TraceError;
pub use form::{Form, TraceShape};
pub use header::{Evidence, Part, TraceHeader};
pub use op::{TraceOp, TraceRef};
pub use reader::{TraceBytes, TraceFile, TraceReader};
pub use recorder::TraceRecorder;
pub use replay::{Replay, ReplayError, Replayed};
pub use totals::Totals;
pub use writer::TraceWriter;
