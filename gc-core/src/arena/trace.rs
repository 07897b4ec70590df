//! What may lie in an arena: values that say where their references are, and have nothing to drop.

use crate::object::{Describer, Field, SlotMap, Tracer};
use std::cell::Cell;
use std::cmp::Ordering;
use std::marker::PhantomData;
use std::mem::offset_of;
use std::time::Duration;

/// A type of which the collector can find the references, and that may therefore lie in an arena.
///
/// Derive it: `#[derive(Trace)]` works for structs and enums all of whose fields are `Trace`. Numbers, `bool`, `char`,
/// `&'static str`, [`Duration`], [`Ordering`], options, results, arrays, tuples, function pointers, [`Cell`]s of values without
/// references, and the arena's own types are. (An `u128` is aligned to 16 bytes, and values in an arena to 8 at most: one is kept
/// as a `[u64; 2]`. A function pointer with a lifetime of its own, such as `for<'gc> fn(Mutation<'gc>)`, is a field marked
/// `#[trace(leaf)]`.) Types that must be dropped, such as `String`, `Box` or `Rc`, are not: objects are moved and freed without a word to them.
/// [`Str`](super::Str) and the arena's collections take their place; [`Static`](super::Static) holds any other.
///
/// ```
/// use gc_core::arena::{Gc, Lock, Trace};
///
/// #[derive(Trace)]
/// struct Node<'gc> {
///     name: &'static str,
///     next: Lock<Option<Gc<'gc, Node<'gc>>>>,
/// }
/// ```
///
/// [`Tracer`] has an implementation by hand.
///
/// # Safety
/// The collector trusts an implementation. For every value of the type:
/// - [`Trace::trace`] tells the tracer of every reference in the value, each time the same ones in the same order, and of
///   nothing else. It calls no other code, follows no reference and does not panic;
/// - unless [`Trace::SLOTS`] is [`SlotMap::TRACED`], it names just the words that `trace` does, and each of them holds a
///   reference, or null, whatever the value; in a [`Packed`](super::Packed), if its tag says so;
/// - [`Trace::Id`] is the same type only for types that are the same but for their lifetimes;
/// - the value has no drop code, may be sent to another thread, and is only changed through what a
///   [`Write`](super::Write) gives out, as far as it has references.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot lie in an arena",
    label = "the collector cannot find the references in this type",
    note = "derive it: `#[derive(Trace)]`; its fields must be `Trace` too",
    note = "in place of `String`, `Vec`, `Box`, `Rc` and std's maps use the arena's `Str`, `Vec`, `Gc` and `Map`; for another type without references use `Static<T>`, or `#[trace(leaf)]` on the field if it is `Copy`"
)]
pub unsafe trait Trace<'gc>: Sized + 'gc {
    /// Names the type, but for its lifetimes.
    type Id: 'static;

    /// Where the references are.
    const SLOTS: SlotMap;

    /// The fields, for snapshots: empty where nothing is known of them.
    const FIELDS: &'static [Field] = &[];

    /// Size of one element in bytes if it is an array like `[T; 4]`, its own if not: for snapshots.
    const ELEMENT_BYTES: usize = size_of::<Self>();

    /// Tells `tracer` of every reference in the value.
    fn trace(&self, tracer: &mut Tracer);

    /// Tells `describer` of the fields, if they depend on the value and [`Trace::SLOTS`] is [`SlotMap::TRACED`]: for snapshots.
    /// They are called only between closures.
    fn describe_fields(&self, _describer: &mut Describer) {}
}

/// Tells `describer` of all fields of a part of the value that it asks.
pub(super) fn describe<'gc, T: Trace<'gc>>(part: &T, describer: &mut Describer) {
    describer.fields_of(T::FIELDS, part);
    part.describe_fields(describer);
}

/// Makes types without references `Trace`.
macro_rules! leaves {
    ($($leaf:ty),+ $(,)?) => {$(
        // SAFETY: it has no references and no drop code.
        unsafe impl<'gc> Trace<'gc> for $leaf {
            type Id = $leaf;
            const SLOTS: SlotMap = SlotMap::NONE;
            fn trace(&self, _tracer: &mut Tracer) {}
        }
    )+};
}

leaves!(
    (),
    bool,
    char,
    u8,
    u16,
    u32,
    u64,
    usize,
    i8,
    i16,
    i32,
    i64,
    isize,
    // Too much aligned to lie in an arena, which is said with more to the point when one is to be put there.
    u128,
    i128,
    f32,
    f64,
    &'static str,
    &'static [u8],
    std::num::NonZeroU8,
    std::num::NonZeroU16,
    std::num::NonZeroU32,
    std::num::NonZeroU64,
    std::num::NonZeroUsize,
    std::num::NonZeroI8,
    std::num::NonZeroI16,
    std::num::NonZeroI32,
    std::num::NonZeroI64,
    std::num::NonZeroIsize,
    Duration,
    Ordering,
);

