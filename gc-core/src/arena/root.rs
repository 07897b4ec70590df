//! Types that have a brand for a parameter.

/// A type for every brand: what an arena keeps between its closures must be one, since each closure has a brand of its
/// own. Written with the macro [`Root!`](super::Root).
pub trait Rootable<'gc> {
    /// The type with the brand `'gc`.
    type Root: 'gc;
}

/// The type that `R` stands for, with the brand `'gc`.
pub type Branded<'gc, R> = <R as Rootable<'gc>>::Root;
