//! How a heap and the model can differ.

use super::Op;
use std::fmt;

/// The number of an object in order of allocation, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId(pub usize);

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "object {}", self.0)
    }
}

/// The first difference between a heap and the model, and where the program was when it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Divergence {
    /// The operation after which it was found, as an index into the program, and the operation itself; none if
    /// it was found at the end.
    pub after: Option<(usize, Op)>,
    /// What differs.
    pub difference: Difference,
}

impl fmt::Display for Divergence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.after {
            Some((index, op)) => write!(f, "after operation {index}, {op:?}: {}", self.difference),
            None => write!(f, "at the end: {}", self.difference),
        }
    }
}

impl std::error::Error for Divergence {}

/// What differs. Objects are named by the model.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Difference {
    /// The object on the heap is of another shape.
    Shape {
        /// The object.
        object: ObjectId,
        /// The name of its shape on the heap.
        found: String,
    },
    /// The object on the heap has another number of slots, bytes or values.
    Length {
        /// The object.
        object: ObjectId,
        /// What it should be.
        expected: usize,
        /// What it is.
        found: usize,
    },
    /// A slot is null that should not be, or is not null although it should be.
    Slot {
        /// The object.
        object: ObjectId,
        /// Which slot.
        slot: u32,
        /// What it should hold.
        expected: Option<ObjectId>,
    },
    /// A raw byte, or a byte of a buffer, has another value.
    Byte {
        /// The object.
        object: ObjectId,
        /// Which byte.
        index: usize,
        /// What it should be.
        expected: u8,
        /// What it is.
        found: u8,
    },
    /// A value has other bits, or holds a reference that it should not, or holds none although it should.
    Value {
        /// The array.
        object: ObjectId,
        /// Which value.
        index: u32,
    },
    /// Two references that should lead to one object lead to two.
    Identity {
        /// The object that there are two of.
        object: ObjectId,
    },
    /// A weak handle has been cleared although its object can be reached.
    ClearedTooEarly {
        /// The object.
        object: ObjectId,
    },
    /// A weak handle has outlived a full collection although its object could not be reached.
    NotCleared {
        /// The object.
        object: ObjectId,
    },
    /// A weak handle that had been cleared refers to something again.
    Revived {
        /// The object.
        object: ObjectId,
    },
    /// The heap's own verifier found an invariant broken.
    Violation {
        /// What it said.
        text: String,
    },
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Difference::Shape { object, found } => write!(f, "{object} has the shape {found}"),
            Difference::Length { object, expected, found } => {
                write!(f, "{object} has {found} elements instead of {expected}")
            }
            Difference::Slot { object, slot, expected: Some(target) } => {
                write!(f, "slot {slot} of {object} is null instead of {target}")
            }
            Difference::Slot { object, slot, expected: None } => {
                write!(f, "slot {slot} of {object} is not null")
            }
            Difference::Byte { object, index, expected, found } => {
                write!(f, "byte {index} of {object} is {found:#04x} instead of {expected:#04x}")
            }
            Difference::Value { object, index } => write!(f, "value {index} of {object} is another"),
            Difference::Identity { object } => write!(f, "there are two of {object}"),
            Difference::ClearedTooEarly { object } => {
                write!(f, "a weak handle to {object} was cleared although the object can be reached")
            }
            Difference::NotCleared { object } => {
                write!(
                    f,
                    "a weak handle to {object} outlived a full collection although it cannot be reached"
                )
            }
            Difference::Revived { object } => write!(f, "a cleared weak handle to {object} is alive again"),
            Difference::Violation { text } => write!(f, "the verifier says: {text}"),
        }
    }
}
