//! Fields and methods.

use super::{Machine, Stop, error};
use crate::object::{BoundMethod, Class, Closure, Found, Instance, Shape, Site, Slot, Value};
use gc_core::arena::{Gc, Mutation, Str};

type SiteRef<'gc> = Gc<'gc, Site<'gc>>;

/// The field that a site has found in instances like this one.
#[inline(always)]
pub(super) fn get_field<'gc>(mc: Mutation<'gc>, owner: Slot<'gc>, site: SiteRef<'gc>) -> Option<Slot<'gc>> {
    let Value::Instance(instance) = owner.unpack() else { return None };
    let instance = instance.get(mc);
    match site.get(mc).recall(instance.shape())? {
        Found::Field(place) => Some(instance.field(mc, place)),
        _ => None,
    }
}

/// Stores into the field that a site has found in instances like this one. The value.
#[inline(always)]
pub(super) fn set_field<'gc>(
    mc: Mutation<'gc>,
    owner: Slot<'gc>,
    site: SiteRef<'gc>,
    value: Slot<'gc>,
) -> Option<Slot<'gc>> {
    let Value::Instance(instance) = owner.unpack() else { return None };
    let instance = instance.get(mc);
    match site.get(mc).recall(instance.shape())? {
        Found::Field(place) => instance.set_field(mc, place, value),
        _ => return None,
    }
    Some(value)
}

/// The method that a site has found in instances like this one.
#[inline(always)]
pub(super) fn get_method<'gc>(
    mc: Mutation<'gc>,
    receiver: Slot<'gc>,
    site: SiteRef<'gc>,
) -> Option<Gc<'gc, Closure<'gc>>> {
    let Value::Instance(instance) = receiver.unpack() else { return None };
    match site.get(mc).recall(instance.get(mc).shape())? {
        Found::Method(method) => Some(method),
        _ => None,
    }
}

