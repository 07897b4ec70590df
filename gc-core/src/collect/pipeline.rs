//! A worklist whose entries wait a moment between being taken up and being worked on.

use super::worklist::Worklist;

/// Entries that wait: enough to have many cache misses under way at once. 16, 32 and 64 measured alike on a graph in
/// disorder, given huge pages; without them misses of the address translation dominate whatever the number.
const DEPTH: usize = 32;

/// A stack of work with a short queue behind it.
///
/// Depth-first order takes an entry up right after it was found: too soon for a prefetch of what it needs. Here an
/// entry that leaves the stack waits until [`DEPTH`] others have left it too, and the cache line that the caller asks
/// for meanwhile has time to arrive. The order stays nearly depth-first, which keeps related objects together.
#[derive(Debug)]
pub(crate) struct Pipeline<T> {
    stack: Worklist<T>,
    /// A ring: `count` entries from `oldest` on.
    waiting: [Option<T>; DEPTH],
    oldest: usize,
    count: usize,
}

impl<T> Default for Pipeline<T> {
    fn default() -> Self {
        Pipeline { stack: Worklist::default(), waiting: [const { None }; DEPTH], oldest: 0, count: 0 }
    }
}

impl<T> Pipeline<T> {
    /// Adds an entry.
    #[inline(always)]
    pub(crate) fn push(&mut self, entry: T) {
        self.stack.push(entry);
    }

    /// Takes the entry that has waited longest; `fetch` is told of those that begin to wait.
    #[inline(always)]
    pub(crate) fn pop(&mut self, fetch: impl Fn(&T)) -> Option<T> {
        while self.count < DEPTH
            && let Some(entry) = self.stack.pop()
        {
            fetch(&entry);
            self.waiting[(self.oldest + self.count) % DEPTH] = Some(entry);
            self.count += 1;
        }
        let entry = self.waiting[self.oldest].take()?;
        self.oldest = (self.oldest + 1) % DEPTH;
        self.count -= 1;
        Some(entry)
    }

    /// Every entry, in no order that means anything.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.stack.iter().chain(self.waiting.iter().flatten())
    }

    /// How many entries there are.
    pub(crate) fn len(&self) -> usize {
        self.count + self.stack.len()
    }

    /// Whether there is no work.
    pub(crate) fn is_empty(&self) -> bool {
        self.count == 0 && self.stack.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::{DEPTH, Pipeline};
    use std::cell::RefCell;

    #[test]
    fn every_entry_comes_out_once() {
        for count in [0, 1, DEPTH - 1, DEPTH, DEPTH + 1, 10_000] {
            let mut pipeline = Pipeline::default();
            (0..count).for_each(|entry| pipeline.push(entry));
            let mut back: Vec<_> = std::iter::from_fn(|| pipeline.pop(|_| ())).collect();
            assert!(pipeline.is_empty());
            back.sort_unstable();
            assert_eq!(back, (0..count).collect::<Vec<_>>());
        }
    }

    #[test]
    fn an_entry_is_fetched_before_it_is_wanted() {
        let mut pipeline = Pipeline::default();
        (0..100).for_each(|entry| pipeline.push(entry));
        let fetched = RefCell::new(Vec::new());
        let first = pipeline.pop(|entry| fetched.borrow_mut().push(*entry));
        assert_eq!(first, Some(99));
        assert_eq!(fetched.into_inner(), (100 - DEPTH..100).rev().collect::<Vec<_>>());
    }
}
