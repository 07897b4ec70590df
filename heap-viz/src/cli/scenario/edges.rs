//! The section `[graph]`.

use super::super::toml_file::Mistake;
use super::keys::{GRAPH, Measure};
use super::law::weighted;
use super::value::Value;
use workloads::scenario::{Choice, Edges};

/// The choices by their names.
const CHOICES: [(&str, Choice); 4] =
    [("recent", Choice::Recent), ("random", Choice::Random), ("tree", Choice::Child), ("null", Choice::Null)];

/// What references lead to.
pub(super) fn edges(value: Option<Value<'_>>, time: Measure) -> Result<Edges, Mistake> {
    let Some(value) = value else { return Ok(Edges::default()) };
    let table = value.section(&GRAPH)?;
    let given = CHOICES.into_iter().filter_map(|(name, choice)| table.get(name).map(|_| (name, choice)));
    let weights =
        given.map(|(name, choice)| Ok((table.number(name)?, choice))).collect::<Result<Vec<_>, _>>()?;
    let choice = match &weights[..] {
        [] => Edges::default().choice,
        _ => weighted(&value, weights)?,
    };
    Ok(Edges { choice, window: table.whole("window")? as u32, old_age: table.time("old_age", time)? })
}
