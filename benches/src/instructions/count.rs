//! Counting, by Valgrind.

use super::{Case, OPERATIONS};
use std::process::{Command, Output};
use std::{env, fmt, io};

/// Rounds of the shorter of the two runs.
const ROUNDS: u32 = 100;

/// Why there is no count.
#[derive(Debug)]
pub enum CountError {
    /// Valgrind cannot be started.
    NoValgrind(io::Error),
    /// It ended without a count; this is what it said.
    NoCount(String),
}

/// Instructions of one operation of `case`. This program is started under Valgrind, and must run a case that it is asked for
/// with `--run NAME ROUNDS`.
///
/// # Errors
/// If Valgrind does not count.
pub fn count(case: &Case) -> Result<f64, CountError> {
    let (once, twice) = (instructions(case, ROUNDS)?, instructions(case, 2 * ROUNDS)?);
    Ok(twice.saturating_sub(once) as f64 / (f64::from(ROUNDS) * f64::from(OPERATIONS)))
}

/// Instructions of a whole process.
fn instructions(case: &Case, rounds: u32) -> Result<u64, CountError> {
    let program = env::current_exe().map_err(CountError::NoValgrind)?;
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .args(["--run", case.name, &rounds.to_string()])
        .output()
        .map_err(CountError::NoValgrind)?;
    collected(&output).ok_or_else(|| CountError::NoCount(String::from_utf8_lossy(&output.stderr).into()))
}

fn collected(output: &Output) -> Option<u64> {
    let said = std::str::from_utf8(&output.stderr).ok().filter(|_| output.status.success())?;
    read_collected(said)
}

/// The count in a line such as `==1234== Collected : 5678`.
fn read_collected(said: &str) -> Option<u64> {
    said.lines().find_map(|line| line.split_once("Collected :")?.1.trim().parse().ok())
}

/// The installed compiler and its machine, as it calls itself; empty if it cannot be asked.
#[must_use]
pub fn compiler() -> String {
    let said = Command::new("rustc").arg("-vV").output().map(|output| output.stdout).unwrap_or_default();
    let said = String::from_utf8_lossy(&said);
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    said.lines().next().into_iter().chain(host).collect::<Vec<_>>().join(" for ")
}

impl fmt::Display for CountError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CountError::NoValgrind(error) => write!(f, "valgrind cannot be started: {error}"),
            CountError::NoCount(said) => write!(f, "valgrind gave no count, but said:\n{said}"),
        }
    }
}

impl std::error::Error for CountError {}

#[cfg(test)]
mod tests {
    use super::read_collected;

    #[test]
    fn the_count_is_found_among_what_valgrind_says() {
        let said = "==7== Events    : Ir\n==7== Collected : 2105\n==7==\n==7== I   refs:      2,105\n";
        assert_eq!(read_collected(said), Some(2105));
        assert_eq!(read_collected("==7== Command: x\n"), None);
    }
}
