//! The operations.

use super::machine::Machine;
use super::{Divergence, Summary};
use gc_core::Heap;
use std::fmt;

/// A list of operations. Its `Debug` form is Rust source: a failing program can be pasted into a test.
#[derive(Clone, PartialEq, Eq)]
pub struct Program(pub Vec<Op>);

impl Program {
    /// Runs the program on `heap` and on a model.
    ///
    /// # Errors
    /// The first difference between the two.
    pub fn run(&self, heap: &mut Heap) -> Result<Summary, Divergence> {
        self.run_and_end(heap, &mut |_| ())
    }

    /// As [`Program::run`]; `end` is given the heap when all operations are done, before the handles that they have made end.
    ///
    /// # Errors
    /// As [`Program::run`].
    pub fn run_and_end(
        &self,
        heap: &mut Heap,
        end: &mut dyn FnMut(&mut Heap),
    ) -> Result<Summary, Divergence> {
        Machine::new(heap).run(heap, self, end)
    }
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Program(vec![")?;
        self.0.iter().try_for_each(|op| writeln!(f, "    Op::{op:?},"))?;
        write!(f, "])")
    }
}

/// A choice among what is there when an operation runs: this number modulo the number of candidates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pick(pub u16);

impl Pick {
    /// An index less than `candidates`, if there are any.
    pub(super) fn among(self, candidates: usize) -> Option<usize> {
        usize::from(self.0).checked_rem(candidates)
    }

    /// A number from 0 to `limit`, both included.
    pub(super) fn up_to(self, limit: usize) -> usize {
        usize::from(self.0) % (limit + 1)
    }
}

/// One operation. Objects are chosen among those that live handles refer to and that fit: for a slot operation
/// those with slots, and so on. An operation without a candidate does nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// Allocates an object of one of the fixed shapes.
    AllocFixed {
        /// Which shape.
        shape: Pick,
    },
    /// Allocates a pair together with what it refers to.
    AllocPair {
        /// What its slot 0 holds.
        left: Option<Pick>,
        /// What its slot 1 holds.
        right: Option<Pick>,
    },
    /// Allocates an array of references, all null.
    AllocSlots {
        /// Its length.
        len: u32,
    },
    /// Allocates an array of bytes.
    AllocBytes {
        /// Its length.
        len: u32,
    },
    /// Allocates an array of values, all zero.
    AllocValues {
        /// Which encoding of references.
        decoder: Pick,
        /// Its length.
        len: u32,
    },
    /// Allocates an object that owns memory off the heap.
    AllocBuffer {
        /// Size of that memory.
        bytes: u32,
    },
    /// Allocates garbage, an object of 1 KiB at a time.
    Garbage {
        /// How many objects.
        objects: u16,
    },
    /// Makes a handle to what a slot holds.
    Load {
        /// The object.
        object: Pick,
        /// Which slot.
        slot: Pick,
    },
    /// Makes a handle refer to what a slot holds.
    Advance {
        /// The handle that changes.
        cursor: Pick,
        /// The object.
        object: Pick,
        /// Which slot.
        slot: Pick,
    },
    /// Makes a second handle to an object.
    Duplicate {
        /// The first handle.
        handle: Pick,
    },
    /// Makes a handle refer to what another one refers to.
    Assign {
        /// The handle that changes.
        target: Pick,
        /// The other one.
        source: Pick,
    },
    /// Stores a reference into a slot.
    Store {
        /// The object.
        object: Pick,
        /// Which slot.
        slot: Pick,
        /// What is stored.
        value: Option<Pick>,
    },
    /// Copies slots from one object to another, or within one.
    CopySlots {
        /// The object copied from.
        source: Pick,
        /// The first slot copied.
        start: Pick,
        /// How many slots are copied.
        len: Pick,
        /// The object copied to.
        target: Pick,
        /// The first slot overwritten.
        at: Pick,
    },
    /// Stores one reference into several slots.
    FillSlots {
        /// The object.
        object: Pick,
        /// The first slot.
        start: Pick,
        /// How many slots.
        len: Pick,
        /// What is stored.
        value: Option<Pick>,
    },
    /// Stores plain bits into an array of values. Bits that the array's decoder would take for a reference are
    /// changed until it does not.
    StoreBits {
        /// The array.
        object: Pick,
        /// Which value.
        index: Pick,
        /// The bits.
        bits: u64,
    },
    /// Stores a reference into an array of values.
    StoreValue {
        /// The array.
        object: Pick,
        /// Which value.
        index: Pick,
        /// What is stored.
        value: Pick,
    },
    /// Stores a word into raw bytes, beyond the object's number.
    StoreWord {
        /// The object.
        object: Pick,
        /// Which word.
        index: Pick,
        /// The word.
        word: u64,
    },
    /// Overwrites all raw bytes of an object, or all of its buffer, beyond its number.
    FillBytes {
        /// The object.
        object: Pick,
        /// The byte.
        byte: u8,
    },
    /// Opens a scope. Scopes nest up to 16 deep; further ones are not opened.
    OpenScope,
    /// Opens a scope from which one handle escapes.
    OpenEscape {
        /// The handle that does.
        result: Pick,
    },
    /// Closes the scope opened last, if there is one.
    CloseScope,
    /// Makes a persistent root.
    Root {
        /// What it refers to.
        handle: Pick,
    },
    /// Makes a persistent root refer to another object.
    SetRoot {
        /// The root.
        root: Pick,
        /// What it then refers to.
        handle: Pick,
    },
    /// Makes a handle to a root's object.
    Get {
        /// The root.
        root: Pick,
    },
    /// Drops a persistent root.
    Unroot {
        /// The root.
        root: Pick,
    },
    /// Makes a weak handle.
    Weak {
        /// What it refers to.
        handle: Pick,
    },
    /// Makes a handle to a weak handle's object, if that is alive.
    Upgrade {
        /// The weak handle.
        weak: Pick,
    },
    /// Drops a weak handle.
    DropWeak {
        /// The weak handle.
        weak: Pick,
    },
    /// Requests a minor collection.
    Minor,
    /// Requests a full collection.
    Full,
}

#[cfg(test)]
mod tests {
    use super::{Op, Pick, Program};

    #[test]
    fn a_program_prints_as_source() {
        let program = Program(vec![Op::Root { handle: Pick(3) }, Op::Full]);
        let source = "Program(vec![\n    Op::Root { handle: Pick(3) },\n    Op::Full,\n])";
        assert_eq!(format!("{program:?}"), source);
    }

    #[test]
    fn any_pick_is_a_choice_unless_there_is_none() {
        assert_eq!(Pick(7).among(3), Some(1));
        assert_eq!(Pick(7).among(0), None);
        assert_eq!(Pick(7).up_to(3), 3);
        assert_eq!(Pick(7).up_to(0), 0);
    }
}
