//! What is known of a shape beyond where its references are: for snapshots, the collector does without.

/// A field of a type, for snapshots.
///
/// ```
/// use gc_core::arena::Trace;
///
/// #[derive(Trace)]
/// struct Point { x: i32, y: i32 }
///
/// let [x, y] = Point::FIELDS else { panic!("two fields") };
/// assert_eq!((x.name, x.size_bytes), ("x", 4));
/// assert_ne!(x.offset_bytes, y.offset_bytes);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name, or its number in a tuple.
    pub name: &'static str,
    /// Where it starts, in bytes from the start of the value.
    pub offset_bytes: usize,
    /// Its size in bytes.
    pub size_bytes: usize,
    /// Size in bytes of one element, if it is an array like `[T; 4]`; its own if it is not.
    pub element_bytes: usize,
}

/// What objects of a shape hold, as values of the host language.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Description {
    /// The fields of a value, as far as they are known.
    pub(crate) fields: &'static [Field],
    /// Bytes from one value to the next, if objects hold any number of them.
    pub(crate) element_bytes: Option<u32>,
}
