//! Scenarios from TOML files, each mistake with its place. `docs/scenarios.md` tells the keys.

mod edges;
mod initial;
pub(super) mod keys;
mod law;
mod object;
mod phase;
pub(super) mod table;
#[cfg(test)]
mod tests;
pub(super) mod value;

use super::failure::Failure;
use super::toml_file::{Mistake, TomlFile};
use keys::{Measure, OBJECT, PHASE, TOP};
use object::Object;
use std::path::{Path, PathBuf};
use table::Table;
use value::Value;
use workloads::scenario::{MAX_LENGTH, MAX_SHAPES, Phase, Scenario, Time};

/// Most sections of a kind.
const MAX_SECTIONS: usize = 1_000;

/// The file of the snapshot that the scenario in the file at `path` starts from, if it starts from one.
pub(crate) fn snapshot_of(path: &Path) -> Result<Option<PathBuf>, Failure> {
    let file = TomlFile::read(path)?;
    let parsed = file.parse().map_err(|mistake| file.failure(mistake))?;
    let initial = parsed.get_ref().get("initial").and_then(|initial| initial.get_ref().get("snapshot"));
    Ok(initial.and_then(|snapshot| snapshot.get_ref().as_str()).map(|snapshot| file.beside(snapshot)))
}

/// Reads the scenario in the file at `path`.
pub(crate) fn read(path: &Path) -> Result<Scenario, Failure> {
    let file = TomlFile::read(path)?;
    scenario(&file).map_err(|mistake| file.failure(mistake))
}

fn scenario(file: &TomlFile) -> Result<Scenario, Mistake> {
    let parsed = file.parse()?;
    let top = Table::new(file, "", &TOP, parsed.span().start, parsed.get_ref())?;
    let time = [Time::Bytes, Time::Objects][top.word_or_first("time")?];
    let measure = match time {
        Time::Bytes => Measure::TimeInBytes,
        Time::Objects => Measure::TimeInObjects,
    };
    let objects = objects(&top.required("object")?, measure)?;
    let scenario = Scenario {
        time,
        phases: phases(&top.required("phase")?, &objects, measure)?,
        classes: objects.into_iter().map(|object| object.class).collect(),
        repeat: top.whole("repeat")? as u32,
        edges: edges::edges(top.get("graph"), measure)?,
        initial: initial::graph(top.get("initial"))?,
    };
    check_length(&top, &scenario)?;
    check_shapes(&top.required("object")?, &scenario)?;
    Ok(scenario)
}

fn objects(value: &Value<'_>, time: Measure) -> Result<Vec<Object>, Mistake> {
    let mut objects: Vec<Object> = Vec::new();
    for table in few(value, value.sections(&OBJECT)?)? {
        let object = object::object(&table, time)?;
        if objects.iter().any(|other| other.class.name == object.class.name) {
            let name = table.required("name")?;
            return Err(name.mistake(format!("there are two objects called {:?}", object.class.name)));
        }
        objects.push(object);
    }
    Ok(objects)
}

fn phases(value: &Value<'_>, objects: &[Object], time: Measure) -> Result<Vec<Phase>, Mistake> {
    let tables = few(value, value.sections(&PHASE)?)?;
    (1..).zip(&tables).map(|(number, table)| phase::phase(table, number, objects, time)).collect()
}

fn few<'a>(value: &Value<'_>, tables: Vec<Table<'a>>) -> Result<Vec<Table<'a>>, Mistake> {
    if tables.len() <= MAX_SECTIONS {
        return Ok(tables);
    }
    Err(value.mistake(format!(
        "there are {} sections [[{}]]: {MAX_SECTIONS} at most",
        tables.len(),
        value.path
    )))
}

fn check_length(top: &Table<'_>, scenario: &Scenario) -> Result<(), Mistake> {
    if scenario.length() <= MAX_LENGTH {
        return Ok(());
    }
    Err(top.mistake(format!("the phases are longer than {MAX_LENGTH}, all repetitions together")))
}

fn check_shapes(objects: &Value<'_>, scenario: &Scenario) -> Result<(), Mistake> {
    let shapes = scenario.most_shapes();
    if shapes <= MAX_SHAPES {
        return Ok(());
    }
    let problem = format!(
        "the nodes may have {shapes} combinations of `slots` and `bytes`, of which a heap has room for {MAX_SHAPES}"
    );
    let tip = Some("give the laws of nodes a lower `max`".into());
    Err(Mistake { tip, ..objects.mistake(problem) })
}
