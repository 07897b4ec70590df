//! What programs are, wherever their files lie, and which Tenure runs them.

use super::super::failure::Failure;
use super::super::named::Named;
use super::super::scenario;
use heap_viz::sweep::Hash;
use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Hashes of what results depend on: the build of Tenure, and files, each read once.
#[derive(Debug)]
pub(super) struct Contents {
    pub(super) build: Hash,
    files: Mutex<HashMap<PathBuf, Hash>>,
}

impl Contents {
    /// None yet, to be run by this build.
    pub(super) fn new(build: Hash) -> Self {
        Contents { build, files: Mutex::default() }
    }

    /// What tells a program from all others: the name of a workload, or the kind of a file with hashes of what is in
    /// it.
    pub(super) fn program(&self, named: &Named) -> Result<String, Failure> {
        match named {
            Named::Workload(entry) => Ok(entry.name.into()),
            Named::Lox(file) => Ok(format!("lox {}", self.hash(file)?)),
            Named::Snapshot(file) => Ok(format!("snapshot {}", self.hash(file)?)),
            Named::Trace(file) => Ok(format!("trace {}", self.hash(file)?)),
            Named::Scenario(file) => match scenario::snapshot_of(file)? {
                None => Ok(format!("scenario {}", self.hash(file)?)),
                Some(snapshot) => Ok(format!("scenario {} {}", self.hash(file)?, self.hash(&snapshot)?)),
            },
        }
    }

    fn hash(&self, file: &Path) -> Result<Hash, Failure> {
        let mut known = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(hash) = known.get(file) {
            return Ok(hash.clone());
        }
        let hash = File::open(file).and_then(Hash::of_all);
        let hash = hash.map_err(|source| Failure::Read { path: file.into(), source })?;
        known.insert(file.into(), hash.clone());
        Ok(hash)
    }
}
