//! What a `tenure run` means: every name looked up, every value checked, nothing done yet.

use super::allocation_sites::DEFAULT_INTERVAL_BYTES;
use super::args::RunArgs;
use super::effective::Effective;
use super::failure::Failure;
use super::import;
use super::named::{LOX, Named, SCENARIO, SNAPSHOT, TRACE};
use super::nearest::did_you_mean;
use super::program::{Program, Recorded, Script};
use super::scenario;
use heap_viz::compare::Threshold;
use heap_viz::log::LogLevel;
use heap_viz::quantity::Size;
use heap_viz::{RunInfo, Setting, SettingValue};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use workloads::programs::SnapshotHeap;
use workloads::scenario::Synthetic;
use workloads::{Entry, Parameter, ParameterError, Parameters, SEED};

/// What to run, on which heap, and what to tell of it.
#[derive(Debug)]
pub(crate) struct RunPlan {
    pub(crate) heap: Effective,
    pub(crate) runs: Vec<PlannedRun>,
    pub(crate) format: Format,
    pub(crate) events: Option<PathBuf>,
    pub(crate) html: Option<PathBuf>,
    pub(crate) film: Option<PathBuf>,
    pub(crate) trace: Option<PathBuf>,
    pub(crate) alloc_sites: Option<SitesPlan>,
    pub(crate) snapshot: Option<PathBuf>,
    pub(crate) watches_leaks: bool,
    pub(crate) log: Option<LogLevel>,
    pub(crate) thresholds: Vec<Threshold>,
}

/// Where to write who allocates, and how far samples are apart on average.
#[derive(Clone, Debug)]
pub(crate) struct SitesPlan {
    pub(crate) path: PathBuf,
    pub(crate) interval_bytes: u64,
}

impl SitesPlan {
    fn new(args: &RunArgs) -> Option<Self> {
        let path = args.alloc_sites.clone()?;
        let interval_bytes = args.alloc_interval.map_or(DEFAULT_INTERVAL_BYTES, |Size(bytes)| bytes);
        Some(SitesPlan { path, interval_bytes })
    }
}

/// One run of one program.
#[derive(Debug)]
pub(crate) struct PlannedRun {
    pub(crate) info: RunInfo,
    pub(crate) program: Program,
}

/// How reports are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Text,
    Json,
}

impl Format {
    pub(crate) fn new(json: bool) -> Self {
        if json { Format::Json } else { Format::Text }
    }
}

impl RunPlan {
    /// What `args` mean.
    pub(crate) fn new(args: &RunArgs) -> Result<Self, Failure> {
        let heap = Effective::new(&args.heap)?;
        let heap = if args.watch_leaks { heap.to_watch_leaks() } else { heap };
        let programs = programs(&args.workloads);
        let seed = args.seed.map(|seed| format!("{}={seed}", SEED.name));
        let assignments: Vec<_> = args.set.iter().cloned().chain(seed).collect();
        check_all_known(&assignments, &programs)?;
        if let Some(flag) = of_one_program(args).filter(|_| programs.len() != 1) {
            return Err(Failure::ManyPrograms { flag, programs: programs.len() });
        }
        if args.alloc_sites.is_some() && !matches!(programs[..], [Named::Lox(_)]) {
            return Err(Failure::NoSites);
        }
        Ok(RunPlan {
            runs: programs
                .iter()
                .map(|named| PlannedRun::of(named, &assignments, args.echo, &heap))
                .collect::<Result<_, _>>()?,
            heap,
            format: Format::new(args.json),
            events: args.events.clone(),
            html: args.html.clone(),
            film: args.film.clone(),
            trace: args.record.clone(),
            alloc_sites: SitesPlan::new(args),
            snapshot: args.snapshot.clone(),
            watches_leaks: args.watch_leaks,
            log: args.log,
            thresholds: args.gate.thresholds.clone(),
        })
    }

    /// Whether all that is told goes to stdout.
    pub(crate) fn writes_no_file(&self) -> bool {
        let files = [&self.events, &self.html, &self.film, &self.trace, &self.snapshot];
        files.iter().all(|file| file.is_none()) && self.alloc_sites.is_none()
    }
}

/// A flag that makes a file of one program, if there is one.
fn of_one_program(args: &RunArgs) -> Option<&'static str> {
    let flags = [("--record", &args.record), ("--snapshot", &args.snapshot)];
    flags.into_iter().find(|(_, file)| file.is_some()).map(|(flag, _)| flag)
}

/// What was named; without names, the workloads of the default set.
fn programs(named: &[Named]) -> Vec<Named> {
    if named.is_empty() {
        let default_set = workloads::registry().iter().filter(|entry| entry.by_default);
        return default_set.map(Named::Workload).collect();
    }
    named.to_vec()
}

/// Checks that each assignment is for one of the programs at least.
fn check_all_known(assignments: &[String], programs: &[Named]) -> Result<(), Failure> {
    let declared: Vec<_> = programs.iter().filter_map(Named::parameters).collect();
    assignments.iter().try_for_each(|assignment| check_known(assignment, &declared))
}

/// Checks that an assignment is for one of the programs at least, by the parameters that each declares.
fn check_known(assignment: &str, declared: &[&[Parameter]]) -> Result<(), Failure> {
    if declared.iter().any(|parameters| is_for(assignment, parameters)) {
        return Ok(());
    }
    let name = name_of(assignment);
    let known: BTreeSet<_> = declared.iter().flat_map(|parameters| names(parameters)).collect();
    let known = Vec::from_iter(known);
    let problem = if assignment.contains('=') {
        ParameterError::Unknown { name: name.into(), known: known.clone() }
    } else {
        ParameterError::NotAnAssignment { text: assignment.into() }
    };
    let tip = match &known[..] {
        [] => "programs in Lox and traces have no parameters and no seed".into(),
        known => did_you_mean(name, known, "the parameters"),
    };
    Err(Failure::Parameter { problem, tip: Some(tip) })
}

