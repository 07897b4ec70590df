//! Handles that the host keeps.

use super::gc::{Gc, Object};
use super::mutation::Mutation;
use super::root::{Branded, Rootable, StandsFor};
use crate::heap;
use std::fmt;
use std::marker::PhantomData;

/// Keeps an object of an arena alive from outside, between closures: [`Mutation::stash`] makes one, [`Mutation::fetch`]
/// gives the object back. May be dropped on any thread, before or after its arena.
///
/// ```
/// # use gc_core::Config;
/// # use gc_core::arena::{Arena, Handle, Root, Str};
/// let mut arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
/// let name: Handle<Root![Str]> = arena.mutate(|mc, _| mc.stash(mc.str("name")));
/// arena.collect_full();
/// arena.mutate(|mc, _| assert_eq!(mc.fetch(&name).as_str(mc), "name"));
/// std::thread::spawn(move || drop(name)).join().expect("dropped");
/// # Ok::<(), gc_core::ConfigError>(())
/// ```
pub struct Handle<R: ?Sized> {
    root: heap::Root,
    of: StandsFor<R>,
}

impl<R: ?Sized> fmt::Debug for Handle<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Handle")
    }
}

impl<'gc> Mutation<'gc> {
    /// Keeps an object alive for as long as the handle lives.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Handle, Root};
    /// # let mut arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// let kept: Handle<Root![u32]> = arena.mutate(|mc, _| mc.stash(mc.new(1)));
    /// arena.collect_full();
    /// assert_eq!(arena.mutate(|mc, _| *mc.fetch(&kept).get(mc)), 1);
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    pub fn stash<R>(self, gc: Gc<'gc, Branded<'gc, R>>) -> Handle<R>
    where
        R: ?Sized + for<'b> Rootable<'b>,
        Branded<'gc, R>: Object<'gc>,
    {
        let root = self.with_heap(|heap| heap.root_object(gc.object()));
        Handle { root, of: PhantomData }
    }

    /// The object that a handle keeps alive.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Handle, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// let kept: Handle<Root![u32]> = arena.mutate(|mc, _| mc.stash(mc.new(1)));
    /// arena.mutate(|mc, _| assert!(mc.fetch(&kept).ptr_eq(mc.fetch(&kept))));
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If the handle belongs to another arena.
    #[must_use]
    #[track_caller]
    pub fn fetch<R>(self, handle: &Handle<R>) -> Gc<'gc, Branded<'gc, R>>
    where
        R: ?Sized + for<'b> Rootable<'b>,
        Branded<'gc, R>: Object<'gc>,
    {
        match self.rooted(&handle.root) {
            Some(object) => Gc::of(object),
            None => panic!("wrong arena: the handle is one of another arena"),
        }
    }
}
