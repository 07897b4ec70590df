//! What can be wrong with a script, or with what it says.

use std::fmt;

/// A place in a script: line and column, both from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The line.
    pub line: u32,
    /// The column, in characters.
    pub column: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// Why a script came to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScriptError {
    /// The script has a mistake: it cannot be read, or asks for what cannot be done.
    Mistake {
        /// Where.
        place: Place,
        /// What is wrong, and what would be right.
        problem: String,
    },
    /// An assert did not hold, or the heap had no room for an object.
    Failed {
        /// Where.
        place: Place,
        /// What was expected, and what was found.
        problem: String,
    },
}

impl ScriptError {
    pub(super) fn mistake(place: Place, problem: impl Into<String>) -> Self {
        ScriptError::Mistake { place, problem: problem.into() }
    }

    /// The same with more to say.
    pub(super) fn and(mut self, more: &str) -> Self {
        let (ScriptError::Mistake { problem, .. } | ScriptError::Failed { problem, .. }) = &mut self;
        *problem += more;
        self
    }

    /// Where it is.
    #[must_use]
    pub fn place(&self) -> Place {
        match self {
            ScriptError::Mistake { place, .. } | ScriptError::Failed { place, .. } => *place,
        }
    }
}

/// `line:column: what is wrong`.
impl fmt::Display for ScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ScriptError::Mistake { place, problem } | ScriptError::Failed { place, problem } => {
                write!(f, "{place}: {problem}")
            }
        }
    }
}

impl std::error::Error for ScriptError {}
