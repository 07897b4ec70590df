//! What was typed in earlier sessions.

use rustyline::history::FileHistory;
use rustyline::{Editor, Helper};
use std::fs;
use std::path::PathBuf;

/// The file that the history is kept in, if the system has a place for it. It is a convenience: nothing that fails here is
/// worth a word.
pub(crate) struct HistoryFile(Option<PathBuf>);

impl HistoryFile {
    /// Finds the place: `$XDG_STATE_HOME/lox/history`, or what the system has instead.
    pub(crate) fn find() -> Self {
        let folder = dirs::state_dir().or_else(dirs::data_local_dir);
        HistoryFile(folder.map(|folder| folder.join("lox").join("history")))
    }

    /// Gives the prompt what was typed before.
    pub(crate) fn load<H: Helper>(&self, prompt: &mut Editor<H, FileHistory>) {
        self.0.iter().for_each(|path| drop(prompt.load_history(path)));
    }

    /// Keeps what was typed last. At once, since a program may not come back.
    pub(crate) fn save<H: Helper>(&self, prompt: &mut Editor<H, FileHistory>) {
        if let Some(path) = &self.0 {
            let _ = path.parent().map(fs::create_dir_all);
            let _ = prompt.append_history(path);
        }
    }
}
