//! Names of what can be run.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::error::{ContextKind, ContextValue};
use clap::{Arg, Command, Error};
use std::ffi::OsStr;
use std::path::PathBuf;
use workloads::programs::SnapshotHeap;
use workloads::{Entry, Parameter};

/// What a program in Lox is called: this, and then its file.
pub(crate) const LOX: &str = "lox:";
/// What a scenario is called: this, and then its file.
pub(crate) const SCENARIO: &str = "scenario:";

/// What the heap of another program is called: this, and then its file.
pub(crate) const SNAPSHOT: &str = "snapshot:";
/// What a trace is called: this, and then its file.
pub(crate) const TRACE: &str = "trace:";

/// What was named to be run.
#[derive(Clone, Debug)]
pub(crate) enum Named {
    /// A workload.
    Workload(&'static Entry),
    /// A program in Lox, by its file.
    Lox(PathBuf),
    /// A scenario, by its file.
    Scenario(PathBuf),
    /// The heap of another program, by the file of its snapshot.
    Snapshot(PathBuf),
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

impl Named {
    /// What can be set of it, besides the seed; nothing at all of a program in Lox, which has no seed.
    pub(crate) fn parameters(&self) -> Option<&'static [Parameter]> {
        match self {
            Named::Workload(entry) => Some(entry.parameters),
            Named::Scenario(_) => Some(&[]),
            Named::Snapshot(_) => Some(&SnapshotHeap::PARAMETERS),
            Named::Lox(_) | Named::Trace(_) => None,
        }
    }
}

#[derive(Clone)]
struct Parser(PossibleValuesParser);

impl TypedValueParser for Parser {
    type Value = Named;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<Named, Error> {
        let file = |prefix| value.to_str().and_then(|name| name.strip_prefix(prefix));
        if let Some(file) = file(LOX) {
            return Ok(Named::Lox(file.into()));
        }
        if let Some(file) = file(SCENARIO) {
            return Ok(Named::Scenario(file.into()));
        }
        if let Some(file) = file(SNAPSHOT) {
            return Ok(Named::Snapshot(file.into()));
        }
        if let Some(file) = file(TRACE) {
            return Ok(Named::Trace(file.into()));
        }
        let name = self.0.parse_ref(command, arg, value).map_err(|error| with_prefix(error, value))?;
        Ok(Named::Workload(workloads::find(&name).expect("the name is one of those in the registry")))
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        self.0.possible_values()
    }
}

/// Tells that files need a prefix, if `value` seems to be one.
fn with_prefix(mut error: Error, value: &OsStr) -> Error {
    let value = value.to_string_lossy();
    let prefixes = [(".lox", LOX), (".toml", SCENARIO), (".heapsnapshot", SNAPSHOT), (".trace", TRACE)];
    if let Some((_, prefix)) = prefixes.into_iter().find(|(ending, _)| value.ends_with(ending)) {
        error.insert(ContextKind::SuggestedValue, ContextValue::String(format!("{prefix}{value}")));
    }
    error
}
