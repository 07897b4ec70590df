//! Who looks on while a script runs.

use super::Place;
use super::chronicle::{Chronicle, Collected};
use gc_core::{Heap, View, Watcher};

/// Looks on while a script runs.
pub trait Audience {
    /// A statement has made the heap collect.
    fn collected(&mut self, collected: &Collected);

    /// A statement that is not part of another one has been carried out.
    fn stepped(&mut self, stage: &Stage<'_>);

    /// A statement has asked what has become of an object, and why. The answer is lines of text, each with its end.
    fn answered(&mut self, answer: &str);

    /// Who is to look at the heap around its pauses, if anybody is.
    fn watcher(&mut self) -> Option<Box<dyn Watcher>> {
        None
    }
}

/// A script between two statements.
#[derive(Debug)]
pub struct Stage<'s> {
    /// Where the statement is that has just been carried out.
    pub place: Place,
    /// The heap.
    pub heap: &'s Heap,
    pub(super) chronicle: &'s Chronicle,
}

impl<'s> Stage<'s> {
    /// The objects of the script that have not been found dead, by the names that they were made under.
    pub fn objects(&self) -> impl Iterator<Item = (&'s str, View<'s>)> {
        self.chronicle.objects(self.heap)
    }
}

/// An audience that wants to hear of collections only.
pub(super) struct Only<'f>(pub(super) &'f mut dyn FnMut(&Collected));

impl Audience for Only<'_> {
    fn collected(&mut self, collected: &Collected) {
        (self.0)(collected);
    }

    fn stepped(&mut self, _: &Stage<'_>) {}

    fn answered(&mut self, _: &str) {}
}