fn name_of(assignment: &str) -> &str {
    assignment.split('=').next().unwrap_or(assignment).trim()
}

fn names(parameters: &[Parameter]) -> impl Iterator<Item = &'static str> {
    parameters.iter().chain([&SEED]).map(|parameter| parameter.name)
}

fn is_for(assignment: &str, parameters: &[Parameter]) -> bool {
    assignment.contains('=') && names(parameters).any(|name| name == name_of(assignment))
}

impl PlannedRun {
    /// The run of what is named, with those assignments that are for it.
    pub(crate) fn of(
        named: &Named,
        assignments: &[String],
        echo: bool,
        heap: &Effective,
    ) -> Result<Self, Failure> {
        match named {
            Named::Workload(entry) => PlannedRun::workload(entry, assignments, heap),
            Named::Lox(file) => PlannedRun::lox(file, echo, heap),
            Named::Scenario(file) => PlannedRun::scenario(file, assignments, heap),
            Named::Snapshot(file) => PlannedRun::snapshot(file, assignments, heap),
            Named::Trace(file) => PlannedRun::trace(file, heap),
        }
    }

    fn workload(entry: &Entry, assignments: &[String], heap: &Effective) -> Result<Self, Failure> {
        let parameters = parameters(entry.parameters, assignments)?;
        let info = info(entry.name.into(), settings(&parameters), heap);
        Ok(PlannedRun { info, program: Program::Workload(entry.make(&parameters)) })
    }

    fn scenario(file: &Path, assignments: &[String], heap: &Effective) -> Result<Self, Failure> {
        let parameters = parameters(&[], assignments)?;
        let synthetic = Synthetic::new(scenario::read(file)?, parameters.seed());
        let info = info(format!("{SCENARIO}{}", file.display()), settings(&parameters), heap);
        Ok(PlannedRun { info, program: Program::Workload(Box::new(synthetic)) })
    }

    fn lox(file: &Path, echo: bool, heap: &Effective) -> Result<Self, Failure> {
        lox::Vm::validate(&heap.config()).map_err(|error| heap.refusal(error))?;
        let info = info(format!("{LOX}{}", file.display()), Vec::new(), heap);
        Ok(PlannedRun { info, program: Program::Lox(Script::read(file, echo)?) })
    }

    fn snapshot(file: &Path, assignments: &[String], heap: &Effective) -> Result<Self, Failure> {
        let parameters = parameters(&SnapshotHeap::PARAMETERS, assignments)?;
        let objects = Arc::new(import::read_placement(file)?);
        let info = info(format!("{SNAPSHOT}{}", file.display()), settings(&parameters), heap);
        let program = Program::Workload(Box::new(SnapshotHeap::new(objects, &parameters)));
        Ok(PlannedRun { info, program })
    }

    fn trace(file: &Path, heap: &Effective) -> Result<Self, Failure> {
        let recorded = Recorded::open(file)?;
        let info = info(format!("{TRACE}{}", file.display()), recorded.settings(), heap);
        Ok(PlannedRun { info, program: Program::Trace(recorded) })
    }
}

/// What is known of a run without reading the files that it takes: those of a trace tell more.
pub(crate) fn described(
    named: &Named,
    name: &str,
    assignments: &[String],
    heap: &Effective,
) -> Result<RunInfo, Failure> {
    let declared = named.parameters();
    let parameters = declared.map(|declared| parameters(declared, assignments)).transpose()?;
    let settings = parameters.map_or(Vec::new(), |parameters| settings(&parameters));
    Ok(info(name.into(), settings, heap))
}

/// The `declared` parameters, changed by those assignments that are for them.
fn parameters(declared: &[Parameter], assignments: &[String]) -> Result<Parameters, Failure> {
    let own = assignments.iter().filter(|assignment| is_for(assignment, declared));
    Parameters::parse(declared, own).map_err(|problem| Failure::Parameter { problem, tip: None })
}

fn info(workload: String, parameters: Vec<Setting>, heap: &Effective) -> RunInfo {
    RunInfo { workload, parameters, clock: heap.clock(), settings: heap.settings(), collector: None }
}

fn settings(parameters: &Parameters) -> Vec<Setting> {
    let value = SettingValue::Integer;
    parameters
        .iter()
        .map(|(one, number)| Setting::new(one.name, value(number), &value(one.default)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Named, RunArgs, RunPlan};

    #[track_caller]
    fn check_planned(names: &[&str], is_planned: impl Fn(&workloads::Entry) -> bool) {
        let named = |name: &&str| Named::Workload(workloads::find(name).expect("it is registered"));
        let workloads = names.iter().map(named).collect();
        let plan = RunPlan::new(&RunArgs { workloads, ..RunArgs::default() }).expect("a plan");
        let planned: Vec<_> = plan.runs.iter().map(|run| run.info.workload.as_str()).collect();
        let expected = workloads::registry().iter().filter(|entry| is_planned(entry));
        assert_eq!(planned, expected.map(|entry| entry.name).collect::<Vec<_>>());
    }

    #[test]
    fn without_a_name_the_default_set_is_run() {
        check_planned(&[], |entry| entry.by_default);
    }

    #[test]
    fn a_workload_outside_the_default_set_runs_if_it_is_named() {
        check_planned(&["big_heap"], |entry| entry.name == "big_heap");
    }
}
