//! How far a shard has come.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar on stderr with the time that is left, if that is a terminal, and otherwise nothing.
#[derive(Debug)]
pub(super) struct CellProgress(ProgressBar);

impl CellProgress {
    /// A bar for the cells of a shard that are to be run.
    pub(super) fn new(shard: &str, cells: usize) -> Self {
        let bar = ProgressBar::with_draw_target(Some(cells as u64), ProgressDrawTarget::stderr());
        let style = "{prefix} [{bar:40}] {pos}/{len} cells, {elapsed} so far, {eta} left";
        let style = ProgressStyle::with_template(style).expect("the template is well formed");
        bar.set_style(style.progress_chars("=> "));
        bar.set_prefix(format!("shard {shard}"));
        CellProgress(bar)
    }

    /// Moves the bar to so many cells.
    pub(super) fn show(&self, done: usize) {
        self.0.set_position(done as u64);
    }
}

impl Drop for CellProgress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
