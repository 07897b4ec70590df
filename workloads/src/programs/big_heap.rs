//! A large live heap under change: how long do stops get where there is much to mark?

mod choices;
mod model;
mod record;
mod table;

use self::choices::Choices;
use self::model::Model;
use self::table::{Place, Table};
use super::object_bytes;
use super::shuffle::Shuffle;
use crate::{Checksum, Entry, Found, Latencies, Moment, Parameter, Parameters, Progress, Workload};
use gc_core::{Heap, HeapFull};

/// Fills the heap with doubly linked lists of small records, which a table in pieces refers to; then changes them, and
/// records how long each operation took; then reads every record. An operation makes `fresh` lists, of which
/// some replace the end of a random list from a random depth on while the others are dropped, and lets two random
/// lists exchange their ends.
///
/// Each record is reached in one way only, so the live size stays what it was, and each kept record makes an old one
/// garbage.
///
/// **Stresses** the size of the old generation: whatever a stop does in proportion to it shows as one slow operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BigHeap {
    /// Size of what is alive, in KiB.
    pub live_kib: u32,
    /// Length of a list, in records.
    pub length: u32,
    /// Where the records of a list lie.
    pub order: Order,
    /// How many operations are made.
    pub operations: u32,
    /// How many lists an operation makes.
    pub fresh: u32,
    /// Share of them that is kept, in percent.
    pub survivors_percent: u32,
    /// The stream that random choices are drawn from.
    pub seed: u64,
}

/// Where the records of a list lie when it is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Side by side: lists are built one after another.
    Allocation,
    /// Anywhere: all lists are lengthened by one record in random order, and then again. Nearly every access misses the
    /// caches, so a run takes several times as long.
    Shuffled,
}

/// The workload by name.
pub const ENTRY: Entry = Entry {
    name: "big_heap",
    about: "keeps a large graph of small records, replaces and relinks parts of it, and times every operation",
    stresses: "a large old generation: marking has tens of millions of objects to visit, in address order or in none; \
               old records are made to refer to young ones and to each other while it does, and as many die old as \
               are promoted; the worst operation shows the longest pause",
    by_default: false,
    parameters: &[
        Parameter {
            name: "live",
            unit: "KiB",
            about: "size of what is alive",
            default: 1_572_864,
            min: 1,
            max: 25_165_824,
        },
        Parameter {
            name: "length",
            unit: "records",
            about: "length of a list",
            default: 8,
            min: 1,
            max: 1_024,
        },
        Parameter {
            name: "order",
            unit: "0 or 1",
            about: "whether the records of a list lie side by side (0) or anywhere (1)",
            default: 0,
            min: 0,
            max: 1,
        },
        Parameter {
            name: "operations",
            unit: "operations",
            about: "how many operations are made",
            default: 600_000,
            min: 1,
            max: 100_000_000,
        },
        Parameter {
            name: "fresh",
            unit: "lists",
            about: "how many lists an operation makes",
            default: 8,
            min: 0,
            max: 1_000,
        },
        Parameter {
            name: "survivors",
            unit: "percent",
            about: "share of the fresh lists that replace others",
            default: 50,
            min: 0,
            max: 100,
        },
    ],
    construct: |parameters| Box::new(BigHeap::new(parameters)),
};

impl BigHeap {
    fn new(parameters: &Parameters) -> Self {
        BigHeap {
            live_kib: parameters.get_u32("live"),
            length: parameters.get_u32("length"),
            order: if parameters.get("order") == 0 { Order::Allocation } else { Order::Shuffled },
            operations: parameters.get_u32("operations"),
            fresh: parameters.get_u32("fresh"),
            survivors_percent: parameters.get_u32("survivors"),
            seed: parameters.seed(),
        }
    }

    /// How many lists there are.
    fn lists(&self) -> u32 {
        let list_bytes = u64::from(self.length) * record::MEAN_BYTES + super::SLOT_BYTES;
        (u64::from(self.live_kib) * 1_024 / list_bytes).max(1) as u32
    }

    /// The number that the records of a list count from, the first time.
    fn built_base(&self, list: u32) -> u32 {
        list.wrapping_mul(self.length)
    }

    /// The number that the records of fresh list `index` of an operation count from.
    fn fresh_base(&self, operation: u32, index: u32) -> u32 {
        let made_before = operation.wrapping_mul(self.fresh).wrapping_add(index);
        self.built_base(self.lists().wrapping_add(made_before))
    }