/// Makes pointers to functions `Trace`.
macro_rules! functions {
    ($(($($argument:ident),*)),+ $(,)?) => {$(
        // SAFETY: a pointer to code has no references and no drop code.
        unsafe impl<'gc, $($argument: 'static,)* R: 'static> Trace<'gc> for fn($($argument),*) -> R {
            type Id = Self;
            const SLOTS: SlotMap = SlotMap::NONE;
            fn trace(&self, _tracer: &mut Tracer) {}
        }
    )+};
}

functions!((), (A), (A, B), (A, B, C), (A, B, C, D), (A, B, C, D, E), (A, B, C, D, E, F));

// SAFETY: it has no values to speak of, and so no references; it is named by the type that it is told of.
unsafe impl<'gc, T: Trace<'gc>> Trace<'gc> for PhantomData<T> {
    type Id = PhantomData<T::Id>;
    const SLOTS: SlotMap = SlotMap::NONE;
    fn trace(&self, _tracer: &mut Tracer) {}
}

// SAFETY: `T` outlives everything, so it has no references into an arena, whose lifetime is never `'static`; it is `Copy`,
// so it has no drop code.
unsafe impl<'gc, T: Copy + Send + 'static> Trace<'gc> for Cell<T> {
    type Id = Cell<T>;
    const SLOTS: SlotMap = SlotMap::NONE;
    fn trace(&self, _tracer: &mut Tracer) {}
}

// SAFETY: the references are those of the value, if there is one. The word of a single reference is null if there is none:
// only a null word is no reference, so that is what says `None` if an option takes no more room.
unsafe impl<'gc, T: Trace<'gc>> Trace<'gc> for Option<T> {
    type Id = Option<T::Id>;
    const SLOTS: SlotMap = if T::SLOTS.is_empty() {
        SlotMap::NONE
    } else if T::SLOTS.is_reference(size_of::<Self>()) && is_never_null::<T>() {
        SlotMap::REFERENCE
    } else {
        SlotMap::TRACED
    };

    #[inline]
    fn trace(&self, tracer: &mut Tracer) {
        if let Some(value) = self {
            value.trace(tracer);
        }
    }

    fn describe_fields(&self, describer: &mut Describer) {
        if let Some(value) = self {
            describe(value, describer);
        }
    }
}

// SAFETY: the references are those of the value or the error, whichever is there.
unsafe impl<'gc, T: Trace<'gc>, E: Trace<'gc>> Trace<'gc> for Result<T, E> {
    type Id = Result<T::Id, E::Id>;
    const SLOTS: SlotMap =
        if T::SLOTS.is_empty() && E::SLOTS.is_empty() { SlotMap::NONE } else { SlotMap::TRACED };

    #[inline]
    fn trace(&self, tracer: &mut Tracer) {
        match self {
            Ok(value) => value.trace(tracer),
            Err(error) => error.trace(tracer),
        }
    }

    fn describe_fields(&self, describer: &mut Describer) {
        match self {
            Ok(value) => describe(value, describer),
            Err(error) => describe(error, describer),
        }
    }
}

/// Whether an option of a value with one reference needs no room of its own.
const fn is_never_null<T>() -> bool {
    size_of::<Option<T>>() == size_of::<T>()
}

// SAFETY: the references are those of the elements.
unsafe impl<'gc, T: Trace<'gc>, const N: usize> Trace<'gc> for [T; N] {
    type Id = [T::Id; N];
    const SLOTS: SlotMap = T::SLOTS.repeated(N, size_of::<T>());
    const ELEMENT_BYTES: usize = size_of::<T>();

    #[inline]
    fn trace(&self, tracer: &mut Tracer) {
        if !T::SLOTS.is_empty() {
            self.iter().for_each(|value| value.trace(tracer));
        }
    }
}

/// Makes tuples `Trace`.
macro_rules! tuples {
    ($(($($part:ident $index:tt),+)),+ $(,)?) => {$(
        // SAFETY: the references are those of the parts.
        unsafe impl<'gc, $($part: Trace<'gc>),+> Trace<'gc> for ($($part,)+) {
            type Id = ($($part::Id,)+);
            const SLOTS: SlotMap = SlotMap::NONE$(.and($part::SLOTS.at(offset_of!(Self, $index))))+;
            const FIELDS: &'static [Field] = &[$(Field {
                name: stringify!($index),
                offset_bytes: offset_of!(Self, $index),
                size_bytes: size_of::<$part>(),
                element_bytes: $part::ELEMENT_BYTES,
            }),+];

            #[inline]
            fn trace(&self, tracer: &mut Tracer) {
                $(self.$index.trace(tracer);)+
            }
        }
    )+};
}

tuples!(
    (A 0),
    (A 0, B 1),
    (A 0, B 1, C 2),
    (A 0, B 1, C 2, D 3),
    (A 0, B 1, C 2, D 3, E 4),
    (A 0, B 1, C 2, D 3, E 4, F 5),
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6),
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7),
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8),
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9),
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10),
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11),
);
