//! Hashing by value, never by address.

pub(super) use crate::heap::mix;

/// The hash of a text: the same in all runs.
#[inline]
pub(super) fn of_text(text: &str) -> u64 {
    let (chunks, rest) = text.as_bytes().as_chunks::<8>();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let start = (text.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let all = chunks.iter().chain(std::iter::once(&last));
    all.fold(start, |hash, chunk| mix(hash.rotate_left(5) ^ u64::from_le_bytes(*chunk)))
}
