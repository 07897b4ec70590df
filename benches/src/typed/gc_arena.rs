//! The programs on gc-arena, with the pacing that is fastest for them.

use super::{DROPPED_DEPTH, DROPPED_TREES, KEPT_DEPTH, RING_CLOSURE, RING_OBJECTS, RING_SLOTS, Slots};
use crate::trees::arena::BEST_PACING;
use gc_arena::{Arena, Collect, Gc, Mutation, RefLock, Rootable};

#[derive(Collect)]
#[collect(no_drop)]
struct Pair {
    first: u64,
    second: u64,
}

type Ring<'gc> = Gc<'gc, RefLock<Vec<Option<Gc<'gc, Pair>>>>>;

pub(super) fn ring() -> u64 {
    let mut arena = Arena::<Rootable![Ring<'_>]>::new(|mc| Gc::new(mc, RefLock::new(vec![None; RING_SLOTS])));
    arena.metrics().set_pacing(BEST_PACING);
    let mut random = Slots::new();
    for first in (0..RING_OBJECTS).step_by(RING_CLOSURE as usize) {
        arena.mutate(|mc, ring| {
            let mut ring = ring.borrow_mut(mc);
            for number in first..first + RING_CLOSURE {
                ring[random.next()] = Some(Gc::new(mc, Pair { first: number, second: 1 }));
            }
        });
        arena.collect_debt();
    }
    arena.mutate(|_, ring| ring.borrow().iter().flatten().map(|pair| pair.first * pair.second).sum())
}

#[derive(Collect)]
#[collect(no_drop)]
struct Node<'gc> {
    left: Option<Gc<'gc, Node<'gc>>>,
    right: Option<Gc<'gc, Node<'gc>>>,
}

pub(super) fn trees() -> u64 {
    let mut arena = Arena::<Rootable![Gc<'_, Node<'_>>]>::new(|mc| tree(mc, KEPT_DEPTH));
    arena.metrics().set_pacing(BEST_PACING);
    arena.collect_debt();
    let mut nodes = 0;
    for _ in 0..DROPPED_TREES {
        nodes += arena.mutate(|mc, _| count(&tree(mc, DROPPED_DEPTH)));
        arena.collect_debt();
    }
    nodes + arena.mutate(|_, kept| count(kept))
}

fn tree<'gc>(mc: &Mutation<'gc>, depth: u32) -> Gc<'gc, Node<'gc>> {
    let child = || (depth > 0).then(|| tree(mc, depth - 1));
    let (left, right) = (child(), child());
    Gc::new(mc, Node { left, right })
}

fn count(node: &Node<'_>) -> u64 {
    let below = |child: &Option<Gc<'_, Node<'_>>>| child.as_deref().map_or(0, count);
    1 + below(&node.left) + below(&node.right)
}
