//! Why an object is alive.

use super::Told;
use heap_viz::graph::{Dominators, ObjectGraph, RootPath, Step, TypeRole};
use heap_viz::quantity::Bytes;
use serde_json::{Value, json};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

/// Steps of a long way that are told, at its start and at its end.
const FIRST_STEPS: usize = 10;
const LAST_STEPS: usize = 6;

/// What keeps an object alive, and what it keeps alive itself.
pub(super) struct Reason<'a> {
    dominators: &'a Dominators<'a>,
    object: u32,
    path: RootPath<'a>,
    /// Of what it retains, the types with objects and bytes, the largest first.
    retained: Vec<(&'a str, u64, u64)>,
    /// How many types to list.
    top: usize,
}

/// The types of what an object retains, with objects and bytes, the largest first.
fn retained_types<'a>(dominators: &'a Dominators<'a>, object: u32) -> Vec<(&'a str, u64, u64)> {
    let graph = dominators.graph();
    let mut types = BTreeMap::<_, (u64, u64)>::new();
    for below in dominators.retained_by(object) {
        let (objects, bytes) = types.entry(graph.type_of(below).name.as_str()).or_default();
        *objects += 1;
        *bytes += graph.shallow_bytes(below);
    }
    let mut types: Vec<_> =
        types.into_iter().map(|(name, (objects, bytes))| (name, objects, bytes)).collect();
    types.sort_by_key(|(_, _, bytes)| Reverse(*bytes));
    types
}

impl<'a> Reason<'a> {
    /// Why an object that is reached is so.
    pub(super) fn new(dominators: &'a Dominators<'a>, object: u32, top: usize) -> Self {
        let graph = dominators.graph();
        let path = RootPath::to(graph, object).unwrap_or(RootPath { steps: Vec::new() });
        Reason { dominators, object, path, retained: retained_types(dominators, object), top }
    }

    fn graph(&self) -> &'a ObjectGraph {
        self.dominators.graph()
    }

    /// An object as it is called.
    fn name(&self, object: u32) -> String {
        let of = self.graph().type_of(object);
        match of.role {
            TypeRole::Root => of.name.clone(),
            TypeRole::Object => format!("{} @{}", of.name, self.graph().object(object).id),
        }
    }

    fn objects(&self) -> u64 {
        self.retained.iter().map(|(_, objects, _)| objects).sum()
    }

    /// The nearest object, not a root, without which it would be dead.
    fn keeper(&self) -> Option<u32> {
        let keeper = self.dominators.dominator(self.object)?;
        (self.graph().type_of(keeper).role == TypeRole::Object).then_some(keeper)
    }

    fn step_to_json(&self, step: &Step<'_>) -> Value {
        json!({
            "name": step.name.to_string(),
            "id": self.graph().object(step.to).id,
            "type": self.graph().type_of(step.to).name,
            "retained_bytes": self.dominators.retained_bytes(step.to),
        })
    }

    fn fmt_steps(&self, steps: &[Step<'_>], width: usize, f: &mut Formatter<'_>) -> fmt::Result {
        steps.iter().try_for_each(|step| {
            let (name, object) = (step.name.to_string(), self.name(step.to));
            let retained = Bytes(self.dominators.retained_bytes(step.to)).to_string();
            writeln!(f, "  {retained:>11}  {name:<width$}  {object}")
        })
    }
}

impl Told for Reason<'_> {
    /// Schema `tenure.why/1`.
    fn to_json(&self) -> Value {
        let retained = self.retained.iter().take(self.top).map(
            |(name, objects, bytes)| json!({ "name": name, "objects": objects, "shallow_bytes": bytes }),
        );
        json!({
            "schema": "tenure.why/1",
            "version": env!("CARGO_PKG_VERSION"),
            "id": self.graph().object(self.object).id,
            "type": self.graph().type_of(self.object).name,
            "shallow_bytes": self.graph().shallow_bytes(self.object),
            "retained_bytes": self.dominators.retained_bytes(self.object),
            "retained_objects": self.objects(),
            "retained_types": retained.collect::<Value>(),
            "kept_alive_by": self.keeper().map(|keeper| self.graph().object(keeper).id),
            "path": self.path.steps.iter().map(|step| self.step_to_json(step)).collect::<Value>(),
        })
    }
}

impl Display for Reason<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} is alive by these references:\n", self.name(self.object))?;
        self.fmt_path(f)?;
        match self.keeper() {
            Some(keeper) => writeln!(f, "\nAll ways to it lead over {}.", self.name(keeper))?,
            None => writeln!(f, "\nNo other object alone keeps it alive.")?,
        }
        let bytes = Bytes(self.dominators.retained_bytes(self.object));
        writeln!(f, "It keeps {bytes:#} alive that would die with it, in objects of these types:\n")?;
        writeln!(f, "  {:>10} {:>11}  type", "objects", "shallow")?;
        self.retained.iter().take(self.top).try_for_each(|(name, objects, bytes)| {
            writeln!(f, "  {objects:>10} {:>11}  {name}", Bytes(*bytes).to_string())
        })
    }
}

impl Reason<'_> {
    fn fmt_path(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (first, left_out, last) = self.path.ends(FIRST_STEPS, LAST_STEPS);
        let names = first.iter().chain(last).map(|step| step.name.to_string().chars().count());
        let width = names.max().unwrap_or(0).clamp(9, 30);
        writeln!(f, "  {:>11}  {:<width$}  object", "retained", "reference")?;
        writeln!(f, "  {:>11}  {:<width$}  {}", "", "", self.name(ObjectGraph::ROOT))?;
        self.fmt_steps(first, width, f)?;
        if left_out > 0 {
            writeln!(f, "  {:>11}  ... {left_out} more ...", "")?;
        }
        self.fmt_steps(last, width, f)
    }
}
