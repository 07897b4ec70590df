//! What is held from outside the heap, as it was at the last point.

use crate::collect::{Handles, RootTable};
use crate::object::ObjectRef;

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

    /// Hands the numbers of the roots that have changed to `each`, with what they refer to now.
    pub(super) fn tell(
        &mut self,
        handles: &Handles,
        persistent: &RootTable,
        mut each: impl FnMut(u32, Option<ObjectRef>),
    ) {
        self.handles.tell(handles.iter().map(Some), &mut self.numbered, &mut each);
        self.persistent.tell(persistent.slots(), &mut self.numbered, &mut each);
    }

    /// After a collection: objects have moved, and nothing else has changed.
    pub(super) fn follow(&mut self, handles: &Handles, persistent: &RootTable) {
        self.handles.targets.clear();
        self.handles.targets.extend(handles.iter().map(Some));
        self.persistent.targets.clear();
        self.persistent.targets.extend(persistent.slots());
    }
}

impl Table {
    fn tell(
        &mut self,
        now: impl Iterator<Item = Option<ObjectRef>>,
        numbered: &mut u32,
        each: &mut impl FnMut(u32, Option<ObjectRef>),
    ) {
        let mut len = 0;
        for target in now {
            if self.targets.get(len) != Some(&target) {
                self.tell_one(len, target, numbered, each);
            }
            len += 1;
        }
        for index in len..self.targets.len() {
            self.tell_one(index, None, numbered, each);
        }
        self.targets.truncate(len);
    }

    fn tell_one(
        &mut self,
        index: usize,
        target: Option<ObjectRef>,
        numbered: &mut u32,
        each: &mut impl FnMut(u32, Option<ObjectRef>),
    ) {
        if index >= self.targets.len() {
            self.targets.push(None);
        }
        if std::mem::replace(&mut self.targets[index], target) == target {
            return;
        }
        if index >= self.numbers.len() {
            self.numbers.resize(index + 1, None);
        }
        let number = *self.numbers[index].get_or_insert_with(|| {
            *numbered += 1;
            *numbered - 1
        });
        each(number, target);
    }
}
