//! A stack of work in segments: it grows without copying what it holds.

/// Entries in a segment: 32 KiB of 8-byte entries.
const SEGMENT: usize = 4096;

/// A last-in-first-out list of work.
///
/// Segments keep a push at constant cost however long the list is, where a vector would now and then copy all of
/// it inside a pause; and a whole segment is what one thread could hand to another.
#[derive(Debug)]
pub(crate) struct Worklist<T> {
    top: Vec<T>,
    full: Vec<Vec<T>>,
    /// An empty segment kept so that work at the edge of a segment does not allocate.
    spare: Option<Vec<T>>,
}

impl<T> Default for Worklist<T> {
    fn default() -> Self {
        Worklist { top: Vec::new(), full: Vec::new(), spare: None }
    }
}

impl<T> Worklist<T> {
    /// Adds an entry.
    #[inline(always)]
    pub(crate) fn push(&mut self, entry: T) {
        if self.top.len() == self.top.capacity() {
            self.add_segment();
        }
        self.top.push(entry);
    }

    #[cold]
    fn add_segment(&mut self) {
        let empty = self.spare.take().unwrap_or_else(|| Vec::with_capacity(SEGMENT));
        let full = std::mem::replace(&mut self.top, empty);
        if !full.is_empty() {
            self.full.push(full);
        }
    }

    /// Takes the entry added last.
    #[inline(always)]
    pub(crate) fn pop(&mut self) -> Option<T> {
        self.top.pop().or_else(|| self.pop_segment())
    }

    #[cold]
    fn pop_segment(&mut self) -> Option<T> {
        let segment = self.full.pop()?;
        self.spare = Some(std::mem::replace(&mut self.top, segment));
        self.top.pop()
    }

    /// Every entry, in no order that means anything.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.full.iter().flatten().chain(&self.top)
    }

    /// How many entries there are.
    pub(crate) fn len(&self) -> usize {
        self.full.len() * SEGMENT + self.top.len()
    }

    /// Whether there is no work.
    #[inline(always)]
    pub(crate) fn is_empty(&self) -> bool {
        self.top.is_empty() && self.full.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::{SEGMENT, Worklist};

    #[test]
    fn entries_come_back_last_first_across_segments() {
        let mut list = Worklist::default();
        let count = 3 * SEGMENT + 5;
        (0..count).for_each(|entry| list.push(entry));
        let back: Vec<_> = std::iter::from_fn(|| list.pop()).collect();
        assert_eq!(back, (0..count).rev().collect::<Vec<_>>());
        assert!(list.is_empty());
    }

    #[test]
    fn pushing_and_popping_at_the_edge_of_a_segment_keeps_the_order() {
        let mut list = Worklist::default();
        (0..SEGMENT).for_each(|entry| list.push(entry));
        for _ in 0..10 {
            list.push(SEGMENT);
            assert_eq!(list.pop(), Some(SEGMENT));
            assert_eq!(list.pop(), Some(SEGMENT - 1));
            list.push(SEGMENT - 1);
        }
    }
}
