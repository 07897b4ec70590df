//! What keys of maps must tell of themselves.

use crate::arena::hash::{mix, of_text};
use crate::arena::{Any, Gc, Mutation, Object, Str, Trace};
use std::cmp::Ordering;

/// A key of a [`Map`](super::Map) or [`Set`](super::Set): numbers, `bool`, `char`, texts, tuples of keys, and references by [`ById`].
///
/// Strings are the same key if they have the same text. Keys that are equal have the same hash; which hash that is, and how
/// its bits are distributed, does not matter, for it is mixed once more. It must not come from an address, which would
/// change. A map whose keys change it while they are compared may lose some, and may panic.
///
/// ```
/// use gc_core::arena::{Gc, Key, Mutation, Str, Trace};
///
/// #[derive(Clone, Copy, Trace)]
/// enum Name<'gc> { Number(u32), Text(Gc<'gc, Str>) }
///
/// impl<'gc> Key<'gc> for Name<'gc> {
///     fn hash(&self, mc: Mutation<'gc>) -> u64 {
///         match self {
///             Name::Number(number) => u64::from(*number),
///             Name::Text(text) => text.hash(mc),
///         }
///     }
///
///     fn equals(&self, other: &Self, mc: Mutation<'gc>) -> bool {
///         match (self, other) {
///             (Name::Number(a), Name::Number(b)) => a == b,
///             (Name::Text(a), Name::Text(b)) => a.equals(b, mc),
///             _ => false,
///         }
///     }
/// }
/// ```
pub trait Key<'gc>: Trace<'gc> + Copy {
    /// A number that equal keys have in common, and that most others do not have.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Key, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let (one, same) = (mc.str("a"), mc.str("a"));
    /// assert_eq!(one.hash(mc), same.hash(mc));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    fn hash(&self, mc: Mutation<'gc>) -> u64;

    /// Whether both are the same key.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Key, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// assert!(mc.str("a").equals(&mc.str("a"), mc));
    /// assert!(!mc.str("a").equals(&mc.str("b"), mc));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    fn equals(&self, other: &Self, mc: Mutation<'gc>) -> bool;
}

/// A key of an [`OrderedMap`](super::OrderedMap): numbers, `bool`, `char`, texts, and tuples of keys.
///
/// ```
/// use gc_core::arena::{Mutation, OrderedKey, Trace};
/// use std::cmp::Ordering;
///
/// #[derive(Clone, Copy, Trace)]
/// struct Priority { level: u8, ticket: u64 }
///
/// impl<'gc> OrderedKey<'gc> for Priority {
///     fn compare(&self, other: &Self, _: Mutation<'gc>) -> Ordering {
///         (other.level, self.ticket).cmp(&(self.level, other.ticket))
///     }
/// }
/// ```
pub trait OrderedKey<'gc>: Trace<'gc> + Copy {
    /// Which of both comes first. This must be a total order.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, OrderedKey, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// assert!(mc.str("a").compare(&mc.str("b"), mc).is_lt());
    /// assert!((1, 'b').compare(&(1, 'a'), mc).is_gt());
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    fn compare(&self, other: &Self, mc: Mutation<'gc>) -> Ordering;
}

/// Makes types without references keys.
macro_rules! keys {
    ($($key:ty),+ $(,)?) => {$(
        impl<'gc> Key<'gc> for $key {
            #[inline]
            fn hash(&self, _: Mutation<'gc>) -> u64 {
                *self as u64
            }

            #[inline]
            fn equals(&self, other: &Self, _: Mutation<'gc>) -> bool {
                *self == *other
            }
        }

        impl<'gc> OrderedKey<'gc> for $key {
            #[inline]
            fn compare(&self, other: &Self, _: Mutation<'gc>) -> Ordering {
                Ord::cmp(self, other)
            }
        }
    )+};
}

keys!(bool, char, u8, u16, u32, u64, usize, i8, i16, i32, i64, isize);

impl<'gc> Key<'gc> for &'static str {
    fn hash(&self, _: Mutation<'gc>) -> u64 {
        of_text(self)
    }

    fn equals(&self, other: &Self, _: Mutation<'gc>) -> bool {
        *self == *other
    }
}

impl<'gc> OrderedKey<'gc> for &'static str {
    fn compare(&self, other: &Self, _: Mutation<'gc>) -> Ordering {
        Ord::cmp(self, other)
    }
}

impl<'gc> Key<'gc> for Gc<'gc, Str> {
    #[inline]
    fn hash(&self, mc: Mutation<'gc>) -> u64 {
        Gc::<Str>::hash(*self, mc)
    }

    #[inline]
    fn equals(&self, other: &Self, mc: Mutation<'gc>) -> bool {
        self.ptr_eq(*other) || self.as_str(mc) == other.as_str(mc)
    }
}

impl<'gc> OrderedKey<'gc> for Gc<'gc, Str> {
    #[inline]
    fn compare(&self, other: &Self, mc: Mutation<'gc>) -> Ordering {
        if self.ptr_eq(*other) { Ordering::Equal } else { self.as_str(mc).cmp(other.as_str(mc)) }
    }
}

/// A reference as a key: the object that it refers to, whatever that holds.
///
/// ```
/// # use gc_core::Config;
/// # use gc_core::arena::{Arena, Gc, Root, Set};
/// # use gc_core::arena::collections::ById;
/// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
/// # arena.mutate(|mc, _| {
/// let seen: Gc<'_, Set<'_, ById<Gc<'_, u32>>>> = mc.new(Set::new());
/// let one = mc.new(1);
/// seen.insert(mc, ById(one));
/// assert!(seen.contains(mc, ById(one)));
/// assert!(!seen.contains(mc, ById(mc.new(1))));
/// # });
/// # Ok::<(), gc_core::ConfigError>(())
/// ```
#[derive(Clone, Copy, Debug, Trace)]
pub struct ById<R>(pub R);

impl<'gc, T: ?Sized + Object<'gc>> Key<'gc> for ById<Gc<'gc, T>> {
    fn hash(&self, mc: Mutation<'gc>) -> u64 {
        self.0.id(mc)
    }

    fn equals(&self, other: &Self, _: Mutation<'gc>) -> bool {
        self.0.ptr_eq(other.0)
    }
}

impl<'gc> Key<'gc> for ById<Any<'gc>> {
    fn hash(&self, mc: Mutation<'gc>) -> u64 {
        self.0.id(mc)
    }

    fn equals(&self, other: &Self, _: Mutation<'gc>) -> bool {
        self.0.ptr_eq(other.0)
    }
}

/// Makes tuples of keys keys.
macro_rules! tuples {
    ($(($($part:ident $index:tt),+)),+ $(,)?) => {$(
        impl<'gc, $($part: Key<'gc>),+> Key<'gc> for ($($part,)+) {
            fn hash(&self, mc: Mutation<'gc>) -> u64 {
                let hash = 0_u64;
                $(let hash = mix(hash.rotate_left(5) ^ self.$index.hash(mc));)+
                hash
            }

            fn equals(&self, other: &Self, mc: Mutation<'gc>) -> bool {
                $(self.$index.equals(&other.$index, mc))&&+
            }
        }

        impl<'gc, $($part: OrderedKey<'gc>),+> OrderedKey<'gc> for ($($part,)+) {
            fn compare(&self, other: &Self, mc: Mutation<'gc>) -> Ordering {
                Ordering::Equal$(.then_with(|| self.$index.compare(&other.$index, mc)))+
            }
        }
    )+};
}

tuples!((A 0), (A 0, B 1), (A 0, B 1, C 2), (A 0, B 1, C 2, D 3));
