//! What is to be measured, and how.

use super::super::args::BenchArgs;
use super::super::failure::Failure;
use super::super::nearest::did_you_mean;
use super::invocation::Invocation;
use super::peers_file::{Case, PeersFile, Space, System};
use super::template::{Template, Values};
use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};
use std::time::Duration;
use workloads::{Parameters, Workload};

/// Invocations that count, unless the command line says how many.
const REPETITIONS: usize = 5;
/// The same for a quick look.
const QUICK_REPETITIONS: usize = 3;
/// How long a build may take: an hour, as on a machine that is slow and busy.
const FOR_BUILDS: Duration = Duration::from_secs(3_600);

/// What is to be measured, and how.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) systems: Vec<System>,
    pub(super) base: usize,
    pub(super) cases: Vec<PlannedCase>,
    pub(super) repetitions: usize,
    pub(super) time_limit: Duration,
    /// Where what is built goes, a folder for each folder of systems.
    builds: PathBuf,
}

/// A workload with the parameters that were chosen.
#[derive(Debug)]
pub(super) struct PlannedCase {
    pub(super) name: String,
    pub(super) workload_name: &'static str,
    pub(super) parameters: Parameters,
    pub(super) workload: Box<dyn Workload>,
    /// What every system must find.
    pub(super) checksum: u64,
}

/// How much memory a system is given.
#[derive(Clone, Debug)]
pub(super) enum Memory {
    /// As much as it takes.
    AsItComes,
    /// A heap of so many MiB.
    HeapMib(u64),
    /// A value of its knob.
    Knob(String),
}

impl Plan {
    /// What `args` mean with the systems and cases of `file`, which lies in `folder`.
    pub(super) fn new(args: &BenchArgs, file: PeersFile, folder: &Path) -> Result<Self, Failure> {
        let systems = chosen(&args.systems, file.systems, |system| &system.name, "system")?;
        let cases = chosen(&args.workloads, file.cases, |case| &case.name, "case")?;
        let base = match &args.base {
            None => 0,
            Some(name) => index_of(name, &systems, |system| &system.name, "system")?,
        };
        let folder = folder.canonicalize().map_err(|source| Failure::Read { path: folder.into(), source })?;
        Ok(Plan {
            systems,
            base,
            cases: cases.into_iter().map(|case| PlannedCase::new(case, args.quick)).collect(),
            repetitions: args
                .reps
                .map_or(if args.quick { QUICK_REPETITIONS } else { REPETITIONS }, Into::into),
            time_limit: Duration::from_nanos(args.time_limit.0.0),
            builds: folder.join("build"),
        })
    }

    /// Where what is built of a system goes.
    pub(super) fn build_folder(&self, system: &System) -> PathBuf {
        self.builds.join(system.folder.file_name().unwrap_or_default())
    }

    fn values(&self, system: &System) -> Values {
        let tenure = env::current_exe().map_or("tenure".into(), |path| path.display().to_string());
        let build = self.build_folder(system).display().to_string();
        Values::default().with("build", vec![build]).with("tenure", vec![tenure])
    }

    /// The command that builds a system.
    pub(super) fn build(&self, system: &System) -> Invocation {
        self.command(system, &system.build, FOR_BUILDS)
    }

    /// The command that asks a system for its version, which may take as long as what is measured.
    pub(super) fn version(&self, system: &System) -> Invocation {
        self.command(system, &system.version, self.time_limit)
    }

    fn command(&self, system: &System, command: &[Template], time_limit: Duration) -> Invocation {
        Invocation {
            words: self.values(system).fill(command),
            folder: system.folder.clone(),
            environment: BTreeMap::new(),
            time_limit,
        }
    }

    /// The command that runs a case on a system.
    pub(super) fn invocation(&self, system: &System, case: &PlannedCase, memory: &Memory) -> Invocation {
        let (heap, heap_environment) = system.heap(memory);
        let values = self
            .values(system)
            .with("workload", vec![case.workload_name.into()])
            .with("parameters", system.parameters(&case.parameters))
            .with("heap", heap);
        let one = |(name, template): &(String, Template)| (name.clone(), template.filled(&values).join(" "));
        let mut environment: BTreeMap<_, _> = system.environment.iter().map(one).collect();
        environment.extend(heap_environment);
        Invocation {
            words: values.fill(&system.run),
            folder: system.folder.clone(),
            environment,
            time_limit: self.time_limit,
        }
    }
}

impl System {
    /// All parameters as this system takes them.
    fn parameters(&self, parameters: &Parameters) -> Vec<String> {
        let words = |(parameter, value): (&workloads::Parameter, u64)| {
            let values = Values::default()
                .with("name", vec![parameter.name.into()])
                .with("value", vec![value.to_string()]);
            values.fill(&self.parameter)
        };
        parameters.iter().flat_map(words).collect()
    }

    /// Arguments and variables that give it this memory.
    fn heap(&self, memory: &Memory) -> (Vec<String>, Vec<(String, String)>) {
        match (memory, &self.space) {
            (Memory::HeapMib(mib), Some(Space::Limit { arguments, environment })) => {
                let values = heap_values(*mib);
                let one = |(name, template): &(String, Template)| {
                    (name.clone(), template.filled(&values).join(" "))
                };
                (values.fill(arguments), environment.iter().map(one).collect())
            }
            (Memory::Knob(value), Some(Space::Knob { variable, .. })) => {
                (Vec::new(), vec![(variable.clone(), value.clone())])
            }
            _ => (Vec::new(), Vec::new()),
        }
    }
}

fn heap_values(mib: u64) -> Values {
    Values::default()
        .with("heap_mib", vec![mib.to_string()])
        .with("heap_kib", vec![(mib << 10).to_string()])
        .with("heap_bytes", vec![(mib << 20).to_string()])
}

impl PlannedCase {
    fn new(case: Case, is_quick: bool) -> Self {
        let parameters = if is_quick { case.quick } else { case.full };
        let workload = case.entry.make(&parameters);
        let checksum = workload.expected_checksum();
        PlannedCase { name: case.name, workload_name: case.entry.name, parameters, workload, checksum }
    }
}

/// Those of `all` that were named, each once, in the order of their names; all of them if none was.
fn chosen<T>(
    names: &[String],
    all: Vec<T>,
    name_of: impl Fn(&T) -> &str,
    what: &'static str,
) -> Result<Vec<T>, Failure> {
    if names.is_empty() {
        return Ok(all);
    }
    let indices = names.iter().map(|name| index_of(name, &all, &name_of, what));
    let indices = indices.collect::<Result<Vec<_>, _>>()?;
    let mut all: Vec<_> = all.into_iter().map(Some).collect();
    Ok(indices.into_iter().filter_map(|index| all[index].take()).collect())
}

fn index_of<T>(
    name: &str,
    all: &[T],
    name_of: impl Fn(&T) -> &str,
    what: &'static str,
) -> Result<usize, Failure> {
    let found = all.iter().position(|one| name_of(one) == name);
    found.ok_or_else(|| {
        let names: Vec<_> = all.iter().map(&name_of).collect();
        let tip = did_you_mean(name, &names, &format!("the {what}s"));
        Failure::NotInPeers { what, name: name.into(), tip }
    })
}
