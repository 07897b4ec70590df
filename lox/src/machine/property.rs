//! Fields and methods.

use super::{Machine, Stop, error};
use crate::object::{BoundMethod, Class, Closure, Found, Instance, Shape, Site, Value};
use gc_core::arena::{Gc, Str};

impl<'gc> Machine<'_, 'gc> {
    #[inline(always)]
    fn site(&self, site: u8) -> &'gc Site<'gc> {
        &self.frame.function.sites.as_slice(self.mc)[usize::from(site)]
    }

    #[inline(always)]
    pub(super) fn get_property(&mut self, site: u8) -> Result<(), Stop> {
        let Value::Instance(instance) = self.stack.peek(0).unpack() else {
            return error("Only instances have properties.");
        };
        match self.find(instance, site)? {
            Found::Method(method) => self.bind(method),
            Found::Field(place) => {
                self.stack.poke(0, instance.get(self.mc).field(self.mc, place));
                Ok(())
            }
            Found::Added(_) => unreachable!("nothing is stored here"),
        }
    }

    #[inline(always)]
    pub(super) fn set_property(&mut self, site: u8) -> Result<(), Stop> {
        let value = self.stack.peek(0);
        let Value::Instance(instance) = self.stack.peek(1).unpack() else {
            return error("Only instances have fields.");
        };
        match self.find_place(instance, site)? {
            Found::Field(place) => instance.get(self.mc).set_field(self.mc, place, value),
            Found::Added(shape) => Instance::add_field(self.mc, instance, shape, value)?,
            Found::Method(_) => unreachable!("methods are not stored into"),
        }
        self.stack.pop();
        self.stack.poke(0, value);
        Ok(())
    }

    #[inline(always)]
    pub(super) fn invoke(&mut self, site: u8, arguments: u8) -> Result<(), Stop> {
        let Value::Instance(instance) = self.stack.peek(usize::from(arguments)).unpack() else {
            return error("Only instances have methods.");
        };
        match self.find(instance, site)? {
            Found::Method(method) => self.call(method, arguments),
            Found::Field(place) => {
                let callee = instance.get(self.mc).field(self.mc, place);
                self.stack.poke(usize::from(arguments), callee);
                self.call_value(callee, arguments)
            }
            Found::Added(_) => unreachable!("nothing is stored here"),
        }
    }

    /// What the instance has by the name of a site.
    #[inline(always)]
    fn find(&self, instance: Gc<'gc, Instance<'gc>>, site: u8) -> Result<Found<'gc>, Stop> {
        let shape = instance.get(self.mc).shape();
        match self.site(site).recall(shape) {
            Some(found) => Ok(found),
            None => self.look_up(shape, site),
        }
    }

    #[cold]
    fn look_up(&self, shape: Gc<'gc, Shape<'gc>>, site: u8) -> Result<Found<'gc>, Stop> {
        let name = self.site(site).name;
        let found = match shape.get(self.mc).find(self.mc, name) {
            Some(place) => Found::Field(place),
            None => Found::Method(self.method(shape.get(self.mc).class.get(self.mc), name)?),
        };
        self.remember(site, shape, found);
        Ok(found)
    }

    /// Where in an instance a value is to be stored by the name of a site.
    #[inline(always)]
    fn find_place(&self, instance: Gc<'gc, Instance<'gc>>, site: u8) -> Result<Found<'gc>, Stop> {
        let shape = instance.get(self.mc).shape();
        match self.site(site).recall(shape) {
            Some(found) => Ok(found),
            None => self.look_up_place(shape, site),
        }
    }

    #[cold]
    fn look_up_place(&self, shape: Gc<'gc, Shape<'gc>>, site: u8) -> Result<Found<'gc>, Stop> {
        let name = self.site(site).name;
        let found = match shape.get(self.mc).find(self.mc, name) {
            Some(place) => Found::Field(place),
            None => Found::Added(Shape::with(self.mc, shape, name)?),
        };
        self.remember(site, shape, found);
        Ok(found)
    }

    fn remember(&self, site: u8, shape: Gc<'gc, Shape<'gc>>, found: Found<'gc>) {
        let sites = self.frame.function.sites;
        Site::remember(sites.write_at(self.mc, usize::from(site)), shape, found);
    }

    fn method(&self, class: &Class<'gc>, name: Gc<'gc, Str>) -> Result<Gc<'gc, Closure<'gc>>, Stop> {
        match class.method(self.mc, name) {
            Some(method) => Ok(method),
            None => error(format!("Undefined property '{}'.", name.as_str(self.mc))),
        }
    }

    /// Puts a method, bound to the receiver, in the place of that.
    fn bind(&mut self, method: Gc<'gc, Closure<'gc>>) -> Result<(), Stop> {
        let bound = self.mc.try_new(BoundMethod { receiver: self.stack.peek(0), method })?;
        self.stack.poke(0, Value::BoundMethod(bound).pack());
        Ok(())
    }

    /// The method of a superclass that a site names.
    fn super_method(&self, superclass: Value<'gc>, site: u8) -> Result<Gc<'gc, Closure<'gc>>, Stop> {
        let Value::Class(superclass) = superclass else { unreachable!("{superclass:?} is no class") };
        let shape = superclass.get(self.mc).first_shape();
        match self.site(site).recall(shape) {
            Some(Found::Method(method)) => Ok(method),
            _ => {
                let method = self.method(superclass.get(self.mc), self.site(site).name)?;
                self.remember(site, shape, Found::Method(method));
                Ok(method)
            }
        }
    }

    pub(super) fn get_super(&mut self, site: u8) -> Result<(), Stop> {
        let method = self.super_method(self.stack.peek(0).unpack(), site)?;
        let receiver = self.stack.peek(1);
        let bound = self.mc.try_new(BoundMethod { receiver, method })?;
        self.stack.pop();
        self.stack.poke(0, Value::BoundMethod(bound).pack());
        Ok(())
    }

    pub(super) fn super_invoke(&mut self, site: u8, arguments: u8) -> Result<(), Stop> {
        let method = self.super_method(self.stack.peek(0).unpack(), site)?;
        self.stack.pop();
        self.call(method, arguments)
    }

    pub(super) fn inherit(&mut self) -> Result<(), Stop> {
        let Value::Class(superclass) = self.stack.peek(1).unpack() else {
            return error("Superclass must be a class.");
        };
        let Value::Class(class) = self.stack.peek(0).unpack() else { unreachable!("it was just made") };
        Class::inherit(self.mc, class, superclass.get(self.mc))?;
        self.stack.pop();
        Ok(())
    }

    pub(super) fn add_method(&mut self, name: u8) -> Result<(), Stop> {
        let (Value::Class(class), Value::Closure(method)) = (self.stack.peek(1).unpack(), self.stack.peek(0).unpack())
        else {
            unreachable!("a method belongs to a class")
        };
        let initializer = self.state.get(self.mc).initializer_name;
        Class::add_method(self.mc, class, self.name(name), method, initializer)?;
        self.stack.pop();
        Ok(())
    }
}
