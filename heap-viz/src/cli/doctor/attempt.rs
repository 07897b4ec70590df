//! One piece of advice, in one dose, tried on certain settings.

use super::super::effective::Effective;
use super::super::failure::Failure;
use super::super::parallel::on_all_cores;
use super::patient::Patient;
use heap_viz::diagnosis::{Dose, Gain, memory_bytes};
use heap_viz::{Advice, Diagnosis, Finding, PauseReport, Severity};
use std::cmp::Ordering;
use std::sync::Arc;

/// Of several doses the least is taken that gains this share of what the best one gains.
const ENOUGH_OF_BEST: f64 = 0.8;

/// What was tried.
pub(super) struct Attempt {
    /// The advice.
    pub(super) what: String,
    severity: Severity,
    pub(super) settings: Effective,
    pub(super) report: Arc<PauseReport>,
    /// How much less that hurts which the advice is against.
    pub(super) gain: Gain,
}

/// Attempts that have not been made.
pub(super) struct Plans {
    plans: Vec<Plan>,
    /// The settings that it takes, each once: advice may be against more than one thing.
    settings: Vec<Effective>,
}

struct Plan {
    what: String,
    severity: Severity,
    measure: &'static str,
    /// Number within the settings.
    settings: usize,
}

impl Plans {
    /// Every dose of all advice for a run under these settings, each alone.
    pub(super) fn of(base: &Effective, report: &PauseReport) -> Self {
        let mut plans = Plans { plans: Vec::new(), settings: Vec::new() };
        for finding in &Diagnosis::of(report).findings {
            for advice in &finding.advice {
                advice.doses.iter().for_each(|dose| plans.add(base, finding, advice, dose));
            }
        }
        plans
    }

    /// Nothing is added that changes nothing, that no heap can have, or whose success cannot be told.
    fn add(&mut self, base: &Effective, finding: &Finding, advice: &Advice, dose: &Dose) {
        let Some((measure, settings)) = finding.measure.zip(base.with(&dose.0)) else { return };
        if base.changes_to(&settings).is_empty() {
            return;
        }
        let known = self.settings.iter().position(|known| known.changes_to(&settings).is_empty());
        let number = known.unwrap_or(self.settings.len());
        if known.is_none() {
            self.settings.push(settings);
        }
        let (what, severity) = (advice.what.clone(), finding.severity);
        self.plans.push(Plan { what, severity, measure, settings: number });
    }

    /// How many runs it takes.
    pub(super) fn runs(&self) -> usize {
        self.settings.len()
    }

    /// Makes the runs, and compares each with that `before`.
    pub(super) fn carry_out(&self, patient: &Patient, before: &PauseReport) -> Result<Vec<Attempt>, Failure> {
        let reports =
            on_all_cores("trying", &self.settings, |settings| patient.again(settings).map(Arc::new))?;
        let attempt = |plan: &Plan| Attempt {
            what: plan.what.clone(),
            severity: plan.severity,
            settings: self.settings[plan.settings].clone(),
            gain: Gain::of(plan.measure, before, &reports[plan.settings]),
            report: reports[plan.settings].clone(),
        };
        Ok(self.plans.iter().map(attempt).collect())
    }
}

impl Attempt {
    /// The best against the worst that hurts.
    pub(super) fn best<'a>(attempts: impl IntoIterator<Item = &'a Attempt>) -> Option<&'a Attempt> {
        let helping: Vec<_> = attempts.into_iter().filter(|attempt| attempt.gain.helps()).collect();
        let worst = helping.iter().map(|attempt| attempt.severity).min()?;
        let against_worst = || helping.iter().filter(|attempt| attempt.severity == worst);
        let most = against_worst().map(|attempt| attempt.gain.share).fold(0.0, f64::max);
        let enough = against_worst().filter(|attempt| attempt.gain.share >= most * ENOUGH_OF_BEST);
        enough.min_by(|one, other| one.by_price(other)).copied()
    }

    /// Less memory first, then less time.
    fn by_price(&self, other: &Attempt) -> Ordering {
        let price = |attempt: &Attempt| (memory_bytes(&attempt.report), attempt.report.end.at);
        price(self).cmp(&price(other))
    }
}
