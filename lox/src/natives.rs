//! Functions of the host that programs can call.

use crate::load::Loader;
use crate::machine::{Machine, Stop};
use crate::object::{Class, Instance, Shape, Value};
use crate::state::State;
use gc_core::HeapFull;
use gc_core::arena::{Gc, Mutation};

/// A function of the host.
struct Native {
    name: &'static str,
    call: for<'gc> fn(&Machine<'_, 'gc>) -> Result<Returned<'gc>, Stop>,
}

/// What a native function returns.
pub(crate) struct Returned<'gc> {
    pub(crate) value: Value<'gc>,
    /// Whether everything is to be collected then.
    pub(crate) collect: bool,
}

impl<'gc> From<Value<'gc>> for Returned<'gc> {
    fn from(value: Value<'gc>) -> Self {
        Returned { value, collect: false }
    }
}

const NATIVES: [Native; 3] = [
    Native { name: "clock", call: clock },
    Native { name: "gc", call: |_| Ok(Returned { value: Value::Nil, collect: true }) },
    Native { name: "gcStats", call: gc_stats },
];

/// Defines all of them.
pub(crate) fn define<'gc>(mc: Mutation<'gc>, state: Gc<'gc, State<'gc>>) -> Result<(), HeapFull> {
    for (number, native) in NATIVES.iter().enumerate() {
        let global = Loader::new(mc, state).global(native.name)?;
        state.get(mc).globals.values().set(mc, global as usize, Value::Native(number as u8).pack());
    }
    Ok(())
}

/// Calls one. As in the book they do not look at how many arguments they get.
pub(crate) fn call<'gc>(machine: &Machine<'_, 'gc>, number: u8) -> Result<Returned<'gc>, Stop> {
    (NATIVES[usize::from(number)].call)(machine)
}
