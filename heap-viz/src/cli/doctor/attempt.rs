//! One piece of advice, in one dose, tried on certain settings.

use super::super::effective::Effective;
use super::super::failure::Failure;
use super::super::on_all_cores::on_all_cores;
use super::patient::Patient;
use heap_viz::diagnosis::{gain, memory_bytes};
use heap_viz::{Diagnosis, Finding, PauseReport, Severity};
use std::cmp::Ordering;

/// Of several doses the least is taken that gains this share of what the best one gains.
const ENOUGH_OF_BEST: f64 = 0.8;

/// What was tried.
pub(super) struct Attempt {
    /// The advice.
    pub(super) what: String,
    severity: Severity,
    pub(super) settings: Effective,
    pub(super) report: PauseReport,
    /// How much less that hurts which the advice is against, or why it does not help.
    pub(super) gain: Result<f64, String>,
}

/// An attempt that has not been made.
struct Plan<'f> {
    finding: &'f Finding,
    what: &'f str,
    settings: Effective,
}

impl Attempt {
    /// Tries every dose of all advice for a run under these settings, each alone.
    pub(super) fn all(patient: &Patient, settings: &Effective, report: &PauseReport) -> Result<Vec<Attempt>, Failure> {
        let diagnosis = Diagnosis::of(report);
        let plans: Vec<_> = diagnosis.findings.iter().flat_map(|finding| plans(finding, settings)).collect();
        on_all_cores("trying", &plans, |plan| plan.carry_out(patient, report)).into_iter().collect()
    }

    /// The best against the worst that hurts.
    pub(super) fn best<'a>(attempts: impl IntoIterator<Item = &'a Attempt>) -> Option<&'a Attempt> {
        let helping: Vec<_> = attempts.into_iter().filter(|attempt| attempt.gain.is_ok()).collect();
        let worst = helping.iter().map(|attempt| attempt.severity).min()?;
        let against_worst = || helping.iter().filter(|attempt| attempt.severity == worst);
        let most = against_worst().map(|attempt| attempt.gained()).fold(0.0, f64::max);
        let enough = against_worst().filter(|attempt| attempt.gained() >= most * ENOUGH_OF_BEST);
        enough.min_by(|one, other| one.by_price(other)).copied()
    }

    /// Nothing, if it does not help.
    pub(super) fn gained(&self) -> f64 {
        *self.gain.as_ref().unwrap_or(&0.0)
    }

    /// Less memory first, then less time.
    fn by_price(&self, other: &Attempt) -> Ordering {
        let price = |attempt: &Attempt| (memory_bytes(&attempt.report), attempt.report.end.at);
        price(self).cmp(&price(other))
    }
}

/// What there is to try against a finding.
fn plans<'f>(finding: &'f Finding, base: &Effective) -> Vec<Plan<'f>> {
    if finding.measure.is_none() {
        return Vec::new();
    }
    let doses = finding.advice.iter().flat_map(|advice| advice.doses.iter().map(move |dose| (advice, dose)));
    let plan = |(advice, dose): (&'f heap_viz::Advice, &heap_viz::diagnosis::Dose)| {
        let settings = base.with(&dose.0)?;
        Some(Plan { finding, what: &advice.what, settings })
    };
    let plans = doses.filter_map(plan);
    plans.filter(|plan| !base.changes_to(&plan.settings).is_empty()).collect()
}

impl Plan<'_> {
    fn carry_out(&self, patient: &Patient, before: &PauseReport) -> Result<Attempt, Failure> {
        let report = patient.again(&self.settings)?;
        let measure = self.finding.measure.expect("it is planned only against what can be measured");
        Ok(Attempt {
            what: self.what.into(),
            severity: self.finding.severity,
            settings: self.settings.clone(),
            gain: gain(measure, before, &report),
            report,
        })
    }
}
