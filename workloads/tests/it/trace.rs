//! Traces: the format, recording and replay.

mod damage;
mod fidelity;
mod format;
mod graph;
mod recording;
mod scripts;
