//! What there is to choose of one thing.

use super::super::scenario::value::Value;
use super::super::toml_file::Mistake;
use super::keys::RANGE;
use std::fmt;

/// What there is to choose of one thing.
pub(super) enum Axis<T> {
    /// One of these, of which there is one at least.
    Values(Vec<T>),
    /// Anything between two numbers.
    Range(Range, Box<dyn Fn(f64) -> T + Send + Sync>),
}

/// The numbers between two.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Range {
    from: f64,
    to: f64,
    /// How far its numbers are apart at least: they are those that lie so many steps of this above the first.
    grain: f64,
    /// How many are chosen from it in a grid; at least two.
    steps: u64,
    scale: Scale,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scale {
    Linear,
    Logarithmic,
}

impl<T> fmt::Debug for Axis<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Axis::Values(values) => f.debug_tuple("Values").field(&values.len()).finish(),
            Axis::Range(range, _) => range.fmt(f),
        }
    }
}

impl<T: Clone> Axis<T> {
    /// Whether there is anything to choose.
    pub(super) fn is_choice(&self) -> bool {
        !matches!(self, Axis::Values(values) if values.len() == 1)
    }

    /// The values, if it is not a range.
    pub(super) fn values(&self) -> Option<&[T]> {
        match self {
            Axis::Values(values) => Some(values),
            Axis::Range(..) => None,
        }
    }

    /// The first of a grid.
    pub(super) fn first(&self) -> T {
        match self {
            Axis::Values(values) => values[0].clone(),
            Axis::Range(range, make) => make(range.from),
        }
    }

    /// All that a grid has of it.
    pub(super) fn grid(&self) -> Vec<T> {
        match self {
            Axis::Values(values) => values.clone(),
            Axis::Range(range, make) => range.grid().map(make).collect(),
        }
    }

    /// What lies at a share of it, from 0 to 1, which is not reached.
    pub(super) fn at(&self, share: f64) -> T {
        match self {
            Axis::Values(values) => values[(share * values.len() as f64) as usize].clone(),
            Axis::Range(range, make) => make(range.drawn(share)),
        }
    }
}

impl Range {
    /// Both ends, and what lies evenly between them.
    fn grid(&self) -> impl Iterator<Item = f64> {
        let range = *self;
        let at =
            move |step| range.scale.between(range.from, range.to, step as f64 / (range.steps - 1) as f64);
        (0..range.steps).map(move |step| range.grained(f64::round, at(step)))
    }

    /// The number at a share from 0 to 1, which is not reached. Each number stands for all from it up to the next, so
    /// that both ends are drawn as often as those between them: rounded, they would be drawn half as often.
    fn drawn(&self, share: f64) -> f64 {
        // Hundredths are not exact: the last of them may lie a hair beyond the end.
        let steps = ((self.to - self.from) / self.grain + 1e-6).floor();
        let beyond = self.from + (steps + 1.0) * self.grain;
        self.grained(f64::floor, self.scale.between(self.from, beyond, share))
    }

    fn grained(&self, rounded: fn(f64) -> f64, number: f64) -> f64 {
        (self.from + rounded((number - self.from) / self.grain) * self.grain).min(self.to)
    }
}

impl Scale {
    fn between(self, from: f64, to: f64, share: f64) -> f64 {
        match self {
            Scale::Linear => from + share * (to - from),
            // Not the standard library's powers, which are not the same everywhere.
            Scale::Logarithmic => from * libm::pow(to / from, share),
        }
    }
}

/// Whether a grid or a sample is drawn: a grid must know how many steps a range has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Drawn {
    Grid,
    Sample,
}

