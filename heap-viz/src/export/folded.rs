//! Folded stacks: a line for each stack, with what it counts.

use std::collections::BTreeMap;
use std::fmt;

/// Bytes by the stack of functions that allocated them, as `flamegraph.pl`, inferno and speedscope read them: the functions
/// from the outermost in with `;` between them, a blank, and the bytes. Lines are sorted.
///
/// ```
/// use heap_viz::FoldedStacks;
///
/// let mut stacks = FoldedStacks::default();
/// stacks.add("script;build:7", 4096);
/// assert_eq!(stacks.to_string(), "script;build:7 4096\n");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoldedStacks(BTreeMap<String, u64>);

impl FoldedStacks {
    /// Adds bytes that a stack has allocated.
    pub fn add(&mut self, stack: &str, bytes: u64) {
        *self.0.entry(stack.into()).or_default() += bytes;
    }

    /// The bytes of all stacks.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.0.values().sum()
    }
}

impl fmt::Display for FoldedStacks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|(stack, bytes)| writeln!(f, "{stack} {bytes}"))
    }
}
