//! What is run again and again.

use super::super::effective::Effective;
use super::super::failure::Failure;
use super::super::plan::PlannedRun;
use super::super::program::{Program, Recorded};
use super::super::trace_recording::TraceRecording;
use heap_viz::diagnosis::Rehearsal;
use heap_viz::{Diagnosis, PauseReport, Verdict};
use std::fs;
use std::path::PathBuf;

/// A replay whose pauses together differ by more than this share from the program's does not stand for it: typed programs
/// such as those in Lox collect a little earlier than their traces.
const LIKENESS: f64 = 0.2;

/// A run that can be made again, and how.
pub(super) struct Patient {
    run: PlannedRun,
    pub(super) rehearsal: Rehearsal,
    /// What is replayed lies there.
    _trace: Option<TemporaryTrace>,
}

impl Patient {
    /// Makes the run, and finds out whether its trace stands for it: if so, that is replayed from now on.
    pub(super) fn examine(run: PlannedRun, settings: &Effective) -> Result<(Patient, PauseReport), Failure> {
        if let Program::Trace(_) = run.program {
            let report = run.again(settings, None, None)?;
            return Ok((Patient { run, rehearsal: Rehearsal::Replayed, _trace: None }, report));
        }
        let trace = TemporaryTrace::new();
        let mut recording = TraceRecording::start(&trace.0, &run.info)?;
        let report = run.again(settings, None, Some(&mut recording))?;
        recording.finish()?;
        let patient = match replay(&run, &trace, &report, settings)? {
            Some(run) => Patient { run, rehearsal: Rehearsal::Replayed, _trace: Some(trace) },
            None => Patient { run, rehearsal: Rehearsal::RunAgain, _trace: None },
        };
        Ok((patient, report))
    }

    /// The run under other settings.
    pub(super) fn again(&self, settings: &Effective) -> Result<PauseReport, Failure> {
        self.run.again(settings, None, None)
    }
}

/// The replay of what was recorded, if that is the whole run and does the same.
fn replay(
    run: &PlannedRun,
    trace: &TemporaryTrace,
    report: &PauseReport,
    settings: &Effective,
) -> Result<Option<PlannedRun>, Failure> {
    let is_whole = matches!(report.end.verdict, Verdict::Passed { .. }) && report.end.workers.is_empty();
    if !is_whole {
        return Ok(None);
    }
    let program = Program::Trace(Recorded::open(&trace.0)?);
    let replay = PlannedRun { info: run.info.clone(), program };
    let replayed = replay.again(settings, None, None)?;
    Ok(is_alike(report, &replayed).then_some(replay))
}

/// Whether the same hurts in both runs, and about as much. Where late operations do, it does not: a trace has none.
fn is_alike(program: &PauseReport, replay: &PauseReport) -> bool {
    let measures = |report| Diagnosis::of(report).findings.into_iter().map(|finding| finding.measure);
    let [of_program, of_replay] = [program, replay].map(|report| report.pauses.total.0 as f64);
    measures(program).eq(measures(replay)) && (of_program - of_replay).abs() <= LIKENESS * of_program
}

/// A trace that goes when it is no longer needed.
struct TemporaryTrace(PathBuf);

impl TemporaryTrace {
    fn new() -> Self {
        TemporaryTrace(std::env::temp_dir().join(format!("tenure-doctor-{}.trace", std::process::id())))
    }
}

impl Drop for TemporaryTrace {
    fn drop(&mut self) {
        // It may not have come to be.
        let _ = fs::remove_file(&self.0);
    }
}
