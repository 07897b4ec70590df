//! The programs on Tenure's typed face, with default settings.

use super::{
    DROPPED_DEPTH, DROPPED_TREES, Footprint, KEPT_DEPTH, Program, RING_CLOSURE, RING_OBJECTS, RING_SLOTS,
    Slots,
};
use gc_core::Config;
use gc_core::arena::{Arena, Array, Gc, Lock, Mutation, Root, Trace};
use gc_core::event::{Event, Recorder};

/// What a program needs: it is run once more, and looked at.
pub(super) fn footprint(program: Program) -> Footprint {
    match program {
        Program::Ring => footprint_of(empty_ring(), go_round),
        Program::Trees => footprint_of(kept_tree(), drop_trees),
    }
}

fn footprint_of<R: ?Sized>(mut arena: Arena<R>, program: fn(&mut Arena<R>) -> u64) -> Footprint {
    let recorder = Recorder::default();
    arena.set_sink(Box::new(recorder.clone()));
    program(&mut arena);
    let new_space_bytes = recorder.take().iter().map(new_space_after).max().unwrap_or(0);
    Footprint { live_bytes: arena.snapshot().total_bytes(), new_space_bytes }
}

/// Both semispaces after a pause.
fn new_space_after(event: &Event) -> u64 {
    match event {
        Event::PauseEnded(pause) => pause.after.new_total,
        _ => 0,
    }
}

#[derive(Trace)]
struct Pair {
    first: u64,
    second: u64,
}

type Ring = Root![Gc<'_, Array<Lock<Option<Gc<'_, Pair>>>>>];

pub(super) fn ring() -> u64 {
    go_round(&mut empty_ring())
}

fn empty_ring() -> Arena<Ring> {
    Arena::new(Config::default(), |mc| mc.array_from_fn(RING_SLOTS, |_| Lock::new(None)))
        .expect("default settings")
}

fn go_round(arena: &mut Arena<Ring>) -> u64 {
    let mut random = Slots::new();
    for first in (0..RING_OBJECTS).step_by(RING_CLOSURE as usize) {
        arena.mutate(|mc, ring| {
            let ring = *ring.get(mc);
            for number in first..first + RING_CLOSURE {
                ring.set(mc, random.next(), Some(mc.new(Pair { first: number, second: 1 })));
            }
        });
        arena.collect_if_due();
    }
    arena.mutate(|mc, ring| {
        let pairs = ring.get(mc).as_slice(mc).iter().filter_map(Lock::get);
        pairs.map(|pair| pair.get(mc)).map(|pair| pair.first * pair.second).sum()
    })
}

#[derive(Trace)]
struct Node<'gc> {
    left: Option<Gc<'gc, Node<'gc>>>,
    right: Option<Gc<'gc, Node<'gc>>>,
}

type Kept = Root![Gc<'_, Node<'_>>];

pub(super) fn trees() -> u64 {
    drop_trees(&mut kept_tree())
}

fn kept_tree() -> Arena<Kept> {
    Arena::new(Config::default(), |mc| tree(mc, KEPT_DEPTH)).expect("default settings")
}

fn drop_trees(arena: &mut Arena<Kept>) -> u64 {
    arena.collect_if_due();
    let mut nodes = 0;
    for _ in 0..DROPPED_TREES {
        nodes += arena.mutate(|mc, _| count(mc, tree(mc, DROPPED_DEPTH)));
        arena.collect_if_due();
    }
    nodes + arena.mutate(|mc, kept| count(mc, *kept.get(mc)))
}

fn tree<'gc>(mc: Mutation<'gc>, depth: u32) -> Gc<'gc, Node<'gc>> {
    let child = || (depth > 0).then(|| tree(mc, depth - 1));
    let (left, right) = (child(), child());
    mc.new(Node { left, right })
}

fn count<'gc>(mc: Mutation<'gc>, node: Gc<'gc, Node<'gc>>) -> u64 {
    let node = node.get(mc);
    let below = |child: Option<_>| child.map_or(0, |child| count(mc, child));
    1 + below(node.left) + below(node.right)
}
