//! What a doctor has tried, in text.

use super::PauseReport;
use super::layout::{Sheet, paragraph};
use super::style::Paint;
use crate::diagnosis::{Change, Cure, Effect, Rehearsal, Treatment, Trial, TrialOutcome};
use crate::quantity::counted;
use std::fmt;

/// The cure with its proof and what to type, then what helps too, then what does not.
pub(super) fn treatment(f: &mut Sheet<'_, '_>, report: &PauseReport) -> fmt::Result {
    match report.treatment.as_deref() {
        None => Ok(()),
        Some(Treatment::Untried { why }) => paragraph(f, Paint::Heading, "no proof", &[format!("{why}.")]),
        Some(Treatment::Tried { rehearsal, runs, trials, cure }) => {
            cure.iter().try_for_each(|cure| write_cure(f, cure))?;
            // A cure of one piece of advice need not be told twice.
            let is_cure = |trial: &&Trial| cure.as_ref().is_some_and(|cure| cure.changes == trial.changes);
            trials.iter().filter(|trial| !is_cure(trial)).try_for_each(|trial| write_trial(f, trial))?;
            if trials.is_empty() { Ok(()) } else { proof(f, *rehearsal, *runs) }
        }
    }
}

fn write_cure(f: &mut Sheet<'_, '_>, cure: &Cure) -> fmt::Result {
    let lines = [format!("{}:", changes(&cure.changes)), format!("{}.", effects(&cure.effects))];
    paragraph(f, Paint::Good, "cure", &lines)?;
    paragraph(f, Paint::Heading, "as flags", std::slice::from_ref(&cure.flags))?;
    paragraph(f, Paint::Heading, "for --config", &cure.config.lines().map(String::from).collect::<Vec<_>>())?;
    if cure.left.is_empty() { Ok(()) } else { paragraph(f, Paint::Notice, "still", &cure.left) }
}

fn write_trial(f: &mut Sheet<'_, '_>, trial: &Trial) -> fmt::Result {
    let (heading, verdict) = match &trial.outcome {
        TrialOutcome::Taken => ("helps", effects(&trial.effects)),
        TrialOutcome::Spared { why } => {
            ("helps alone", format!("{}; on top of the cure: {why}", effects(&trial.effects)))
        }
        TrialOutcome::Refuted { why } => ("refuted", why.clone()),
    };
    let doses = if trial.doses > 1 { format!("; the best of {} doses", trial.doses) } else { String::new() };
    let lines = [format!("{} ({}{doses}):", trial.what, changes(&trial.changes)), format!("{verdict}.")];
    paragraph(f, Paint::Heading, heading, &lines)
}

fn proof(f: &mut Sheet<'_, '_>, rehearsal: Rehearsal, runs: usize) -> fmt::Result {
    let times = counted(runs as u64, "time");
    let said = match rehearsal {
        Rehearsal::Replayed => format!("The run's trace was replayed {times}, by the modelled clock."),
        Rehearsal::RunAgain => format!("The program was run {times}, by the modelled clock."),
    };
    paragraph(f, Paint::Heading, "proof", &[said])
}

fn changes(changes: &[Change]) -> String {
    changes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn effects(effects: &[Effect]) -> String {
    if effects.is_empty() {
        return "nothing differs".into();
    }
    effects.iter().map(|effect| &*effect.said).collect::<Vec<_>>().join(", ")
}
