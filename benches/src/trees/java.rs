//! The program on a Java virtual machine with its Serial collector.
//!
//! One virtual machine stays for all repetitions and takes its own time, so that neither its start nor its compiler
//! counts against it.

use super::Run;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;
use std::{env, fs, process};
use workloads::Checksum;

/// The program's source.
const SOURCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/peers/java/BinaryTrees.java");

/// A virtual machine that runs the program on request.
#[derive(Debug)]
pub struct Java {
    machine: Child,
    requests: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    _classes: TemporaryDirectory,
}

impl Java {
    /// Compiles the program and starts a virtual machine for runs of `depth`; `None` if Java is not installed.
    ///
    /// # Errors
    /// If the program cannot be compiled or started.
    pub fn start(depth: u32) -> io::Result<Option<Java>> {
        if !is_installed("java") || !is_installed("javac") {
            return Ok(None);
        }
        let classes = TemporaryDirectory::new()?;
        compile(&classes.0)?;
        let mut machine = Command::new("java")
            .args(["-XX:+UseSerialGC", "-cp"])
            .arg(&classes.0)
            .args(["BinaryTrees", &depth.to_string(), "resident"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let requests = machine.stdin.take();
        let answers = BufReader::new(machine.stdout.take().expect("it is piped"));
        Ok(Some(Java { machine, requests, answers, _classes: classes }))
    }

    /// Runs the program; the time is by the virtual machine's clock.
    ///
    /// # Errors
    /// If the virtual machine does not answer, or not as it should.
    pub fn run(&mut self) -> io::Result<Run> {
        writeln!(self.requests.as_mut().expect("it is there until the end"))?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer)?;
        parse(&answer).ok_or_else(|| io::Error::other(format!("Java answers {answer:?}")))
    }
}

impl Drop for Java {
    fn drop(&mut self) {
        // The end of its input is the end of the program. Whether it failed at that does not matter any more.
        drop(self.requests.take());
        let _ = self.machine.wait();
    }
}

/// Reads the nanoseconds and the counts.
fn parse(answer: &str) -> Option<Run> {
    let mut numbers = answer.split_whitespace().map(|number| number.parse::<u64>().ok());
    let elapsed = Duration::from_nanos(numbers.next()??);
    let counts: Vec<u64> = numbers.collect::<Option<_>>()?;
    Some(Run { elapsed, checksum: counts.into_iter().collect::<Checksum>().value() })
}

fn is_installed(command: &str) -> bool {
    let run = Command::new(command).arg("-version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    run.is_ok_and(|status| status.success())
}

fn compile(classes: &Path) -> io::Result<()> {
    let status = Command::new("javac").arg("-d").arg(classes).arg(SOURCE).status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other("javac refuses the program")) }
}

/// A directory that is removed when dropped.
#[derive(Debug)]
struct TemporaryDirectory(PathBuf);

impl TemporaryDirectory {
    fn new() -> io::Result<Self> {
        let path = env::temp_dir().join(format!("gc-benches-{}", process::id()));
        fs::create_dir_all(&path)?;
        Ok(TemporaryDirectory(path))
    }
}

impl Drop for TemporaryDirectory {
    fn drop(&mut self) {
        // What cannot be removed stays in the system's directory for such things.
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use std::time::Duration;

    #[test]
    fn an_answer_is_nanoseconds_and_counts() {
        let run = parse("1500 7 3\n").expect("a good answer");
        assert_eq!(run.elapsed, Duration::from_nanos(1500));
        assert_eq!(run.checksum, parse("9 7 3").expect("a good answer").checksum);
        assert_ne!(run.checksum, parse("9 3 7").expect("a good answer").checksum);
        assert!(parse("").is_none());
        assert!(parse("12 x").is_none());
    }
}
