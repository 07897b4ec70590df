//! Maps: where everything lies in a heap, as plain data, the dead and the free too.
//!
//! A map is taken with [`Heap::map`](crate::Heap::map) between two collections, or by a [`Watcher`](crate::Watcher) at the
//! start and at the end of each. It is a copy: the heap goes on while it is looked at. Where a
//! [snapshot](crate::snapshot) says what refers to what, a map says what lies where.
//!
//! ```
//! use gc_core::map::{AreaKind, Content};
//! use gc_core::{Config, Heap, Layout};
//!
//! let mut heap = Heap::new(Config::default())?;
//! let pair = heap.register("pair", Layout::Fixed { slots: 2, bytes: 0 });
//! heap.scope(|heap| heap.alloc(pair).map(drop))?;
//! let map = heap.map();
//! let new_space = map.areas().find(|area| area.kind == AreaKind::ActiveSemispace).expect("there is one");
//! let Content::Object(object) = &new_space.cells[0].content else { panic!("the pair comes first") };
//! assert_eq!((map.type_name(object.type_index), object.age), ("pair", 0));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod take;
mod tally;

use crate::snapshot::RootKind;
use std::ops::Range;
pub use tally::TypeTally;

/// A place in a heap: the distance in bytes from the start of its region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place(pub u64);

/// Where everything lies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeapMap {
    type_names: Vec<Box<str>>,
    areas: Vec<Area>,
    arrows: Vec<Arrow>,
    roots: Vec<RootArrow>,
}

/// A part of the heap that is used as one: a semispace, a page of old space, the pages of a large object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area {
    /// What it is used as.
    pub kind: AreaKind,
    /// Where it starts.
    pub start: Place,
    /// Its size in bytes.
    pub size_bytes: u64,
    /// Whether the marking under way has chosen it to be emptied at its end: it is a page of old space, and sparse.
    pub is_chosen: bool,
    /// What is in it, without gap or overlap, in order of place. What comes behind the last cell is free and was not used
    /// since the area was last emptied.
    pub cells: Vec<HeapCell>,
}

/// What an area is used as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AreaKind {
    /// The semispace that the program allocates in: to-space, during and after a scavenge.
    ActiveSemispace,
    /// The other one: from-space during a scavenge. It holds nothing between two of them.
    IdleSemispace,
    /// A page of old space.
    OldPage,
    /// The pages of a large object that has not survived a scavenge.
    YoungLarge,
    /// The pages of a large object of the old generation.
    OldLarge,
}

/// A piece of an area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeapCell {
    /// Where it starts.
    pub start: Place,
    /// Its size in bytes.
    pub size_bytes: u64,
    /// What it holds.
    pub content: Content,
}

/// What a cell holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Nothing.
    Free,
    /// An object that is not known to be dead.
    Object(Inhabitant),
    /// An object that the last marking has found dead, and that has not been swept.
    Dead {
        /// The number of its type.
        type_index: u32,
    },
}

/// What is known of an object from where it lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inhabitant {
    /// The number of its type, for [`HeapMap::type_name`].
    pub type_index: u32,
    /// How many scavenges it has survived in new space.
    pub age: u8,
    /// What a marking under way knows of it; none runs, none knows.
    pub colour: Option<Colour>,
    /// Whether the write barrier has listed it since the last scavenge: it may refer to young objects.
    pub is_remembered: bool,
}

/// What a marking knows of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Colour {
    /// It has not been reached.
    White,
    /// It has been reached, and waits to be scanned.
    Grey,
    /// It has been scanned.
    Black,
}

/// A reference from one object to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Arrow {
    /// The object that refers.
    pub from: Place,
    /// Where in its body the reference stands, in words of four bytes.
    pub word: u32,
    /// The object referred to.
    pub to: Place,
}

/// A root, and what it keeps alive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RootArrow {
    /// What the root is.
    pub kind: RootKind,
    /// The object.
    pub to: Place,
}

/// An object that a collection has moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Move {
    /// Where it was.
    pub from: Place,
    /// Where it is.
    pub to: Place,
    /// Its size in bytes.
    pub size_bytes: u64,
    /// Why it was moved there.
    pub reason: MoveReason,
}

/// Why a collection has moved an object where it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MoveReason {
    /// It is young, and has survived: it is copied to to-space.
    Survived,
    /// It has survived as many scavenges before as this one asks for, and is promoted.
    OldEnough,
    /// It is younger than that, but survivors have filled their part of to-space: it is promoted.
    ToSpaceFull,
    /// Old space is compacted: it has slid to its low end.
    Compacted,
    /// Its page was sparse, and has been emptied.
    Evacuated,
}

impl HeapMap {
    /// All areas in use: the semispaces, then pages and large objects in order of place.
    pub fn areas(&self) -> impl Iterator<Item = &Area> {
        self.areas.iter()
    }

    /// The name of a type.
    ///
    /// # Panics
    /// If there is no type of this number.
    #[must_use]
    pub fn type_name(&self, type_index: u32) -> &str {
        &self.type_names[type_index as usize]
    }

    /// What refers to what, in order of place; none if the map was taken without references. Those of dead objects are
    /// left out: what they refer to may be gone.
    pub fn arrows(&self) -> impl Iterator<Item = Arrow> {
        self.arrows.iter().copied()
    }

    /// What the roots refer to; none if the map was taken without references.
    pub fn roots(&self) -> impl Iterator<Item = RootArrow> {
        self.roots.iter().copied()
    }
}

impl Area {
    /// The places that it takes up.
    #[must_use]
    pub fn places(&self) -> Range<Place> {
        self.start..Place(self.start.0 + self.size_bytes)
    }

    /// Bytes of it that objects take up, dead ones included.
    #[must_use]
    pub fn used_bytes(&self) -> u64 {
        self.cells.iter().filter(|cell| cell.content != Content::Free).map(|cell| cell.size_bytes).sum()
    }
}
