//! Whether a graph is on the heap.

use super::build;
use crate::Checksum;
use crate::graph::{Body, HeapGraph, Reach};
use gc_core::View;

/// What a walk over the graph must find, if the object that is reached at a place is filled with `contents` there.
pub(super) fn expected_checksum(graph: &HeapGraph, reach: &Reach, contents: &[u64]) -> u64 {
    let mut checksum = Checksum::default();
    for (number, content) in reach.order().iter().zip(contents) {
        let body = Body::of(graph, *number);
        checksum.add(if body.bytes >= 8 { *content } else { 0 });
        checksum.add(if body.external_bytes >= 8 { *content } else { 0 });
        checksum.add(body.external_bytes.into());
        graph.targets(*number).iter().for_each(|target| checksum.add((*target).into()));
    }
    checksum.value()
}

/// What a walk over the graph finds below `root`.
pub(super) fn checksum(root: View<'_>, graph: &HeapGraph, reach: &Reach) -> Checksum {
    let mut walk = Walk { found: vec![None; graph.len() as usize], checksum: Checksum::default() };
    walk.found[HeapGraph::ROOT as usize] = Some(root);
    reach.order().iter().for_each(|number| walk.visit(graph, *number));
    walk.checksum
}

struct Walk<'h> {
    /// Each object as it was met first: the others must be the same.
    found: Vec<Option<View<'h>>>,
    checksum: Checksum,
}

impl Walk<'_> {
    fn visit(&mut self, graph: &HeapGraph, number: u32) {
        let Some(object) = self.found[number as usize] else { return };
        let body = Body::of(graph, number);
        let buffer = (body.external_bytes > 0).then(|| object.slot(body.slots)).flatten();
        let external = buffer.map_or(&[][..], |buffer| buffer.buffer());
        self.checksum.add(if body.bytes >= 8 { build::read(object.bytes()) } else { 0 });
        self.checksum.add(build::read(external));
        self.checksum.add(external.len() as u64);
        for (slot, target) in (0..).zip(graph.targets(number)) {
            let met = object.slot(slot);
            let first = *self.found[*target as usize].get_or_insert_with(|| met.unwrap_or(object));
            let is_same = met.is_some_and(|met| met.same(first));
            self.checksum.add(if is_same { u64::from(*target) } else { !0 });
        }
    }
}
