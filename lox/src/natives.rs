//! Functions of the host that programs can call.

use crate::load::Loader;
use crate::machine::{Machine, Stop};
use crate::object::{Class, Global, Instance, Shape, Value};
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
        Global::set(mc, global, Value::Native(number as u8).pack());
    }
    Ok(())
}

/// Calls one. As in the book they do not look at how many arguments they get.
pub(crate) fn call<'gc>(machine: &Machine<'_, 'gc>, number: u8) -> Result<Returned<'gc>, Stop> {
    (NATIVES[usize::from(number)].call)(machine)
}

/// Seconds since the machine was made, on the clock of its heap.
fn clock<'gc>(machine: &Machine<'_, 'gc>) -> Result<Returned<'gc>, Stop> {
    Ok(Value::Number((machine.host.now)().0 as f64 / 1e9).into())
}

/// An instance with what the collector has done and the heap holds. Bytes and counts.
fn gc_stats<'gc>(machine: &Machine<'_, 'gc>) -> Result<Returned<'gc>, Stop> {
    let (stats, usage) = (machine.host.heap)();
    let fields = [
        ("heapUsed", usage.heap_used),
        ("heapTotal", usage.heap_total),
        ("allocated", stats.work.allocated_bytes),
        ("minorCollections", stats.minor_collections),
        ("fullCollections", stats.full_collections),
    ];
    let (mc, loader) = (machine.mc, Loader::new(machine.mc, machine.state));
    let class = Class::make(mc, loader.string("GcStats")?)?;
    let instance = Instance::make(mc, class.get(mc))?;
    for (name, number) in fields {
        let shape = Shape::with(mc, instance.get(mc).shape(), loader.string(name)?)?;
        Instance::add_field(mc, instance, shape, Value::Number(number as f64).pack())?;
    }
    Ok(Value::Instance(instance).into())
}
