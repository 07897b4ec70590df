//! The speed that Tenure promises, measured against its peers in one process.
//!
//! Every target is a ratio of programs that run in turn, or a time that is given beside a floor and a ceiling measured
//! in turn with it. A target is met if the *best* repetition is within the limit: the least time is what the program
//! takes, anything above it what the machine did at that moment. The median stands beside it and says how noisy the
//! machine was.

mod barrier;
mod full;
mod lox;
mod object_graph;
mod peer;
mod report;
mod scavenge;
mod start;
mod traces;
mod trees;
mod typed;
mod watched;
mod young;

pub use lox::run_here as run_lox;
pub use peer::Peer;
pub use report::{Limit, Measured, Report, Unit};

/// A group of targets that are measured together.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    /// Its name, by which it can be chosen.
    pub name: &'static str,
    measure: fn(usize, &mut Report),
}

/// All groups, in the order in which they are measured.
pub const GROUPS: [Group; 12] = [
    Group { name: "binary_trees_20", measure: trees::at_depth_20 },
    Group { name: "binary_trees_18", measure: trees::at_depth_18 },
    Group { name: "typed_face", measure: typed::measure },
    Group { name: "lox", measure: lox::measure },
    Group { name: "young_allocation", measure: young::measure },
    Group { name: "scavenge_survivors", measure: scavenge::survivors },
    Group { name: "scavenge_fixed_cost", measure: scavenge::fixed_cost },
    Group { name: "barrier", measure: barrier::measure },
    Group { name: "start", measure: start::measure },
    Group { name: "full_collections", measure: full::measure },
    Group { name: "traces", measure: traces::measure },
    Group { name: "object_graph", measure: object_graph::measure },
];

impl Group {
    /// Measures the group's targets with so many repetitions of each program.
    #[must_use]
    pub fn measure(self, repetitions: usize) -> Report {
        let mut report = Report::new(self.name);
        (self.measure)(repetitions, &mut report);
        report
    }
}
