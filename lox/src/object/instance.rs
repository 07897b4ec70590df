//! Instances of classes.

use super::{Class, Shape, Slot, Value};
use gc_core::HeapFull;
use gc_core::arena::{Array, Gc, Lock, Mutation, Trace};

/// An object of a class, with fields.
#[derive(Debug, Trace)]
pub(crate) struct Instance<'gc> {
    /// Which fields it has, and of which class it is.
    shape: Lock<Gc<'gc, Shape<'gc>>>,
    /// The values of the fields, and perhaps room for more.
    fields: Lock<Fields<'gc>>,
}

type Fields<'gc> = Gc<'gc, Array<Lock<Slot<'gc>>>>;

impl<'gc> Instance<'gc> {
    /// An instance without fields.
    pub(crate) fn make(mc: Mutation<'gc>, class: &Class<'gc>) -> Result<Gc<'gc, Instance<'gc>>, HeapFull> {
        let room = class.most_fields.get() as usize;
        let fields = mc.try_array_from_fn(room, |_| Lock::new(Value::Nil.pack()))?;
        mc.try_new(Instance { shape: Lock::new(class.first_shape()), fields: Lock::new(fields) })
    }

    /// Adds a field, whereupon the instance has the shape `shape`.
    pub(crate) fn add_field(
        mc: Mutation<'gc>,
        instance: Gc<'gc, Instance<'gc>>,
        shape: Gc<'gc, Shape<'gc>>,
        value: Slot<'gc>,
    ) -> Result<(), HeapFull> {
        let fields = shape.get(mc).fields;
        let grown = instance.get(mc).with_room_for(mc, fields)?;
        let place = fields as usize - 1;
        grown.set(mc, place, value);
        let instance = instance.write(mc);
        instance.field(|instance| &instance.fields).set(grown);
        instance.field(|instance| &instance.shape).set(shape);
        shape.get(mc).class.get(mc).note_fields(fields);
        Ok(())
    }

    /// Its fields, moved if there is no room for so many.
    fn with_room_for(&self, mc: Mutation<'gc>, fields: u32) -> Result<Fields<'gc>, HeapFull> {
        let old = self.fields.get();
        let room = old.len(mc);
        if fields as usize <= room {
            return Ok(old);
        }
        mc.try_array_from_fn((2 * room).max(4), |place| {
            Lock::new(if place < room { old.at(mc, place) } else { Value::Nil.pack() })
        })
    }

    pub(crate) fn class(&self, mc: Mutation<'gc>) -> Gc<'gc, Class<'gc>> {
        self.shape.get().get(mc).class
    }

    #[inline(always)]
    pub(crate) fn shape(&self) -> Gc<'gc, Shape<'gc>> {
        self.shape.get()
    }

    /// The field that its shape says is at `place`.
    #[inline(always)]
    pub(crate) fn field(&self, mc: Mutation<'gc>, place: u32) -> Slot<'gc> {
        self.fields.get().at(mc, place as usize)
    }

    /// Changes the field that its shape says is at `place`.
    #[inline(always)]
    pub(crate) fn set_field(&self, mc: Mutation<'gc>, place: u32, value: Slot<'gc>) {
        self.fields.get().set(mc, place as usize, value);
    }
}
