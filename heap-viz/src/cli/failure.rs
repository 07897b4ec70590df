//! What ends the command early, in one message that says what, where and how to mend it.

use super::printable::printable;
use gc_core::ConfigError;
use heap_viz::ReadError;
use heap_viz::picture::ImageError;
use heap_viz::sweep::{CellError, PlanError, Unmerged};
use lox::CompileError;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use workloads::import::ImportError;
use workloads::teach::ScriptError;
use workloads::trace::TraceError;
use workloads::{ParameterError, WorkloadError};

/// Exit code of a run that failed: a wrong result, or a heap that was too small.
const RUN_FAILED: u8 = 1;
/// Exit code of a command that could not be carried out as it was given; also clap's.
const USAGE: u8 = 2;

/// Why the command was not carried out.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// A config file, a scenario, a script, a trace or a program cannot be read.
    #[error("cannot read {}: {source}", .path.display())]
    Read { path: PathBuf, source: io::Error },
    /// A config file or a scenario has a mistake.
    #[error("{place}: {problem}")]
    TomlFile { place: String, problem: String, tip: Option<String> },
    /// A setting lies outside its range.
    #[error("{given}, but must lie between {min} and {max}")]
    OutOfRange { given: String, min: String, max: String },
    /// There can be no heap with this configuration.
    #[error("{0}")]
    Heap(ConfigError),
    /// `--setting` cannot be carried out.
    #[error("in `--setting`: {problem}")]
    Setting { problem: String, tip: Option<String> },
    /// A parameter of a workload cannot be set like this.
    #[error("in `--set`: {problem}")]
    Parameter { problem: ParameterError, tip: Option<String> },
    /// The events or the trace of a run cannot be written.
    #[error("cannot write {}: {source}", .path.display())]
    Write { path: PathBuf, source: io::Error },
    /// A file of events or a log cannot be made sense of.
    #[error("{}: {problem}", .path.display())]
    Input { path: PathBuf, problem: ReadError },
    /// A file of another runtime cannot be imported.
    #[error("{}: {problem}", .path.display())]
    Import { path: PathBuf, problem: ImportError },
    /// A trace cannot be read, or not to its end.
    #[error("{}: {problem}", .path.display())]
    Trace { path: PathBuf, problem: TraceError },
    /// Who allocates is to be told of what does not tell it.
    #[error("`--alloc-sites` is for one program in Lox: others do not tell which function allocates")]
    NoSites,
    /// A snapshot has no such object or type.
    #[error("{}: {problem}", .path.display())]
    NotInSnapshot { path: PathBuf, problem: String, tip: Option<String> },
    /// A file is to be made of one program, but more are named, or none is.
    #[error("`{flag}` is for one program, but {programs} are to be run")]
    ManyPrograms { flag: &'static str, programs: usize },
    /// The end of a file's name does not tell what to write.
    #[error("{} does not end as a format does that can be written", .path.display())]
    NoFormat { path: PathBuf, endings: String },
    /// There is one sample only.
    #[error("nothing to compare: {found}")]
    OneSample { found: String },
    /// A limit is on something that is not known.
    #[error("`{threshold}` cannot be checked: {reason}")]
    Unchecked { threshold: String, reason: String },
    /// Limits were not kept.
    #[error("{}", .0.join("; "))]
    Exceeded(Vec<String>),
    /// A program in Lox does not compile.
    #[error("{} is no Lox program:\n{}", .path.display(), lines(.errors))]
    Lox { path: PathBuf, errors: Vec<CompileError> },
    /// A script has a mistake, or what it says is not so.
    #[error("{}:{problem}", .path.display())]
    Script { path: PathBuf, problem: ScriptError },
    /// A file of what real programs did has a mistake.
    #[error("{place}: {problem}")]
    Reference { place: String, problem: String },
    /// It has no such row.
    #[error("there is no row `{name}`")]
    UnknownRow { name: String, tip: String },
    /// A prediction failed.
    #[error("row {row}: {problem}")]
    Prediction { row: String, problem: WorkloadError },
    /// A run that was to show what work costs failed.
    #[error("the run `{name}` failed: {problem}")]
    MicroRun { name: &'static str, problem: WorkloadError },
    /// Too few predictions were near enough.
    #[error("only {within} of {all} rows are within the tolerance, not {min_percent} %")]
    Share { within: usize, all: usize, min_percent: u8 },
    /// No settings that were tried keep pauses within a goal.
    #[error("no settings that were tried give {goal}")]
    NoSettings { goal: String },
    /// A doctor was asked to go by the machine's clock.
    #[error("the doctor's runs are by the modelled clock, or a difference might be chance")]
    NoProof,
    /// A page is to go where the report goes.
    #[error("a page goes to a file, not to standard output, which `-` stands for")]
    PageToStdout,
    /// A file is no heap snapshot.
    #[error("{}: {problem}", .path.display())]
    NoSnapshot { path: PathBuf, problem: ImportError },
    /// Something is to be set of a run that was made long ago.
    #[error("nothing can be set of a recording: {} tells of a run that is over", .path.display())]
    Recording { path: PathBuf },
    /// There are no settings to be written.
    #[error("no settings were written: nothing that was tried helps")]
    NoCure,
    /// A measured run failed under the settings that were chosen.
    #[error("the run failed under the settings that were chosen: {reason}")]
    Unconfirmed { reason: String },
    /// A figure has not become an image.
    #[error("no image {}: {source}", .path.display())]
    Image { path: PathBuf, source: ImageError },
    /// There can be no figures of a script.
    #[error("no figures of {}: {problem}", .path.display())]
    Figures { path: PathBuf, problem: &'static str },
    /// A view is to be shown where there is no terminal.
    #[error("`tenure live` needs a terminal, and standard output is none")]
    NoTerminal,
    /// The terminal does not do what is asked of it.
    #[error("cannot use the terminal: {0}")]
    Terminal(io::Error),
    /// A script cannot be stepped through.
    #[error("no steps through {}: {problem}", .path.display())]
    Steps { path: PathBuf, problem: &'static str },
    /// The table of systems is not where it was looked for.
    #[error("cannot read {}: {source}", .path.display())]
    NoPeers { path: PathBuf, source: io::Error },
    /// A system or a case is not in the table.
    #[error("there is no {what} `{name}`")]
    NotInPeers { what: &'static str, name: String, tip: String },
    /// Systems did not get through cases.
    #[error("{}", .0.join("; "))]
    Peers(Vec<String>),
    /// A plan of a sweep cannot be made sense of.
    #[error("{}: {problem}", .path.display())]
    Plan { path: PathBuf, problem: PlanError },
    /// What a command writes would replace what it reads.
    #[error("{} would be replaced, which is read too", .path.display())]
    Overwrites { path: PathBuf },
    /// A command is to write two things into one file.
    #[error("{} would be written twice", .path.display())]
    WrittenTwice { path: PathBuf },
    /// A sweep has more cells than a plan may have.
    #[error("{} has {cells} cells, more than {most}", .path.display())]
    TooManyCells { path: PathBuf, cells: u128, most: u64 },
    /// A plan was made by another build of the same version.
    #[error("{} was made by another build of tenure {}", .path.display(), env!("CARGO_PKG_VERSION"))]
    OtherBuild { path: PathBuf },
    /// What has come out of a cell can neither be read nor be made again.
    #[error("{0}")]
    Cell(CellError),
    /// A program has no least heap.
    #[error("there is no least heap for {workload}: {reason}")]
    NoMinimum { workload: String, reason: String },
    /// A cell is not what it was when the plan was made.
    #[error("the plan does not fit any more: {reason} ({cell})")]
    Stale { cell: String, reason: String },
    /// A batch system has given a number that is of no shard.
    #[error("{system} has set {variable}: {problem}")]
    BatchShard { system: &'static str, variable: &'static str, problem: String },
    /// Cells of a sweep are missing, in conflict, or cannot be read.
    #[error("{0}")]
    Unmerged(Box<Unmerged>),
    /// Standard output takes no more, although nobody has closed it.
    #[error("cannot write to standard output: {0}")]
    Stdout(io::Error),
    /// Workloads failed.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Runs(Vec<FailedRun>),
}

/// A run that came to nothing.
#[derive(Debug, thiserror::Error)]
#[error("{workload} failed: {reason}")]
pub(crate) struct FailedRun {
    pub(crate) workload: String,
    pub(crate) reason: String,
    pub(crate) tip: Option<String>,
}

fn lines(errors: &[CompileError]) -> String {
    errors.iter().map(|error| format!("  {error}")).collect::<Vec<_>>().join("\n")
}

/// What to do about a sweep that cannot be merged.
fn unmerged_tip(unmerged: &Unmerged) -> String {
    let conflict =
        "of files in conflict one was run by a tenure that is not the same: remove that, and run it again";
    let shards: Vec<_> = unmerged.shards.iter().map(|shard| format!("--shard {shard}")).collect();
    let again = format!("run again with {}", shards.join(", "));
    match (unmerged.conflicting.is_empty(), shards.is_empty()) {
        (true, _) => again,
        (false, true) => conflict.into(),
        (false, false) => format!("{again}; {conflict}"),
    }
}

/// What tells of a file that has no events, by the end of its name.
fn told_elsewhere(path: &Path) -> Option<String> {
    let command = match path.extension()?.to_str()? {
        "heapsnapshot" => "snapshot",
        "trace" => "trace",
        "plan" => "sweep run",
        _ => return None,
    };
    Some(format!("such a file is for `tenure {command} {}`", path.display()))
}

impl Failure {
    /// Tells the user, and gives the exit code.
    pub(crate) fn report(&self) -> ExitCode {
        eprintln!("error: {}", printable(&self.to_string()));
        if let Some(tip) = self.tip() {
            eprintln!("\n  tip: {}", printable(&tip));
        }
        ExitCode::from(self.exit_code())
    }

    fn tip(&self) -> Option<String> {
        match self {
            Failure::TomlFile { tip, .. } | Failure::Parameter { tip, .. } | Failure::Setting { tip, .. } => {
                tip.clone()
            }
            Failure::NotInSnapshot { tip, .. } => tip.clone(),
            Failure::UnknownRow { tip, .. } | Failure::NotInPeers { tip, .. } => Some(tip.clone()),
            Failure::NoPeers { .. } => Some(
                "name the table with --peers; Tenure's own is benches/peers/peers.toml in its repository"
                    .into(),
            ),
            Failure::Trace { problem: TraceError::Truncated { .. } | TraceError::Corrupt { .. }, .. } => {
                Some("record it again with `tenure run ... --record FILE`".into())
            }
            Failure::ManyPrograms { flag, .. } => Some(format!("name one: `tenure run ring {flag} FILE`")),
            Failure::Input { problem: ReadError::Truncated { .. } | ReadError::Corrupt { .. }, .. } => {
                Some("write the file again with `tenure run ... --events FILE`".into())
            }
            Failure::Steps { .. } => Some("`tenure explain FILE` makes a page that shows blocks".into()),
            Failure::NoTerminal => {
                Some("`tenure run` and `tenure report` write reports to files and pipes".into())
            }
            Failure::NoFormat { endings, .. } => {
                Some(format!("name the format with --to, or end the name in {endings}"))
            }
            Failure::NoSites => Some("name one: `tenure run lox:FILE --alloc-sites OUT`".into()),
            Failure::PageToStdout => Some("name a file, such as report.html, or ./- if it is to be called so".into()),
            Failure::NoSnapshot { .. } => Some(
                "a heap snapshot tells what is alive and what refers to what: `tenure run ... --snapshot FILE` makes \
                 one, and so do Node and Chrome; events and logs are for `tenure report`"
                    .into(),
            ),
            Failure::Input { path, problem: ReadError::Unknown } => told_elsewhere(path),
            Failure::Recording { .. } => Some(
                "name the program, or a trace of it, which can be run again: `tenure run ... --record FILE` makes one, \
                 for trace:FILE"
                    .into(),
            ),
            Failure::NoProof => Some("leave out `--clock measured`".into()),
            Failure::Overwrites { .. } | Failure::WrittenTwice { .. } => {
                Some("give each thing that is written a name of its own".into())
            }
            Failure::TooManyCells { .. } => Some(
                "leave choices out, or draw some: `sample = { kind = \"latin-hypercube\", cells = 1000 }`"
                    .into(),
            ),
            Failure::Stale { .. } => {
                Some("make the plan again: cells that have not changed keep what they have".into())
            }
            Failure::Plan { .. } => Some(
                "make the plan with `tenure sweep plan FILE`: cells that were run before keep what they have"
                    .into(),
            ),
            Failure::OtherBuild { .. } => Some(
                "make the plan again with `tenure sweep plan FILE`; or say --any-build, if both builds find the same"
                    .into(),
            ),
            Failure::BatchShard { variable, .. } => Some(format!(
                "have the system count to the shards of the plan, or say --shard; it reads {variable}"
            )),
            Failure::Unmerged(unmerged) => Some(unmerged_tip(unmerged)),
            Failure::Runs(failed) => failed.iter().find_map(|run| run.tip.clone()),
            _ => None,
        }
    }

    fn exit_code(&self) -> u8 {
        match self {
            Failure::Script { problem: ScriptError::Failed { .. }, .. } => RUN_FAILED,
            Failure::Runs(_)
            | Failure::Exceeded(_)
            | Failure::Peers(_)
            | Failure::Unmerged(_)
            | Failure::NoMinimum { .. }
            | Failure::MicroRun { .. }
            | Failure::Prediction { .. }
            | Failure::NoSettings { .. }
            | Failure::NoCure
            | Failure::Unconfirmed { .. }
            | Failure::Share { .. } => RUN_FAILED,
            Failure::Heap(ConfigError::NoAddressSpace { .. }) => RUN_FAILED,
            _ => USAGE,
        }
    }
}
