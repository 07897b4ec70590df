//! Boxes that can be moved while there are references to what is in them.

use std::fmt;
use std::ptr::NonNull;

/// A value of the program on its own heap. It stays in its place, however the box is moved, and is dropped with the box.
///
/// A `Box` would not do: moving one means that nobody else refers to what is in it.
pub(crate) struct StableBox(NonNull<dyn Send>);

impl StableBox {
    /// Boxes a value. The pointer to it is good for as long as the box is there.
    pub(crate) fn new<T: Send + 'static>(value: T) -> (StableBox, NonNull<T>) {
        let place = NonNull::from(Box::leak(Box::new(value)));
        (StableBox(place), place)
    }
}

#[expect(unsafe_code, reason = "what is in a box that may be pointed into is dropped through a pointer")]
impl Drop for StableBox {
    fn drop(&mut self) {
        // SAFETY: the pointer is from a `Box`, and this is the only place where it becomes one again.
        drop(unsafe { Box::from_raw(self.0.as_ptr()) });
    }
}

#[expect(unsafe_code, reason = "a pointer to what it owns")]
// SAFETY: it owns what is in it, which may be sent.
unsafe impl Send for StableBox {}

impl fmt::Debug for StableBox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StableBox")
    }
}

#[cfg(test)]
mod tests {
    use super::StableBox;
    use std::sync::Arc;

    #[test]
    #[expect(unsafe_code, reason = "to read through the pointer")]
    fn a_value_stays_in_place_and_is_dropped_once() {
        let counted = Arc::new(7);
        let (value, place) = StableBox::new(Arc::clone(&counted));
        let moved = vec![value];
        // SAFETY: the box is there.
        assert_eq!(unsafe { place.as_ref() }, &counted);
        assert_eq!(Arc::strong_count(&counted), 2);
        drop(moved);
        assert_eq!(Arc::strong_count(&counted), 1);
    }
}
