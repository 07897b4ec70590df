//! The loops.
//!
//! What they must not be is vectorised, hoisted or left out: each operation takes part in a sum that depends on all before it.

use super::{Case, Limit, OPERATIONS};
use crate::settings::{MIB, fixed_semispaces};
use gc_core::arena::{Arena, Array, Gc, Lock, Root, Trace};
use gc_core::{Config, FixedShape, Heap};
use std::hint::black_box;
use std::io;
use workloads::trace::TraceRecorder;

/// All cases.
pub const CASES: &[Case] = &[
    Case {
        name: "read_index",
        operation: "a field by a base pointer and an index",
        limit: Limit::Accepted,
        run: read_index,
    },
    Case {
        name: "read_gc",
        operation: "a field through a `Gc`",
        limit: Limit::As("read_index"),
        run: read_gc,
    },
    Case { name: "new_16", operation: "an object of 16 bytes", limit: Limit::Accepted, run: new_16 },
    Case {
        name: "write_young",
        operation: "a store into a young object",
        limit: Limit::Accepted,
        run: write_young,
    },
    Case {
        name: "should_yield",
        operation: "a question whether to yield",
        limit: Limit::Accepted,
        run: should_yield,
    },
    Case {
        name: "record",
        operation: "an object of 16 bytes, made and recorded in a trace",
        limit: Limit::Accepted,
        run: record,
    },
];

/// Settings under which no case collects, and nothing runs beside it.
fn settings() -> Config {
    Config { prefault: false, huge_pages: false, ..fixed_semispaces(16 * MIB) }
}

fn arena<R: ?Sized>(arena: Result<Arena<R>, gc_core::ConfigError>) -> Arena<R> {
    arena.expect("the settings are valid")
}

/// Takes a value into a sum that depends on the order of all values.
fn mix(sum: u64, value: u64) -> u64 {
    sum.rotate_left(1) ^ value
}

/// Where the n-th operation of a round reads: everywhere, in no order.
fn place(number: u32) -> u32 {
    number * 7 % OPERATIONS
}

/// Eight bytes, so that an index is scaled as a `Gc` is.
#[derive(Trace)]
struct Record {
    value: u64,
}

fn numbered(number: u32) -> Record {
    Record { value: number.into() }
}

fn read_index(rounds: u32) -> u64 {
    let records: Vec<_> = black_box((0..OPERATIONS).map(numbered).collect());
    let indices: Vec<_> = black_box((0..OPERATIONS).map(place).collect());
    let mut sum = 0;
    for _ in 0..rounds {
        for &index in &indices {
            // SAFETY: there are as many records as `place` gives indices for.
            let record = unsafe { records.get_unchecked(index as usize) };
            sum = mix(sum, record.value);
        }
    }
    sum
}

fn read_gc(rounds: u32) -> u64 {
    let arena = arena(Arena::<Root![Gc<'_, Array<Gc<'_, Record>>>]>::new(settings(), |mc| {
        let records: Vec<_> = (0..OPERATIONS).map(|number| mc.new(numbered(number))).collect();
        mc.array_from_fn(records.len(), |number| records[place(number as u32) as usize])
    }));
    arena.mutate(|mc, records| {
        let records = records.get(mc).as_slice(mc);
        let mut sum = 0;
        for _ in 0..rounds {
            for record in records {
                sum = mix(sum, record.get(mc).value);
            }
        }
        sum
    })
}

fn new_16(rounds: u32) -> u64 {
    let arena = arena(Arena::<Root![()]>::new(settings(), |_| ()));
    arena.mutate(|mc, _| {
        for number in 0..rounds * OPERATIONS {
            black_box(mc.new(u64::from(number)));
        }
    });
    arena.memory_usage().heap_used
}

type Cell<'gc> = Lock<Option<Gc<'gc, Record>>>;

fn write_young(rounds: u32) -> u64 {
    let arena = arena(Arena::<Root![Gc<'_, Array<Gc<'_, Cell<'_>>>>]>::new(settings(), |mc| {
        mc.array_from_fn(OPERATIONS as usize, |_| mc.new(Lock::new(None)))
    }));
    arena.mutate(|mc, cells| {
        let cells = cells.get(mc).as_slice(mc);
        let stored = mc.new(numbered(1));
        for _ in 0..rounds {
            for cell in black_box(cells) {
                cell.write(mc).set(Some(stored));
            }
        }
        cells.iter().filter_map(|cell| cell.get(mc).get()).map(|record| record.get(mc).value).sum()
    })
}

fn should_yield(rounds: u32) -> u64 {
    let arena = arena(Arena::<Root![()]>::new(settings(), |_| ()));
    arena.mutate(|mc, _| {
        for _ in 0..rounds * OPERATIONS {
            black_box(mc.should_yield());
        }
    });
    rounds.into()
}

fn record(rounds: u32) -> u64 {
    let mut heap = Heap::new(settings()).expect("the settings are valid");
    heap.record(Box::new(TraceRecorder::new(io::sink(), "a case", Vec::new())));
    let node: FixedShape<2, 0> = heap.register_fixed("node");
    for _ in 0..rounds {
        heap.scope(|heap| {
            let list = heap.batch(u64::from(OPERATIONS) * node.size_bytes(), |batch| {
                let first = batch.alloc_with(node, [None, None]);
                (1..OPERATIONS).fold(first, |last, _| batch.alloc_with(node, [Some(last), Some(first)]))
            });
            black_box(list.expect("there is room"));
        });
    }
    let out = TraceRecorder::finish(heap.stop_recording().expect("it was set"));
    out.map(|_: io::Sink| 0).expect("it takes everything")
}
