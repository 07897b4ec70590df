//! What keeps an object of a suspected type alive.

use crate::graph::{ObjectGraph, RootPath, Step, TypeRole};
use crate::snapshot_graph::number_of;
use gc_core::snapshot::{Object, Snapshot, Space};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A shortest way from the roots to an object, as far as people read it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetainerWay {
    /// Its first steps.
    pub first: Vec<RetainerStep>,
    /// How many are left out behind them.
    pub left_out: usize,
    /// Its last steps, the last of which leads to the object, if some are left out.
    pub last: Vec<RetainerStep>,
}

/// A reference on the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetainerStep {
    /// What it is called.
    pub reference: String,
    /// The type of the object that it leads to, or the kind of root.
    pub to: String,
}

impl RetainerWay {
    /// The way to one of the youngest objects of a type; none if there are no such objects.
    pub(super) fn to_new_object(snapshot: &Snapshot, graph: &ObjectGraph, type_name: &str) -> Option<Self> {
        let of_type = snapshot.objects().filter(|object| object.of_type().name() == type_name);
        let newest = of_type.max_by_key(|object| (youth(*object), object.id()))?;
        let path = RootPath::to(graph, number_of(newest.id()) as u32)?;
        let (first, left_out, last) = path.ends();
        // What leads to the roots says nothing of the program.
        let is_told = |step: &&Step<'_>| graph.type_of(step.to).role == TypeRole::Object || is_kind(graph, step);
        let step = |step: &Step<'_>| RetainerStep {
            reference: step.name.to_string(),
            to: graph.type_of(step.to).name.clone(),
        };
        Some(RetainerWay {
            first: first.iter().filter(is_told).map(step).collect(),
            left_out,
            last: last.iter().map(step).collect(),
        })
    }
}

/// Whether a step leads to a kind of roots.
fn is_kind(graph: &ObjectGraph, step: &Step<'_>) -> bool {
    graph.targets(step.to).iter().all(|to| graph.type_of(*to).role == TypeRole::Object)
}

/// How young an object is: the more, the younger.
fn youth(object: Object<'_>) -> u8 {
    match object.space() {
        Space::New => u8::MAX - object.age(),
        _ => 0,
    }
}

impl fmt::Display for RetainerWay {
    /// In one line: `(Persistent roots) [1] -> list .head -> node`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt_steps(&self.first, f)?;
        if self.left_out > 0 {
            write!(f, " ... {} more ...", self.left_out)?;
        }
        fmt_steps(&self.last, f)
    }
}

/// The first of a way is a kind of root, which no reference needs to be named for.
fn fmt_steps(steps: &[RetainerStep], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    steps.iter().try_for_each(|step| match step.to.starts_with('(') {
        true => write!(f, "{}", step.to),
        false => write!(f, " -> {} {}", step.reference, step.to),
    })
}
