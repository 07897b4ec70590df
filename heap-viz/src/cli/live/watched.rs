//! What is to be watched.

use super::super::named::{Named, without_file};
use clap::builder::{PossibleValue, TypedValueParser};
use clap::{Arg, Command, Error};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// What is to be watched.
#[derive(Clone, Debug)]
pub(crate) enum Watched {
    /// A program, which is run.
    Program(Named),
    /// A file of events, or a log, which is read.
    File(PathBuf),
}

impl Watched {
    /// Reads the name of a program or of a file.
    pub(crate) fn parser() -> impl TypedValueParser<Value = Watched> {
        Parser(Named::parser())
    }
}

#[derive(Clone)]
struct Parser<P>(P);

impl<P: TypedValueParser<Value = Named>> TypedValueParser for Parser<P> {
    type Value = Watched;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<Watched, Error> {
        match self.0.parse_ref(command, arg, value) {
            Ok(named) => Ok(Watched::Program(named)),
            Err(_) if Path::new(value).is_file() => Ok(Watched::File(value.into())),
            Err(error) => Err(without_file(error, value)),
        }
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        self.0.possible_values()
    }
}
