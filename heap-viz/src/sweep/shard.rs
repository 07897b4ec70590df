//! A part of a sweep.

use super::cell::PlannedCell;
use super::plan::Plan;
use std::fmt;
use std::str::FromStr;

/// One of the parts that a sweep is run in, written as `3/64`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    number: u32,
    of: u32,
}

/// A text or a number that tells no shard.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShardError {
    /// It is no number of a number.
    #[error("a shard is a number of a number, such as 3/64")]
    NotAShard,
    /// There is no shard of that number.
    #[error("there is no shard {number} of {of}: they count from 1")]
    OutOfRange {
        /// The number.
        number: u64,
        /// How many shards there are.
        of: u32,
    },
}

impl Shard {
    /// All of a sweep.
    pub const ALL: Shard = Shard { number: 1, of: 1 };

    /// Shard `number`, from 1 on, `of` so many.
    ///
    /// # Errors
    /// If there is none of that number.
    pub fn new(number: u64, of: u32) -> Result<Self, ShardError> {
        match u32::try_from(number) {
            Ok(number) if (1..=of).contains(&number) => Ok(Shard { number, of }),
            _ => Err(ShardError::OutOfRange { number, of }),
        }
    }

    /// Every one `of` so many.
    pub fn every(of: u32) -> impl Iterator<Item = Shard> {
        (1..=of).map(move |number| Shard { number, of })
    }

    /// Its cells: every so many-th by name, which as good as shuffles them, since names are hashes. So shards take
    /// about the same time, whatever the order of the plan. Of cells that are the same run there is the first.
    #[must_use]
    pub fn cells<'p>(&self, plan: &'p Plan) -> Vec<&'p PlannedCell> {
        let mut cells: Vec<_> = plan.cells.iter().collect();
        cells.sort_by(|one, other| one.id.cmp(&other.id));
        cells.dedup_by(|one, other| one.id == other.id);
        cells.into_iter().skip(self.number as usize - 1).step_by(self.of as usize).collect()
    }
}

impl FromStr for Shard {
    type Err = ShardError;

    fn from_str(text: &str) -> Result<Self, ShardError> {
        let (number, of) = text.split_once('/').ok_or(ShardError::NotAShard)?;
        let number = number.trim().parse().map_err(|_| ShardError::NotAShard)?;
        Shard::new(number, of.trim().parse().map_err(|_| ShardError::NotAShard)?)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}/{}", self.number, self.of))
    }
}

#[cfg(test)]
mod tests {
    use super::{Shard, ShardError};
    use crate::sweep::plan::tests::plan;
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};
    use std::collections::BTreeSet;

    #[test]
    fn shards_are_read_as_they_are_written() {
        assert_eq!("3/64".parse::<Shard>().map(|shard| shard.to_string()).as_deref(), Ok("3/64"));
        assert_eq!("3".parse::<Shard>(), Err(ShardError::NotAShard));
        assert_eq!("x/y".parse::<Shard>(), Err(ShardError::NotAShard));
        for (text, number, of) in [("0/4", 0, 4), ("5/4", 5, 4), ("1/0", 1, 0)] {
            assert_eq!(text.parse::<Shard>(), Err(ShardError::OutOfRange { number, of }));
        }
    }

    proptest! {
        #[test]
        fn shards_share_out_all_cells_about_evenly(seeds in 1_u64..40, of in 1_u32..90) {
            let plan = plan(seeds);
            let shards: Vec<_> = Shard::every(of).map(|shard| shard.cells(&plan)).collect();
            let names: BTreeSet<_> = shards.iter().flatten().map(|cell| &cell.id).collect();
            prop_assert_eq!(names.len(), plan.cells.len());
            prop_assert_eq!(shards.iter().map(Vec::len).sum::<usize>(), plan.cells.len());
            let sizes = || shards.iter().map(Vec::len);
            prop_assert!(sizes().max().unwrap_or(0) - sizes().min().unwrap_or(0) <= 1);
        }
    }
}
