//! A `Lock` that has not been put into an arena yet gives back what it holds.

use gc_core::arena::Lock;

#[test]
fn main() {
    let lock = Lock::new(7);
    assert_eq!(lock.get(), 7);
    assert_eq!(lock.into_inner(), 7);
}
