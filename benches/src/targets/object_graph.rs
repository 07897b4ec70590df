//! Dominators and retained sizes of ten million objects, and the algorithms that were not chosen for them.

mod cooper_harvey_kennedy;
mod numbering;
mod semi_nca;

use self::numbering::Numbering;
use super::{Limit, Report, Unit};
use crate::contest::Figures;
use heap_viz::graph::{Dominators, EdgeName, GraphObject, GraphType, ObjectGraph, TypeRole, TypeSizes};
use std::time::Instant;
use workloads::Random;

/// How many objects the target is set for.
const OBJECTS: u32 = 10_000_000;
/// Objects for the algorithms that were not chosen, where they take their square: with all of them they would not end.
const FEW_OBJECTS: u32 = 40_000;

/// A graph by what it looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// One list.
    List,
    /// An array of all others, and a tree over them: two ways to each.
    Wide,
    /// Three references from each object: one to one of the next hundred, two to any.
    Random,
    /// A list of half of the objects; the others hang at its end, and in an array.
    TailShared,
}

impl Form {
    const ALL: [Form; 4] = [Form::List, Form::Wide, Form::Random, Form::TailShared];

    fn name(self) -> &'static str {
        match self {
            Form::List => "one list",
            Form::Wide => "an array and a tree",
            Form::Random => "three references at random",
            Form::TailShared => "a list with all else at its end",
        }
    }

    /// The graph of so many objects of 32 bytes and of 16 types.
    fn graph(self, objects: u32) -> ObjectGraph {
        let mut graph = ObjectGraph::default();
        for number in 0..16 {
            graph.add_type(GraphType { name: format!("type {number}"), role: TypeRole::Object });
        }
        for id in 0..objects {
            graph.add_object(GraphObject { type_index: id % 16, shallow_bytes: 32, id });
        }
        let mut random = Random::new(1);
        for from in 0..objects {
            self.for_each_target(from, objects, &mut random, |to| {
                if to < objects {
                    graph.add_edge(from, EdgeName::Index(0), to);
                }
            });
        }
        graph
    }

    fn for_each_target(self, from: u32, objects: u32, random: &mut Random, mut add: impl FnMut(u32)) {
        let half = objects / 2;
        match self {
            Form::List => add(from + 1),
            Form::Wide if from == 0 => (1..objects).for_each(add),
            Form::Wide => [2 * from, 2 * from + 1].into_iter().for_each(add),
            Form::Random => {
                add(from + 1 + random.below(100));
                add(random.below(objects));
                add(random.below(objects));
            }
            Form::TailShared if from == 0 => {
                add(1);
                (half..objects).for_each(add);
            }
            Form::TailShared if from == half - 1 => (half..objects).for_each(add),
            Form::TailShared if from < half => add(from + 1),
            Form::TailShared => {}
        }
    }
}

/// The target, and what else there is.
pub(super) fn measure(repetitions: usize, report: &mut Report) {
    for form in Form::ALL {
        let graph = form.graph(OBJECTS);
        let chosen: Figures = (0..repetitions).map(|_| seconds(|| retained(&graph))).collect();
        report.row(format!("retained sizes, {}", form.name()), &chosen, Unit::Seconds, Limit::AtMost(20.0));
    }
    for objects in [OBJECTS, FEW_OBJECTS] {
        for form in Form::ALL {
            // Both take the square of the objects there.
            if objects == OBJECTS && form == Form::TailShared {
                continue;
            }
            compare(&form.graph(objects), &format!("{objects} objects, {}", form.name()), report);
        }
    }
    report.note(
        "10 million objects of 32 bytes and 16 types; the numbering by a depth-first search is part of each",
    );
}

/// Dominators alone, by each algorithm.
fn compare(graph: &ObjectGraph, what: &str, report: &mut Report) {
    let chosen = seconds(|| u64::from(Dominators::of(graph).reached()));
    let semi_nca = seconds(|| sum(&semi_nca::dominators(&Numbering::of(graph))));
    let iterated = seconds(|| sum(&cooper_harvey_kennedy::dominators(&Numbering::of(graph))));
    for (name, seconds) in
        [("Lengauer-Tarjan", chosen), ("semi-NCA", semi_nca), ("Cooper-Harvey-Kennedy", iterated)]
    {
        report.row(format!("{name}, {what}"), &Figures::from_iter([seconds]), Unit::Seconds, Limit::None);
    }
}

fn retained(graph: &ObjectGraph) -> u64 {
    let dominators = Dominators::of(graph);
    TypeSizes::of(&dominators, 20).types.iter().map(|of| of.retained_bytes).sum()
}

fn sum(dominators: &[u32]) -> u64 {
    dominators.iter().map(|it| u64::from(*it)).sum()
}

fn seconds(run: impl FnOnce() -> u64) -> f64 {
    let start = Instant::now();
    std::hint::black_box(run());
    start.elapsed().as_secs_f64()
}
