//! Values of a dynamic language in 8 bytes.

use super::any::Any;
use super::gc::{Brand, Gc, Object};
use super::packing::REFERENCES;
use super::trace::Trace;
use crate::object::{ObjectRef, SlotMap, Tracer};
use std::marker::PhantomData;
use std::{fmt, ptr};

/// A number, an integer, a truth value, a reference to an object, null or undefined, in 8 bytes: the payload of a NaN
/// says which of the others it is (D. Gudeman, "Representing type information in dynamically typed languages", 1993).
///
/// ```text
///   high word                 low word
/// | 00000000 ... fff00000   | any         |  a number: all of them but NaNs end here
/// | 7ff80000                | 00000000    |  NaN: all are made this one
/// | fff90000                | integer     |
/// | fffa0000                | 0 or 1      |  false or true
/// | fffb0000                | 0           |  null
/// | fffb0001                | 0           |  undefined
/// | fffc0000                | reference   |  an object
/// ```
///
/// ```
/// # use gc_core::Config;
/// # use gc_core::arena::{Arena, Array, Gc, Lock, NanBox, Root, Str, Unpacked};
/// type Stack = Root![Gc<'_, Array<Lock<NanBox<'_>>>>];
/// let mut arena = Arena::<Stack>::new(Config::default(), |mc| {
///     mc.array_from_fn(100, |_| Lock::new(NanBox::UNDEFINED))
/// })?;
/// arena.mutate(|mc, root| {
///     let stack = *root.get(mc);
///     stack.set(mc, 0, NanBox::from(1.5));
///     stack.set(mc, 1, NanBox::from(mc.str("text")));
/// });
/// arena.collect_full();
/// arena.mutate(|mc, root| {
///     let stack = *root.get(mc);
///     assert_eq!(stack.at(mc, 0).as_f64(), Some(1.5));
///     match stack.at(mc, 1).unpack() {
///         Unpacked::Object(object) => {
///             let text = object.downcast::<Str>(mc).expect("a string");
///             assert_eq!(text.as_str(mc), "text");
///         }
///         other => panic!("{other:?}"),
///     }
/// });
/// assert_eq!(size_of::<NanBox<'static>>(), 8);
/// # Ok::<(), gc_core::ConfigError>(())
/// ```
///
/// # Or an enum
/// A `match` on an enum tells the types of objects apart without looking at them. It takes 16 bytes if there are numbers
/// of 8, and 8 without; as a [`Packed`](super::Packed) it takes 8 with them too:
///
/// ```
/// use gc_core::arena::{Gc, Lock, Pack, Packed, Str, Trace};
///
/// #[derive(Clone, Copy, Trace, Pack)]
/// enum Value<'gc> {
///     Nil,
///     Bool(bool),
///     Number(f64),
///     Text(Gc<'gc, Str>),
///     Pair(Gc<'gc, [Lock<Packed<Value<'gc>>>; 2]>),
/// }
/// assert_eq!(size_of::<Value<'static>>(), 16);
/// assert_eq!(size_of::<Packed<Value<'static>>>(), 8);
/// ```
#[derive(Clone, Copy)]
#[repr(C, align(8))]
pub struct NanBox<'gc> {
    /// The word that is the slot of a reference.
    low: u32,
    high: u32,
    brand: Brand<'gc>,
}

/// What a [`NanBox`] is.
///
/// ```
/// # use gc_core::arena::{NanBox, Unpacked};
/// fn name(value: NanBox<'_>) -> &'static str {
///     match value.unpack() {
///         Unpacked::Number(_) | Unpacked::Integer(_) => "number",
///         Unpacked::Bool(_) => "boolean",
///         Unpacked::Null | Unpacked::Object(_) => "object",
///         Unpacked::Undefined => "undefined",
///     }
/// }
///
/// assert_eq!([NanBox::from(1.5), NanBox::from(true), NanBox::NULL].map(name), ["number", "boolean", "object"]);
/// ```
#[derive(Clone, Copy, Debug)]
pub enum Unpacked<'gc> {
    /// A number.
    Number(f64),
    /// An integer, which is not the number of the same value.
    Integer(i32),
    /// True or false.
    Bool(bool),
    /// Null.
    Null,
    /// Undefined.
    Undefined,
    /// An object.
    Object(Any<'gc>),
}

