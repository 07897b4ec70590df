//! Types that have a brand for a parameter.

use std::marker::PhantomData;

/// A type for every brand: what an arena keeps between its closures must be one, since each closure has a brand of its
/// own. Written with the macro [`Root!`](super::Root).
///
/// ```
/// # use gc_core::Config;
/// # use gc_core::arena::{Arena, Gc, Root, Str};
/// type Names = Root![(Gc<'_, Str>, Gc<'_, Str>)];
///
/// let arena = Arena::<Names>::new(Config::default(), |mc| (mc.str("first"), mc.str("second")))?;
/// arena.mutate(|mc, names| assert_eq!(names.get(mc).1.as_str(mc), "second"));
/// # Ok::<(), gc_core::ConfigError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not stand for a type with any brand",
    label = "put the type into `Root![..]`, with `'_` where it has a lifetime",
    note = "a type of the program's own may implement `Rootable` instead"
)]
pub trait Rootable<'gc> {
    /// The type with the brand `'gc`.
    type Root: 'gc;
}

/// The type that `R` stands for, with the brand `'gc`.
///
/// ```
/// # use gc_core::Config;
/// # use gc_core::arena::{Arena, Branded, Gc, Mutation, Root, Str};
/// type Name = Root![Gc<'_, Str>];
///
/// fn make(mc: Mutation<'_>) -> Branded<'_, Name> {
///     mc.str("name")
/// }
///
/// let arena = Arena::<Name>::new(Config::default(), make)?;
/// # Ok::<(), gc_core::ConfigError>(())
/// ```
pub type Branded<'gc, R> = <R as Rootable<'gc>>::Root;

/// Ties a type to what `R` stands for. Invariant in `R`: a subtype of `R`, such as one with another function pointer for
/// a parameter, may stand for something else altogether.
pub(super) type StandsFor<R> = PhantomData<fn(Box<R>) -> Box<R>>;
