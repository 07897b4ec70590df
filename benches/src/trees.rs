//! Binary trees, as in the Computer Language Benchmarks Game, for Tenure and its peers.
//!
//! Every module runs the same program and returns the same checksum: a stretch tree of `depth + 1`, a tree of
//! `depth` that stays, then for every second depth from 4 to `depth` a batch of trees that are built, counted and
//! dropped one at a time. A node is two references and nothing else.
//!
//! | module | node | freed |
//! |---|---|---|
//! | [`tenure`] | 16 bytes: header, two 32-bit references | by scavenges |
//! | [`bump`] | 16 bytes: two pointers | a tree at a time, at no cost: the floor |
//! | [`arena`] | 32 bytes from `malloc`: header, two pointers | by an incremental mark-sweep |
//! | [`boxed`] | 16 bytes from `malloc`: two pointers | one by one: the ceiling |
//! | [`java`] | 24 bytes: header, two 32-bit references | by scavenges |

pub mod arena;
pub mod boxed;
pub mod bump;
pub mod java;
pub mod tenure;

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, Instant};

/// One run of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// How long it took.
    pub elapsed: Duration,
    /// What it counted.
    pub checksum: u64,
}

impl Run {
    /// Runs `program`, which gives its checksum.
    pub fn of(program: impl FnOnce() -> u64) -> Self {
        let start = Instant::now();
        let checksum = program();
        Run { elapsed: start.elapsed(), checksum }
    }
}

/// A line for another process to read.
impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.elapsed.as_nanos(), self.checksum)
    }
}

/// Reads what [`Run`] displays.
impl FromStr for Run {
    type Err = String;

    fn from_str(line: &str) -> Result<Self, String> {
        let parsed = line.trim().split_once(' ').and_then(|(nanos, checksum)| {
            Some(Run { elapsed: Duration::from_nanos(nanos.parse().ok()?), checksum: checksum.parse().ok()? })
        });
        parsed.ok_or_else(|| format!("not a run: {line:?}"))
    }
}

/// Depth of the shallowest trees that are dropped.
const MIN_DEPTH: u32 = 4;

/// So many trees of one depth, built and dropped one after another.
#[derive(Clone, Copy)]
struct Batch {
    depth: u32,
    trees: u64,
}

/// The batches of a run of `depth`.
fn batches(depth: u32) -> impl Iterator<Item = Batch> {
    let batch =
        move |batch_depth| Batch { depth: batch_depth, trees: 1 << (depth - batch_depth + MIN_DEPTH) };
    (MIN_DEPTH..=depth).step_by(2).map(batch)
}

#[cfg(test)]
mod tests {
    use super::{Run, arena, boxed, bump, java, tenure};
    use gc_core::Config;
    use std::time::Duration;

    #[test]
    fn all_programs_find_the_same() {
        let expected = tenure::run(8, &Config::default());
        assert_eq!(bump::run(8), expected);
        assert_eq!(boxed::run(8), expected);
        assert_eq!(arena::run(8, arena::BEST_PACING), expected);
        if let Some(mut java) = java::Java::start(8).expect("an installed Java runs the program") {
            assert_eq!(java.run().expect("it answers").checksum, expected);
        }
    }

    #[test]
    fn a_run_is_read_as_it_was_written() {
        let run = Run { elapsed: Duration::from_nanos(1500), checksum: 7 };
        assert_eq!(run.to_string().parse(), Ok(run));
        assert!("1500".parse::<Run>().is_err());
    }
}
