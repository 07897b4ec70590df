//! Strings: which are interned, and how they are compared.
//!
//! All strings that are written in programs are interned, names among them: two of the same text are the same object. So are
//! short ones that a program puts together. Longer ones are not, as in Lua: they are compared rarely, nearly all of them are
//! different, and each would leave a weak reference in the table, which the collector keeps for a while although the string
//! has died young. (To intern strings of up to 24 bytes makes `benchmarks/string_building.lox` take 1.4 times as long and five
//! times as much memory.)

use gc_core::HeapFull;
use gc_core::arena::{Gc, Interner, Mutation, Str};

/// Bytes of the longest strings that are interned when they are put together.
const MAX_INTERNED_BYTES: usize = 8;

/// One text behind the other.
pub(crate) fn joined<'gc>(
    mc: Mutation<'gc>,
    strings: Gc<'gc, Interner<'gc>>,
    parts: [&str; 2],
) -> Result<Gc<'gc, Str>, HeapFull> {
    if parts[0].len() + parts[1].len() <= MAX_INTERNED_BYTES {
        strings.try_intern_parts(mc, &parts)
    } else {
        mc.try_str_from_parts(&parts)
    }
}

/// Whether two strings have the same text.
#[inline(always)]
pub(crate) fn are_equal<'gc>(mc: Mutation<'gc>, left: Gc<'gc, Str>, right: Gc<'gc, Str>) -> bool {
    left.ptr_eq(right) || are_equal_texts(mc, left, right)
}

fn are_equal_texts<'gc>(mc: Mutation<'gc>, left: Gc<'gc, Str>, right: Gc<'gc, Str>) -> bool {
    let (left, right) = (left.as_str(mc), right.as_str(mc));
    left.len() > MAX_INTERNED_BYTES && left == right
}