    fn choices(&self) -> Choices {
        Choices::new(self.seed, self.lists(), self.length, self.survivors_percent)
    }

    fn build(&self, heap: &mut Heap, table: &Table) -> Result<(), HeapFull> {
        match self.order {
            Order::Allocation => self.build_by_list(heap, table),
            Order::Shuffled => self.build_by_depth(heap, table),
        }
    }

    fn build_by_list(&self, heap: &mut Heap, table: &Table) -> Result<(), HeapFull> {
        for list in 0..self.lists() {
            heap.scope(|heap| table.replace(heap, Place { list, depth: 0 }, self.built_base(list)))?;
        }
        Ok(())
    }

    fn build_by_depth(&self, heap: &mut Heap, table: &Table) -> Result<(), HeapFull> {
        for depth in (0..self.length).rev() {
            for list in Shuffle::new(self.lists(), self.seed.wrapping_add(depth.into())) {
                let number = self.built_base(list).wrapping_add(depth);
                heap.scope(|heap| table.lengthen(heap, list, number))?;
            }
        }
        Ok(())
    }

    fn operate(
        &self,
        heap: &mut Heap,
        table: &Table,
        choices: &mut Choices,
        operation: u32,
    ) -> Result<(), HeapFull> {
        for index in 0..self.fresh {
            let base = self.fresh_base(operation, index);
            heap.scope(|heap| match choices.kept() {
                Some(place) => table.replace(heap, place, base),
                None => table.litter(heap, base),
            })?;
        }
        let (left, right) = choices.exchanged();
        heap.scope(|heap| table.exchange(heap, left, right));
        Ok(())
    }
}

impl Workload for BigHeap {
    fn operation(&self) -> &'static str {
        "operation"
    }

    fn operations(&self) -> u64 {
        self.operations.into()
    }

    fn live_bytes(&self) -> u64 {
        let lists = u64::from(self.lists());
        object_bytes(lists, 0) + lists * u64::from(self.length) * record::MEAN_BYTES
    }

    fn expected_checksum(&self) -> u64 {
        let mut model = Model::new(self.lists(), self.length);
        let mut choices = self.choices();
        for operation in 0..self.operations {
            for index in 0..self.fresh {
                if let Some(place) = choices.kept() {
                    model.replace(place, self.fresh_base(operation, index));
                }
            }
            let (left, right) = choices.exchanged();
            model.exchange(left, right);
        }
        model.numbers().collect::<Checksum>().value()
    }

    fn drive(&self, heap: &mut Heap, progress: &mut Progress<'_>) -> Result<Found, HeapFull> {
        let table = Table::new(heap, self.lists(), self.length)?;
        self.build(heap, &table)?;
        let mut latencies = Latencies::with_capacity(self.operations as usize);
        let mut choices = self.choices();
        for operation in 0..self.operations {
            let start = Moment::now(heap);
            self.operate(heap, &table, &mut choices, operation)?;
            latencies.record(Moment::now(heap).since(start));
            progress.advance(1);
        }
        let checksum = table.numbers(heap).collect::<Checksum>();
        Ok(Found { latencies: Some(latencies), ..checksum.into() })
    }
}

#[cfg(test)]
mod tests {
    use super::{BigHeap, Order, Workload};

    const HEAP: BigHeap = BigHeap {
        live_kib: 100,
        length: 8,
        order: Order::Allocation,
        operations: 50,
        fresh: 3,
        survivors_percent: 50,
        seed: 1,
    };

    #[test]
    fn what_is_alive_is_as_large_as_was_asked_for() {
        assert!((90 << 10..=100 << 10).contains(&HEAP.live_bytes()), "{}", HEAP.live_bytes());
    }

    #[test]
    fn no_two_lists_have_numbers_in_common() {
        let last_built = HEAP.built_base(HEAP.lists() - 1);
        assert_eq!(HEAP.fresh_base(0, 0), last_built + HEAP.length);
        assert_eq!(HEAP.fresh_base(1, 0), HEAP.fresh_base(0, 2) + HEAP.length);
    }

    #[test]
    fn where_records_lie_does_not_change_what_is_found() {
        let shuffled = BigHeap { order: Order::Shuffled, ..HEAP };
        assert_eq!(shuffled.expected_checksum(), HEAP.expected_checksum());
    }
}
