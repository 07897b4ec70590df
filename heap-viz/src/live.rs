//! What is alive when a run ends.

use serde::{Deserialize, Serialize};

/// The objects that a run kept to its end, by type.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveHeap {
    /// The types that there are objects of, those that take most bytes first.
    pub types: Vec<LiveType>,
}

/// The objects of one type.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveType {
    /// Its name.
    pub name: String,
    /// How many there are.
    pub objects: u64,
    /// Their size, headers included.
    pub size_bytes: u64,
}

/// Objects of several types, added up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LiveSum {
    /// How many types.
    pub types: usize,
    /// How many objects.
    pub objects: u64,
    /// Their size, headers included.
    pub size_bytes: u64,
}

impl LiveHeap {
    /// Most types that a report names.
    pub const NAMED: usize = 8;

    /// The largest types, [`LiveHeap::NAMED`] at most.
    #[must_use]
    pub fn largest(&self) -> &[LiveType] {
        self.types.split_at_checked(Self::NAMED).map_or(&*self.types, |(largest, _)| largest)
    }

    /// All types but the largest.
    #[must_use]
    pub fn others(&self) -> LiveSum {
        LiveSum::of(&self.types[self.largest().len()..])
    }

    /// All types.
    #[must_use]
    pub fn sum(&self) -> LiveSum {
        LiveSum::of(&self.types)
    }
}

impl LiveSum {
    fn of(types: &[LiveType]) -> Self {
        LiveSum {
            types: types.len(),
            objects: types.iter().map(|of| of.objects).sum(),
            size_bytes: types.iter().map(|of| of.size_bytes).sum(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{LiveHeap, LiveSum, LiveType};

    /// So many types, the n-th from the end with n objects of 16 bytes.
    fn live(types: u64) -> LiveHeap {
        let of = |objects| LiveType { name: format!("Type{objects}"), objects, size_bytes: 16 * objects };
        LiveHeap { types: (1..=types).rev().map(of).collect() }
    }

    #[test]
    fn what_is_not_named_is_added_up() {
        for (types, others) in [
            (0, LiveSum::default()),
            (8, LiveSum::default()),
            (9, LiveSum { types: 1, objects: 1, size_bytes: 16 }),
            (10, LiveSum { types: 2, objects: 3, size_bytes: 48 }),
        ] {
            assert_eq!(live(types).others(), others, "{types} types");
        }
        assert_eq!(live(10).largest().len(), 8);
        assert_eq!(live(3).sum(), LiveSum { types: 3, objects: 6, size_bytes: 96 });
    }
}
