//! One run of a sweep, as it is planned.

use super::id::{Hash, SEED};
use crate::run::{ClockKind, SettingValue};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One run of a sweep: everything that it takes to make it, on any machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedCell {
    /// Its name: a hash of all that its result depends on.
    pub id: Hash,
    /// What it shares with those cells that differ from it in the seed only: a hash of all that their results depend
    /// on, and of how that is called in the sweep. So two labels of one size of the heap are two points.
    pub point: Hash,
    /// A hash of the settings of its heap.
    pub config_hash: Hash,
    /// A hash of what work costs.
    pub cost_hash: Hash,
    /// What is run, as commands name it. Files are told from where the plan lies.
    pub workload: String,
    /// All parameters of the workload, its seed among them; nothing of programs that have none.
    pub parameters: BTreeMap<String, u64>,
    /// The name of the configuration in the sweep.
    pub config: String,
    /// How large the heap is to be, in the words of the sweep, such as `1.5x`.
    pub heap: String,
    /// Where the heap takes its time from.
    pub clock: ClockKind,
    /// Most that the old generation may take, in bytes.
    pub max_old_bytes: u64,
    /// Largest capacity of one semispace, in bytes.
    pub semispace_bytes: u64,
    /// The settings of the heap that are not those of a heap without any, as config files have them.
    pub settings: BTreeMap<String, SettingValue>,
    /// What was chosen for this cell where the sweep has a choice, as labels, by the name of the choice.
    pub choices: BTreeMap<String, String>,
}

impl PlannedCell {
    /// The stream that its random choices are drawn from.
    #[must_use]
    pub fn seed(&self) -> Option<u64> {
        self.parameters.get(SEED).copied()
    }

    /// Its parameters but for the seed, as commands have them.
    #[must_use]
    pub fn work(&self) -> String {
        let own = self.parameters.iter().filter(|(name, _)| *name != SEED);
        own.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ")
    }

    /// What it is, in one line.
    #[must_use]
    pub fn told(&self) -> String {
        let seed = self.seed().map(|seed| format!("seed {seed}"));
        let choices = self.choices.iter().map(|(name, label)| format!("{name} {label}"));
        let words: Vec<_> = choices.chain(seed).chain([format!("{} clock", self.clock.name())]).collect();
        format!("{}: {}", self.workload, words.join(", "))
    }
}
