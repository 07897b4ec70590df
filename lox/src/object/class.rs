//! Classes.

use super::{Closure, Shape, Slot};
use gc_core::HeapFull;
use gc_core::arena::{Gc, Lock, Map, Mutation, Str, Trace};
use std::cell::Cell;

/// A class. Its methods do not change any more once its declaration has been executed.
#[derive(Debug, Trace)]
pub(crate) struct Class<'gc> {
    pub(crate) name: Gc<'gc, Str>,
    /// Its methods, the inherited ones included.
    pub(crate) methods: Map<'gc, Gc<'gc, Str>, Gc<'gc, Closure<'gc>>>,
    /// The method `init`, which is called often.
    pub(crate) initializer: Lock<Option<Gc<'gc, Closure<'gc>>>>,
    /// The shape of instances without fields.
    pub(crate) shape: Lock<Option<Gc<'gc, Shape<'gc>>>>,
    /// How many fields its instances have had at most: what new ones get room for.
    pub(crate) most_fields: Cell<u32>,
}

/// A method with the instance that it was taken from.
#[derive(Debug, Trace)]
pub(crate) struct BoundMethod<'gc> {
    pub(crate) receiver: Slot<'gc>,
    pub(crate) method: Gc<'gc, Closure<'gc>>,
}

impl<'gc> Class<'gc> {
    /// A class without methods.
    pub(crate) fn make(mc: Mutation<'gc>, name: Gc<'gc, Str>) -> Result<Gc<'gc, Class<'gc>>, HeapFull> {
        let class = mc.try_new(Class {
            name,
            methods: Map::default(),
            initializer: Lock::new(None),
            shape: Lock::new(None),
            most_fields: Cell::new(0),
        })?;
        let shape = mc.try_new(Shape::without_fields(class))?;
        class.write(mc).field(|class| &class.shape).set(Some(shape));
        Ok(class)
    }

    /// The shape of instances without fields.
    #[inline(always)]
    pub(crate) fn first_shape(&self) -> Gc<'gc, Shape<'gc>> {
        self.shape.get().expect("every class has one")
    }

    pub(crate) fn method(&self, mc: Mutation<'gc>, name: Gc<'gc, Str>) -> Option<Gc<'gc, Closure<'gc>>> {
        self.methods.get(mc, name)
    }

    /// Notes that an instance has so many fields.
    pub(crate) fn note_fields(&self, fields: u32) {
        self.most_fields.set(self.most_fields.get().max(fields));
    }

    /// Adds a method. `initializer` is the name of those.
    pub(crate) fn add_method(
        mc: Mutation<'gc>,
        class: Gc<'gc, Class<'gc>>,
        name: Gc<'gc, Str>,
        method: Gc<'gc, Closure<'gc>>,
        initializer: Gc<'gc, Str>,
    ) -> Result<(), HeapFull> {
        let class = class.write(mc);
        class.field(|class| &class.methods).try_insert(mc, name, method)?;
        if name.ptr_eq(initializer) {
            class.field(|class| &class.initializer).set(Some(method));
        }
        Ok(())
    }

    /// Adds the methods of a superclass.
    pub(crate) fn inherit(
        mc: Mutation<'gc>,
        class: Gc<'gc, Class<'gc>>,
        superclass: &Class<'gc>,
    ) -> Result<(), HeapFull> {
        let class = class.write(mc);
        for (name, method) in superclass.methods.iter(mc) {
            class.field(|class| &class.methods).try_insert(mc, name, method)?;
        }
        class.field(|class| &class.initializer).set(superclass.initializer.get());
        Ok(())
    }
}
