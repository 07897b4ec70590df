//! Who allocates: the functions that were running when an allocation came upon a sample point.

use super::Machine;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Sample points by stack.
///
/// A stack is the functions that were running, the program first, with `;` between them: `script;make_tree;bottom_up:12`.
/// The last one has the line that allocated.
pub type AllocationSites = BTreeMap<String, u64>;

impl Machine<'_, '_> {
    /// Notes who has made the last object, if that came upon a sample point.
    #[inline(always)]
    pub(super) fn note_sample(&self) {
        let points = self.mc.take_sample();
        if points > 0 {
            *self.host.sites.borrow_mut().entry(self.stack_of_calls()).or_default() += u64::from(points);
        }
    }

    #[cold]
    fn stack_of_calls(&self) -> String {
        let mut stack = String::new();
        let frames = self.callers.iter().map(|caller| &caller.frame).chain([&self.registers.frame]);
        for frame in frames {
            let name = frame.function.name.map_or("script", |name| name.as_str(self.mc));
            let distance = if stack.is_empty() { "" } else { ";" };
            let _ = write!(stack, "{distance}{name}");
        }
        let _ = write!(stack, ":{}", self.registers.frame.line(self.mc));
        stack
    }
}
