//! What is wrong with a program.

use crate::token::{Token, TokenKind};
use std::fmt;

/// An error that the compiler found. As text it is a line of the book's C implementation:
/// `[line 1] Error at '+': Expect expression.`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompileError {
    /// The line, from 1.
    pub line: u32,
    /// Where in it.
    pub place: Place,
    /// What is wrong.
    pub message: &'static str,
}

/// Where in its line an error is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// At this text.
    At(String),
    /// At the end of the program.
    AtEnd,
    /// Where no token could be read.
    Unreadable,
}

impl CompileError {
    pub(super) fn at(token: Token<'_>, message: &'static str) -> Self {
        let place = match token.kind {
            TokenKind::End => Place::AtEnd,
            TokenKind::Error(_) => Place::Unreadable,
            _ => Place::At(token.text.into()),
        };
        CompileError { line: token.line, place, message }
    }
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[line {}] Error{}: {}", self.line, self.place, self.message)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::At(text) => write!(f, " at '{text}'"),
            Place::AtEnd => f.write_str(" at end"),
            Place::Unreadable => Ok(()),
        }
    }
}
