//! Traces: the format, recording and replay.

mod damage;
mod format;
