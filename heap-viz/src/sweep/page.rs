//! A sweep as one HTML page: heat maps, and what can be had of pauses, memory and throughput at once.
//!
//! The page looks like that of reports and asks nothing of the network either. `assets/sweep.js` draws it.

use super::merge::Sweep;
use super::plan::PlanHeader;
use super::point::{Outcome, Point};
use super::text::SweepText;
use crate::markup::{Escaped, STYLE, begin_page, end_page};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

const SWEEP_STYLE: &str = include_str!("../../assets/sweep.css");
const SCRIPT: &str = include_str!("../../assets/sweep.js");

/// Writes a sweep as one page.
#[derive(Clone, Copy, Debug)]
pub struct SweepHtml<'a> {
    /// What it is called.
    pub name: &'a str,
    /// The sweep.
    pub sweep: &'a Sweep,
}

/// What the page shows.
#[derive(Serialize)]
struct Shown<'a> {
    version: &'a str,
    name: &'a str,
    plan: &'a PlanHeader,
    points: Vec<ShownPoint<'a>>,
}

#[derive(Serialize)]
struct ShownPoint<'a> {
    workload: &'a str,
    parameters: String,
    clock: &'a str,
    config: &'a str,
    heap: &'a str,
    choices: &'a BTreeMap<String, String>,
    seeds: usize,
    /// Why it failed, if it did, and how many runs of it.
    failed: Option<&'a str>,
    failed_runs: usize,
    p50_ns: u64,
    p99_ns: u64,
    max_ns: u64,
    pauses: u64,
    peak_bytes: u64,
    throughput: f64,
    throughput_of: &'a str,
    on_front: bool,
}

impl<'a> ShownPoint<'a> {
    fn of(point: &'a Point) -> Self {
        let cell = &point.cell;
        ShownPoint {
            workload: &cell.workload,
            parameters: cell.work(),
            clock: cell.clock.name(),
            config: &cell.config,
            heap: &cell.heap,
            choices: &cell.choices,
            seeds: point.seeds,
            failed: match &point.outcome {
                Outcome::Failed { reason, .. } => Some(reason),
                Outcome::Passed => None,
            },
            failed_runs: point.failed_runs(),
            p50_ns: point.pauses.p50.0,
            p99_ns: point.pauses.p99.0,
            max_ns: point.pauses.max.0,
            pauses: point.pauses.count,
            peak_bytes: point.peak_bytes,
            throughput: point.throughput,
            throughput_of: &point.throughput_of,
            on_front: point.on_front,
        }
    }
}

impl Display for SweepHtml<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let shown = Shown {
            version: env!("CARGO_PKG_VERSION"),
            name: self.name,
            plan: &self.sweep.plan.header,
            points: self.sweep.points.iter().map(ShownPoint::of).collect(),
        };
        begin_page(f, &format!("{} · Tenure", self.name), &[STYLE, SWEEP_STYLE])?;
        writeln!(f, "<noscript><pre>{}</pre></noscript>", Escaped(&SweepText(self.sweep).to_string()))?;
        end_page(f, &shown, &[SCRIPT])
    }
}

#[cfg(test)]
mod tests {
    use super::SweepHtml;
    use crate::sweep::merge::tests::sweep;
    use crate::sweep::plan::tests::plan;

    #[test]
    fn the_page_asks_nothing_of_the_network_and_has_every_point() {
        let page = SweepHtml { name: "<sizes>", sweep: &sweep("page", plan(2)) }.to_string();
        for word in ["<link", "src=", "@import", "fetch(", "XMLHttpRequest", "<sizes>"] {
            assert!(!page.contains(word), "{word}");
        }
        assert_eq!(page.matches("\"on_front\":").count(), 4);
    }
}
