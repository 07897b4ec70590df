//! Types that have a brand for a parameter.

use std::marker::PhantomData;

/// A type for every brand: what an arena keeps between its closures must be one, since each closure has a brand of its
/// own. Written with the macro [`Root!`](super::Root).
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
pub type Branded<'gc, R> = <R as Rootable<'gc>>::Root;

/// Ties a type to what `R` stands for. Invariant in `R`: a subtype of `R`, such as one with another function pointer for
/// a parameter, may stand for something else altogether.
pub(super) type StandsFor<R> = PhantomData<fn(Box<R>) -> Box<R>>;
