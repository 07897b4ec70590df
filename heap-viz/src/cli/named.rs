//! Names of what can be run.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::error::{ContextKind, ContextValue};
use clap::{Arg, Command, Error};
use std::ffi::OsStr;
use std::path::PathBuf;
use workloads::Entry;

/// What a program in Lox is called: this, and then its file.
pub(crate) const LOX: &str = "lox:";
/// What a trace is called: this, and then its file.
pub(crate) const TRACE: &str = "trace:";

/// What was named to be run.
#[derive(Clone, Debug)]
pub(crate) enum Named {
    /// A workload.
    Workload(&'static Entry),
    /// A program in Lox, by its file.
    Lox(PathBuf),
    /// A trace, by its file.
    Trace(PathBuf),
}

impl Named {
    /// Reads a name.
    pub(crate) fn parser() -> impl TypedValueParser<Value = Named> {
        let registry = workloads::registry().iter();
        let names = registry.map(|entry| PossibleValue::new(entry.name).help(entry.about));
        Parser(PossibleValuesParser::new(names))
    }
}

#[derive(Clone)]
struct Parser(PossibleValuesParser);

impl TypedValueParser for Parser {
    type Value = Named;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<Named, Error> {
        if let Some(file) = value.to_str().and_then(|name| name.strip_prefix(LOX)) {
            return Ok(Named::Lox(file.into()));
        }
        if let Some(file) = value.to_str().and_then(|name| name.strip_prefix(TRACE)) {
            return Ok(Named::Trace(file.into()));
        }
        let name = self.0.parse_ref(command, arg, value).map_err(|error| with_prefix(error, value))?;
        Ok(Named::Workload(workloads::find(&name).expect("the name is one of those in the registry")))
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        self.0.possible_values()
    }
}

/// Tells that files of Lox and traces need a prefix, if `value` seems to be one.
fn with_prefix(mut error: Error, value: &OsStr) -> Error {
    let value = value.to_string_lossy();
    let prefix = [(".lox", LOX), (".trace", TRACE)].into_iter().find(|(end, _)| value.ends_with(end));
    if let Some((_, prefix)) = prefix {
        error.insert(ContextKind::SuggestedValue, ContextValue::String(format!("{prefix}{value}")));
    }
    error
}
