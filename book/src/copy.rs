//! A copy of the repository, in which readers' commands are run.

use crate::failure::Failure;
use std::fs;
use std::path::{Path, PathBuf};

/// What is no source: what builds make, and what Git keeps.
const LEFT_OUT: [&str; 2] = ["target", ".git"];

/// A fresh copy, as a reader has it who has changed nothing yet.
#[derive(Debug)]
pub(crate) struct Copy {
    pub(crate) top: PathBuf,
}

impl Copy {
    /// Copies the repository at `from` to `top`, of which nothing remains that was there.
    ///
    /// The place is always the same: two cannot check the book at once in one folder.
    pub(crate) fn new(from: &Path, top: PathBuf) -> Result<Self, Failure> {
        if top.exists() {
            fs::remove_dir_all(&top).map_err(|source| Failure::Write { path: top.clone(), source })?;
        }
        copy_folder(from, &top)?;
        Ok(Copy { top })
    }

    /// Writes a file of it, and the folders that it lies in.
    pub(crate) fn write(&self, path: &Path, text: &str) -> Result<(), Failure> {
        let path = self.top.join(path);
        let folder = path.parent().expect("a file lies in a folder");
        let written = fs::create_dir_all(folder).and_then(|()| fs::write(&path, text));
        written.map_err(|source| Failure::Write { path, source })
    }

    /// Reads a file of it.
    pub(crate) fn read(&self, path: &Path) -> Result<String, Failure> {
        let path = self.top.join(path);
        fs::read_to_string(&path).map_err(|source| Failure::Read { path, source })
    }
}

fn copy_folder(from: &Path, to: &Path) -> Result<(), Failure> {
    fs::create_dir_all(to).map_err(|source| Failure::Write { path: to.into(), source })?;
    let failed = |source| Failure::Read { path: from.into(), source };
    for entry in fs::read_dir(from).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        let is_source = !LEFT_OUT.iter().any(|left_out| name == *left_out);
        let (from, to) = (from.join(&name), to.join(&name));
        if is_source && from.is_dir() {
            copy_folder(&from, &to)?;
        } else if is_source {
            fs::copy(&from, &to).map_err(|source| Failure::Read { path: from, source })?;
        }
    }
    Ok(())
}
