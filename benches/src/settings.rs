//! Heap settings that several programs use.

use gc_core::policy::{NewSpaceSizing, Promotion};
use gc_core::{Config, Heap};

/// One mebibyte.
pub const MIB: u64 = 1 << 20;

/// A heap with these settings.
///
/// # Panics
/// If the system refuses the address space.
#[must_use]
pub fn heap(config: Config) -> Heap {
    Heap::new(config).expect("the settings are valid and the system grants address space")
}

/// The default settings with semispaces of `semispace_bytes`, which stay as they are.
#[must_use]
pub fn fixed_semispaces(semispace_bytes: u64) -> Config {
    let new_space = NewSpaceSizing {
        initial_bytes: semispace_bytes,
        max_bytes: semispace_bytes,
        ..NewSpaceSizing::default()
    };
    Config { new_space, ..Config::default() }
}

/// What a scavenge does with survivors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Survival {
    /// It copies all of them to to-space.
    Copied,
    /// It promotes all of them.
    Promoted,
}

impl Survival {
    /// The promotion policy that has this effect on objects that have not been through a scavenge.
    #[must_use]
    pub fn promotion(self) -> Promotion {
        match self {
            Survival::Copied => Promotion { age: 1, to_space_percent: None, ..Promotion::default() },
            Survival::Promoted => Promotion { age: 0, to_space_percent: None, ..Promotion::default() },
        }
    }
}