impl<'gc> Machine<'_, 'gc> {
    #[inline(never)]
    pub(super) fn get_property(&mut self, site: SiteRef<'gc>) -> Result<(), Stop> {
        let Value::Instance(instance) = self.peek(0).unpack() else {
            return error("Only instances have properties.");
        };
        let value = match self.find(instance, site)? {
            Found::Method(method) => self.bind(self.peek(0), method)?,
            Found::Field(place) => instance.get(self.mc).field(self.mc, place),
            Found::Added(_) => unreachable!("nothing is stored here"),
        };
        self.poke(0, value);
        Ok(())
    }

    #[inline(never)]
    pub(super) fn set_property(&mut self, site: SiteRef<'gc>) -> Result<(), Stop> {
        let value = self.peek(0);
        let Value::Instance(instance) = self.peek(1).unpack() else {
            return error("Only instances have fields.");
        };
        match self.find_place(instance, site)? {
            Found::Field(place) => instance.get(self.mc).set_field(self.mc, place, value),
            Found::Added(shape) => Instance::add_field(self.mc, instance, shape, value)?,
            Found::Method(_) => unreachable!("methods are not stored into"),
        }
        self.pop();
        self.poke(0, value);
        Ok(())
    }

    #[inline(never)]
    pub(super) fn invoke(&mut self, site: SiteRef<'gc>, arguments: u8) -> Result<(), Stop> {
        let Value::Instance(instance) = self.peek(usize::from(arguments)).unpack() else {
            return error("Only instances have methods.");
        };
        match self.find(instance, site)? {
            Found::Method(method) => self.call(method, arguments),
            Found::Field(place) => {
                // The instance stays below the arguments: no function that is no method looks there.
                self.call_value(instance.get(self.mc).field(self.mc, place).unpack(), arguments)
            }
            Found::Added(_) => unreachable!("nothing is stored here"),
        }
    }

    /// What the instance has by the name of a site.
    fn find(&self, instance: Gc<'gc, Instance<'gc>>, site: SiteRef<'gc>) -> Result<Found<'gc>, Stop> {
        self.recall_or(instance.get(self.mc).shape(), site, |shape, name| {
            match shape.get(self.mc).find(self.mc, name) {
                Some(place) => Ok(Found::Field(place)),
                None => self.method(shape.get(self.mc).class.get(self.mc), name).map(Found::Method),
            }
        })
    }

    /// Where in an instance a value is to be stored by the name of a site.
    fn find_place(&self, instance: Gc<'gc, Instance<'gc>>, site: SiteRef<'gc>) -> Result<Found<'gc>, Stop> {
        self.recall_or(instance.get(self.mc).shape(), site, |shape, name| {
            match shape.get(self.mc).find(self.mc, name) {
                Some(place) => Ok(Found::Field(place)),
                None => Ok(Found::Added(Shape::with(self.mc, shape, name)?)),
            }
        })
    }

    /// What a site has found in instances of this shape, or else what `look_up` finds.
    fn recall_or(
        &self,
        shape: Gc<'gc, Shape<'gc>>,
        site: SiteRef<'gc>,
        look_up: impl FnOnce(Gc<'gc, Shape<'gc>>, Gc<'gc, Str>) -> Result<Found<'gc>, Stop>,
    ) -> Result<Found<'gc>, Stop> {
        if let Some(found) = site.get(self.mc).recall(shape) {
            return Ok(found);
        }
        let found = look_up(shape, site.get(self.mc).name)?;
        Site::remember(site.write(self.mc), shape, found);
        Ok(found)
    }

    fn method(&self, class: &Class<'gc>, name: Gc<'gc, Str>) -> Result<Gc<'gc, Closure<'gc>>, Stop> {
        match class.method(self.mc, name) {
            Some(method) => Ok(method),
            None => error(format!("Undefined property '{}'.", name.as_str(self.mc))),
        }
    }

    /// A method with its receiver.
    fn bind(&self, receiver: Slot<'gc>, method: Gc<'gc, Closure<'gc>>) -> Result<Slot<'gc>, Stop> {
        Ok(Value::BoundMethod(self.mc.try_new(BoundMethod { receiver, method })?).pack())
    }

    /// The method of a superclass that a site names.
    fn super_method(
        &self,
        superclass: Value<'gc>,
        site: SiteRef<'gc>,
    ) -> Result<Gc<'gc, Closure<'gc>>, Stop> {
        let Value::Class(superclass) = superclass else { unreachable!("{superclass:?} is no class") };
        let superclass = superclass.get(self.mc);
        let look_up = |_, name| self.method(superclass, name).map(Found::Method);
        match self.recall_or(superclass.first_shape(), site, look_up)? {
            Found::Method(method) => Ok(method),
            other => unreachable!("{other:?} is no method"),
        }
    }

    #[inline(never)]
    pub(super) fn get_super(&mut self, site: SiteRef<'gc>) -> Result<(), Stop> {
        let method = self.super_method(self.peek(0).unpack(), site)?;
        let bound = self.bind(self.peek(1), method)?;
        self.pop();
        self.poke(0, bound);
        Ok(())
    }

    #[inline(never)]
    pub(super) fn super_invoke(&mut self, site: SiteRef<'gc>, arguments: u8) -> Result<(), Stop> {
        let method = self.super_method(self.peek(0).unpack(), site)?;
        self.pop();
        self.call(method, arguments)
    }

    #[inline(never)]
    pub(super) fn inherit(&mut self) -> Result<(), Stop> {
        let Value::Class(superclass) = self.peek(1).unpack() else {
            return error("Superclass must be a class.");
        };
        let Value::Class(class) = self.peek(0).unpack() else { unreachable!("it was just made") };
        Class::inherit(self.mc, class, superclass.get(self.mc))?;
        self.pop();
        Ok(())
    }

    #[inline(never)]
    pub(super) fn add_method(&mut self, name: Gc<'gc, Str>) -> Result<(), Stop> {
        let (Value::Class(class), Value::Closure(method)) = (self.peek(1).unpack(), self.peek(0).unpack())
        else {
            unreachable!("a method belongs to a class")
        };
        let initializer = self.state.get(self.mc).initializer_name;
        Class::add_method(self.mc, class, name, method, initializer)?;
        self.pop();
        Ok(())
    }
}
