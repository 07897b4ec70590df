//! What stands in a cell of a table.

use std::borrow::Cow;
use std::fmt;

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell<'a> {
    Text(Cow<'a, str>),
    Integer(u64),
    Real(f64),
    /// Whoever was asked does not tell.
    Untold,
}

/// As it stands in a line of text: nothing where nothing is told.
impl fmt::Display for Cell<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cell::Text(text) => f.write_str(text),
            Cell::Integer(number) => write!(f, "{number}"),
            Cell::Real(number) => write!(f, "{number}"),
            Cell::Untold => Ok(()),
        }
    }
}
