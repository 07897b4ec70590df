//! What was typed.

use super::live::Watched;
use super::named::{Named, Target};
use super::predict::At;
use super::sweep::SweepCommand;
use clap::{Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use gc_core::Preset;
use gc_core::event::MAX_AGE;
use heap_viz::compare::Threshold;
use heap_viz::log::LogLevel;
use heap_viz::quantity::{Duration, Size, SizeError};
use heap_viz::screen::Speed;
use std::path::{Path, PathBuf};
use std::str::FromStr;

const ABOUT: &str = "Runs workloads on a generational heap and reports its pauses";

const EXAMPLES: &str = "\
Without a command, tenure runs the workloads of the default set (all but the largest) on a heap
with default settings, and writes a page of charts to tenure-report.html and a film to tenure-film.html.

Examples:
  tenure run ring --semi-space 4MiB              one workload, a smaller new space
  tenure run ring splay --clock modelled --json  the same figures on every machine
  tenure run lox:fib.lox                         a program in Lox
  tenure run snapshot:app.heapsnapshot           the heap of a program in Node or Chrome
  tenure run scenario:server.toml --seed 7       objects that live, die and refer as a file says
  tenure live splay --speed 1/10                 watch its heap at work, in the terminal
  tenure script lesson.tenure --trace            what becomes of each object, step by step
  tenure run splay --record splay.trace          record what it does to its memory...
  tenure run trace:splay.trace --semi-space 1M   ...and do it again on another heap
  tenure run splay --snapshot splay.heapsnapshot  keep its last heap...
  tenure snapshot splay.heapsnapshot --why TreeNode  ...and see what keeps what alive
  tenure run gcbench --events gc.jsonl           keep the events...
  tenure run splay --film splay.html             a film of its heap
  tenure report gc.jsonl --html gc.html          ...and report on them later, with charts
  node --trace-gc app.js | tenure report -       the same of another runtime's log
  tenure compare old.jsonl new.jsonl --fail-if 'p99_pause > +10%'
  tenure doctor splay                            what hurts, and settings that help, with proof
  tenure convert gc.jsonl -o gc.parquet          for DuckDB, Perfetto, Prometheus and others
  tenure sweep plan sizes.toml                   a run for each choice in a file, for `sweep run`
  tenure config --semi-space 4M > heap.toml      settings to keep, for --config

Exit codes:
  0  done
  1  a workload found a wrong result, a program failed, an assert did not hold, the heap was too small,
     or --fail-if is met
  2  the command line, a config file, an events file, a log, a scenario, a script, a trace, a file to
     import or a program has a mistake";

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
    /// Watch the heap in the terminal while a workload runs, or a recording is read
    Live(LiveArgs),
    /// Run a script that says what a program does to a heap, and what must then be so
    Script(ScriptArgs),
    /// Step through a script, with a picture and a sentence for each step, on a page or in the terminal
    Explain(ExplainArgs),
    /// List the workloads, with what each stresses and its parameters, or the metrics that runs are compared by
    List(ListArgs),
    /// Report on a file of events, or on a log of V8, HotSpot or Go
    ///
    /// What the file is, is told by what is in it: events that `tenure run --events` has written, `node --trace-gc` or
    /// `--trace-gc-nvp`, `java -Xlog:gc*`, or `GODEBUG=gctrace=1`.
    Report(ReportArgs),
    /// Tell what is in a file of another runtime, and make a trace of it
    Import(ImportArgs),
    /// Tell what a heap snapshot holds, why an object in it is alive, or what has changed since another one
    Snapshot(SnapshotArgs),
    /// Say what is in a trace that `run --record` has written
    Trace(TraceArgs),
    /// Compare runs: what differs, and whether that is more than chance
    Compare(CompareArgs),
    /// Write the runs in a file for other tools: as a table, as metrics, as a trace
    Convert(ConvertArgs),
    /// Print the settings of the heap, as a file for --config
    Config(HeapArgs),
    /// Predict what Node.js does, and compare that with what it did
    Validate(ValidateArgs),
    /// Measure what work costs on this machine, for --cost-model
    Calibrate(CalibrateArgs),
    /// Find the settings that keep pauses within a goal with the least memory, by the modelled clock
    Predict(PredictArgs),
    /// Say what hurts in a run, what to change, and prove it by making the run again with that changed
    Doctor(DoctorArgs),
    /// Run the same workloads on several systems in turn, and compare them
    ///
    /// What the systems are and how they are run is told by a table (benches/peers/README.md says how to add one's own).
    Bench(BenchArgs),
    /// Run a workload on many heaps, on one machine or on many, and see what can be had
    #[command(subcommand)]
    Sweep(SweepCommand),
    /// Print a completion script
    Completions {
        /// The shell that will read it
        shell: Shell,
    },
}

