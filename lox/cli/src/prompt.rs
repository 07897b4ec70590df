//! Programs that are typed, and executed as soon as they are complete.

use crate::failure::Failure;
use crate::history::HistoryFile;
use crate::session::Session;
use rustyline::completion::Completer;
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::FileHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Config, Editor, Helper};
use std::io::{self, BufRead};

type Prompt = Editor<WholePrograms, FileHistory>;

/// Executes what is typed at a terminal.
pub(crate) fn typed(session: &mut Session) -> Result<(), Failure> {
    let mut prompt = new_prompt().map_err(input_failure)?;
    let history = HistoryFile::find();
    history.load(&mut prompt);
    loop {
        match prompt.readline("> ") {
            Ok(source) => {
                history.save(&mut prompt);
                session.run_line(&source)?;
            }
            Err(ReadlineError::Interrupted) => {}
            Err(ReadlineError::Eof) => return Ok(()),
            Err(error) => return Err(input_failure(error)),
        }
    }
}

fn new_prompt() -> rustyline::Result<Prompt> {
    let config = Config::builder().auto_add_history(true).build();
    let mut prompt = Editor::with_config(config)?;
    prompt.set_helper(Some(WholePrograms));
    Ok(prompt)
}

fn input_failure(error: ReadlineError) -> Failure {
    Failure::Input(match error {
        ReadlineError::Io(error) => error,
        other => io::Error::other(other),
    })
}

/// Executes what comes through a pipe, as if it were typed; nothing is decorated.
pub(crate) fn piped(session: &mut Session) -> Result<(), Failure> {
    let mut lines = io::stdin().lock();
    let mut source = String::new();
    while lines.read_line(&mut source).map_err(Failure::Input)? > 0 {
        if lox::is_complete(&source) {
            session.run_line(&source)?;
            source.clear();
        }
    }
    // What is left is not complete, and the machine says what is missing.
    if source.is_empty() { Ok(()) } else { session.run_line(&source) }
}

/// Lets a program go on over lines until it is complete.
struct WholePrograms;

impl Validator for WholePrograms {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        let is_complete = lox::is_complete(context.input());
        Ok(if is_complete { ValidationResult::Valid(None) } else { ValidationResult::Incomplete })
    }
}

impl Helper for WholePrograms {}

impl Completer for WholePrograms {
    type Candidate = String;
}

impl Highlighter for WholePrograms {}

impl Hinter for WholePrograms {
    type Hint = String;
}
