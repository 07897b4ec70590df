//! Marking in steps ends before the limit whatever the program does, and no pause grows with the heap.

use crate::support::{each_pace, pauses, push, recorded, with_age, words};
use gc_core::event::{Cause, Event, Pause, PauseKind, Phase, Recorder, Work};
use gc_core::policy::{Growth, NewSpaceSizing, OldPacing, PercentGrowth};
use gc_core::{Budget, Config, Heap, Layout, Local, Shape};
use std::collections::BTreeSet;

/// Blocks that are alive at any time.
const BLOCKS: u32 = 8_000;
/// Size of a block.
const BLOCK_BYTES: u64 = 256;
/// Rounds of a program. In each, as much becomes old as is alive.
const ROUNDS: u32 = 12;

/// A program that keeps a ring of blocks, and replaces them one after the other: what it replaces has become old.
struct Ring {
    heap: Heap,
    recorder: Recorder,
    block: Shape,
    blocks: Local,
    next: u32,
}

impl Ring {
    fn new(config: Config) -> Ring {
        let (mut heap, recorder) = recorded(config);
        let (array, block) = (
            heap.register("ring", Layout::Slots),
            heap.register("block", Layout::Fixed { slots: 2, bytes: BLOCK_BYTES as u32 - 16 }),
        );
        let blocks = heap.alloc_array(array, BLOCKS).unwrap();
        let mut ring = Ring { heap, recorder, block, blocks, next: 0 };
        (0..BLOCKS).for_each(|_| ring.replace());
        ring
    }

    /// Replaces the oldest block. The new one refers to one replaced a while ago.
    fn replace(&mut self) {
        let Ring { block, blocks, next, .. } = *self;
        self.next = (next + 1) % BLOCKS;
        self.heap.scope(|heap| {
            let other = heap.load(blocks, (next + BLOCKS / 2) % BLOCKS);
            let new = heap.alloc(block).unwrap();
            heap.store(new, 0, other);
            heap.store(blocks, next, Some(new));
            cut(heap, other);
        });
    }

    /// Allocates garbage.
    fn idle(&mut self, bytes: u64) {
        for _ in 0..bytes / BLOCK_BYTES {
            self.heap.scope(|heap| heap.alloc(self.block)).unwrap();
        }
    }

    /// Fails unless `least` markings ended by themselves, before the limit, and in many steps.
    fn assert_in_time(&self, least: usize) {
        let (mut limit_bytes, mut ended) = (u64::MAX, Vec::new());
        for event in self.recorder.take() {
            match event {
                Event::OldLimitSet { limit_bytes: limit, .. } => limit_bytes = limit,
                Event::PauseEnded(pause) => {
                    assert_in_time(&pause, limit_bytes);
                    ended.push(*pause);
                }
                _ => {}
            }
        }
        let finished = ended.iter().filter(|pause| pause.kind == PauseKind::Finish).count();
        assert!(finished >= least, "{finished} markings");
        assert_in_many_steps(&ended);
        assert_eq!(self.heap.verify(), Ok(()));
    }
}

/// Fails unless each step of marking is a small part of all of them.
fn assert_in_many_steps(pauses: &[Pause]) {
    let looked_at =
        |pause: &Pause| phase(pause, Phase::Mark).map(|work| work.slots + work.marked_objects).sum();
    let steps: Vec<u64> =
        pauses.iter().filter(|pause| pause.kind == PauseKind::Step).map(looked_at).collect();
    let (most, all) = (steps.iter().max().expect("steps"), steps.iter().sum::<u64>());
    assert!(*most <= all / 4, "{most} of {all} in one step");
}

/// Ends the chain of blocks, or it would keep all of them alive.
fn cut(heap: &mut Heap, block: Option<Local>) {
    if let Some(block) = block {
        heap.store(block, 0, None);
    }
}

fn assert_in_time(pause: &Pause, limit_bytes: u64) {
    let old_bytes = pause.after.old_used + pause.after.large_used;
    assert!(old_bytes < limit_bytes, "{old_bytes} of {limit_bytes} after {pause:?}");
    assert_ne!(pause.kind, PauseKind::Full, "{pause:?}");
    let forced = matches!(pause.cause, Cause::OldLimit | Cause::ExternalPressure | Cause::LastResort);
    assert!(pause.kind != PauseKind::Finish || !forced, "forced to end: {pause:?}");
    let marked: u64 = phase(pause, Phase::Mark).map(|work| work.marked_objects).sum();
    assert!(pause.kind != PauseKind::Finish || marked <= 128, "{marked} objects left to mark in {pause:?}");
}

