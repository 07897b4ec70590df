//! What is shown: a run, or a recording of one.

use super::super::args::{LiveArgs, RunArgs, sets_anything};
use super::super::failure::Failure;
use super::super::input;
use super::super::plan::{PlannedRun, RunPlan};
use super::super::program::Onlookers;
use super::super::progress::Progress;
use super::Watched;
use gc_core::{Config, Watcher};
use heap_viz::screen::{Source, Tap};
use heap_viz::{RunSink, Shared};
use std::path::PathBuf;

/// What is shown.
pub(super) enum Subject {
    /// A program on a heap of its own.
    Run { run: Box<PlannedRun>, config: Box<Config> },
    /// A file of events, or a log.
    File(PathBuf),
}

impl Subject {
    /// What is asked for.
    pub(super) fn of(args: &LiveArgs) -> Result<Subject, Failure> {
        match &args.watched {
            Watched::File(path) if sets_anything(args.seed, &args.set, &args.heap) => {
                Err(Failure::Recording { path: path.clone() })
            }
            Watched::File(path) => Ok(Subject::File(path.clone())),
            Watched::Program(named) => {
                let mut plan = RunPlan::new(&RunArgs {
                    workloads: vec![named.clone()],
                    seed: args.seed,
                    set: args.set.clone(),
                    heap: args.heap.clone(),
                    ..RunArgs::default()
                })?;
                let run = plan.runs.pop().expect("a name is a run");
                Ok(Subject::Run { run: Box::new(run), config: Box::new(plan.heap.config()) })
            }
        }
    }

    /// Whom a tap listens to.
    pub(super) fn source(&self) -> Source {
        match self {
            Subject::Run { .. } => Source::Heap,
            Subject::File(_) => Source::Recording,
        }
    }

    /// Makes the run, or reads the file. The run, if it was one.
    pub(super) fn go(self, mut tap: Tap, progress: &Progress) -> Result<Option<Box<PlannedRun>>, Failure> {
        match self {
            Subject::Run { run, config } => make(&run, *config, tap, progress).map(|()| Some(run)),
            Subject::File(path) => input::runs(&path, &mut tap).map(|()| None),
        }
    }
}

fn make(run: &PlannedRun, config: Config, mut tap: Tap, progress: &Progress) -> Result<(), Failure> {
    tap.run_started(&run.info);
    let tap = Shared::new(tap);
    let watchers: Vec<Box<dyn Watcher>> = vec![Box::new(tap.clone())];
    let onlookers = Onlookers { sink: Box::new(tap.clone()), watchers, last_look: None, sites: None };
    let end = run.program.run(config, onlookers, None, progress)?;
    tap.lock().run_ended(&end);
    Ok(())
}
