//! The root of the arena.

use crate::machine::Saved;
use crate::object::Globals;
use gc_core::arena::{Gc, Interner, Mutation, Str, Trace};

/// Everything that lives as long as the machine.
#[derive(Trace)]
pub(crate) struct State<'gc> {
    /// All strings.
    pub(crate) strings: Gc<'gc, Interner<'gc>>,
    pub(crate) globals: Globals<'gc>,
    /// `init`, the name of methods that initialize instances.
    pub(crate) initializer_name: Gc<'gc, Str>,
    /// The program that runs.
    pub(crate) saved: Saved<'gc>,
}

impl<'gc> State<'gc> {
    /// Nothing but the names that the machine itself needs.
    pub(crate) fn new(mc: Mutation<'gc>) -> Self {
        let strings = mc.new(Interner::default());
        State {
            initializer_name: strings.intern(mc, "init"),
            strings,
            globals: Globals::default(),
            saved: Saved::new(mc),
        }
    }
}
