//! Synthetic workloads: objects whose sizes, lifetimes and references follow laws.
//!
//! A [`Scenario`] says which [classes](Class) of objects there are, and in [phases](Phase) how many of each are made,
//! how long they live, and how often references are stored and followed. A [`Synthetic`] is the workload that does so.
//! `docs/scenarios.md` has the same as a file in TOML.
//!
//! # When objects die
//! Each object is held by a root of its own until it is due. What it refers to may be due earlier; then the reference
//! is cut, that is, null is stored, before the root goes. So objects are alive from when they are made until they are
//! due and no longer, whatever refers to them: what is alive is decided by the scenario, not by the graph.

mod account;
mod class;
mod form;
mod graph;
mod law;
mod on_heap;
mod phase;
mod population;
mod roster;
mod run;
#[cfg(test)]
mod sample;
mod settlers;
mod synthetic;
#[cfg(test)]
mod tests;
mod weighted;

pub use class::{ARRAY_SLOTS, BYTES, Body, Class, NODE_BYTES, NODE_SLOTS};
pub use form::{Form, Kind};
pub use graph::{Graph, GraphError, Name};
pub use law::{Bounded, Distribution, Law};
pub use phase::{Activity, Choice, Edges, Idle, Lifetime, Phase};
pub use synthetic::Synthetic;
pub use weighted::Weighted;

/// Most shapes of a scenario. A heap has room for 65,536, its own and those of other programs among them.
pub const MAX_SHAPES: u64 = 60_000;

/// Longest scenario, in its time: so no sum of times is too large for 64 bits.
pub const MAX_LENGTH: u64 = 1 << 60;

/// What a synthetic workload does.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// What its time is.
    pub time: Time,
    /// The classes of objects.
    pub classes: Vec<Class>,
    /// The phases, in order.
    pub phases: Vec<Phase>,
    /// How often all phases are run, one time after the other.
    pub repeat: u32,
    /// What references lead to.
    pub edges: Edges,
    /// What is there before it starts. The scenario owns these objects from then on, as its longest-lived.
    pub initial: Graph,
}

/// What lifetimes and phases are measured in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Time {
    /// Bytes allocated in the heap, headers included: what a collector knows of time.
    Bytes,
    /// Objects made.
    Objects,
}

impl Scenario {
    /// How many shapes its objects have at most: no more than [`MAX_SHAPES`] are allowed.
    #[must_use]
    pub fn most_shapes(&self) -> u64 {
        let of_classes = self.classes.iter().map(|class| class.body.most_shapes());
        of_classes.fold(self.initial.shapes(), u64::saturating_add)
    }

    /// How long it lasts, in its time: no more than [`MAX_LENGTH`] is allowed.
    #[must_use]
    pub fn length(&self) -> u64 {
        let phases = self.phases.iter().map(|phase| phase.length.saturating_mul(phase.repeat.into()));
        phases.fold(0, u64::saturating_add).saturating_mul(self.repeat.into())
    }

    /// The names of all objects: those of the classes, and behind them those of the initial graph.
    fn names(&self) -> impl Iterator<Item = &str> {
        let of_classes = self.classes.iter().map(|class| &*class.name);
        of_classes.chain(self.initial.names().iter().map(|name| &**name))
    }
}
