//! Global variables.

use super::{Slot, Value};
use gc_core::HeapFull;
use gc_core::arena::{Gc, Lock, Map, Mutation, Str, Trace, Write};

/// A global variable. One that has not been defined, since it is only used somewhere so far, is [`Value::Undefined`].
#[derive(Debug, Trace)]
pub(crate) struct Global<'gc> {
    pub(crate) name: Gc<'gc, Str>,
    pub(crate) value: Lock<Slot<'gc>>,
}

/// All global variables, by name.
pub(crate) type Globals<'gc> = Map<'gc, Gc<'gc, Str>, Gc<'gc, Global<'gc>>>;

impl<'gc> Global<'gc> {
    /// The variable of this name, a new one if there is none.
    pub(crate) fn named(
        globals: &Write<Globals<'gc>>,
        mc: Mutation<'gc>,
        name: Gc<'gc, Str>,
    ) -> Result<Gc<'gc, Global<'gc>>, HeapFull> {
        if let Some(known) = globals.get(mc, name) {
            return Ok(known);
        }
        let made = mc.try_new(Global { name, value: Lock::new(Value::Undefined.pack()) })?;
        globals.try_insert(mc, name, made)?;
        Ok(made)
    }

    pub(crate) fn set(mc: Mutation<'gc>, global: Gc<'gc, Global<'gc>>, value: Slot<'gc>) {
        global.write(mc).field(|global| &global.value).set(value);
    }
}
