//! The variables of a random program, which runs on a heap and on a model of one.

use gc_core::{Heap, Local, Root, View};

/// Variables, each null or a reference: to an object of the heap, which has a number in the model.
pub(crate) struct Variables<const COUNT: usize> {
    roots: [Option<Root>; COUNT],
    numbers: [Option<usize>; COUNT],
}

impl<const COUNT: usize> Variables<COUNT> {
    /// Variables that are all null.
    pub(crate) fn new() -> Self {
        Variables { roots: [const { None }; COUNT], numbers: [None; COUNT] }
    }

    /// A handle to what a variable refers to, and its number.
    pub(crate) fn get(&self, heap: &mut Heap, variable: usize) -> Option<(Local, usize)> {
        let root = self.roots[variable].as_ref()?;
        Some((heap.get(root), self.numbers[variable]?))
    }

    pub(crate) fn set(&mut self, heap: &mut Heap, variable: usize, value: Option<(Local, usize)>) {
        self.roots[variable] = value.map(|(local, _)| heap.root(local));
        self.numbers[variable] = value.map(|(_, number)| number);
    }

    /// The numbers of the objects.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = usize> {
        self.numbers.iter().flatten().copied()
    }

    /// The objects, with their numbers.
    pub(crate) fn views<'h>(&self, heap: &'h Heap) -> Vec<(View<'h>, usize)> {
        self.roots.iter().flatten().map(|root| heap.view_root(root)).zip(self.numbers()).collect()
    }
}
