//! Programs of others, measured from outside.

use crate::resident::peak_kib;
use std::io;
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

/// How long memory is not looked at. What the system tells is the most there ever was, so that only what a process takes
/// right before its end is missed.
const BETWEEN_LOOKS: Duration = Duration::from_millis(5);

/// A run of a program.
#[derive(Debug)]
pub(super) struct Watched {
    /// What it printed.
    pub(super) output: String,
    /// From its start to its end.
    pub(super) elapsed: Duration,
    /// Most memory that it had resident, in KiB; 0 where the system does not tell.
    pub(super) peak_kib: u64,
}

/// Runs a program to its end.
///
/// # Errors
/// If it cannot be started, prints what is no text, or does not end well.
pub(super) fn run(command: &mut Command) -> io::Result<Watched> {
    let started = Instant::now();
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
    let process = child.id().to_string();
    let (ended, end) = mpsc::channel::<()>();
    let watcher = thread::spawn(move || {
        let mut peak = 0;
        while end.recv_timeout(BETWEEN_LOOKS) == Err(RecvTimeoutError::Timeout) {
            peak = peak_kib(&process).max(peak);
        }
        peak
    });
    let output = child.wait_with_output();
    let elapsed = started.elapsed();
    drop(ended);
    let peak_kib = watcher.join().expect("it only looks");
    let output = output?;
    if !output.status.success() {
        return Err(io::Error::other(format!("{command:?}: {}", output.status)));
    }
    let output = String::from_utf8(output.stdout).map_err(io::Error::other)?;
    Ok(Watched { output, elapsed, peak_kib })
}
