//! `tenure run`.

use super::allocation_sites::{AllocationSites, SiteSampler};
use super::failure::{FailedRun, Failure};
use super::film::Projector;
use super::gate;
use super::page::Page;
use super::plan::{PlannedRun, RunPlan};
use super::program::{Onlookers, Program};
use super::progress::Progress;
use super::recording::Recording;
use super::report::{print_all, print_one};
use super::snapshot_file::SnapshotFile;
use super::stdout::Stdout;
use super::trace_recording::TraceRecording;
use gc_core::Watcher;
use gc_core::snapshot::Snapshot;
use heap_viz::leak::{LeakPolicy, LeakWatch};
use heap_viz::report::Html;
use heap_viz::{ClockKind, PauseReport, RunEnd, Shared, Timeline, Verdict};

/// Makes the runs of a plan and reports on each.
pub(crate) fn run(plan: &RunPlan, stdout: &mut Stdout) -> Result<(), Failure> {
    advise(plan);
    let recording = Recording::start(plan)?;
    let page = plan.html.as_deref().map(Page::start).transpose()?;
    let mut projector = plan.film.as_deref().map(Projector::start).transpose()?;
    let sites = plan.alloc_sites.as_ref();
    let sites = sites.map(|sites| AllocationSites::start(&sites.path, sites.interval_bytes)).transpose()?;
    let sampler = sites.as_ref().map(|sites| sites.sampler.clone());
    let mut reports = Vec::new();
    for (index, planned) in plan.runs.iter().enumerate() {
        let report =
            planned.make(plan, &recording, projector.as_mut(), sampler.clone(), &progress(plan, index))?;
        print_one(index, &report, plan.format, stdout)?;
        reports.push(report);
        if !stdout.is_open() && plan.writes_no_file() {
            break;
        }
    }
    recording.finish()?;
    print_all(&reports, plan.format, stdout)?;
    page.map_or(Ok(()), |page| page.write("page", Html(&reports)))?;
    projector.map_or(Ok(()), Projector::finish)?;
    sites.map_or(Ok(()), AllocationSites::finish)?;
    verdict(plan, &reports)?;
    gate::check_runs(&plan.thresholds, &reports)
}

/// Says what is wrong with the measurements to come, if anything.
fn advise(plan: &RunPlan) {
    if cfg!(debug_assertions) && plan.heap.clock() == ClockKind::Measured {
        eprintln!("note: this is an unoptimised build: times mean little, take a `--release` one");
    }
}

/// A bar, unless a log scrolls by, which shows that something happens. A program in Lox does not tell how far it has come.
fn progress(plan: &RunPlan, index: usize) -> Progress {
    let run = &plan.runs[index];
    match (plan.log, &run.program) {
        (None, Program::Workload(_) | Program::Trace(_)) => {
            Progress::new(&run.info.workload, index + 1, plan.runs.len())
        }
        _ => Progress::hidden(),
    }
}

fn verdict(plan: &RunPlan, reports: &[PauseReport]) -> Result<(), Failure> {
    let runs = plan.runs.iter().zip(reports);
    let failed: Vec<_> = runs.filter_map(|(planned, report)| planned.failure(report)).collect();
    if failed.is_empty() { Ok(()) } else { Err(Failure::Runs(failed)) }
}

impl PlannedRun {
    /// Makes the run, with a film of it if there is a projector.
    pub(crate) fn make(
        &self,
        plan: &RunPlan,
        recording: &Recording,
        projector: Option<&mut Projector>,
        sites: Option<SiteSampler>,
        progress: &Progress,
    ) -> Result<PauseReport, Failure> {
        let timeline = Shared::new(Timeline::default());
        let sink = recording.sink(timeline.clone());
        recording.run_started(&self.info);
        let config = plan.heap.config();
        let mut watchers = Vec::from_iter(projector.map(|it| it.film(&self.info.workload)));
        let leaks = plan.watches_leaks.then(|| Shared::new(LeakWatch::new(LeakPolicy::default())));
        watchers.extend(leaks.clone().map(|watch| Box::new(watch) as Box<dyn Watcher>));
        let mut trace =
            plan.trace.as_deref().map(|path| TraceRecording::start(path, &self.info)).transpose()?;
        let mut snapshot_file = plan.snapshot.as_deref().map(SnapshotFile::start).transpose()?;
        let mut last_look = |snapshot: &Snapshot, end: &mut RunEnd| {
            snapshot_file.iter_mut().for_each(|file| file.write(snapshot));
            end.leaks = leaks.as_ref().map(|watch| watch.lock().finish(end.at, snapshot));
        };
        let onlookers = Onlookers { sink, watchers, last_look: Some(&mut last_look), sites };
        let end = self.program.run(config, onlookers, trace.as_mut(), progress)?;
        trace.map_or(Ok(()), TraceRecording::finish)?;
        snapshot_file.map_or(Ok(()), SnapshotFile::finish)?;
        recording.run_ended(&end);
        let report = PauseReport::new(self.info.clone(), &timeline.lock(), end);
        Ok(report)
    }

    /// What to tell of the run, if it failed.
    pub(crate) fn failure(&self, report: &PauseReport) -> Option<FailedRun> {
        let Verdict::Failed { reason } = &report.end.verdict else { return None };
        let (workload, reason) = (self.info.workload.clone(), reason.clone());
        Some(FailedRun { workload, reason, tip: self.program.tip(report) })
    }
}
