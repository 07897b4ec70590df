//! A program run once, in a process of its own.

use gc_core::event::Nanos;
use heap_viz::quantity::Time;
use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

/// How long a process is not looked at, at most. What the system tells of memory is the most there ever was, so that
/// only what it takes right before its end is missed.
const BETWEEN_LOOKS: Duration = Duration::from_millis(2);
/// And at least.
const LEAST_BETWEEN_LOOKS: Duration = Duration::from_micros(100);
/// Looks for each time that a process has lived: what is missed is no more than such a part of its life.
const LOOKS: u32 = 16;
/// Of a process that was looked at less often than so before it ended, its peak memory is not known: it may have grown
/// after the last look. What `wait4` tells would not do: Linux counts what this program had resident when it started the
/// other (`exec_mmap` in fs/exec.c keeps the greater of both).
const LEAST_LOOKS: u32 = 10;
/// How long what a process has printed is waited for once it has ended: what it has started may go on and keep its
/// output open.
const FOR_OUTPUT: Duration = Duration::from_secs(2);
/// Most of what a process prints that is kept.
const MOST_BYTES: u64 = 4 << 20;

/// A command.
#[derive(Clone, Debug)]
pub(super) struct Invocation {
    /// The program and its arguments.
    pub(super) words: Vec<String>,
    pub(super) folder: PathBuf,
    pub(super) environment: BTreeMap<String, String>,
    /// How long it may take.
    pub(super) time_limit: Duration,
}

/// A process that has ended well.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) stdout: String,
    pub(super) stderr: String,
    /// From its start to its end.
    pub(super) elapsed: Duration,
    /// Most memory that it had resident, in KiB; 0 where that is not known.
    pub(super) peak_kib: u64,
}

impl Invocation {
    /// Runs the program to its end; what went wrong otherwise.
    pub(super) fn run(&self) -> Result<Ended, String> {
        let started = Instant::now();
        let mut child = self.start()?;
        let stdout = read_all(child.stdout.take().expect("it is piped"));
        let stderr = read_all(child.stderr.take().expect("it is piped"));
        let (status, peak_kib) = self.watch(&mut child, started)?;
        let elapsed = started.elapsed();
        let [stdout, stderr] =
            [stdout, stderr].map(|output| output.recv_timeout(FOR_OUTPUT).unwrap_or_default());
        if status.success() {
            Ok(Ended { stdout, stderr, elapsed, peak_kib })
        } else {
            Err(format!("{status}{}", last_line(&stderr).map_or(String::new(), |line| format!(": {line}"))))
        }
    }

    fn start(&self) -> Result<Child, String> {
        let mut command = Command::new(&self.words[0]);
        command.args(&self.words[1..]).current_dir(&self.folder).envs(&self.environment);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().map_err(|error| format!("`{}` cannot be started: {error}", self.words[0]))
    }

    /// Waits for the end of a process, or ends it when its time is over; its status, and its peak memory in KiB.
    fn watch(&self, child: &mut Child, started: Instant) -> Result<(ExitStatus, u64), String> {
        let mut peak = Peak::default();
        loop {
            peak.look_at(child.id());
            match child.try_wait() {
                Ok(Some(status)) => return Ok((status, peak.known_kib())),
                Ok(None) if started.elapsed() > self.time_limit => {
                    // It may have ended meanwhile: then there is nothing to end.
                    let _ = child.kill();
                    let _ = child.wait();
                    let limit = Time(Nanos(self.time_limit.as_nanos() as u64));
                    return Err(format!("ran for longer than {limit:#}"));
                }
                Ok(None) => {
                    thread::sleep((started.elapsed() / LOOKS).clamp(LEAST_BETWEEN_LOOKS, BETWEEN_LOOKS));
                }
                Err(error) => return Err(error.to_string()),
            }
        }
    }
}

/// The peak memory of a process, as far as it has been looked at.
#[derive(Debug, Default)]
struct Peak {
    kib: u64,
    looks: u32,
}