/// Reads an axis: a value, an array of values, or a range whose ends `number` reads, and whose numbers, `grain` apart at
/// least, `make` makes values.
pub(super) fn axis<'a, T>(
    value: &Value<'a>,
    drawn: Drawn,
    read: impl Fn(&Value<'a>) -> Result<T, Mistake>,
    number: impl Fn(&Value<'a>) -> Result<f64, Mistake>,
    grain: f64,
    make: impl Fn(f64) -> T + Send + Sync + 'static,
) -> Result<Axis<T>, Mistake> {
    if value.is_table() {
        return Ok(Axis::Range(range(value, drawn, number, grain)?, Box::new(make)));
    }
    if value.is_array() {
        return value.items()?.iter().map(read).collect::<Result<_, _>>().map(Axis::Values);
    }
    Ok(Axis::Values(vec![read(value)?]))
}

fn range<'a>(
    value: &Value<'a>,
    drawn: Drawn,
    number: impl Fn(&Value<'a>) -> Result<f64, Mistake>,
    grain: f64,
) -> Result<Range, Mistake> {
    let table = value.section(&RANGE)?;
    let [from, to] = [table.required("from")?, table.required("to")?];
    let ends = [number(&from)?, number(&to)?];
    let scale = [Scale::Linear, Scale::Logarithmic][table.word_or_first("scale")?];
    if ends[0] >= ends[1] {
        return Err(to.mistake(format!("`{}` must be more than `{}`", to.path, from.path)));
    }
    if scale == Scale::Logarithmic && ends[0] <= 0.0 {
        return Err(from.mistake(format!("`{}` must be more than 0 on a scale of logarithms", from.path)));
    }
    let steps = match (table.get("steps"), drawn) {
        (None, Drawn::Grid) => {
            let tip = Some("say `steps = 5`, or draw a sample: `[sample] kind = \"latin-hypercube\"`".into());
            return Err(Mistake {
                tip,
                ..table.mistake(format!("`{}.steps` is missing: this is a grid", value.path))
            });
        }
        (None, Drawn::Sample) => 2,
        (Some(_), _) => table.whole("steps")?,
    };
    Ok(Range { from: ends[0], to: ends[1], grain, steps, scale })
}

#[cfg(test)]
mod tests {
    use super::{Axis, Range, Scale};

    fn range(from: f64, to: f64, steps: u64, scale: Scale) -> Axis<u64> {
        Axis::Range(Range { from, to, grain: 1.0, steps, scale }, Box::new(|number| number as u64))
    }

    #[test]
    fn a_grid_has_both_ends_of_a_range() {
        assert_eq!(range(1.0, 9.0, 5, Scale::Linear).grid(), [1, 3, 5, 7, 9]);
        assert_eq!(range(1.0, 16.0, 5, Scale::Logarithmic).grid(), [1, 2, 4, 8, 16]);
    }

    #[test]
    fn every_number_of_a_range_is_drawn_as_often_as_the_others() {
        let axis = range(3.0, 7.0, 2, Scale::Linear);
        let drawn: Vec<_> = (0..50).map(|part| axis.at((f64::from(part) + 0.5) / 50.0)).collect();
        let times = (3..=7).map(|number| drawn.iter().filter(|&&one| one == number).count());
        assert_eq!(times.collect::<Vec<_>>(), [10; 5]);
        let hundredths = Range { from: 1.0, to: 1.2, grain: 0.01, steps: 2, scale: Scale::Linear };
        let drawn = [0.0, 0.999_999].map(|share| (hundredths.drawn(share) * 100.0).round() as u64);
        assert_eq!(drawn, [100, 120]);
    }

    #[test]
    fn a_sample_lies_within() {
        let axis = range(1.0, 16.0, 2, Scale::Logarithmic);
        assert_eq!([0.0, 0.25, 0.5, 0.999_999].map(|share| axis.at(share)), [1, 2, 4, 16]);
        assert_eq!(axis.first(), 1);
        let values = Axis::Values(vec!['a', 'b', 'c']);
        assert_eq!([0.0, 0.34, 0.999_999].map(|share| values.at(share)), ['a', 'b', 'c']);
        assert!(values.is_choice() && axis.is_choice() && !Axis::Values(vec![1]).is_choice());
    }
}
