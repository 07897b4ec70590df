//! Sizes by type.

use super::{Dominators, ObjectGraph, TypeRole};
use bumpalo::Bump;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// How much the objects of each type take and keep alive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeSizes {
    /// By the number of the type.
    pub types: Vec<TypeSize>,
    /// The objects that keep most alive, the largest first, as many as were asked for. An object that another of its type
    /// keeps alive is not one of them, or the start of a long list would be all there is.
    pub largest: Vec<Retainer>,
}

/// The objects of one type that the root reaches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TypeSize {
    /// How many there are.
    pub objects: u64,
    /// Their own size in bytes.
    pub shallow_bytes: u64,
    /// What would be freed if each of them, but nothing else, were freed, in bytes. What one of them keeps alive and another
    /// one too, since it is kept alive by the first, counts once.
    pub retained_bytes: u64,
}

/// An object, and what it keeps alive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retainer {
    /// The object.
    pub object: u32,
    /// What would be freed if it were, in bytes.
    pub retained_bytes: u64,
}

/// No place.
const NONE: u32 = u32::MAX;

impl TypeSizes {
    /// Sums up what is alive, and finds so many of the `largest` objects.
    #[must_use]
    pub fn of(dominators: &Dominators<'_>, largest: usize) -> Self {
        let graph = dominators.graph();
        let mut sizes = vec![TypeSize::default(); graph.types().len()];
        let mut top = Largest { limit: largest, found: BinaryHeap::new() };
        for_each(dominators, |place, position| {
            let object = dominators.object_at(place);
            let type_index = graph.type_index(object) as usize;
            let size = &mut sizes[type_index];
            size.objects += 1;
            size.shallow_bytes += graph.shallow_bytes(object);
            if position == Position::Topmost {
                let retained_bytes = dominators.retained_at(place);
                size.retained_bytes += retained_bytes;
                if graph.types()[type_index].role == TypeRole::Object {
                    top.offer(Retainer { object, retained_bytes });
                }
            }
        });
        TypeSizes { types: sizes, largest: top.into_sorted() }
    }

    /// All objects together, roots excluded.
    #[must_use]
    pub fn total(&self, graph: &ObjectGraph) -> TypeSize {
        let objects = self.types.iter().zip(graph.types()).filter(|(_, of)| of.role == TypeRole::Object);
        objects.fold(TypeSize::default(), |sum, (size, _)| TypeSize {
            objects: sum.objects + size.objects,
            shallow_bytes: sum.shallow_bytes + size.shallow_bytes,
            retained_bytes: sum.shallow_bytes + size.shallow_bytes,
        })
    }

    /// The types that there are objects of, roots excluded, those that keep most alive first.
    #[must_use]
    pub fn ranking(&self, graph: &ObjectGraph) -> Vec<u32> {
        let is_listed = |of: &u32| {
            graph.types()[*of as usize].role == TypeRole::Object && self.types[*of as usize].objects > 0
        };
        let mut ranking: Vec<_> = (0..self.types.len() as u32).filter(is_listed).collect();
        ranking.sort_by_key(|of| {
            let size = &self.types[*of as usize];
            (Reverse(size.retained_bytes), Reverse(size.shallow_bytes))
        });
        ranking
    }
}

/// Where an object stands among those of its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Position {
    /// None of them keeps it alive.
    Topmost,
    /// Another one does.
    Below,
}

/// Walks the tree of dominators, down and up again, and shows each place.
fn for_each(dominators: &Dominators<'_>, mut show: impl FnMut(u32, Position)) {
    let graph = dominators.graph();
    let type_at = |place| graph.type_index(dominators.object_at(place)) as usize;
    let bump = Bump::new();
    let (first, next) = children(dominators.by_place(), &bump);
    // How many objects of each type there are on the way down to the current one.
    let mut above = vec![0_u32; graph.types().len()];
    let mut at = if first.is_empty() { NONE } else { 0 };
    while at != NONE {
        let above_it = &mut above[type_at(at)];
        show(at, if *above_it == 0 { Position::Topmost } else { Position::Below });
        *above_it += 1;
        if first[at as usize] != NONE {
            at = first[at as usize];
            continue;
        }
        // Up to the nearest that has a sibling.
        loop {
            above[type_at(at)] -= 1;
            if at == 0 || next[at as usize] != NONE {
                at = next[at as usize];
                break;
            }
            at = dominators.by_place()[at as usize];
        }
    }
}

/// By place, the first of those that it dominates, and the next one that its own dominator does.
fn children<'b>(dominators: &[u32], bump: &'b Bump) -> (&'b [u32], &'b [u32]) {
    let first = bump.alloc_slice_fill_copy(dominators.len(), NONE);
    let next = bump.alloc_slice_fill_copy(dominators.len(), NONE);
    for place in (1..dominators.len()).rev() {
        next[place] = std::mem::replace(&mut first[dominators[place] as usize], place as u32);
    }
    (first, next)
}

/// The largest of what is offered.
struct Largest {
    limit: usize,
    /// The smallest on top. Of equal ones, the later object is smaller.
    found: BinaryHeap<Reverse<(u64, Reverse<u32>)>>,
}

impl Largest {
    fn offer(&mut self, retainer: Retainer) {
        self.found.push(Reverse((retainer.retained_bytes, Reverse(retainer.object))));
        if self.found.len() > self.limit {
            self.found.pop();
        }
    }

    fn into_sorted(self) -> Vec<Retainer> {
        let sorted = self.found.into_sorted_vec().into_iter();
        sorted.map(|Reverse((retained_bytes, Reverse(object)))| Retainer { object, retained_bytes }).collect()
    }
}
