//! What is told of a prediction.

use super::{Candidate, Figures, Goal, Prediction};
use gc_core::event::Nanos;
use heap_viz::quantity::{Bytes, Size, Time};
use std::fmt::{self, Display, Formatter};

/// Everything: the candidates, and what measured runs say of the best.
#[derive(Debug)]
pub(crate) struct Table<'p> {
    pub(crate) goal: &'p Goal,
    pub(crate) predictions: &'p [Prediction],
    /// Candidates that are predicted to keep to the goal, in the order in which they were measured.
    pub(crate) measured: &'p [(&'p Prediction, Confirmation)],
}

/// A candidate, predicted and measured.
#[derive(Clone, Debug)]
pub(crate) struct Confirmation {
    pub(crate) predicted: Figures,
    pub(crate) measured: Figures,
    /// Runs that the measured figures are medians of.
    pub(crate) runs: usize,
}

impl Display for Table<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "wanted: {}, with the least memory\n", self.goal)?;
        let [semispace, age, old, p50, p99, max, peak, time] =
            ["semispace", "age", "old space", "p50", "p99", "longest", "peak", "time"];
        writeln!(f, "  {semispace:>9} {age:>4}  {old:<9} {p50:>9} {p99:>9} {max:>9} {peak:>9} {time:>9}")?;
        self.predictions.iter().try_for_each(|prediction| self.row(f, prediction))?;
        let Some(((last, confirmation), before)) = self.measured.split_last() else {
            return writeln!(f, "\nnone of them keeps to that");
        };
        before.iter().try_for_each(|(prediction, confirmation)| self.missed(f, prediction, confirmation))?;
        match self.choice() {
            Some(choice) => conclusion(f, &choice.candidate, confirmation),
            None => self.missed(f, last, confirmation),
        }
    }
}

impl Table<'_> {
    /// The candidate that was measured last, if it kept to the goal.
    pub(crate) fn choice(&self) -> Option<&Prediction> {
        let (prediction, confirmation) = self.measured.last()?;
        self.goal.is_met_by(&confirmation.measured).then_some(*prediction)
    }

    /// A candidate that kept to the goal by the prediction only.
    fn missed(&self, f: &mut Formatter<'_>, missed: &Prediction, confirmation: &Confirmation) -> fmt::Result {
        let Candidate { semispace_bytes, promotion_age, old_room } = missed.candidate;
        let (size, old, runs) = (Bytes(semispace_bytes), old_room.name(), confirmation.runs);
        let measured = Time(self.goal.figure(&confirmation.measured));
        writeln!(
            f,
            "\nsemispaces of {size:#}, promotion at age {promotion_age}, old space {old}: measured {measured} (median of \
             {runs} runs), which does not keep to it"
        )
    }

    /// A star marks the choice, a plus what keeps to the goal too.
    fn row(&self, f: &mut Formatter<'_>, prediction: &Prediction) -> fmt::Result {
        let Candidate { semispace_bytes, promotion_age, old_room } = prediction.candidate;
        let keeps = prediction.outcome.as_ref().is_ok_and(|figures| self.goal.is_met_by(figures));
        let is_choice = self.choice().is_some_and(|choice| choice.candidate == prediction.candidate);
        let mark = if is_choice {
            '*'
        } else if keeps {
            '+'
        } else {
            ' '
        };
        let (size, old) = (format!("{:#}", Bytes(semispace_bytes)), old_room.name());
        write!(f, "{mark} {size:>9} {promotion_age:>4}  {old:<9} ")?;
        match &prediction.outcome {
            Ok(figures) => {
                let [p50, p99, longest, elapsed] =
                    [figures.p50, figures.p99, figures.longest, figures.elapsed].map(Time);
                writeln!(f, "{p50:>9} {p99:>9} {longest:>9} {:>9} {elapsed:>9}", Bytes(figures.peak_bytes))
            }
            Err(reason) => writeln!(f, "{reason}"),
        }
    }
}

fn conclusion(f: &mut Formatter<'_>, choice: &Candidate, confirmed: &Confirmation) -> fmt::Result {
    let Candidate { semispace_bytes, promotion_age, old_room } = choice;
    writeln!(
        f,
        "\nchosen: semispaces of {:#}, promotion at age {promotion_age}, old space {}",
        Bytes(*semispace_bytes),
        old_room.name()
    )?;
    writeln!(
        f,
        "        --semi-space {} --promote-age {promotion_age}; all settings with -o FILE\n",
        Size(*semispace_bytes)
    )?;
    let Confirmation { predicted, measured, runs } = confirmed;
    writeln!(f, "{:<12} {:>10} {:>10} {:>8}   medians of {runs} runs", "", "predicted", "measured", "error")?;
    for (name, of) in PAUSES {
        let (predicted, measured) = (of(predicted), of(measured));
        row(f, name, Time(predicted), Time(measured), error(predicted.0, measured.0))?;
    }
    let bytes = [predicted, measured].map(|figures| figures.peak_bytes);
    row(f, "peak memory", Bytes(bytes[0]), Bytes(bytes[1]), error(bytes[0], bytes[1]))
}

type OfFigures = fn(&Figures) -> Nanos;

const PAUSES: [(&str, OfFigures); 4] = [
    ("p50 pause", |figures| figures.p50),
    ("p99 pause", |figures| figures.p99),
    ("longest", |figures| figures.longest),
    ("time", |figures| figures.elapsed),
];

fn row(
    f: &mut Formatter<'_>,
    name: &str,
    predicted: impl Display,
    measured: impl Display,
    error: f64,
) -> fmt::Result {
    writeln!(f, "{name:<12} {predicted:>10} {measured:>10} {:>+7.1}%", error * 100.0)
}

/// How far a prediction is off, as a share of what was measured.
fn error(predicted: u64, measured: u64) -> f64 {
    if measured == 0 { 0.0 } else { (predicted as f64 - measured as f64) / measured as f64 }
}
