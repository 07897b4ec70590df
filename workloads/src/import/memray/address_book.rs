//! Which object lies where.

use super::allocation::Allocation;
use std::collections::{BTreeMap, HashMap};

/// The objects alive by their addresses.
#[derive(Default)]
pub(super) struct AddressBook {
    blocks: HashMap<u64, u32>,
    /// By their starts: what was mapped is also unmapped by ranges.
    maps: BTreeMap<u64, Map>,
}

#[derive(Clone, Copy)]
struct Map {
    bytes: u64,
    number: u32,
}

impl AddressBook {
    /// Adds an object; gives the one that was there.
    pub(super) fn add(&mut self, allocation: Allocation, number: u32) -> Option<u32> {
        self.blocks.insert(allocation.address, number)
    }

    /// Removes the object at an address.
    pub(super) fn remove(&mut self, address: u64) -> Option<u32> {
        self.blocks.remove(&address)
    }

    /// Adds a range of memory; gives the one that started there.
    pub(super) fn add_map(&mut self, allocation: Allocation, number: u32) -> Option<u32> {
        let map = Map { bytes: allocation.bytes, number };
        self.maps.insert(allocation.address, map).map(|before| before.number)
    }

    /// Removes the ranges that lie within another one.
    pub(super) fn remove_maps(&mut self, start: u64, bytes: u64) -> Vec<u32> {
        let end = start.saturating_add(bytes);
        let within = self.maps.range(start..end).filter(|(at, map)| at.saturating_add(map.bytes) <= end);
        let within: Vec<_> = within.map(|(at, map)| (*at, map.number)).collect();
        let remove = |(at, number)| self.maps.remove(&at).map(|_| number);
        within.into_iter().filter_map(remove).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::allocation::{Allocation, Allocator};
    use super::AddressBook;

    #[test]
    fn unmapping_a_range_ends_what_lies_within_it_and_nothing_else() {
        let mut book = AddressBook::default();
        for (number, address) in (0..).zip([0, 4_096, 8_192, 12_288]) {
            book.add_map(Allocation { address, bytes: 4_096, allocator: Allocator::Map }, number);
        }
        assert_eq!(book.remove_maps(4_096, 8_192), [1, 2]);
        assert_eq!(book.remove_maps(0, 4_000), [0; 0]);
        assert_eq!(book.remove_maps(0, u64::MAX), [0, 3]);
    }
}
