//! Whether a graph is on the heap.

use super::build;
use crate::Checksum;
use crate::graph::Placement;
use gc_core::View;

/// What a walk over the graph must find, if each object is filled with its content.
pub(super) fn expected_checksum(objects: &Placement, contents: &[u64]) -> u64 {
    let mut checksum = Checksum::default();
    for (place, content) in (0..).zip(contents) {
        let body = objects.body(place);
        let of = |bytes: u32| if bytes < 8 { 0 } else { *content };
        checksum.add(of(objects.raw_bytes(place)));
        checksum.add(of(body.external_bytes));
        checksum.add(body.external_bytes.into());
        objects.targets(place).for_each(|target| checksum.add(target.into()));
    }
    checksum.value()
}

/// What a walk over the graph finds below `root`.
pub(super) fn checksum(root: View<'_>, objects: &Placement) -> Checksum {
    let mut walk = Walk { found: vec![None; objects.len() as usize], checksum: Checksum::default() };
    walk.found[0] = Some(root);
    (0..objects.len()).for_each(|place| walk.visit(objects, place));
    walk.checksum
}

struct Walk<'h> {
    /// Each object as it was met first: the others must be the same.
    found: Vec<Option<View<'h>>>,
    checksum: Checksum,
}

impl Walk<'_> {
    /// Looks at the object at a place. One that was not met is damage, which is in the checksum already.
    fn visit(&mut self, objects: &Placement, place: u32) {
        let Some(object) = self.found[place as usize] else { return };
        let body = objects.body(place);
        let buffer = if body.external_bytes > 0 { object.slot(body.slots) } else { None };
        let external = buffer.map_or(&[][..], |buffer| buffer.buffer());
        self.checksum.add(build::read(object.bytes()));
        self.checksum.add(build::read(external));
        self.checksum.add(external.len() as u64);
        for (slot, target) in (0..).zip(objects.targets(place)) {
            let met = object.slot(slot);
            let first = &mut self.found[target as usize];
            *first = first.or(met);
            let is_same = met.zip(*first).is_some_and(|(met, first)| met.same(first));
            self.checksum.add(if is_same { u64::from(target) } else { !0 });
        }
    }
}
