//! How far the runs have come, for whoever watches.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressFinish, ProgressStyle};

/// Steps of the bar: more than it has columns.
const STEPS: u64 = 1000;

/// A bar on stderr, if that is a terminal, and otherwise nothing. It is gone when its last clone is.
#[derive(Clone, Debug)]
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// A bar for the run called `name`, the `number`-th of `all`.
    pub(crate) fn new(name: &str, number: usize, all: usize) -> Self {
        let bar = ProgressBar::with_draw_target(Some(STEPS), ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template("{prefix:24} [{bar:40}] {percent:>3} % {elapsed:>4}");
        bar.set_style(style.expect("the template is well formed").progress_chars("=> "));
        bar.set_prefix(format!("{number}/{all} {name}"));
        Progress(bar.with_finish(ProgressFinish::AndClear))
    }

    /// No bar.
    pub(crate) fn hidden() -> Self {
        Progress(ProgressBar::hidden())
    }

    /// The share that was shown last, if any was.
    pub(crate) fn share(&self) -> Option<f64> {
        let position = self.0.position();
        (position > 0).then(|| position as f64 / STEPS as f64)
    }

    /// Moves the bar to a share of its length.
    pub(crate) fn show(&self, share_done: f64) {
        self.0.set_position((share_done * STEPS as f64) as u64);
    }
}
