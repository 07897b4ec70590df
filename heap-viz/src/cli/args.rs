//! What was typed.

use super::named::Named;
use clap::{Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use gc_core::event::MAX_AGE;
use heap_viz::compare::Threshold;
use heap_viz::log::LogLevel;
use heap_viz::quantity::{Duration, Size};
use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::str::FromStr;

const ABOUT: &str = "Runs workloads on a generational heap and reports its pauses";

const EXAMPLES: &str = "\
Without a command, tenure runs the workloads of the default set (all but the largest) on a heap
with default settings, and writes a page of charts to tenure-report.html.

Examples:
  tenure run ring --semi-space 4MiB              one workload, a smaller new space
  tenure run ring splay --clock modelled --json  the same figures on every machine
  tenure run lox:fib.lox                         a program in Lox
  tenure run gcbench --events gc.jsonl           keep the events...
  tenure report gc.jsonl --html gc.html          ...and report on them later, with charts
  node --trace-gc app.js | tenure report -       the same of another runtime's log
  tenure compare old.jsonl new.jsonl --fail-if 'p99_pause > +10%'
  tenure convert gc.jsonl -o gc.parquet          for DuckDB, Perfetto, Prometheus and others
  tenure config --semi-space 4M > heap.toml      settings to keep, for --config

Exit codes:
  0  done
  1  a workload found a wrong result, a program failed, the heap was too small, or --fail-if is met
  2  the command line, a config file, an events file, a log or a program has a mistake";

/// The command line.
#[derive(Debug, Parser)]
#[command(name = "tenure", version, about = ABOUT, after_help = EXAMPLES, max_term_width = 100)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run workloads and report on each
    Run(RunArgs),
    /// List the workloads, with what each stresses and its parameters, or the metrics that runs are compared by
    List(ListArgs),
    /// Report on a file of events, or on a log of V8, HotSpot or Go
    ///
    /// What the file is, is told by what is in it: events that `tenure run --events` has written, `node --trace-gc` or
    /// `--trace-gc-nvp`, `java -Xlog:gc*`, or `GODEBUG=gctrace=1`.
    Report(ReportArgs),
    /// Compare runs: what differs, and whether that is more than chance
    Compare(CompareArgs),
    /// Write the runs in a file for other tools: as a table, as metrics, as a trace
    Convert(ConvertArgs),
    /// Print the settings of the heap, as a file for --config
    Config(HeapArgs),
    /// Print a completion script
    Completions {
        /// The shell that will read it
        shell: Shell,
    },
}

#[derive(Debug, Default, clap::Args)]
pub(crate) struct RunArgs {
    /// What to run, workloads and lox:FILE for a program in Lox: if none is named, the default set (`tenure list` tells
    /// them)
    #[arg(value_name = "WORKLOAD", value_parser = Named::parser(), hide_possible_values = true)]
    pub(crate) workloads: Vec<Named>,
    /// Stream that random choices are drawn from, the same as --set seed=N
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// Set a parameter of every workload that has it (repeatable)
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) set: Vec<String>,
    /// Show on stderr what Lox programs print, which otherwise counts only for their checksum
    #[arg(long)]
    pub(crate) echo: bool,
    /// Print one JSON document, schema tenure.report/1, instead of text
    #[arg(long)]
    pub(crate) json: bool,
    /// Write all events to FILE, one JSON object a line, schema tenure.events/1
    ///
    /// FILE is replaced when all runs are done, and left alone if they are interrupted. Writing takes time
    /// between pauses, none within them.
    #[arg(long, value_name = "FILE")]
    pub(crate) events: Option<PathBuf>,
    /// Write a page of charts to FILE, which opens in any browser and needs no network
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// Log collections to stderr as they happen
    #[arg(long, value_name = "LEVEL", num_args = 0..=1, require_equals = true, default_missing_value = "collections")]
    pub(crate) log: Option<LogLevel>,
    #[command(flatten)]
    pub(crate) gate: GateArgs,
    #[command(flatten)]
    pub(crate) heap: HeapArgs,
}

