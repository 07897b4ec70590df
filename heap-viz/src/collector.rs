//! The collectors of other runtimes, of which a log tells less than Tenure's events do.

use serde::{Deserialize, Serialize};

/// A collector that is not Tenure's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collector {
    /// Its name, with that of its runtime.
    pub name: String,
    /// What its log does not tell: reports leave it out.
    pub untold: Vec<Figure>,
}

/// What a log may tell or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    /// Time in the phases of a pause.
    Phases,
    /// Bytes that were copied within new space, and bytes that became old.
    Promotion,
    /// Bytes that survived, by age.
    Ages,
    /// Memory by space. Where it is not told, all of the heap counts as old space.
    Spaces,
    /// Memory that the heap takes, as against what is in use.
    Capacity,
    /// Memory off the heap.
    External,
    /// Entries of the remembered set.
    Remembered,
    /// Holes in old space.
    Fragmentation,
    /// Memory that was committed.
    Committed,
    /// Counts of what was looked at, marked, swept and moved.
    Work,
}

impl Figure {
    /// Every figure, in a fixed order.
    pub const ALL: [Figure; 10] = [
        Figure::Phases,
        Figure::Promotion,
        Figure::Ages,
        Figure::Spaces,
        Figure::Capacity,
        Figure::External,
        Figure::Remembered,
        Figure::Fragmentation,
        Figure::Committed,
        Figure::Work,
    ];
}

/// Lines of a log that were not understood.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnreadLines {
    /// How many.
    pub count: u64,
    /// The first of them.
    pub examples: Vec<UnreadLine>,
}

/// One line that was not understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnreadLine {
    /// Its number, from 1.
    pub number: u64,
    /// What it says, cut off where it is long.
    pub text: String,
}

impl UnreadLines {
    /// Most examples that are kept.
    const EXAMPLES: usize = 3;
    /// Most characters that are kept of each.
    const EXAMPLE_CHARS: usize = 60;

    /// Takes note of a line.
    pub(crate) fn push(&mut self, number: u64, line: &str) {
        self.count += 1;
        if self.examples.len() < Self::EXAMPLES {
            self.examples.push(UnreadLine { number, text: line.chars().take(Self::EXAMPLE_CHARS).collect() });
        }
    }
}
