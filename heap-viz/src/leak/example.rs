//! What keeps an object of a suspected type alive.

use crate::graph::{ObjectGraph, RootPath, Step};
use crate::snapshot_graph::number_of;
use gc_core::snapshot::{Object, Snapshot, Space};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Steps of a long way that are told, at its start and at its end.
const FIRST_STEPS: usize = 6;
const LAST_STEPS: usize = 3;

/// A shortest way from the roots to an object, as far as people read it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetainerWay {
    /// The kind of root that it starts from.
    pub root: String,
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
    /// What it is called; of a root, its number among those of its kind.
    pub reference: String,
    /// The type of the object that it leads to.
    pub to: String,
}

impl RetainerWay {
    /// The way to one of the youngest objects of a type; none if there are no such objects.
    pub(super) fn to_new_object(snapshot: &Snapshot, graph: &ObjectGraph, type_name: &str) -> Option<Self> {
        let of_type = snapshot.objects().filter(|object| object.of_type().name() == type_name);
        let newest = of_type.max_by_key(|object| (youth(*object), object.id()))?;
        let mut path = RootPath::to(graph, number_of(newest.id()) as u32)?;
        let type_of = |step: &Step<'_>| graph.type_of(step.to).name.clone();
        // The first two lead to the roots and to a kind of them: `(GC roots)`, `(Persistent roots)`.
        let root = path.steps.drain(..2).next_back().as_ref().map(type_of)?;
        let (first, left_out, last) = path.ends(FIRST_STEPS, LAST_STEPS);
        let step = |step: &Step<'_>| RetainerStep { reference: step.name.to_string(), to: type_of(step) };
        Some(RetainerWay {
            root,
            first: first.iter().map(step).collect(),
            left_out,
            last: last.iter().map(step).collect(),
        })
    }
}

/// How young an object is: the more, the younger.
fn youth(object: Object<'_>) -> u8 {
    match object.space() {
        Space::New => u8::MAX - object.age(),
        _ => 0,
    }
}

impl fmt::Display for RetainerWay {
    /// In one line: `(Persistent roots) -> [1] list -> head node`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.root)?;
        fmt_steps(&self.first, f)?;
        if self.left_out > 0 {
            write!(f, " -> ({} more)", self.left_out)?;
        }
        fmt_steps(&self.last, f)
    }
}

fn fmt_steps(steps: &[RetainerStep], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    steps.iter().try_for_each(|step| write!(f, " -> {} {}", step.reference, step.to))
}