/// The high word of an integer. Those of numbers are less.
const INTEGER: u32 = 0xfff9_0000;
/// The high word of false and true.
const BOOL: u32 = 0xfffa_0000;
/// The high word of null.
const NULL: u32 = 0xfffb_0000;
/// The high word of undefined.
const UNDEFINED: u32 = 0xfffb_0001;
/// The high word of a reference, which the collector knows as one.
const OBJECT: u32 = REFERENCES;
/// The NaN that stands for all.
const NAN: u64 = 0x7ff8_0000_0000_0000;

impl<'gc> NanBox<'gc> {
    /// Null.
    ///
    /// ```
    /// # use gc_core::arena::NanBox;
    /// assert!(NanBox::NULL.is_null());
    /// ```
    pub const NULL: NanBox<'gc> = NanBox::of(NULL, 0);
    /// Undefined.
    ///
    /// ```
    /// # use gc_core::arena::NanBox;
    /// assert!(NanBox::UNDEFINED.is_same(NanBox::default()));
    /// ```
    pub const UNDEFINED: NanBox<'gc> = NanBox::of(UNDEFINED, 0);

    #[inline(always)]
    const fn of(high: u32, low: u32) -> Self {
        NanBox { low, high, brand: PhantomData }
    }

    /// What it is.
    ///
    /// ```
    /// # use gc_core::arena::{NanBox, Unpacked};
    /// assert!(matches!(NanBox::from(5).unpack(), Unpacked::Integer(5)));
    /// assert!(matches!(NanBox::NULL.unpack(), Unpacked::Null));
    /// ```
    #[must_use]
    #[inline]
    pub fn unpack(self) -> Unpacked<'gc> {
        match self.high {
            INTEGER => Unpacked::Integer(self.low as i32),
            BOOL => Unpacked::Bool(self.low != 0),
            NULL => Unpacked::Null,
            UNDEFINED => Unpacked::Undefined,
            OBJECT => Unpacked::Object(self.object()),
            _ => Unpacked::Number(self.number()),
        }
    }

    /// The number, if it is one.
    ///
    /// ```
    /// # use gc_core::arena::NanBox;
    /// assert_eq!(NanBox::from(1.5).as_f64(), Some(1.5));
    /// assert_eq!(NanBox::from(1).as_f64(), None);
    /// ```
    #[must_use]
    #[inline(always)]
    pub fn as_f64(self) -> Option<f64> {
        (self.high < INTEGER).then(|| self.number())
    }

    /// The integer, if it is one.
    ///
    /// ```
    /// # use gc_core::arena::NanBox;
    /// assert_eq!(NanBox::from(-1).as_i32(), Some(-1));
    /// assert_eq!(NanBox::from(-1.0).as_i32(), None);
    /// ```
    #[must_use]
    #[inline(always)]
    pub fn as_i32(self) -> Option<i32> {
        (self.high == INTEGER).then_some(self.low as i32)
    }

    /// The truth value, if it is one.
    ///
    /// ```
    /// # use gc_core::arena::NanBox;
    /// assert_eq!(NanBox::from(false).as_bool(), Some(false));
    /// assert_eq!(NanBox::from(0).as_bool(), None);
    /// ```
    #[must_use]
    #[inline(always)]
    pub fn as_bool(self) -> Option<bool> {
        (self.high == BOOL).then_some(self.low != 0)
    }

    /// The object, if it is one.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, NanBox, Root, Str};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let text = mc.str("text");
    /// let object = NanBox::from(text).as_object().expect("an object");
    /// assert!(object.downcast::<Str>(mc).is_some_and(|same| same.ptr_eq(text)));
    /// assert!(NanBox::NULL.as_object().is_none());
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    #[inline(always)]
    pub fn as_object(self) -> Option<Any<'gc>> {
        self.is_object().then(|| self.object())
    }

    /// Whether it is null.
    ///
    /// ```
    /// # use gc_core::arena::NanBox;
    /// assert!(NanBox::NULL.is_null() && !NanBox::UNDEFINED.is_null());
    /// ```
    #[must_use]
    #[inline(always)]
    pub fn is_null(self) -> bool {
        self.high == NULL
    }

    /// Whether it is undefined.
    ///
    /// ```
    /// # use gc_core::arena::NanBox;
    /// assert!(NanBox::default().is_undefined() && !NanBox::NULL.is_undefined());
    /// ```
    #[must_use]
    #[inline(always)]
    pub fn is_undefined(self) -> bool {
        self.high == UNDEFINED
    }

    /// Whether both are the same, bit by bit: NaN is the same as NaN, 0.0 is not the same as -0.0, and no integer the same
    /// as a number.
    ///
    /// ```
    /// # use gc_core::arena::NanBox;
    /// assert!(NanBox::from(f64::NAN).is_same(NanBox::from(-f64::NAN)));
    /// assert!(!NanBox::from(1).is_same(NanBox::from(1.0)));
    /// ```
    #[must_use]
    #[inline(always)]
    pub fn is_same(self, other: NanBox<'gc>) -> bool {
        self.bits() == other.bits()
    }

    #[inline(always)]
    fn is_object(self) -> bool {
        self.high == OBJECT
    }

    #[inline(always)]
    fn bits(self) -> u64 {
        u64::from(self.high) << u32::BITS | u64::from(self.low)
    }

    #[inline(always)]
    fn number(self) -> f64 {
        f64::from_bits(self.bits())
    }

    #[inline(always)]
    fn object(self) -> Any<'gc> {
        Any::of(ObjectRef::from_word(self.low).expect("a reference is not null"))
    }
}

