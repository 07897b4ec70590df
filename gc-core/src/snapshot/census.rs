//! How many objects of each type there are.

use super::Snapshot;
use super::object_type::ObjectType;
use std::cmp::Reverse;

/// The objects of one type, counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TypeTotal<'s> {
    /// The type.
    pub of: &'s ObjectType,
    /// How many there are.
    pub count: u64,
    /// Their size, headers included, in bytes.
    pub bytes: u64,
    /// Size of their off-heap buffers in bytes.
    pub external_bytes: u64,
}

impl Snapshot {
    /// How many objects of each type there are, those that take most bytes first; types without any are left out.
    ///
    /// ```
    /// # use gc_core::{Config, Heap, Layout};
    /// # let mut heap = Heap::new(Config::default())?;
    /// let small = heap.register("small", Layout::Fixed { slots: 0, bytes: 8 });
    /// let large = heap.register("large", Layout::Fixed { slots: 0, bytes: 80 });
    /// heap.alloc(small)?;
    /// heap.alloc(large)?;
    /// heap.alloc(small)?;
    ///
    /// let snapshot = heap.snapshot();
    /// let census = snapshot.census();
    /// let lines: Vec<_> = census.iter().map(|total| (total.of.name(), total.count, total.bytes)).collect();
    /// assert_eq!(lines, [("large", 1, 88), ("small", 2, 32)]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn census(&self) -> Vec<TypeTotal<'_>> {
        let none = |of| TypeTotal { of, count: 0, bytes: 0, external_bytes: 0 };
        let mut totals: Vec<_> = self.types.iter().map(none).collect();
        for row in &self.rows {
            let total = &mut totals[row.type_index as usize];
            total.count += 1;
            total.bytes += row.size.bytes();
        }
        for (owner, bytes) in &self.external_bytes {
            totals[self.object(*owner).type_index()].external_bytes += bytes;
        }
        totals.retain(|total| total.count > 0);
        totals.sort_by_key(|total| Reverse(total.bytes));
        totals
    }
}
