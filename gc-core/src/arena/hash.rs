//! Hashing by value, never by address.

/// Mixes a number so that every bit of it affects every bit of the result (the finalizer of MurmurHash3, A. Appleby, as
/// varied by D. Stafford: "Better bit mixing", 2011, variant 13).
#[inline]
pub(super) fn mix(number: u64) -> u64 {
    let mut bits = number;
    bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ bits >> 31
}

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