/// The settings of the heap. A flag wins over the config file, which wins over the default.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Heap")]
pub(crate) struct HeapArgs {
    /// Read settings from a TOML file (`tenure config` prints one)
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Largest capacity of one semispace, such as 512KiB or 16M; lowers the initial one if that is larger
    #[arg(long, value_name = "SIZE")]
    pub(crate) semi_space: Option<Size>,
    /// How long a minor pause should take at most, such as 1ms; new space is made small enough for that
    #[arg(long, value_name = "TIME")]
    pub(crate) max_minor_pause: Option<Duration>,
    /// Most that old space and large objects may take together, such as 1.5GiB
    #[arg(long, value_name = "SIZE")]
    pub(crate) max_old: Option<Size>,
    /// Scavenges that an object must have survived before the next one promotes it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(0..=i64::from(MAX_AGE)))]
    pub(crate) promote_age: Option<u8>,
    /// Where the heap takes its time from
    #[arg(long, value_enum)]
    pub(crate) clock: Option<ClockChoice>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ListArgs {
    /// Print one JSON document, schema tenure.workloads/1, instead of text
    #[arg(long)]
    pub(crate) json: bool,
    /// List the metrics of `compare` and of --fail-if instead, with their units
    #[arg(long, conflicts_with = "json")]
    pub(crate) metrics: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ReportArgs {
    /// The file, or - for standard input
    pub(crate) file: PathBuf,
    /// Write a page of charts to FILE, which opens in any browser and needs no network
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// Print one JSON document, schema tenure.report/1, instead of text
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) gate: GateArgs,
}

#[derive(Debug, clap::Args)]
pub(crate) struct CompareArgs {
    /// Files of events or logs, as `report` takes them; each may be named, as in new=FILE
    ///
    /// The first sample is what the others are compared with. Runs of one workload and the same settings are one
    /// sample, however they are spread over files; if that leaves nothing to compare, a file is a sample. If files are
    /// named, files of one name are a sample: old=1.jsonl old=2.jsonl new=3.jsonl.
    #[arg(required = true, value_name = "[NAME=]FILE")]
    pub(crate) files: Vec<NamedFile>,
    /// Print one JSON document, schema tenure.comparison/1, instead of text
    #[arg(long)]
    pub(crate) json: bool,
    /// Write a page with overlaid curves to FILE, which opens in any browser and needs no network
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) gate: GateArgs,
}

/// A file, with the name of the sample that it belongs to where one is given.
#[derive(Clone, Debug)]
pub(crate) struct NamedFile {
    pub(crate) name: Option<String>,
    pub(crate) path: PathBuf,
}

impl FromStr for NamedFile {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        // A file that is there may have any name.
        let named = text.split_once('=').filter(|(name, _)| !name.is_empty() && !Path::new(text).exists());
        Ok(match named {
            Some((name, path)) => NamedFile { name: Some(name.into()), path: path.into() },
            None => NamedFile { name: None, path: text.into() },
        })
    }
}

/// Limits, for builds that are to fail.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct GateArgs {
    /// Exit with code 1 if a run is like this, such as 'p99_pause > 5ms', or 'p99_pause > +10%' of the first run
    /// (repeatable; `tenure list --metrics` tells what can be asked)
    #[arg(long = "fail-if", value_name = "CONDITION")]
    pub(crate) thresholds: Vec<Threshold>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ConvertArgs {
    /// A file of events or a log, as `report` takes them, or - for standard input
    pub(crate) file: PathBuf,
    /// The format to write; if it is not given, the end of OUT tells
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) to: Option<ExportFormat>,
    /// The file to write, or - for standard output
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: PathBuf,
}

/// A format for other tools. Their order is that of the help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// A table, one line a pause (.csv)
    Csv,
    /// The same table in columns, for DuckDB, pandas and their like (.parquet)
    Parquet,
    /// Sums as Prometheus collects them (.prom, .om)
    Openmetrics,
    /// Histograms of pauses for the tools of HdrHistogram (.hlog)
    Hlog,
    /// A trace for ui.perfetto.dev and chrome://tracing (.json)
    Chrome,
    /// Events, one JSON object a line, schema tenure.events/1 (.jsonl)
    Events,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ClockChoice {
    /// The machine's clock
    Measured,
    /// Work times cost: the same report on every machine, byte for byte
    Modelled,
}

#[cfg(test)]
mod tests {
    use super::Args;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Args::command().debug_assert();
    }
}