impl Peak {
    fn look_at(&mut self, process: u32) {
        let kib = peak_of(process);
        // One that has ended has none.
        self.looks += u32::from(kib > 0);
        self.kib = self.kib.max(kib);
    }

    /// The peak in KiB; 0 if it has not been seen.
    fn known_kib(&self) -> u64 {
        if self.looks < LEAST_LOOKS { 0 } else { self.kib }
    }
}

/// Most memory that a process has had resident, in KiB; 0 where the system does not tell.
fn peak_of(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

/// Reads to the end, on a thread: a process that prints more than a pipe holds would wait otherwise.
fn read_all(output: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let (mut bytes, mut output) = (Vec::new(), output);
        // What cannot be read is not there, and the program is judged by the rest.
        let _ = output.by_ref().take(MOST_BYTES).read_to_end(&mut bytes);
        let _ = sender.send(String::from_utf8_lossy(&bytes).into_owned());
        let _ = std::io::copy(&mut output, &mut std::io::sink());
    });
    receiver
}

/// The last line that is not blank.
pub(super) fn last_line(text: &str) -> Option<&str> {
    text.lines().map(str::trim).rfind(|line| !line.is_empty())
}

#[cfg(all(test, unix))]
mod tests {
    use super::{Invocation, LEAST_LOOKS, Peak};
    use std::collections::BTreeMap;
    use std::time::{Duration, Instant};

    fn shell(script: &str) -> Invocation {
        Invocation {
            words: ["sh", "-c", script].map(String::from).into(),
            folder: ".".into(),
            environment: BTreeMap::from([("GREETING".into(), "hello".into())]),
            time_limit: Duration::from_secs(60),
        }
    }

    #[test]
    fn a_program_has_its_environment_and_its_output_is_kept() {
        let ended = shell("echo $GREETING; echo there >&2").run().expect("it ends well");
        assert_eq!((&ended.stdout[..], &ended.stderr[..]), ("hello\n", "there\n"));
    }

    #[test]
    fn memory_is_told() {
        let ended = shell("sleep 0.3").run().expect("it ends well");
        assert!(!cfg!(target_os = "linux") || (100..1 << 20).contains(&ended.peak_kib), "{}", ended.peak_kib);
    }

    #[test]
    fn memory_that_was_hardly_looked_at_is_not_known() {
        let mut peak = Peak { kib: 7, looks: LEAST_LOOKS - 1 };
        assert_eq!(peak.known_kib(), 0);
        peak.looks += 1;
        assert_eq!(peak.known_kib(), 7);
    }

    #[test]
    fn a_failure_tells_the_status_and_the_last_line() {
        let problem = shell("echo first >&2; echo last >&2; echo >&2; exit 3").run().expect_err("it fails");
        assert_eq!(problem, "exit status: 3: last");
        let problem = shell("kill -9 $$").run().expect_err("it fails");
        assert!(problem.starts_with("signal: 9"), "{problem}");
    }

    #[test]
    fn a_program_that_is_not_there_is_told() {
        let absent = Invocation { words: vec!["./no-such-program".into()], ..shell("") };
        let problem = absent.run().expect_err("it is not there");
        assert!(problem.starts_with("`./no-such-program` cannot be started: "), "{problem}");
    }

    #[test]
    fn a_program_that_hangs_is_ended_also_if_what_it_started_keeps_the_output() {
        let started = Instant::now();
        let hanging = Invocation { time_limit: Duration::from_millis(100), ..shell("sleep 30 & sleep 30") };
        assert_eq!(hanging.run().expect_err("it hangs"), "ran for longer than 100 ms");
        assert!(started.elapsed() < Duration::from_secs(20), "it was not waited for");
    }

    #[test]
    fn output_that_fills_a_pipe_does_not_stop_a_program() {
        let ended = shell("head -c 8000000 /dev/zero; echo done >&2").run().expect("it ends well");
        assert_eq!((ended.stdout.len(), &ended.stderr[..]), (4 << 20, "done\n"));
    }
}
