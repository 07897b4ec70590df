//! What typed programs do.

use super::{mix, place, quiet_settings};
use crate::instructions::OPERATIONS;
use gc_core::arena::{Arena, Array, Gc, Lock, Root, Trace};
use std::hint::black_box;

fn arena<R: ?Sized>(arena: Result<Arena<R>, gc_core::ConfigError>) -> Arena<R> {
    arena.expect("the settings are valid")
}

/// Eight bytes, so that an index is scaled as a `Gc` is.
#[derive(Trace)]
struct Record {
    value: u64,
}

fn numbered(number: u32) -> Record {
    Record { value: number.into() }
}

pub(super) fn read_index(rounds: u32) -> u64 {
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

pub(super) fn read_gc(rounds: u32) -> u64 {
    let arena = arena(Arena::<Root![Gc<'_, Array<Gc<'_, Record>>>]>::new(quiet_settings(), |mc| {
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

pub(super) fn new_16(rounds: u32) -> u64 {
    let arena = arena(Arena::<Root![()]>::new(quiet_settings(), |_| ()));
    arena.mutate(|mc, _| {
        for number in 0..rounds * OPERATIONS {
            black_box(mc.new(u64::from(number)));
        }
    });
    arena.memory_usage().heap_used
}

type Cell<'gc> = Lock<Option<Gc<'gc, Record>>>;

pub(super) fn write_young(rounds: u32) -> u64 {
    let arena = arena(Arena::<Root![Gc<'_, Array<Gc<'_, Cell<'_>>>>]>::new(quiet_settings(), |mc| {
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

pub(super) fn should_yield(rounds: u32) -> u64 {
    let arena = arena(Arena::<Root![()]>::new(quiet_settings(), |_| ()));
    arena.mutate(|mc, _| {
        for _ in 0..rounds * OPERATIONS {
            black_box(mc.should_yield());
        }
    });
    rounds.into()
}
