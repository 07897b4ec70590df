//! Whether a command that is not run is at least spelled as the program takes it.

use crate::failure::Failure;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};

/// The programs that belong to this repository. With `--help` behind their arguments they do nothing, but refuse what
/// they do not know.
const OURS: [&str; 2] = ["tenure", "lox"];

/// Words that end a command and start another.
const BETWEEN: [&str; 4] = ["|", "&&", "||", ";"];

/// Words that turn input or output elsewhere, the next word.
const ELSEWHERE: [&str; 4] = [">", "2>", "<", ">>"];

/// What is put in the place of a word that stands for what readers choose: a workload, or the name of any file.
const EXAMPLE: &str = "splay";

/// What commands may name.
#[derive(Debug)]
pub(crate) struct Names {
    /// The packages, programs and examples of the workspace.
    known: BTreeSet<String>,
}

impl Names {
    /// Asks cargo for the workspace at `top`.
    pub(crate) fn of(top: &Path) -> Result<Self, Failure> {
        let mut cargo = Command::new("cargo");
        cargo.args(["metadata", "--no-deps", "--offline", "--format-version", "1"]).current_dir(top);
        let output = cargo.stderr(Stdio::inherit()).output();
        let output = output.map_err(|source| Failure::Run { command: "cargo metadata".into(), source })?;
        let metadata: Value = serde_json::from_slice(&output.stdout).map_err(|_| Failure::Metadata)?;
        let packages = metadata["packages"].as_array().ok_or(Failure::Metadata)?;
        let targets = packages.iter().flat_map(|package| package["targets"].as_array().into_iter().flatten());
        let names = packages.iter().chain(targets).filter_map(|named| named["name"].as_str());
        Ok(Names { known: names.map(str::to_owned).collect() })
    }

    /// What is wrong with a command. Of programs of others nothing is known.
    pub(crate) fn mistake(&self, command: &str, programs: &Path) -> Result<Option<String>, Failure> {
        let Some(words) = shlex::split(&command.replace("\\\n", " ")) else {
            return Ok(Some("a quotation mark is missing".into()));
        };
        for part in words.split(|word| BETWEEN.contains(&word.as_str())) {
            let words = without_surroundings(part);
            let mistake = match words.first() {
                Some(program) if OURS.contains(program) => refusal(programs, &words)?,
                Some(&"cargo") => self.unknown(&words),
                _ => None,
            };
            if mistake.is_some() {
                return Ok(mistake);
            }
        }
        Ok(None)
    }

    fn unknown(&self, words: &[&str]) -> Option<String> {
        let named = words.windows(2).filter(|pair| ["-p", "--bin", "--example", "--test"].contains(&pair[0]));
        let unknown = named.map(|pair| pair[1]).find(|name| !self.known.contains(*name))?;
        Some(format!("there is no `{unknown}` in the workspace"))
    }
}

/// The words without variables before and without redirections.
fn without_surroundings(words: &[String]) -> Vec<&str> {
    let mut kept = Vec::new();
    let mut words = words.iter().map(String::as_str).skip_while(|word| word.contains('='));
    while let Some(word) = words.next() {
        if ELSEWHERE.contains(&word) {
            words.next();
        } else {
            kept.push(word);
        }
    }
    kept
}

/// What one of our programs says against its arguments, but for files that are not there: the command is not run.
fn refusal(programs: &Path, words: &[&str]) -> Result<Option<String>, Failure> {
    let mut program = Command::new(programs.join(words[0]));
    program.args(words[1..].iter().map(|word| if is_placeholder(word) { EXAMPLE } else { word }));
    let output = program.arg("--help").stdin(Stdio::null()).output();
    let output = output.map_err(|source| Failure::Run { command: words[0].into(), source })?;
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Ok(Some(said).filter(|said| !output.status.success() && !misses_a_file(said)))
}

/// Whether a word stands for what readers choose, such as `WORKLOAD`.
fn is_placeholder(word: &str) -> bool {
    word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Whether a program knows no file of a name that has an ending, as files have and workloads do not.
fn misses_a_file(said: &str) -> bool {
    let file = said.split_once("tip: there is no file ").and_then(|(_, rest)| rest.split_once(" either"));
    file.is_some_and(|(file, _)| Path::new(file).extension().is_some())
}

#[cfg(test)]
mod tests {
    use super::{Names, misses_a_file, without_surroundings};
    use std::path::Path;

    #[test]
    fn only_a_program_and_its_arguments_are_looked_at() {
        let words = shlex::split("CLOX=a tenure config > a.toml 2> b --max-old 1M").expect("words");
        assert_eq!(without_surroundings(&words), ["tenure", "config", "--max-old", "1M"]);
    }

    #[track_caller]
    fn check(command: &str, mistake: Option<&str>) {
        let names = Names { known: ["targets", "gc-benches"].map(str::to_owned).into() };
        let found = names.mistake(command, Path::new("/nowhere")).expect("nothing of ours is run");
        assert_eq!(found.as_deref(), mistake, "{command}");
    }

    #[test]
    fn what_cargo_is_to_run_must_be_there() {
        check("cargo run -p gc-benches --bin targets -- lox", None);
        check("ls | cargo run --bin target", Some("there is no `target` in the workspace"));
    }

    #[test]
    fn files_that_are_not_there_are_no_mistakes_of_spelling() {
        assert!(misses_a_file("error: invalid value\n\n  tip: there is no file gc.log either\n"));
        assert!(!misses_a_file("error: invalid value\n\n  tip: there is no file splayy either\n"));
        assert!(!misses_a_file("error: unexpected argument"));
    }

    #[test]
    fn a_command_must_have_an_end() {
        check("echo 'a", Some("a quotation mark is missing"));
        check("ls \\\n  -l", None);
    }
}