/// The work of a phase of a pause.
fn phase(pause: &Pause, phase: Phase) -> impl Iterator<Item = Work> {
    pause.phases.iter().filter(move |end| end.phase == phase).map(|end| end.work)
}

/// Runs a program for some rounds under all settings.
fn check(round: impl Fn(&mut Ring, u32)) {
    each_pace(|config| {
        let mut ring = Ring::new(config);
        (0..ROUNDS).for_each(|number| round(&mut ring, number));
        ring.assert_in_time(2);
    });
}

#[test]
fn a_long_array_is_marked_in_many_steps() {
    const LENGTH: u32 = 1 << 20;
    each_pace(|config| {
        let mut ring = Ring::new(config.clone());
        let array = ring.heap.register("long array", Layout::Slots);
        ring.heap.alloc_array(array, LENGTH).unwrap();
        ring.heap.collect_full();
        let _ = ring.recorder.take();
        (0..4 * BLOCKS).for_each(|_| ring.replace());
        assert_in_many_steps(&pauses(&ring.recorder));
    });
}

#[test]
fn a_program_that_promotes_all_that_it_makes() {
    check(|ring, _| (0..BLOCKS).for_each(|_| ring.replace()));
}

/// The pace of a marking counts on the most that one scavenge can promote.
#[test]
fn a_program_whose_new_space_wants_to_grow_while_marking() {
    each_pace(|config| {
        let new_space =
            NewSpaceSizing { initial_bytes: 256 << 10, max_bytes: 32 << 20, ..NewSpaceSizing::default() };
        let mut ring = Ring::new(Config { new_space, ..config });
        (0..40 * BLOCKS).for_each(|_| ring.replace());
        ring.assert_in_time(1);
    });
}

#[test]
fn a_program_that_promotes_nothing_for_long_and_then_all() {
    check(|ring, _| {
        ring.idle(4 << 20);
        (0..2 * BLOCKS).for_each(|_| ring.replace());
    });
}

#[test]
fn a_program_that_stores_into_thousands_of_old_objects_between_steps() {
    check(|ring, _| {
        for number in 0..BLOCKS {
            ring.replace();
            if number % 64 == 0 {
                flood(ring);
            }
        }
    });
}

/// Stores into every block.
fn flood(ring: &mut Ring) {
    for index in 0..BLOCKS {
        ring.heap.scope(|heap| {
            let block = heap.load(ring.blocks, index).expect("a block");
            heap.store(block, 1, Some(block));
        });
    }
}

#[test]
fn a_program_that_asks_for_its_scavenges() {
    check(|ring, _| {
        for number in 0..BLOCKS {
            ring.replace();
            if number % 100 == 0 {
                ring.heap.collect_minor();
            }
        }
    });
}

#[test]
fn a_program_that_makes_its_objects_in_batches() {
    const BATCH: u32 = 500;
    check(|ring, _| {
        for _ in 0..BLOCKS / BATCH {
            let Ring { block, blocks, next, .. } = *ring;
            ring.next = (next + BATCH) % BLOCKS;
            let bytes = u64::from(BATCH) * BLOCK_BYTES;
            ring.heap.scope(|heap| {
                let made = heap.batch(bytes, |batch| {
                    let first = batch.alloc_with(block, [None, None]);
                    (1..BATCH).fold(first, |last, _| batch.alloc_with(block, [Some(last), None]))
                });
                heap.store(blocks, next, Some(made.unwrap()));
            });
        }
    });
}

#[test]
fn a_program_that_makes_large_objects() {
    const LARGE: u32 = (128 << 10) + 8;
    check(|ring, _| {
        let bytes = ring.heap.register("large", Layout::Bytes);
        for number in 0..24 {
            ring.heap.scope(|heap| {
                let large = heap.alloc_array(bytes, LARGE).unwrap();
                heap.store(ring.blocks, number, Some(large));
            });
        }
    });
}

