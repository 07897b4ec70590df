//! Enums in 8 bytes.

use super::any::Any;
use super::gc::{Gc, Object};
use super::packing::{Plain, REFERENCES, tag};
use super::trace::Trace;
use super::weak::Weak;
use crate::object::{SlotMap, Tracer};
use std::marker::PhantomData;
use std::{fmt, ptr};

/// An enum whose values fit in the 8 bytes of a [`Packed`].
///
/// Derive it, beside [`Trace`]: `#[derive(Pack)]` works for `Copy` enums all of whose variants have no field, or one that is
/// a [`Word`]; one variant may have an `f64` instead, which is to be written as that. The derive also gives the enum a method
/// `const fn pack(self) -> Packed<Self>`.
///
/// ```
/// use gc_core::arena::{Gc, Pack, Packed, Str, Trace};
///
/// #[derive(Clone, Copy, Trace, Pack)]
/// enum Value<'gc> {
///     Nil,
///     Bool(bool),
///     Number(f64),
///     Text(Gc<'gc, Str>),
/// }
///
/// const NIL: Packed<Value<'static>> = Value::Nil.pack();
/// assert!(matches!(NIL.unpack(), Value::Nil));
/// ```
///
/// # Safety
/// The collector trusts an implementation:
/// - [`Pack::of_bits`] gives back the value of which [`Pack::bits`] made the bits;
/// - a value with a reference has it in the low 32 bits, and the high ones are 0xfffc0000 or more; if they are that there is
///   a reference, or null, in the low ones;
/// - the bits are not looked at in any other way, and the references may change between the two.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not fit in 8 bytes",
    label = "not an enum with `#[derive(Pack)]`",
    note = "derive it: `#[derive(Clone, Copy, Trace, Pack)]`"
)]
pub unsafe trait Pack<'gc>: Trace<'gc> + Copy {
    /// The tags of all variants that are not a number.
    #[doc(hidden)]
    const TAGS: &'static [u32];

    /// The value in 8 bytes.
    #[doc(hidden)]
    fn bits(self) -> u64;

    /// The value that lies in 8 bytes.
    ///
    /// # Safety
    /// They must be what [`Pack::bits`] gave for this type, but for references that the collector has updated.
    #[doc(hidden)]
    unsafe fn of_bits(bits: u64) -> Self;
}

/// What a variant of an enum that is [`Pack`] may hold, besides a number: `bool`, `char`, integers of up to 32 bits, `f32`,
/// [`Gc`], [`Any`], [`Weak`], and options of these three.
///
/// ```
/// use gc_core::arena::{Any, Pack, Packed, Trace};
///
/// #[derive(Clone, Copy, Debug, PartialEq, Trace, Pack)]
/// enum Token {
///     End,
///     Letter(char),
///     Digit(u8),
///     Offset(i32),
/// }
///
/// let letter = Packed::from(Token::Letter('a'));
/// assert_eq!(letter.unpack(), Token::Letter('a'));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not fit beside a tag in 8 bytes",
    label = "not a `Word`",
    note = "a variant of a `Pack` enum holds nothing, one `f64` (in one variant, by that name), or one `bool`, `char`, integer of up to 32 bits, `f32`, `Gc`, `Any` or `Weak`",
    note = "put what is larger or changes into an object, and a `Gc` to it into the variant"
)]
pub trait Word<'gc>: Trace<'gc> + Copy + Plain {}

#[diagnostic::do_not_recommend]
impl<'gc, T: Trace<'gc> + Copy + Plain> Word<'gc> for T {}

/// Makes types without padding words.
macro_rules! plain {
    ($($leaf:ty),+ $(,)?) => {$(
        // SAFETY: it has 1, 2 or 4 bytes, none of which is padding, and no references.
        unsafe impl Plain for $leaf {}
    )+};
}

plain!(bool, char, u8, u16, u32, i8, i16, i32, f32);

// SAFETY: it is one reference.
unsafe impl<T: ?Sized> Plain for Gc<'_, T> {}
// SAFETY: it is one reference, or null.
unsafe impl<T: ?Sized> Plain for Option<Gc<'_, T>> {}
// SAFETY: it is one reference.
unsafe impl Plain for Any<'_> {}
// SAFETY: it is one reference, or null.
unsafe impl Plain for Option<Any<'_>> {}
// SAFETY: it is one reference.
unsafe impl<'gc, T: ?Sized + Object<'gc>> Plain for Weak<'gc, T> {}
// SAFETY: it is one reference, or null.
unsafe impl<'gc, T: ?Sized + Object<'gc>> Plain for Option<Weak<'gc, T>> {}

