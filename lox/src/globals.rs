//! Global variables.

use crate::object::{Slot, Value};
use gc_core::HeapFull;
use gc_core::arena::{Array, Gc, Lock, Map, Mutation, Str, Trace, Write};

/// The global variables, numbered. One that has not been defined, since it is only used somewhere so far, is
/// [`Value::Undefined`].
#[derive(Trace)]
pub(crate) struct Globals<'gc> {
    numbers: Map<'gc, Gc<'gc, Str>, u32>,
    /// Their values, and room for more.
    values: Lock<Gc<'gc, Array<Lock<Slot<'gc>>>>>,
}

impl<'gc> Globals<'gc> {
    /// No variables.
    pub(crate) fn new(mc: Mutation<'gc>) -> Self {
        Globals { numbers: Map::default(), values: Lock::new(mc.array_from_fn(0, |_| Lock::new(Value::Undefined.pack()))) }
    }

    /// The values, by number.
    pub(crate) fn values(&self) -> Gc<'gc, Array<Lock<Slot<'gc>>>> {
        self.values.get()
    }

    /// The name of a variable. Takes time in proportion to their number.
    pub(crate) fn name(&self, mc: Mutation<'gc>, number: u32) -> Gc<'gc, Str> {
        let (name, _) = self.numbers.iter(mc).find(|&(_, other)| other == number).expect("all have a name");
        name
    }

    /// The number of a variable, a new one if it has not got any.
    pub(crate) fn number(
        globals: &Write<Globals<'gc>>,
        mc: Mutation<'gc>,
        name: Gc<'gc, Str>,
    ) -> Result<u32, HeapFull> {
        if let Some(known) = globals.numbers.get(mc, name) {
            return Ok(known);
        }
        let number = globals.numbers.len();
        let values = globals.values.get();
        if number == values.len(mc) {
            let grown = mc.try_array_from_fn((2 * number).max(64), |place| {
                Lock::new(if place < number { values.at(mc, place) } else { Value::Undefined.pack() })
            })?;
            globals.field(|globals| &globals.values).set(grown);
        }
        globals.field(|globals| &globals.numbers).try_insert(mc, name, number as u32)?;
        Ok(number as u32)
    }
}
