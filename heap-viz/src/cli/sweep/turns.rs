//! Who may run on this machine while somebody measures: nobody.
//!
//! Cells of the modelled clock tell the same however busy a machine is, so any number of them run side by side. A cell
//! of the measured clock runs alone: all processes of a machine that run sweeps share a file, which those that measure
//! lock for themselves. What else runs on the machine is not known to them. The system unlocks the file of a process
//! that ends, however it ends.

use std::fs::File;
use std::io;
use std::path::PathBuf;

/// The right to run cells, until it is dropped.
#[derive(Debug)]
pub(super) struct Turn {
    /// None where there are no such locks.
    _lock: Option<File>,
}

impl Turn {
    /// Waits until nobody measures; others may run too.
    pub(super) fn with_others() -> Self {
        Turn::take(lock_with_others)
    }

    /// Waits until nobody else runs; nobody else may until it is dropped.
    pub(super) fn alone() -> Self {
        Turn::take(lock_alone)
    }

    fn take(lock: fn(&File) -> io::Result<()>) -> Self {
        let locked = file().and_then(|file| lock(&file).map(|()| file));
        if let Err(error) = &locked {
            eprintln!(
                "note: other sweeps on this machine are not kept from measuring at the same time: {error}"
            );
        }
        Turn { _lock: locked.ok() }
    }
}

fn path() -> PathBuf {
    std::env::temp_dir().join("tenure-sweep.lock")
}

/// The file, which another user may have made: to lock it, it need only be read.
fn file() -> io::Result<File> {
    match File::open(path()) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            File::options().create(true).append(true).open(path())
        }
        opened => opened,
    }
}

#[cfg(unix)]
fn lock_with_others(file: &File) -> io::Result<()> {
    Ok(rustix::fs::flock(file, rustix::fs::FlockOperation::LockShared)?)
}

#[cfg(unix)]
fn lock_alone(file: &File) -> io::Result<()> {
    Ok(rustix::fs::flock(file, rustix::fs::FlockOperation::LockExclusive)?)
}

#[cfg(not(unix))]
fn lock_with_others(_: &File) -> io::Result<()> {
    Ok(())
}

#[cfg(not(unix))]
fn lock_alone(_: &File) -> io::Result<()> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use super::{Turn, file};
    use rustix::fs::{FlockOperation, flock};

    #[test]
    fn nobody_else_runs_while_somebody_measures() {
        let turn = Turn::alone();
        let other = file().expect("the file is there");
        assert!(flock(&other, FlockOperation::NonBlockingLockShared).is_err());
        drop(turn);
    }
}