/// A value of an enum in 8 bytes: numbers as they are, everything else in the payload of a NaN.
///
/// A `match` on what [`Packed::unpack`] gives compiles to comparisons of the high word, and a reference has the type that its
/// variant says: nothing is looked up.
///
/// ```
/// # use gc_core::Config;
/// # use gc_core::arena::{Arena, Array, Gc, Lock, Pack, Packed, Root, Str, Trace};
/// #[derive(Clone, Copy, Trace, Pack)]
/// enum Value<'gc> {
///     Nil,
///     Number(f64),
///     Text(Gc<'gc, Str>),
/// }
///
/// type Stack = Root![Gc<'_, Array<Lock<Packed<Value<'_>>>>>];
/// let mut arena = Arena::<Stack>::new(Config::default(), |mc| {
///     mc.array_from_fn(100, |_| Lock::new(Value::Nil.pack()))
/// })?;
/// arena.mutate(|mc, root| {
///     let stack = *root.get(mc);
///     stack.set(mc, 0, Packed::from(Value::Number(1.5)));
///     stack.set(mc, 1, Packed::from(Value::Text(mc.str("text"))));
/// });
/// arena.collect_full();
/// arena.mutate(|mc, root| {
///     let stack = *root.get(mc);
///     match (stack.at(mc, 0).unpack(), stack.at(mc, 1).unpack()) {
///         (Value::Number(number), Value::Text(text)) => {
///             assert_eq!((number, text.as_str(mc)), (1.5, "text"));
///         }
///         _ => panic!("a number and a string"),
///     }
/// });
/// assert_eq!(size_of::<Packed<Value<'static>>>(), 8);
/// # Ok::<(), gc_core::ConfigError>(())
/// ```
#[repr(C, align(8))]
pub struct Packed<V> {
    /// One number, so that it is loaded and stored at once. A reference is in the lower half.
    bits: u64,
    of: PhantomData<V>,
}

/// Which of the words of a value is that of the reference.
const REFERENCE_WORD: usize = if cfg!(target_endian = "big") { 1 } else { 0 };

impl<V> Packed<V> {
    /// The value that lies in 8 bytes.
    ///
    /// # Safety
    /// They must be what [`Pack::bits`] gives for a value of this type.
    #[doc(hidden)]
    #[must_use]
    #[inline(always)]
    pub const unsafe fn of_bits(bits: u64) -> Self {
        Packed { bits, of: PhantomData }
    }

    /// Whether both are the same, bit by bit: a NaN is the same as another of its bits, 0.0 is not the same as -0.0, and a
    /// reference is the same as one to the same object in the same variant.
    ///
    /// ```
    /// # use gc_core::arena::{Pack, Packed, Trace};
    /// #[derive(Clone, Copy, Trace, Pack)]
    /// enum Value { Number(f64), Integer(i32) }
    ///
    /// assert!(Value::Number(f64::NAN).pack().is_same(Value::Number(f64::NAN).pack()));
    /// assert!(!Value::Number(1.0).pack().is_same(Value::Integer(1).pack()));
    /// ```
    #[must_use]
    #[inline(always)]
    pub const fn is_same(self, other: Packed<V>) -> bool {
        self.bits == other.bits
    }
}

impl<'gc, V: Pack<'gc>> Packed<V> {
    /// The value.
    ///
    /// ```
    /// # use gc_core::arena::{Pack, Packed, Trace};
    /// #[derive(Clone, Copy, Debug, PartialEq, Trace, Pack)]
    /// enum Value { Nil, Number(f64) }
    ///
    /// assert_eq!(Packed::from(Value::Number(1.5)).unpack(), Value::Number(1.5));
    /// assert_eq!(Packed::from(Value::Nil).unpack(), Value::Nil);
    /// ```
    #[must_use]
    #[inline(always)]
    pub fn unpack(self) -> V {
        // SAFETY: the bits are those of a value of this type; the collector has updated them if they are a reference.
        unsafe { V::of_bits(self.bits) }
    }
}

impl<'gc, V: Pack<'gc>> From<V> for Packed<V> {
    #[inline(always)]
    fn from(value: V) -> Self {
        Packed { bits: value.bits(), of: PhantomData }
    }
}

impl<V> Clone for Packed<V> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}

impl<V> Copy for Packed<V> {}

impl<'gc, V: Pack<'gc> + Default> Default for Packed<V> {
    #[inline(always)]
    fn default() -> Self {
        V::default().into()
    }
}

impl<'gc, V: Pack<'gc> + fmt::Debug> fmt::Debug for Packed<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.unpack().fmt(f)
    }
}

// SAFETY: the low word is a reference, or null, if the tag says so, and only then: that is what `Pack` asks for.
unsafe impl<'gc, V: Pack<'gc>> Trace<'gc> for Packed<V> {
    type Id = Packed<V::Id>;
    const SLOTS: SlotMap = if V::SLOTS.is_empty() { SlotMap::NONE } else { SlotMap::TAGGED };

    #[inline]
    fn trace(&self, tracer: &mut Tracer) {
        if tag(self.bits) >= REFERENCES {
            tracer.note(ptr::from_ref(&self.bits).cast::<u32>().wrapping_add(REFERENCE_WORD));
        }
    }
}
