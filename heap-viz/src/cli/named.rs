//! Names of what can be run.

use super::input::STANDARD;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::error::{ContextKind, ContextValue};
use clap::{Arg, Command, Error};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
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

/// What a doctor is to look at.
#[derive(Clone, Debug)]
pub(crate) enum Target {
    /// What can be run.
    Program(Named),
    /// Events or a log, by their file.
    Log(PathBuf),
}

impl Target {
    /// Reads a name, or the path of a file that is no program.
    pub(crate) fn parser() -> impl TypedValueParser<Value = Target> {
        TargetParser(Named::parser())
    }
}

#[derive(Clone)]
struct TargetParser<P>(P);

impl<P: TypedValueParser<Value = Named>> TypedValueParser for TargetParser<P> {
    type Value = Target;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<Target, Error> {
        let is_log = value == STANDARD || (Path::new(value).is_file() && prefix_for(value).is_none());
        let is_workload = value.to_str().is_some_and(|name| workloads::find(name).is_some());
        if is_log && !is_workload {
            return Ok(Target::Log(value.into()));
        }
        self.0.parse_ref(command, arg, value).map(Target::Program).map_err(|error| without_file(error, value))
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        self.0.possible_values()
    }
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
    /// What is called `name`, if there is that; files are where `path` says.
    pub(crate) fn find(name: &str, path: impl Fn(&str) -> PathBuf) -> Option<Named> {
        Named::of_file(name, path).or_else(|| workloads::find(name).map(Named::Workload))
    }

    fn of_file(name: &str, path: impl Fn(&str) -> PathBuf) -> Option<Named> {
        let file = |prefix| name.strip_prefix(prefix).map(&path);
        let lox = || file(LOX).map(Named::Lox);
        let scenario = || file(SCENARIO).map(Named::Scenario);
        let snapshot = || file(SNAPSHOT).map(Named::Snapshot);
        let trace = || file(TRACE).map(Named::Trace);
        lox().or_else(scenario).or_else(snapshot).or_else(trace)
    }

    /// The file that it is in, unless it is a workload.
    pub(crate) fn file(&self) -> Option<&Path> {
        match self {
            Named::Workload(_) => None,
            Named::Lox(file) | Named::Scenario(file) | Named::Snapshot(file) | Named::Trace(file) => {
                Some(file)
            }
        }
    }

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
        if let Some(named) = value.to_str().and_then(|name| Named::of_file(name, |file| file.into())) {
            return Ok(named);
        }
        let name = self.0.parse_ref(command, arg, value).map_err(|error| with_prefix(error, value))?;
        Ok(Named::Workload(workloads::find(&name).expect("the name is one of those in the registry")))
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        self.0.possible_values()
    }
}

/// Tells that there is no file called `value` either, where one might have been named.
pub(super) fn without_file(mut error: Error, value: &OsStr) -> Error {
    if !Path::new(value).exists() {
        let told = format!("there is no file {} either", value.to_string_lossy());
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![told.into()]));
    }
    error
}

/// Tells that files need a prefix, if `value` seems to be one.
fn with_prefix(mut error: Error, value: &OsStr) -> Error {
    if let Some(prefix) = prefix_for(value) {
        let named = format!("{prefix}{}", value.to_string_lossy());
        error.insert(ContextKind::SuggestedValue, ContextValue::String(named));
    }
    error
}

/// The prefix that a file of this name needs, if it seems to be one that can be run.
fn prefix_for(file: &OsStr) -> Option<&'static str> {
    let file = file.to_string_lossy();
    let prefixes = [(".lox", LOX), (".toml", SCENARIO), (".heapsnapshot", SNAPSHOT), (".trace", TRACE)];
    prefixes.into_iter().find(|(ending, _)| file.ends_with(ending)).map(|(_, prefix)| prefix)
}