#[derive(Debug, Default, clap::Args)]
pub(crate) struct RunArgs {
    /// What to run: workloads, scenario:FILE for a scenario, trace:FILE for a trace, lox:FILE for a program in Lox,
    /// snapshot:FILE for the heap of one in JavaScript; if nothing is named, the default set of workloads
    /// (`tenure list` tells them)
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
    /// Film the heap around its pauses, and write a page with a player to FILE
    ///
    /// Small heaps are filmed object by object, others in blocks. To look at a heap takes time, not in pauses but between
    /// them.
    #[arg(long, value_name = "FILE")]
    pub(crate) film: Option<PathBuf>,
    /// Record what the program does to its memory into FILE, a trace
    ///
    /// For one program only. FILE is replaced when the run is done, and left alone if it is interrupted. The
    /// collector does the same as without, but the run takes longer.
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<PathBuf>,
    /// Write to FILE which functions allocate how much, as folded stacks for flamegraph.pl, inferno and speedscope
    ///
    /// For one program in Lox only: others do not tell who allocates. Allocations are sampled by their bytes.
    #[arg(long, value_name = "FILE")]
    pub(crate) alloc_sites: Option<PathBuf>,
    /// Bytes from one sample to the next on average; less is more exact, and slower [default: 32KiB]
    #[arg(long, value_name = "SIZE", value_parser = parse_interval, requires = "alloc_sites")]
    pub(crate) alloc_interval: Option<Size>,
    /// Write what is alive when the program ends to FILE, a heap snapshot that Chrome's DevTools and `tenure snapshot` open
    ///
    /// For one program only.
    #[arg(long, value_name = "FILE")]
    pub(crate) snapshot: Option<PathBuf>,
    /// Watch for leaks: tell if what is alive grows from one full collection to the next, which types, and what keeps them
    /// alive
    ///
    /// The old generation is collected at every tenth that it grows by, and new space stays small, unless settings say
    /// otherwise: two collections more would tell nothing. `--fail-if 'leaks > 0'` makes a leak a failure.
    #[arg(long)]
    pub(crate) watch_leaks: bool,
    /// Log collections to stderr as they happen
    #[arg(long, value_name = "LEVEL", num_args = 0..=1, require_equals = true, default_missing_value = "collections")]
    pub(crate) log: Option<LogLevel>,
    #[command(flatten)]
    pub(crate) gate: GateArgs,
    #[command(flatten)]
    pub(crate) heap: HeapArgs,
}

#[derive(Debug, clap::Args)]
pub(crate) struct LiveArgs {
    /// What to watch: a program, as `run` takes it, or the file of a run: of events, or a log, as `report` takes it
    #[arg(value_name = "WORKLOAD|FILE", value_parser = Watched::parser(), hide_possible_values = true)]
    pub(crate) watched: Watched,
    /// How fast the heap's clock may run, as against the one on the wall: 1/1000 to 100, or full
    #[arg(long, value_name = "SPEED", value_parser = speed)]
    pub(crate) speed: Option<Speed>,
    /// Hold the heap after its first pause, until a key is pressed
    #[arg(long)]
    pub(crate) hold: bool,
    /// Leave the view as soon as the run is over
    #[arg(long)]
    pub(crate) exit: bool,
    /// Stream that random choices are drawn from, the same as --set seed=N
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// Set a parameter of the workload (repeatable)
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) set: Vec<String>,
    #[command(flatten)]
    pub(crate) heap: HeapArgs,
}

/// Whether anything is said of a run that is to be made, which has no meaning for a recording of one.
pub(crate) fn sets_anything(seed: Option<u64>, set: &[String], heap: &HeapArgs) -> bool {
    seed.is_some() || !set.is_empty() || *heap != HeapArgs::default()
}

fn speed(name: &str) -> Result<Speed, String> {
    let known = || format!("the speeds are {}", Vec::from_iter(Speed::names()).join(", "));
    Speed::find(name).ok_or_else(known)
}

/// The settings of the heap. A flag wins over the config file, which wins over the preset, which wins over the default.
#[derive(Clone, Debug, Default, PartialEq, clap::Args)]
#[command(next_help_heading = "Heap")]
pub(crate) struct HeapArgs {
    /// Start from the settings of a real runtime
    #[arg(long, value_name = "NAME", value_parser = super::preset::parser())]
    pub(crate) preset: Option<Preset>,
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
    /// Set any setting by its name in a config file, such as marking.start_percent=30 (repeatable)
    #[arg(long = "setting", value_name = "NAME=VALUE")]
    pub(crate) settings: Vec<Assignment>,
    /// Take what work costs from a TOML file (`tenure calibrate` makes one), and time from that
    #[arg(long, value_name = "FILE")]
    pub(crate) cost_model: Option<PathBuf>,
    /// Where the heap takes its time from
    #[arg(long, value_enum)]
    pub(crate) clock: Option<ClockChoice>,
}

