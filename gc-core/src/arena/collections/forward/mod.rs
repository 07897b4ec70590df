//! The methods of references to collections: what would otherwise have to be asked of what [`Gc::get`](crate::arena::Gc::get) or
//! [`Gc::write`](crate::arena::Gc::write) give.

mod map;
mod ordered_map;
mod set;
mod vec;

/// Gives references to a collection its methods: those that read by `get`, those that change by `write`.
macro_rules! forward {
    ([$($parameters:tt)*] $collection:ty: $($(#[$doc:meta])* $access:ident $name:ident($($argument:ident: $of:ty),*) $(-> $result:ty)?;)+) => {
        impl<'gc, $($parameters)*> Gc<'gc, $collection> {
            /// How many there are in the collection.
            ///
            /// ```
            /// # use gc_core::Config;
            /// # use gc_core::arena::{Arena, Root, Set};
            /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
            /// # arena.mutate(|mc, _| {
            /// let letters = mc.new(Set::new());
            /// letters.insert(mc, 'a');
            /// assert_eq!(letters.len(mc), 1);
            /// # });
            /// # Ok::<(), gc_core::ConfigError>(())
            /// ```
            #[must_use]
            #[inline]
            pub fn len(self, mc: Mutation<'gc>) -> usize {
                self.get(mc).len()
            }

            /// Whether the collection is empty.
            ///
            /// ```
            /// # use gc_core::Config;
            /// # use gc_core::arena::{Arena, Root, Set};
            /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
            /// # arena.mutate(|mc, _| {
            /// let letters = mc.new(Set::<char>::new());
            /// assert!(letters.is_empty(mc));
            /// # });
            /// # Ok::<(), gc_core::ConfigError>(())
            /// ```
            #[must_use]
            #[inline]
            pub fn is_empty(self, mc: Mutation<'gc>) -> bool {
                self.get(mc).is_empty()
            }

            $(
                $(#[$doc])*
                #[inline]
                #[track_caller]
                pub fn $name(self, mc: Mutation<'gc>, $($argument: $of),*) $(-> $result)? {
                    self.$access(mc).$name(mc, $($argument),*)
                }
            )+
        }
    };
}
use forward;
