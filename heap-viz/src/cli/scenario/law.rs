//! Laws: how sizes, counts and lifetimes are distributed.

use super::super::toml_file::Mistake;
use super::keys::{LAW, LOG_NORMAL, Measure, WEIBULL};
use super::table::Table;
use super::value::Value;
use workloads::scenario::{Bounded, Distribution, Law, Lifetime, Weighted};

/// The laws that there are.
const LAWS: [&str; 7] = ["constant", "uniform", "exponential", "weibull", "log_normal", "table", "histogram"];

/// Values that are no numbers.
const LIFETIME_WORDS: [&str; 2] = ["immortal", "phase"];

/// A law of lifetimes.
pub(super) fn lifetime(value: &Value<'_>, time: Measure) -> Result<Weighted<Lifetime>, Mistake> {
    mixture(value, &|part| one_lifetime(part, time))
}

/// A law of sizes or counts.
pub(super) fn distribution(value: &Value<'_>, measure: Measure) -> Result<Distribution, Mistake> {
    mixture(value, &|part| bounded(part, measure))
}

/// One law, or several with the share of each.
fn mixture<T>(
    value: &Value<'_>,
    read: &dyn Fn(&Value<'_>) -> Result<T, Mistake>,
) -> Result<Weighted<T>, Mistake> {
    if !value.is_array() {
        let share = if value.is_table() { value.section(&LAW)?.get("share") } else { None };
        return match share {
            Some(share) => {
                Err(share.mistake(format!("`{}` has a meaning only in an array of laws", share.path)))
            }
            None => read(value).map(Weighted::only),
        };
    }
    let part = |part: &Value<'_>| Ok((part.section(&LAW)?.number("share")?, read(part)?));
    let parts = value.items()?.iter().map(part).collect::<Result<Vec<_>, _>>()?;
    weighted(value, parts)
}

/// A choice, whose weights are not all 0.
pub(super) fn weighted<T>(value: &Value<'_>, items: Vec<(f64, T)>) -> Result<Weighted<T>, Mistake> {
    Weighted::new(items).ok_or_else(|| value.mistake(format!("in `{}` all weights are 0", value.path)))
}

fn one_lifetime(value: &Value<'_>, time: Measure) -> Result<Lifetime, Mistake> {
    let inner = if value.is_table() { value.section(&LAW)?.get("constant") } else { None };
    let word = inner.as_ref().unwrap_or(value);
    match LIFETIME_WORDS.iter().position(|known| word.text().is_ok_and(|text| text == *known)) {
        Some(0) => Ok(Lifetime::Immortal),
        Some(_) => Ok(Lifetime::Phase),
        None => bounded(value, time).map(Lifetime::After),
    }
}

/// A law with its bounds.
fn bounded(value: &Value<'_>, measure: Measure) -> Result<Bounded, Mistake> {
    let (least, greatest) = measure.range();
    if !value.is_table() {
        let law = Law::Constant(value.whole_amount(measure)?);
        return Ok(Bounded { law, min: least, max: greatest });
    }
    let table = value.section(&LAW)?;
    let law = law(&table, measure)?;
    let bound = |name, default| table.get(name).map_or(Ok(default), |bound| bound.whole_amount(measure));
    let (min, max) = (bound("min", least)?, bound("max", greatest)?);
    if min > max {
        return Err(value.mistake(format!("`{}`: `min` is {min}, more than `max`, {max}", value.path)));
    }
    Ok(Bounded { law, min, max })
}

/// The one law that a table gives.
fn law(table: &Table<'_>, measure: Measure) -> Result<Law, Mistake> {
    let given: Vec<_> = LAWS.into_iter().filter_map(|name| Some((name, table.get(name)?))).collect();
    match &given[..] {
        [(name, value)] => named(name, value, measure),
        [] => Err(table.mistake(format!("no law is given: one of `{}` is needed", LAWS.join("`, `")))),
        [(one, _), (other, value), ..] => {
            Err(value
                .mistake(format!("two laws are given, `{one}` and `{other}`: an array of laws mixes them")))
        }
    }
}

fn named(name: &str, value: &Value<'_>, measure: Measure) -> Result<Law, Mistake> {
    match name {
        "constant" => value.whole_amount(measure).map(Law::Constant),
        "uniform" => {
            let (min, max) = pair(&value.several::<2>("the least and the greatest value")?, measure)?;
            Ok(Law::Uniform { min, max })
        }
        "exponential" => value.amount(measure).map(|mean| Law::Exponential { mean }),
        "weibull" => {
            let table = value.section(&WEIBULL)?;
            let scale = table.required("scale")?.amount(measure)?;
            Ok(Law::Weibull { scale, shape: table.number("shape")? })
        }
        "log_normal" => {
            let table = value.section(&LOG_NORMAL)?;
            let median = table.required("median")?.amount(measure)?;
            Ok(Law::LogNormal { median, sigma: table.number("sigma")? })
        }
        "table" => rows(value, |row| {
            let [number, weight] = row.several("a value and a weight")?;
            Ok((weight.number(WEIGHTS)?, number.whole_amount(measure)?))
        })
        .map(Law::Table),
        _ => rows(value, |row| {
            let [from, to, weight] = row.several("where a range starts, where it ends, and a weight")?;
            Ok((weight.number(WEIGHTS)?, pair(&[from, to], measure)?))
        })
        .map(Law::Histogram),
    }
}

/// Weights in tables: mostly counts.
const WEIGHTS: (f64, f64) = (0.0, 1e18);

fn rows<T>(
    value: &Value<'_>,
    read: impl Fn(&Value<'_>) -> Result<(f64, T), Mistake>,
) -> Result<Weighted<T>, Mistake> {
    let rows = value.items()?.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    weighted(value, rows)
}

/// Two values in ascending order.
fn pair([min, max]: &[Value<'_>; 2], measure: Measure) -> Result<(f64, f64), Mistake> {
    let (low, high) = (min.whole_amount(measure)?, max.whole_amount(measure)?);
    if low > high {
        return Err(min.mistake(format!("`{}`: {low} is more than {high}", min.path)));
    }
    Ok((low, high))
}
