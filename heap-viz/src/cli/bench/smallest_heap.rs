//! The smallest heap with which a program gets through.

/// The precision: a twentieth of the size, but no less than a MiB.
const PARTS: u64 = 20;
/// Larger heaps are not tried.
const MOST_MIB: u64 = 1 << 16;

/// The smallest size in MiB with which `works` is true, within a twentieth, by bisection from `first` on; none if no
/// size works.
///
/// It is taken for granted that a larger heap works where a smaller one does.
pub(super) fn smallest_mib(first: u64, mut works: impl FnMut(u64) -> bool) -> Option<u64> {
    let (mut too_small, mut enough) = bracket(first.clamp(1, MOST_MIB), &mut works)?;
    while enough - too_small > (enough / PARTS).max(1) {
        let middle = u64::midpoint(too_small, enough);
        if works(middle) {
            enough = middle;
        } else {
            too_small = middle;
        }
    }
    Some(enough)
}

/// A size that is too small, or 0, and at most twice that, which is enough.
fn bracket(first: u64, works: &mut impl FnMut(u64) -> bool) -> Option<(u64, u64)> {
    let mut size = first;
    if works(size) {
        while size > 1 && works(size / 2) {
            size /= 2;
        }
        return Some((size / 2, size));
    }
    while size < MOST_MIB {
        if works(size * 2) {
            return Some((size, size * 2));
        }
        size *= 2;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{MOST_MIB, smallest_mib};
    use proptest::prelude::{prop_assert, proptest};

    #[test]
    fn small_sizes_are_found_exactly() {
        for needed in 1..20 {
            assert_eq!(smallest_mib(8, |size| size >= needed), Some(needed));
        }
    }

    #[test]
    fn what_no_heap_is_enough_for_has_none() {
        let mut asked = 0;
        assert_eq!(
            smallest_mib(8, |size| {
                asked = asked.max(size);
                false
            }),
            None
        );
        assert_eq!(asked, MOST_MIB);
    }

    proptest! {
        #[test]
        fn the_size_found_works_and_is_a_twentieth_too_large_at_most(first in 1_u64..5_000, needed in 1_u64..5_000) {
            let found = smallest_mib(first, |size| size >= needed).expect("there is one");
            prop_assert!(found >= needed && found - needed <= (found / 20).max(1), "{found} for {needed}");
        }
    }
}
