//! What AddressSanitizer is told: where no object lies at the moment. It reports every access to such a place, also those of
//! the program through a reference that it should not have any more.
//!
//! Builds with `--cfg asan` only; in all others these do nothing. `.ci/asan` makes such a build.

/// From now on an access to these bytes is an error.
#[inline(always)]
pub(super) fn forbid(start: *const u8, bytes: usize) {
    #[cfg(asan)]
    #[expect(unsafe_code, reason = "a call of the sanitizer's runtime")]
    // SAFETY: notes about addresses, which are not touched.
    unsafe {
        __asan_poison_memory_region(start, bytes);
    }
    #[cfg(not(asan))]
    let _ = (start, bytes);
}

/// From now on these bytes may be used.
#[inline(always)]
pub(super) fn permit(start: *const u8, bytes: usize) {
    #[cfg(asan)]
    #[expect(unsafe_code, reason = "a call of the sanitizer's runtime")]
    // SAFETY: notes about addresses, which are not touched.
    unsafe {
        __asan_unpoison_memory_region(start, bytes);
    }
    #[cfg(not(asan))]
    let _ = (start, bytes);
}

#[cfg(asan)]
#[expect(unsafe_code, reason = "functions of the sanitizer's runtime")]
unsafe extern "C" {
    fn __asan_poison_memory_region(start: *const u8, bytes: usize);
    fn __asan_unpoison_memory_region(start: *const u8, bytes: usize);
}
