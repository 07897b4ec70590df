//! What tests of the command share: how it is started, what it says, and a folder of a test's own.

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

/// The command, as if nobody had an opinion on colours.
pub(crate) fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tenure"));
    command.env_remove("NO_COLOR");
    command
}

/// Runs the command to its end.
pub(crate) fn tenure(arguments: &[&str]) -> Output {
    command().args(arguments).output().expect("the command starts")
}

pub(crate) fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).expect("the output is UTF-8")
}

pub(crate) fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).expect("the messages are UTF-8")
}

/// What a command printed that must have succeeded.
#[track_caller]
pub(crate) fn printed(output: &Output) -> &str {
    assert_eq!(output.status.code(), Some(0), "{}", stderr(output));
    stdout(output)
}

/// The same, which is one JSON document.
#[track_caller]
pub(crate) fn document(output: &Output) -> Value {
    serde_json::from_str(printed(output)).expect("one JSON document")
}

/// What the command prints for these arguments, with which it must succeed.
#[track_caller]
pub(crate) fn printed_for(arguments: &[&str]) -> String {
    printed(&tenure(arguments)).into()
}

/// The same, which is one JSON document.
#[track_caller]
pub(crate) fn document_for(arguments: &[&str]) -> Value {
    document(&tenure(arguments))
}

/// Checks that a command fails with exit code 2 and nothing but an error on stderr that has these parts.
#[track_caller]
pub(crate) fn check_refused(arguments: &[&str], parts: &[&str]) {
    let output = tenure(arguments);
    let errors = stderr(&output);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{errors}");
    assert!(parts.iter().all(|part| errors.contains(part)), "{errors}");
}

/// A folder of a test's own, removed with the value.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{number}", std::process::id()));
        fs::create_dir_all(&path).expect("the folder can be made");
        Folder(path)
    }

    pub(crate) fn root(&self) -> &Path {
        &self.0
    }

    /// The path of what has that name in it, as an argument.
    pub(crate) fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().expect("the path is UTF-8").into()
    }

    /// Writes a file, and says its path.
    pub(crate) fn write(&self, name: &str, contents: impl AsRef<[u8]>) -> String {
        fs::write(self.0.join(name), contents).expect("the folder can be written to");
        self.path(name)
    }

    /// The names of all that is in it.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).expect("the folder is there");
        entries.map(|entry| entry.expect("it can be read").file_name().to_string_lossy().into()).collect()
    }

    #[track_caller]
    pub(crate) fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.0.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    #[track_caller]
    pub(crate) fn text(&self, name: &str) -> String {
        String::from_utf8(self.bytes(name)).expect("the file is UTF-8")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Nobody is left to tell.
        let _ = fs::remove_dir_all(&self.0);
    }
}
