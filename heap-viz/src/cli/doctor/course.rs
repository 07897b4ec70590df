//! The course of a treatment: each piece of advice alone, then the best with what helps on top of it.

use super::super::effective::Effective;
use super::super::failure::Failure;
use super::super::settings::Knob;
use super::attempt::{Attempt, Plans};
use super::patient::Patient;
use heap_viz::diagnosis::{Change, Cure, Effect, Treatment, Trial, TrialOutcome};
use heap_viz::{Diagnosis, PauseReport};
use std::collections::HashSet;
use std::sync::Arc;

/// A cure is of so many pieces of advice at most: what more would add is little.
const MOST_STEPS: usize = 4;

/// A treatment under way.
pub(super) struct Course<'p> {
    patient: &'p Patient,
    /// The settings that were given, and the run under them.
    given: (Effective, Arc<PauseReport>),
    /// The same as far as it is cured.
    now: (Effective, Arc<PauseReport>),
    /// Each piece of advice, alone.
    alone: Vec<Attempt>,
    /// The advice that is part of the cure.
    taken: Vec<String>,
    /// What was tried on top of it, in vain.
    on_top: Vec<Attempt>,
    runs: usize,
}

impl<'p> Course<'p> {
    pub(super) fn new(patient: &'p Patient, settings: Effective) -> Result<Self, Failure> {
        let report = Arc::new(patient.again(&settings)?);
        let now = (settings.clone(), report.clone());
        Ok(Course {
            patient,
            given: (settings, report),
            now,
            alone: Vec::new(),
            taken: Vec::new(),
            on_top: Vec::new(),
            runs: 1,
        })
    }

    /// Tries and takes until nothing more helps.
    pub(super) fn run(&mut self) -> Result<(), Failure> {
        self.alone = self.attempts()?;
        let mut best = Attempt::best(&self.alone).map(Attempt::taken);
        while let Some((what, now)) = best {
            self.taken.push(what);
            self.now = now;
            self.on_top = self.attempts()?;
            best = Attempt::best(&self.on_top).map(Attempt::taken).filter(|_| self.taken.len() < MOST_STEPS);
        }
        Ok(())
    }

    /// Everything that there is to try on what is taken so far.
    fn attempts(&mut self) -> Result<Vec<Attempt>, Failure> {
        let (settings, report) = &self.now;
        let plans = Plans::of(settings, report);
        self.runs += plans.runs();
        plans.carry_out(self.patient, report)
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
        let mut advice: Vec<&str> = Vec::new();
        for attempt in &self.alone {
            if !advice.contains(&&*attempt.what) {
                advice.push(&attempt.what);
            }
        }
        advice.into_iter().filter_map(|what| self.trial(what)).collect()
    }

    fn trial(&self, what: &str) -> Option<Trial> {
        let doses: Vec<_> = self.alone.iter().filter(|attempt| attempt.what == what).collect();
        let distinct: HashSet<_> = doses.iter().map(|attempt| Arc::as_ptr(&attempt.report)).collect();
        let most = || doses.iter().max_by(|one, other| one.gain.share.total_cmp(&other.gain.share)).copied();
        let attempt = Attempt::best(doses.iter().copied()).or_else(most)?;
        let outcome = match &attempt.gain.objection {
            Some(why) => TrialOutcome::Refuted { why: why.clone() },
            None if self.taken.iter().any(|taken| taken == what) => TrialOutcome::Taken,
            None => TrialOutcome::Spared { why: self.why_spared(what) },
        };
        let (settings, report) = &self.given;
        Some(Trial {
            what: what.into(),
            doses: distinct.len(),
            changes: changes(settings, &attempt.settings),
            outcome,
            effects: Effect::all(report, &attempt.report),
        })
    }

    /// Why advice that helps alone is no part of the cure.
    fn why_spared(&self, what: &str) -> String {
        let doses = self.on_top.iter().filter(|attempt| attempt.what == what);
        let best = doses.max_by(|one, other| one.gain.share.total_cmp(&other.gain.share));
        let why = best.map(|attempt| attempt.gain.objection.clone().unwrap_or("little more to gain".into()));
        why.unwrap_or_else(|| "nothing is left that it is against".into())
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
    fn taken(&self) -> (String, (Effective, Arc<PauseReport>)) {
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
