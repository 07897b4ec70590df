//! Objects that the program gets back when they have died.

use super::any::Any;
use super::gc::{Gc, Object};
use super::mutation::Mutation;

impl<'gc> Mutation<'gc> {
    /// Asks to be given an object once more when it has died: [`Mutation::next_finalizable`] does that. See
    /// [`Heap::finalize_when_dead`](crate::Heap::finalize_when_dead) for what comes first, and in which order.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root};
    /// let mut arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// arena.mutate(|mc, _| mc.finalize_when_dead(mc.new(42_u32)));
    /// arena.collect_full();
    /// arena.mutate(|mc, _| {
    ///     let dead = mc.next_finalizable().expect("the number");
    ///     assert_eq!(dead.downcast::<u32>(mc).map(|number| *number.get(mc)), Some(42));
    ///     assert!(mc.next_finalizable().is_none());
    /// });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    pub fn finalize_when_dead<T: ?Sized + Object<'gc>>(self, gc: Gc<'gc, T>) {
        self.with_heap(|heap| heap.finalize_object(gc.object()));
    }

    /// The object that has waited longest to be finalized, if there is one.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root};
    /// # let mut arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// arena.mutate(|mc, _| mc.finalize_when_dead(mc.new(42_u32)));
    /// arena.collect_full();
    /// assert!(arena.mutate(|mc, _| mc.next_finalizable().is_some_and(|dead| dead.is::<u32>(mc))));
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    pub fn next_finalizable(self) -> Option<Any<'gc>> {
        self.with_heap(|heap| heap.take_finalizable()).map(Any::of)
    }
}
