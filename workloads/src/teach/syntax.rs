//! What a script says.

use super::Place;
use super::figure::Figure;
use gc_core::snapshot::Space;
use gc_core::{Budget, Heap};

/// One statement.
#[derive(Debug)]
pub(super) struct Statement {
    pub(super) place: Place,
    pub(super) action: Action,
}

/// What a statement does.
#[derive(Debug)]
pub(super) enum Action {
    /// Makes a variable hold something.
    Assign {
        name: String,
        value: Value,
        may_be_refused: bool,
    },
    /// Stores something in a slot.
    Store {
        slot: SlotPath,
        value: Value,
    },
    /// Forgets variables.
    Drop(Vec<(Place, String)>),
    /// Makes so many bytes of garbage.
    Fill(u64),
    /// Collects in this way.
    Collect(fn(&mut Heap)),
    /// Gives the heap idle time.
    Step(Budget),
    Repeat {
        count: u64,
        body: Vec<Statement>,
    },
    Assert(Assertion),
    /// Asks what has become of an object: of the one at the end of a path, or the last that was made under a name.
    Why {
        path: Option<Path>,
        name: String,
    },
}

impl Action {
    /// Whether it, or a part of it, asks what has become of an object.
    pub(super) fn asks_why(&self) -> bool {
        match self {
            Action::Why { .. } => true,
            Action::Repeat { body, .. } => body.iter().any(|statement| statement.action.asks_why()),
            _ => false,
        }
    }
}

impl Path {
    /// As it is written.
    pub(super) fn text(&self) -> String {
        self.slots.iter().fold(self.name.clone(), |text, slot| format!("{text}.{slot}"))
    }
}

/// What a variable or a slot comes to hold.
#[derive(Debug)]
pub(super) enum Value {
    Null,
    /// What something else holds.
    Of(Path),
    /// A weak reference: only variables hold these.
    Weak(Path),
    New(Made),
}

/// An object that is made.
#[derive(Debug)]
pub(super) enum Made {
    Node { slots: u16, bytes: u32 },
    Array { slots: u32 },
    Bytes { length: u32 },
    Buffer { bytes: u32 },
    Ephemeron { key: Path, value: Path },
}

/// A variable, and slots to follow from its object.
#[derive(Clone, Debug)]
pub(super) struct Path {
    pub(super) place: Place,
    pub(super) name: String,
    pub(super) slots: Vec<u32>,
}

/// A slot of the object at the end of a path.
#[derive(Debug)]
pub(super) struct SlotPath {
    pub(super) holder: Path,
    pub(super) index: u32,
}

/// What must be so.
#[derive(Debug)]
pub(super) enum Assertion {
    /// An object lies there.
    In(Path, Space),
    /// An object has survived so many scavenges.
    Age(Path, Comparison, u64),
    /// Both are the same object, or null.
    Same(Path, Option<Path>),
    /// A figure of the heap is so large.
    Figure(Figure, Comparison, u64),
}

/// How a figure is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    AtMost,
    AtLeast,
}

impl Comparison {
    pub(super) fn holds(self, found: u64, expected: u64) -> bool {
        match self {
            Comparison::Equal => found == expected,
            Comparison::AtMost => found <= expected,
            Comparison::AtLeast => found >= expected,
        }
    }

    /// As in messages: "at most 3".
    pub(super) fn words(self) -> &'static str {
        match self {
            Comparison::Equal => "",
            Comparison::AtMost => "at most ",
            Comparison::AtLeast => "at least ",
        }
    }
}
