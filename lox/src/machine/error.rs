//! Errors of programs that run.

use super::Machine;
use std::fmt;

/// An error of a program that was running. As text it is what the book's C implementation prints: the message, and the
/// functions that were running.
///
/// ```text
/// Undefined variable 'x'.
/// [line 2] in f()
/// [line 4] in script
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuntimeError {
    /// What is wrong.
    pub message: Box<str>,
    /// Where, the innermost function first.
    pub trace: Vec<TraceLine>,
}

/// A function that was running when something went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceLine {
    /// The line, from 1.
    pub line: u32,
    /// The name of the function; none is the program itself.
    pub function: Option<String>,
}

impl fmt::Display for RuntimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        self.trace.iter().try_for_each(|line| write!(f, "\n{line}"))
    }
}

impl fmt::Display for TraceLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.function {
            Some(name) => write!(f, "[line {}] in {name}()", self.line),
            None => write!(f, "[line {}] in script", self.line),
        }
    }
}

impl std::error::Error for RuntimeError {}

impl Machine<'_, '_> {
    /// Ends the program with an error. Closures that outlive it keep their variables.
    pub(super) fn fail(mut self, message: Box<str>) -> RuntimeError {
        self.close_upvalues(0);
        let running = self.callers.iter().map(|caller| &caller.frame).chain([&self.registers.frame]).rev();
        let trace = running.map(|frame| TraceLine {
            line: frame.line(self.mc),
            function: frame.function.name.map(|name| name.as_str(self.mc).into()),
        });
        RuntimeError { message, trace: trace.collect() }
    }
}
