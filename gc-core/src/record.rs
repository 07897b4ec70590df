//! Recording what a program does to its memory.
//!
//! A [`MutationLog`] that a heap is given ([`Heap::record`](crate::Heap::record),
//! [`Arena::record`](crate::arena::Arena::record)) is told of all that matters to a collector, whatever collector it is:
//! which objects are made, what they refer to, what the program holds from outside.
//!
//! It is told at *record points*, which come every few kilobytes of allocation and before every pause: what has changed
//! since the last one. Nothing is told of what happened in between and has left no trace at the next one; collections
//! happen at points only, so no collection could have seen it. That is why a heap that does not record pays nothing for it:
//! recording makes its allowance of new space small, and hears of changes by the write barrier that there is anyway.

use crate::heap::Budget;
use crate::object::Layout;
use std::any::Any;
use std::fmt;

/// An object, as it is told to a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Told {
    /// One that was allocated since the last point: so many others have been told after it.
    Recent(u32),
    /// The one that has this number.
    Numbered(u32),
}

/// Is told what a program does to its memory.
///
/// Most objects are never told of after the point at which they are new. The others get numbers, which are given again when
/// their objects have died. Roots go by numbers from 0 on, without gaps; what a root is, a handle or another, is not told.
/// All is told in an order in which it could have been done: an object is allocated before anything refers to it.
pub trait MutationLog: Any + Send + fmt::Debug {
    /// Objects of another shape are to come, under a name for reports. Shapes go by numbers from 0 on. No layout is that of
    /// buffers. Objects of Rust types are told as others of the same size. What an allocation site makes
    /// ([`Heap::alloc_at`](crate::Heap::alloc_at)) is of a shape of its own, with the number of the site.
    fn shape(&mut self, name: &str, layout: Option<Layout>, site: Option<u32>);

    /// An object has been allocated, and refers to these others in these places, in their order. Its length is that of an
    /// array, what a buffer owns in bytes, and for others 0.
    fn allocated(&mut self, shape: u32, length: u32, references: &[(u32, Told)]);

    /// An object gets a number, by which it is told from now on. It was told after so many others since the last collection.
    fn numbered(&mut self, order: u32, number: u32);

    /// A place of an object, one of its slots or values, has been given a reference or null.
    fn stored(&mut self, holder: Told, place: u32, target: Option<Told>);

    /// A root has been given a reference, or has gone.
    fn root_set(&mut self, root: u32, target: Option<Told>);

    /// All since the last point has been told.
    fn point(&mut self);

    /// The program asks for a collection, before which there was a point.
    fn requested(&mut self, request: Request);

    /// A collection has found a numbered object dead.
    fn died(&mut self, number: u32);

    /// A collection has ended, and its dead have been told: those of its objects that have no numbers now never get any.
    fn collected(&mut self);
}

/// What a program may ask a heap for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// [`Heap::collect_minor`](crate::Heap::collect_minor).
    Minor,
    /// [`Heap::collect_full`](crate::Heap::collect_full).
    Full,
    /// [`Heap::compact`](crate::Heap::compact).
    Compact,
    /// [`Heap::step`](crate::Heap::step).
    Step(Budget),
}