impl Default for NanBox<'_> {
    /// Undefined.
    fn default() -> Self {
        NanBox::UNDEFINED
    }
}

impl From<f64> for NanBox<'_> {
    #[inline(always)]
    fn from(number: f64) -> Self {
        let bits = if number.is_nan() { NAN } else { number.to_bits() };
        NanBox::of((bits >> u32::BITS) as u32, bits as u32)
    }
}

impl From<i32> for NanBox<'_> {
    #[inline(always)]
    fn from(integer: i32) -> Self {
        NanBox::of(INTEGER, integer as u32)
    }
}

impl From<bool> for NanBox<'_> {
    #[inline(always)]
    fn from(truth: bool) -> Self {
        NanBox::of(BOOL, truth.into())
    }
}

impl<'gc> From<Any<'gc>> for NanBox<'gc> {
    #[inline(always)]
    fn from(object: Any<'gc>) -> Self {
        NanBox::of(OBJECT, ObjectRef::to_word(Some(object.object())))
    }
}

impl<'gc, T: ?Sized + Object<'gc>> From<Gc<'gc, T>> for NanBox<'gc> {
    #[inline(always)]
    fn from(gc: Gc<'gc, T>) -> Self {
        gc.erase().into()
    }
}

impl fmt::Debug for NanBox<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.unpack().fmt(f)
    }
}

// SAFETY: the low word is a reference if the high word says so, and only then.
unsafe impl<'gc> Trace<'gc> for NanBox<'gc> {
    type Id = NanBox<'static>;
    const SLOTS: SlotMap = SlotMap::TAGGED;

    #[inline]
    fn trace(&self, tracer: &mut Tracer) {
        if self.is_object() {
            tracer.note(ptr::from_ref(&self.low));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{NanBox, Unpacked};

    #[test]
    fn numbers_come_back_bit_by_bit() {
        let numbers =
            [0.0, -0.0, 1.5, f64::MIN, f64::MAX, f64::MIN_POSITIVE, f64::INFINITY, f64::NEG_INFINITY];
        for number in numbers.into_iter().chain([f64::from_bits(1), f64::from_bits(1 << 63 | 1)]) {
            let back = NanBox::from(number).as_f64().expect("a number");
            assert_eq!(back.to_bits(), number.to_bits());
        }
    }

    #[test]
    fn no_nan_is_taken_for_anything_else() {
        for high in [0x7ff0_0000, 0x7ff8_0000, 0xfff0_0000, 0xfff9_0000, 0xfffd_0000, 0xffff_ffff_u32] {
            let value = NanBox::from(f64::from_bits(u64::from(high) << 32 | 8));
            assert!(matches!(value.unpack(), Unpacked::Number(number) if number.is_nan()), "{high:x}");
        }
    }

    #[test]
    fn what_is_no_object_is_what_it_was() {
        for integer in [0, 1, -1, i32::MIN, i32::MAX] {
            assert_eq!(NanBox::from(integer).as_i32(), Some(integer));
            assert_eq!(NanBox::from(integer).as_f64(), None);
        }
        assert_eq!([true, false].map(|truth| NanBox::from(truth).as_bool()), [Some(true), Some(false)]);
        assert!(NanBox::NULL.is_null() && !NanBox::NULL.is_undefined());
        assert!(NanBox::UNDEFINED.is_undefined() && !NanBox::UNDEFINED.is_null());
        assert!(NanBox::NULL.as_object().is_none());
    }
}
