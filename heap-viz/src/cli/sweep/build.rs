//! Which Tenure this is.

use super::super::failure::Failure;
use heap_viz::sweep::Hash;
use std::env;
use std::fs::File;
use std::path::PathBuf;

/// The program that is running, whatever has been put in the place of its file since: on Linux only.
const RUNNING: &str = "/proc/self/exe";

/// A hash of the program that is running. A version does not tell what results depend on, since people change what they
/// build.
pub(super) fn own_build() -> Result<Hash, Failure> {
    let running = PathBuf::from(RUNNING);
    let path = if running.exists() { Ok(running) } else { env::current_exe() };
    let hash = path.and_then(File::open).and_then(Hash::of_all);
    hash.map_err(|source| Failure::Read { path: "the program that is running".into(), source })
}
