//! A stretch of a scenario.

use super::{Distribution, Weighted};
use crate::Random;
use gc_core::event::Nanos;

/// When an object dies.
#[derive(Clone, Debug, PartialEq)]
pub enum Lifetime {
    /// A while after it was made, in the scenario's [`Time`](super::Time).
    After(super::Bounded),
    /// When the phase ends in which it was made.
    Phase,
    /// Never.
    Immortal,
}

impl Lifetime {
    /// When an object dies that is made at `now`; [`NEVER`] if it does not.
    pub(super) fn due(&self, now: u64, phase_end: u64, random: &mut Random) -> u64 {
        match self {
            // Beyond 2^64 is never, too.
            Lifetime::After(law) => now.saturating_add(law.draw(random).round() as u64),
            Lifetime::Phase => phase_end,
            Lifetime::Immortal => NEVER,
        }
    }
}

/// When immortals die.
pub(super) const NEVER: u64 = u64::MAX;

/// A stretch of a scenario in which the program goes about things in one way.
#[derive(Clone, Debug, PartialEq)]
pub struct Phase {
    /// Its name.
    pub name: String,
    /// How long it lasts, in the scenario's [`Time`](super::Time).
    pub length: u64,
    /// How often it is run, one time after the other.
    pub repeat: u32,
    /// Share of its length in which it takes over from the phase before: the longer it has lasted, the more objects are
    /// made in its way, and the fewer in the other. 0 to 1.
    pub ramp: f64,
    /// What is done in it.
    pub activity: Activity,
    /// The time that is given to the heap, if any is.
    pub idle: Option<Idle>,
}

/// What is done in a phase.
#[derive(Clone, Debug, PartialEq)]
pub struct Activity {
    /// Which classes objects are made of, by their indices.
    pub classes: Weighted<usize>,
    /// How long objects of each class live, by its index.
    pub lifetimes: Vec<Weighted<Lifetime>>,
    /// How many references are stored for each object made, besides those that it is made with.
    pub stores: f64,
    /// Share of these stores that store a new object in an old one. 0 to 1.
    pub old_to_young: f64,
    /// How many references are followed for each object made.
    pub reads: f64,
}

/// Time that a program has nothing to do in, and gives to the heap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Idle {
    /// How long it is.
    pub time: Nanos,
    /// After how much of the phase it comes, each time: at the end of the phase, if this is not set.
    pub every: Option<u64>,
}

/// How references are chosen that an object is made with, or that are stored later.
#[derive(Clone, Debug, PartialEq)]
pub struct Edges {
    /// How each is chosen.
    pub choice: Weighted<Choice>,
    /// How many of the objects made last count as recent.
    pub window: u32,
    /// At which age an object counts as old, in the scenario's [`Time`](super::Time).
    pub old_age: u64,
}

/// How the object is chosen that a slot refers to. All choices are among live objects; without one the slot is null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Any, each as likely.
    Random,
    /// One of those made last: what is used together was made together. If it is dead, any.
    Recent,
    /// The newest that no other was given in this way: objects become trees, from the leaves up.
    Child,
    /// None.
    Null,
}

/// Of edges, all of which lead to recent objects.
impl Default for Edges {
    fn default() -> Self {
        Edges { choice: Weighted::only(Choice::Recent), window: 1_000, old_age: 1 << 20 }
    }
}

impl Distribution {
    /// As a lifetime.
    #[must_use]
    pub fn into_lifetime(self) -> Weighted<Lifetime> {
        self.map(Lifetime::After)
    }
}
