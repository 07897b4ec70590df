//! The course of a treatment: each piece of advice alone, then the best with what helps on top of it.

use super::super::effective::Effective;
use super::super::failure::Failure;
use super::super::settings::Knob;
use super::attempt::Attempt;
use super::patient::Patient;
use heap_viz::diagnosis::{Change, Cure, Effect, Treatment, Trial, TrialOutcome};
use heap_viz::{Diagnosis, PauseReport};

/// A cure is of so many pieces of advice at most: what more would add is little.
const MOST_STEPS: usize = 4;

/// A treatment under way.
pub(super) struct Course<'p> {
    patient: &'p Patient,
    /// The settings that were given, and the run under them.
    given: (Effective, PauseReport),
    /// The same as far as it is cured.
    now: (Effective, PauseReport),
    /// Each piece of advice, alone.
    alone: Vec<Attempt>,
    /// The advice that is part of the cure.
    taken: Vec<String>,
    runs: usize,
}

impl<'p> Course<'p> {
    pub(super) fn new(patient: &'p Patient, settings: Effective) -> Result<Self, Failure> {
        let report = patient.again(&settings)?;
        let now = (settings.clone(), report.clone());
        Ok(Course { patient, given: (settings, report), now, alone: Vec::new(), taken: Vec::new(), runs: 1 })
    }

    /// Tries and takes until nothing more helps.
    pub(super) fn run(&mut self) -> Result<(), Failure> {
        self.alone = self.attempts()?;
        let mut best = Attempt::best(&self.alone).map(Attempt::taken);
        while let Some((what, now)) = best {
            self.taken.push(what);
            self.now = now;
            if self.taken.len() == MOST_STEPS {
                break;
            }
            best = Attempt::best(&self.attempts()?).map(Attempt::taken);
        }
        Ok(())
    }

    /// Everything that there is to try on what is taken so far.
    fn attempts(&mut self) -> Result<Vec<Attempt>, Failure> {
        let (settings, report) = &self.now;
        let attempts = Attempt::all(self.patient, settings, report)?;
        self.runs += attempts.len();
        Ok(attempts)
    }

    /// What was done, and the settings that help, if any do.
    pub(super) fn finish(self) -> (Treatment, Option<Effective>) {
        let cure = (!self.taken.is_empty()).then(|| self.cure());
        let treatment = Treatment::Tried {
            rehearsal: self.patient.rehearsal,
            runs: self.runs,
            trials: self.trials(),
            cure,
        };
        (treatment, (!self.taken.is_empty()).then_some(self.now.0))
    }

    /// One for each piece of advice, with its best dose.
    fn trials(&self) -> Vec<Trial> {
        let mut names: Vec<_> = self.alone.iter().map(|attempt| &attempt.what).collect();
        names.dedup();
        let mut told = Vec::new();
        names.retain(|name| !told.contains(name) && { told.push(*name); true });
        names.into_iter().filter_map(|name| self.trial(name)).collect()
    }

    fn trial(&self, what: &str) -> Option<Trial> {
        let doses: Vec<_> = self.alone.iter().filter(|attempt| attempt.what == what).collect();
        let attempt = Attempt::best(doses.iter().copied()).or_else(|| doses.first().copied())?;
        let outcome = match &attempt.gain {
            Err(why) => TrialOutcome::Refuted { why: why.clone() },
            Ok(_) if self.taken.iter().any(|taken| taken == what) => TrialOutcome::Taken,
            Ok(_) => TrialOutcome::Spared,
        };
        let (settings, report) = &self.given;
        Some(Trial {
            what: what.into(),
            changes: changes(settings, &attempt.settings),
            outcome,
            effects: Effect::all(report, &attempt.report),
        })
    }

    fn cure(&self) -> Cure {
        let ((given, before), (now, after)) = (&self.given, &self.now);
        Cure {
            changes: changes(given, now),
            effects: Effect::all(before, after),
            config: config(given, now),
            flags: flags(given, now),
            left: Diagnosis::of(after).findings.into_iter().map(|finding| finding.what).collect(),
        }
    }
}

impl Attempt {
    /// What is to be kept of it if it becomes part of the cure.
    fn taken(&self) -> (String, (Effective, PauseReport)) {
        (self.what.clone(), (self.settings.clone(), self.report.clone()))
    }
}

fn changes(from: &Effective, to: &Effective) -> Vec<Change> {
    let change = |(knob, from, to): (&Knob, String, String)| Change {
        setting: knob.path(),
        from: unquoted(&from),
        to: unquoted(&to),
    };
    from.changes_to(to).into_iter().map(change).collect()
}

fn unquoted(toml: &str) -> String {
    toml.trim_matches('"').into()
}

/// The changed settings as a config file.
fn config(from: &Effective, to: &Effective) -> String {
    let (mut lines, mut section) = (Vec::new(), "");
    for (knob, _, value) in from.changes_to(to) {
        if section != knob.section {
            section = knob.section;
            lines.push(format!("[{section}]"));
        }
        lines.push(format!("{} = {value}", knob.key));
    }
    lines.join("\n")
}

fn flags(from: &Effective, to: &Effective) -> String {
    let flags = changes(from, to);
    flags.iter().map(|one| format!("--setting {}={}", one.setting, one.to)).collect::<Vec<_>>().join(" ")
}
