//! Comparing the heap with the model.

use super::{Held, Machine, Unreachable};
use crate::script::Difference;
use crate::script::walk::Walk;
use gc_core::{Heap, Local};

impl Machine {
    /// Compares everything that any handle leads to, on the heap and in the model.
    pub(super) fn compare(&mut self, heap: &mut Heap, unreachable: Unreachable) -> Result<(), Difference> {
        self.summary.comparisons += 1;
        heap.scope(|heap| {
            let alive = self.check_weak_handles(heap, unreachable)?;
            let mut walk = Walk::new(&self.model);
            for held in self.handles.iter().chain(&alive) {
                walk.start(heap.view(held.handle), held.object);
            }
            for held in &self.roots {
                walk.start(heap.view_root(&held.handle), held.object);
            }
            walk.run()
        })
    }

    /// Handles to what weak handles still refer to.
    fn check_weak_handles(
        &mut self,
        heap: &mut Heap,
        unreachable: Unreachable,
    ) -> Result<Vec<Held<Local>>, Difference> {
        let handles = self.handles.iter().map(|held| held.object);
        let reachable = self.model.reachable(handles.chain(self.roots.iter().map(|held| held.object)));
        let mut alive = Vec::new();
        for held in &mut self.weaks {
            let object = held.object;
            let upgraded = held.upgrade(heap)?;
            match (upgraded, reachable[object.0], unreachable) {
                (None, true, _) => return Err(Difference::ClearedTooEarly { object }),
                (Some(_), false, Unreachable::MustBeGone) => return Err(Difference::NotCleared { object }),
                (upgraded, _, _) => alive.extend(upgraded.map(|handle| Held { handle, object })),
            }
        }
        Ok(alive)
    }
}
