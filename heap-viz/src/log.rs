//! Collections as they happen, as lines on standard error.

use crate::report::wants_colour;
use clap::ValueEnum;
use std::io::{self, IsTerminal};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::time::uptime;

/// How much the log tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogLevel {
    /// One line for every collection
    Collections,
    /// One more line for every phase
    Phases,
}

/// Shows what every [`TracingSink`](gc_core::event::TracingSink) of this process tells from now on.
///
/// # Panics
/// If the process has a subscriber of `tracing` already.
pub fn start(level: LogLevel) {
    let level = match level {
        LogLevel::Collections => LevelFilter::INFO,
        LogLevel::Phases => LevelFilter::DEBUG,
    };
    let colour = io::stderr().is_terminal() && wants_colour();
    let log = tracing_subscriber::fmt().with_max_level(level).with_ansi(colour).with_target(false);
    log.with_timer(uptime()).with_writer(io::stderr).init();
}
