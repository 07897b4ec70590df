//! The root of the arena.

use crate::globals::Globals;
use crate::machine::Saved;
use crate::natives;
use gc_core::arena::{Gc, Interner, Mutation, Str, Trace};

/// Everything that lives as long as the machine.
#[derive(Trace)]
pub(crate) struct State<'gc> {
    /// All strings.
    pub(crate) strings: Interner<'gc>,
    pub(crate) globals: Globals<'gc>,
    /// `init`, the name of methods that initialize instances.
    pub(crate) initializer_name: Gc<'gc, Str>,
    /// The program that runs.
    pub(crate) saved: Saved<'gc>,
}
