//! What is held from outside the heap, as it was at the last point.

use crate::collect::Numbering;
use crate::object::ObjectRef;
use crate::record::MutationLog;

/// All roots as they were told.
#[derive(Debug, Default)]
pub(super) struct ToldRoots {
    handles: Table,
    persistent: Table,
    /// Roots that have numbers.
    numbered: u32,
}

/// Roots of one kind, by their index.
#[derive(Debug, Default)]
struct Table {
    targets: Vec<Option<ObjectRef>>,
    /// Each has a number from when it is first told.
    numbers: Vec<Option<u32>>,
}

impl ToldRoots {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.handles.targets.len() + self.persistent.targets.len()
    }

    /// Tells which handles have changed.
    pub(super) fn tell_handles(&mut self, now: &[ObjectRef], numbering: &Numbering, log: &mut dyn MutationLog) {
        let now = now.iter().map(|object| Some(*object));
        self.handles.tell(now, &mut self.numbered, numbering, log);
    }

    /// Tells which persistent roots have changed.
    pub(super) fn tell_persistent(
        &mut self,
        now: impl Iterator<Item = Option<ObjectRef>>,
        numbering: &Numbering,
        log: &mut dyn MutationLog,
    ) {
        self.persistent.tell(now, &mut self.numbered, numbering, log);
    }

    /// After a collection: objects have moved, and nothing else has changed.
    pub(super) fn follow(&mut self, handles: &[ObjectRef], persistent: impl Iterator<Item = Option<ObjectRef>>) {
        self.handles.targets.clear();
        self.handles.targets.extend(handles.iter().map(|object| Some(*object)));
        self.persistent.targets.clear();
        self.persistent.targets.extend(persistent);
    }
}

impl Table {
    fn tell(
        &mut self,
        now: impl Iterator<Item = Option<ObjectRef>>,
        numbered: &mut u32,
        numbering: &Numbering,
        log: &mut dyn MutationLog,
    ) {
        let mut len = 0;
        for target in now {
            if self.targets.get(len).copied() != Some(target) {
                self.tell_one(len, target, numbered, numbering, log);
            }
            len += 1;
        }
        for index in len..self.targets.len() {
            self.tell_one(index, None, numbered, numbering, log);
        }
        self.targets.truncate(len);
    }

    fn tell_one(
        &mut self,
        index: usize,
        target: Option<ObjectRef>,
        numbered: &mut u32,
        numbering: &Numbering,
        log: &mut dyn MutationLog,
    ) {
        if index >= self.targets.len() {
            self.targets.push(None);
        }
        let before = std::mem::replace(&mut self.targets[index], target);
        if before == target {
            return;
        }
        if index >= self.numbers.len() {
            self.numbers.resize(index + 1, None);
        }
        let number = *self.numbers[index].get_or_insert_with(|| {
            *numbered += 1;
            *numbered - 1
        });
        log.root_set(number, target.map(|target| numbering.of(target).expect("all objects have been told")));
    }
}
