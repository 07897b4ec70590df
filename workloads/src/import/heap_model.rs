//! What a trace does, on a heap that never collects, for tests.

use crate::trace::{TraceFile, TraceOp, TraceRef, TraceWriter};
use std::collections::{BTreeSet, HashMap};

/// The objects of a trace, numbered in the order of their allocation, and what refers to them.
#[derive(Default)]
pub(super) struct HeapModel {
    slots: Vec<HashMap<u32, usize>>,
    roots: Vec<Option<usize>>,
    recent: Vec<usize>,
    names: HashMap<u32, usize>,
    /// Bytes of each object: of the shape, and the length.
    pub(super) sizes: Vec<(u64, u32)>,
}

impl HeapModel {
    /// Does what a trace tells, and shows the heap to `look` at each point.
    pub(super) fn run(file: &Vec<u8>, mut look: impl FnMut(&HeapModel)) -> HeapModel {
        let trace = TraceFile::open(file).expect("the trace is whole");
        let mut reader = trace.reader();
        let mut model = HeapModel::default();
        while let Some(op) = reader.next().expect("the trace is whole") {
            let bytes = match op {
                TraceOp::Allocate { shape, length, .. } => {
                    reader.shapes()[shape as usize].form.object_bytes(length)
                }
                _ => 0,
            };
            model.make(op, bytes);
            if op == TraceOp::Point {
                look(&model);
            }
        }
        model
    }

    fn make(&mut self, op: TraceOp, bytes: u64) {
        match op {
            TraceOp::Allocate { length, name, .. } => {
                let object = self.slots.len();
                self.slots.push(HashMap::new());
                self.sizes.push((bytes, length));
                self.recent.push(object);
                self.names.extend(name.map(|name| (name, object)));
            }
            TraceOp::Store { holder, place, target } => {
                let (holder, target) = (self.find(holder), target.map(|target| self.find(target)));
                match target {
                    Some(target) => self.slots[holder].insert(place, target),
                    None => self.slots[holder].remove(&place),
                };
            }
            TraceOp::Root { root, target } => {
                let target = target.map(|target| self.find(target));
                self.roots.resize(self.roots.len().max(root as usize + 1), None);
                self.roots[root as usize] = target;
            }
            TraceOp::Die { name } => drop(self.names.remove(&name)),
            TraceOp::Point => self.recent.clear(),
            TraceOp::Request(_) => {}
        }
    }

    fn find(&self, object: TraceRef) -> usize {
        match object {
            TraceRef::Recent(ago) => self.recent[self.recent.len() - 1 - ago as usize],
            TraceRef::Named(name) => self.names[&name],
        }
    }

    /// The objects that roots reach.
    pub(super) fn reached(&self) -> BTreeSet<usize> {
        let mut reached = BTreeSet::new();
        let mut left: Vec<usize> = self.roots.iter().flatten().copied().collect();
        while let Some(object) = left.pop() {
            if reached.insert(object) {
                left.extend(self.slots[object].values());
            }
        }
        reached
    }

    /// What an object refers to, by slot.
    pub(super) fn references(&self, object: usize) -> Vec<(u32, usize)> {
        let mut references: Vec<_> =
            self.slots[object].iter().map(|(slot, target)| (*slot, *target)).collect();
        references.sort_unstable();
        references
    }

    pub(super) fn reference_count(&self) -> usize {
        self.slots.iter().map(HashMap::len).sum()
    }

    /// How many roots refer to something.
    pub(super) fn root_count(&self) -> usize {
        self.roots.iter().flatten().count()
    }
}

/// The bytes of a trace that `write` writes.
pub(super) fn trace_of(write: impl FnOnce(TraceWriter<Vec<u8>>) -> std::io::Result<Vec<u8>>) -> Vec<u8> {
    let writer = TraceWriter::new(Vec::new(), &crate::trace::TraceHeader::default());
    write(writer).expect("memory takes everything")
}
