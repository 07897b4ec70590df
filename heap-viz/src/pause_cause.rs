//! Why a pause was made, whatever the runtime.

use gc_core::event::Cause;
use std::sync::Arc;

/// Why a pause was made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PauseCause {
    /// The cause; of a pause of another runtime the nearest that Tenure has.
    pub nearest: Cause,
    /// What another runtime's log says of it.
    pub words: Option<Arc<str>>,
}

impl PauseCause {
    /// The cause of another runtime's pause.
    #[must_use]
    pub fn foreign(nearest: Cause, words: &str) -> Self {
        PauseCause { nearest, words: Some(words.into()) }
    }

    /// A name for reports.
    #[must_use]
    pub fn name(&self) -> &str {
        self.words.as_deref().unwrap_or(self.nearest.name())
    }
}

impl From<Cause> for PauseCause {
    fn from(nearest: Cause) -> Self {
        PauseCause { nearest, words: None }
    }
}