fn parse_interval(text: &str) -> Result<Size, String> {
    let size: Size = text.parse().map_err(|problem: SizeError| problem.to_string())?;
    if size.0 == 0 { Err("it must be one byte at least".into()) } else { Ok(size) }
}

/// A setting by its name, and the value that it is to have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Assignment {
    pub(crate) path: String,
    pub(crate) value: String,
}

impl FromStr for Assignment {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        let (path, value) =
            text.split_once('=').ok_or("write it as NAME=VALUE, such as new_space.max=8MiB")?;
        Ok(Assignment { path: path.trim().into(), value: value.trim().into() })
    }
}

#[derive(Debug, clap::Args)]
pub(crate) struct ScriptArgs {
    /// The script (docs/scripts.md tells the language)
    pub(crate) file: PathBuf,
    /// Print what each collection has copied, promoted, kept and freed
    #[arg(long)]
    pub(crate) trace: bool,
    /// Write a page with a player to FILE, which shows the heap after each statement and in each pause, and says why
    #[arg(long, value_name = "FILE")]
    pub(crate) film: Option<PathBuf>,
    /// Write a figure to FOLDER, as SVG, for each statement with a comment behind it, which becomes the caption
    #[arg(long, value_name = "FOLDER")]
    pub(crate) figures: Option<PathBuf>,
    /// Draw the figures as PNG images, in the light theme, instead of as SVG
    #[arg(long, requires = "figures")]
    pub(crate) png: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ExplainArgs {
    /// The script (docs/scripts.md tells the language)
    pub(crate) file: PathBuf,
    /// Where the page goes
    #[arg(long, short, value_name = "FILE", default_value = "tenure-explain.html")]
    pub(crate) output: PathBuf,
    /// Step through it in the terminal instead; where there is none, print all steps
    #[arg(long, conflicts_with = "output")]
    pub(crate) text: bool,
    /// Print all steps as text
    #[arg(long, conflicts_with = "output")]
    pub(crate) plain: bool,
    /// Tell instead what each collection has made of an object, and why: of the last that was made as NAME, as in `a = ...`
    #[arg(long, value_name = "NAME", conflicts_with_all = ["output", "text", "plain"])]
    pub(crate) why: Option<String>,
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
    /// Print Markdown for a comment on a pull request, instead of text
    #[arg(long, conflicts_with = "json")]
    pub(crate) markdown: bool,
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
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        // A file that is there may have any name.
        let named = text.split_once('=').filter(|(name, _)| !name.is_empty() && !Path::new(text).exists());
        Ok(match named {
            Some((_, "")) => return Err("no file is named: write it as NAME=FILE"),
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

#[derive(Debug, clap::Args)]
pub(crate) struct ImportArgs {
    /// A V8 heap snapshot, allocation timeline or sampling profile, an OCaml memtrace or a memray capture
    pub(crate) file: PathBuf,
    /// Write a trace to FILE, which is replaced when the trace is whole
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Make up references, where none are recorded, as those of this heap snapshot are; else as those of a heap of Node
    #[arg(long, value_name = "FILE.heapsnapshot")]
    pub(crate) edges: Option<PathBuf>,
    /// Stream that random choices are drawn from, for references that are made up
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Print what the references of a heap snapshot are like, as JSON, and nothing else
    #[arg(long, conflicts_with_all = ["output", "edges"])]
    pub(crate) statistics: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct SnapshotArgs {
    /// A heap snapshot, of Node or Chrome or one that `tenure run --snapshot` has written
    pub(crate) file: PathBuf,
    /// Tell why an object is alive: which references lead to it from the roots, and what it keeps alive itself
    ///
    /// @123 is the object of that number, as DevTools show it. Of a type, that object is taken which keeps most alive.
    #[arg(long, value_name = "@NUMBER|TYPE", conflicts_with = "since")]
    pub(crate) why: Option<String>,
    /// Tell what has changed since an older snapshot: objects that are new, freed or grown, by type
    #[arg(long, value_name = "FILE")]
    pub(crate) since: Option<PathBuf>,
    /// How many types and how many objects to list
    #[arg(long, value_name = "N", default_value_t = 15)]
    pub(crate) top: usize,
    /// Print one JSON document, schema tenure.snapshot/1, tenure.why/1 or tenure.snapshot_diff/1, instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct TraceArgs {
    /// The trace
    pub(crate) file: PathBuf,
    /// Print one JSON document, schema tenure.trace/1, instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ValidateArgs {
    /// Rows to predict, by how their names start: if none is given, all
    #[arg(value_name = "ROW")]
    pub(crate) rows: Vec<String>,
    /// Read what happened from FILE, with the columns of the rows that tenure has with it
    #[arg(long, value_name = "FILE")]
    pub(crate) reference: Option<PathBuf>,
    /// Fail if less than this share of the rows is predicted well enough, in percent
    #[arg(long, value_name = "PERCENT", default_value_t = 80, value_parser = clap::value_parser!(u8).range(0..=100))]
    pub(crate) min_share: u8,
}

#[derive(Debug, clap::Args)]
pub(crate) struct CalibrateArgs {
    /// Write the costs to FILE instead of printing them
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct PredictArgs {
    /// What is to be run: trace:FILE, a workload, or whatever else `tenure run` takes
    #[arg(value_name = "PROGRAM", value_parser = Named::parser(), hide_possible_values = true)]
    pub(crate) program: Named,
    /// How long pauses may be, such as 2ms
    #[arg(long, value_name = "TIME")]
    pub(crate) max_pause: Duration,
    /// Which pauses are meant
    #[arg(long, value_enum, default_value_t)]
    pub(crate) at: At,
    /// Stream that random choices are drawn from, the same as --set seed=N
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// Set a parameter of the workload (repeatable)
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) set: Vec<String>,
    /// Measured runs with the settings that are chosen
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub(crate) repeat: u32,
    /// Write the settings that are chosen to FILE, for --config
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) heap: HeapArgs,
}

impl PredictArgs {
    /// The run whose settings are sought.
    pub(crate) fn as_run(&self) -> RunArgs {
        RunArgs {
            workloads: vec![self.program.clone()],
            seed: self.seed,
            set: self.set.clone(),
            heap: self.heap.clone(),
            ..RunArgs::default()
        }
    }
}

#[derive(Debug, clap::Args)]
pub(crate) struct DoctorArgs {
    /// What is ill: a workload, or whatever else `tenure run` takes; or a file of events or a log, as `report` takes them, of
    /// which nothing can be proven
    #[arg(value_name = "TARGET", value_parser = Target::parser(), hide_possible_values = true)]
    pub(crate) target: Target,
    /// Stream that random choices are drawn from, the same as --set seed=N
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// Set a parameter of the workload (repeatable)
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) set: Vec<String>,
    /// Print one JSON document, schema tenure.report/1, instead of text
    #[arg(long)]
    pub(crate) json: bool,
    /// Write a page of charts to FILE, with what was tried below its verdict
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// Write the settings that help to FILE, for --config
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) heap: HeapArgs,
}

impl DoctorArgs {
    /// The run of `program`.
    pub(crate) fn as_run(&self, program: &Named) -> RunArgs {
        RunArgs {
            workloads: vec![program.clone()],
            seed: self.seed,
            set: self.set.clone(),
            heap: self.heap.clone(),
            ..RunArgs::default()
        }
    }
}

#[derive(Debug, clap::Args)]
pub(crate) struct BenchArgs {
    /// Measure only these systems, in this order; the others are compared with the first
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub(crate) systems: Vec<String>,
    /// Measure only these cases
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub(crate) workloads: Vec<String>,
    /// Invocations of each system for each case, after one that does not count (5, with --quick 3)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) reps: Option<u16>,
    /// Take the small parameters of each case: seconds in place of minutes, and figures that say less
    #[arg(long)]
    pub(crate) quick: bool,
    /// Also measure time against memory, with heaps in multiples of the smallest one: many times as long
    #[arg(long)]
    pub(crate) space: bool,
    /// How long one invocation may take
    #[arg(long, value_name = "TIME", default_value = "60s")]
    pub(crate) time_limit: Duration,
    /// The system that the others are compared with, if not the first
    #[arg(long, value_name = "NAME")]
    pub(crate) base: Option<String>,
    /// Do not measure what the machine can do at most
    #[arg(long)]
    pub(crate) no_machine: bool,
    /// The table of systems and cases
    #[arg(long, value_name = "FILE", default_value = "benches/peers/peers.toml")]
    pub(crate) peers: PathBuf,
    /// Exit with code 1 if a system that is installed does not get through a case
    #[arg(long)]
    pub(crate) strict: bool,
    /// Print one JSON document, schema tenure.bench/1, instead of text
    #[arg(long)]
    pub(crate) json: bool,
    /// Write a page of charts to FILE, which opens in any browser and needs no network
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// Write a table of all invocations to FILE, as CSV
    #[arg(long, value_name = "FILE")]
    pub(crate) csv: Option<PathBuf>,
    /// Write the same table to FILE, as Parquet
    #[arg(long, value_name = "FILE")]
    pub(crate) parquet: Option<PathBuf>,
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
