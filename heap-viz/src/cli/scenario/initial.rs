//! The section `[initial]`.

use super::super::import;
use super::super::toml_file::Mistake;
use super::keys::INITIAL;
use super::value::Value;
use workloads::scenario::Graph;

/// What is there before the scenario starts.
pub(super) fn graph(value: Option<Value<'_>>) -> Result<Graph, Mistake> {
    let Some(value) = value else { return Ok(Graph::default()) };
    let file = value.section(&INITIAL)?.required("snapshot")?;
    let path = file.file.beside(file.text()?);
    let objects = import::read_placement(&path).map_err(|failure| file.mistake(failure.to_string()))?;
    let graph = Graph::from(&objects);
    graph.check().map_err(|error| file.mistake(format!("{}: {error}", path.display())))?;
    Ok(graph)
}
