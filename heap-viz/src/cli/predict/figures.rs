//! What a run is judged by.

use super::super::failure::Failure;
use super::super::plan::PlannedRun;
use super::super::program::Onlookers;
use super::super::progress::Progress;
use super::spread::Spread;
use clap::ValueEnum;
use gc_core::Config;
use gc_core::event::{Event, EventSink, Nanos, Tee};
use heap_viz::quantity::Time;
use heap_viz::{PauseReport, Percentiles, Shared, Timeline, Verdict};
use std::fmt;

/// The figures of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Figures {
    pub(crate) p50: Nanos,
    pub(crate) p99: Nanos,
    pub(crate) longest: Nanos,
    /// The most that all spaces and external memory took.
    pub(crate) peak_bytes: u64,
    pub(crate) elapsed: Nanos,
}

/// Which pause is to keep within the goal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum At {
    /// The median pause
    P50,
    /// All but the longest hundredth of the pauses
    #[default]
    P99,
    /// The longest pause
    Max,
}

/// How long pauses may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Goal {
    pub(crate) at: At,
    pub(crate) longest: Nanos,
}

/// How long each pause was.
#[derive(Debug, Default)]
struct Lengths(Vec<Nanos>);

impl EventSink for Lengths {
    fn event(&mut self, event: &Event) {
        if let Event::PauseEnded(pause) = event {
            self.0.push(pause.duration);
        }
    }
}

impl Figures {
    /// Makes a run; why it failed, if it did. Pauses spread as `spread` says, if they are predicted.
    pub(crate) fn of_run(
        run: &PlannedRun,
        config: Config,
        spread: Option<&Spread>,
    ) -> Result<Result<Figures, String>, Failure> {
        let (timeline, lengths) = (Shared::new(Timeline::default()), Shared::new(Lengths::default()));
        let sink = Box::new(Tee(timeline.clone(), lengths.clone()));
        let onlookers = Onlookers { sink, watchers: Vec::new(), last_look: None };
        let end = run.program.run(config, onlookers, None, &Progress::hidden())?;
        if let Verdict::Failed { reason } = &end.verdict {
            return Ok(Err(reason.clone()));
        }
        let report = PauseReport::new(run.info.clone(), &timeline.lock(), end);
        let pauses = spread.map_or(report.pauses, |spread| spread.percentiles(&lengths.lock().0));
        Ok(Ok(Figures::of(&report, &pauses)))
    }

    fn of(report: &PauseReport, pauses: &Percentiles) -> Figures {
        Figures {
            p50: pauses.p50,
            p99: pauses.p99,
            longest: pauses.max,
            peak_bytes: report.heap.peak.total_bytes + report.heap.peak.external_bytes,
            elapsed: report.end.at,
        }
    }

    /// The median of each figure.
    pub(crate) fn median(runs: &[Figures]) -> Figures {
        let time = |of: fn(&Figures) -> Nanos| Nanos(middle(runs.iter().map(|run| of(run).0)));
        Figures {
            p50: time(|run| run.p50),
            p99: time(|run| run.p99),
            longest: time(|run| run.longest),
            peak_bytes: middle(runs.iter().map(|run| run.peak_bytes)),
            elapsed: time(|run| run.elapsed),
        }
    }
}

fn middle(numbers: impl Iterator<Item = u64>) -> u64 {
    let mut numbers: Vec<_> = numbers.collect();
    numbers.sort_unstable();
    numbers.get(numbers.len() / 2).copied().unwrap_or(0)
}

impl Goal {
    pub(crate) fn is_met_by(&self, figures: &Figures) -> bool {
        let pause = match self.at {
            At::P50 => figures.p50,
            At::P99 => figures.p99,
            At::Max => figures.longest,
        };
        pause <= self.longest
    }
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pause = match self.at {
            At::P50 => "a median pause",
            At::P99 => "a p99 pause",
            At::Max => "a longest pause",
        };
        write!(f, "{pause} of at most {:#}", Time(self.longest))
    }
}

#[cfg(test)]
mod tests {
    use super::Figures;
    use gc_core::event::Nanos;

    #[test]
    fn each_figure_has_a_median_of_its_own() {
        let run = |p50, peak_bytes| Figures { p50: Nanos(p50), peak_bytes, ..Figures::default() };
        let median = Figures::median(&[run(3, 10), run(1, 30), run(2, 20)]);
        assert_eq!((median.p50, median.peak_bytes), (Nanos(2), 20));
    }
}