#[test]
fn a_program_that_makes_off_heap_buffers() {
    const BUFFER: u32 = 1 << 20;
    each_pace(|mut config| {
        config.pacing.external_growth_bytes = 16 * u64::from(BUFFER);
        config.pacing.young_external_bytes = 2 * u64::from(BUFFER);
        let mut ring = Ring::new(config);
        for number in 0..200 {
            ring.heap.scope(|heap| {
                let buffer = heap.alloc_buffer(BUFFER).unwrap();
                heap.store(ring.blocks, number % 8, Some(buffer));
            });
        }
        ring.assert_in_time(2);
    });
}

/// Settings under which there is a marking as soon as the old generation has grown by next to nothing.
fn always_growing(config: Config) -> Config {
    let growth = Growth::Percent(PercentGrowth { growth_percent: 101, min_growth_bytes: 1 << 16 });
    Config { pacing: OldPacing { growth, ..config.pacing }, ..config }
}

/// Fails unless there were markings, and none of their starts had to sweep.
#[track_caller]
fn assert_swept_before(pauses: &[Pause], least: usize) {
    let starts = || pauses.iter().filter(|pause| phase(pause, Phase::Snapshot).count() > 0);
    assert!(starts().count() >= least, "{} markings", starts().count());
    assert!(starts().all(|pause| phase(pause, Phase::Sweep).count() == 0));
}

#[test]
fn sweeping_ends_before_the_next_marking_starts() {
    each_pace(|config| {
        let mut ring = Ring::new(always_growing(config));
        ring.heap.collect_full();
        let _ = ring.recorder.take();
        (0..ROUNDS * BLOCKS).for_each(|_| ring.replace());
        assert_swept_before(&pauses(&ring.recorder), 2);
    });
}

#[test]
fn each_scavenge_that_a_program_asks_for_brings_sweeping_on() {
    each_pace(|config| {
        let mut ring = Ring::new(config);
        for _ in 0..ROUNDS * BLOCKS / 20 {
            (0..20).for_each(|_| ring.replace());
            ring.heap.collect_minor();
        }
        assert_swept_before(&pauses(&ring.recorder), 2);
    });
}

/// The kinds and causes of pauses.
fn kinds(recorder: &Recorder) -> BTreeSet<(PauseKind, Cause)> {
    pauses(recorder).iter().map(|pause| (pause.kind, pause.cause)).collect()
}

#[test]
fn pauses_say_that_allocation_paid_for_them() {
    each_pace(|config| {
        let mut ring = Ring::new(config);
        (0..ROUNDS * BLOCKS).for_each(|_| ring.replace());
        let expected = [
            (PauseKind::Minor, Cause::NewSpaceFull),
            (PauseKind::Step, Cause::MarkingDue),
            (PauseKind::Step, Cause::SweepingDue),
            (PauseKind::Finish, Cause::NewSpaceFull),
        ];
        assert_eq!(kinds(&ring.recorder), BTreeSet::from(expected));
    });
}

#[test]
fn without_room_for_steps_all_is_marked_at_once() {
    each_pace(|config| {
        let mut ring = Ring::new(Config { max_old_bytes: 4 << 20, ..config });
        (0..ROUNDS * BLOCKS).for_each(|_| ring.replace());
        assert!(ring.heap.stats().full_collections > 0);
        assert_eq!(ring.heap.verify(), Ok(()));
    });
}

#[test]
fn a_maximum_raised_in_the_middle_of_a_marking_is_sound() {
    each_pace(|config| {
        let mut ring = Ring::new(Config { max_old_bytes: 4 << 20, ..config });
        ring.heap.on_near_limit(Box::new(|near| Some(near.max_old_bytes + (1 << 20))));
        let blocks = ring.heap.register("list", Layout::Fixed { slots: 1, bytes: 1008 });
        let head = ring.heap.alloc(blocks).unwrap();
        for word in 0..20_000 {
            push(&mut ring.heap, blocks, head, word).unwrap();
        }
        assert!(ring.heap.config().max_old_bytes > 20 << 20);
        assert_eq!(words(&ring.heap, head).len(), 20_001);
        assert_eq!(ring.heap.verify(), Ok(()));
    });
}

#[test]
fn a_full_heap_has_an_end_of_idle_work() {
    each_pace(|config| {
        let mut ring = Ring::new(Config { max_old_bytes: 4 << 20, ..with_age(config, 15) });
        let head = ring.heap.alloc(ring.block).unwrap();
        while push(&mut ring.heap, ring.block, head, 1).is_ok() {}
        let steps = (0..10_000).take_while(|_| ring.heap.step(Budget::Work(10))).count();
        assert!(steps < 10_000, "there is no end");
    });
}
