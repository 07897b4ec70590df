//! What is known of a shape beyond where its references are: for snapshots, the collector does without.

use super::typed::Claim;

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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

impl Field {
    /// Whether the byte so far from the start of the value is in it.
    pub(crate) fn covers(&self, offset_bytes: u64) -> bool {
        let start = self.offset_bytes as u64;
        (start..start + self.size_bytes as u64).contains(&offset_bytes)
    }
}

/// Is told by a value which fields it has, if that depends on the value, as in an enum: for snapshots.
///
/// The derive writes what tells it. By hand:
///
/// ```
/// use gc_core::Config;
/// use gc_core::arena::{Arena, Describer, Gc, Root, SlotMap, Trace, Tracer};
///
/// /// A reference that is called what it is used for.
/// struct Link<'gc> { target: Gc<'gc, u32>, is_parent: bool }
///
/// // SAFETY: `target` is the only reference, and the map asks the value for it; there is no drop code and nothing to change.
/// unsafe impl<'gc> Trace<'gc> for Link<'gc> {
///     type Id = Link<'static>;
///     const SLOTS: SlotMap = SlotMap::TRACED;
///
///     fn trace(&self, tracer: &mut Tracer) {
///         self.target.trace(tracer);
///     }
///
///     fn describe_fields(&self, describer: &mut Describer) {
///         let name = if self.is_parent { "parent" } else { "child" };
///         describer.field(name, &self.target, 4);
///     }
/// }
///
/// let mut arena = Arena::<Root![Link<'_>]>::new(Config::default(), |mc| Link { target: mc.new(5), is_parent: true })?;
/// let snapshot = arena.snapshot();
/// assert_eq!(snapshot.references().next().map(|it| it.name().to_string()), Some("parent".to_owned()));
/// # Ok::<(), gc_core::ConfigError>(())
/// ```
#[derive(Debug)]
pub struct Describer {
    /// Where the value starts.
    start: usize,
    fields: Vec<Field>,
}

impl Describer {
    fn new(value: *const u8) -> Describer {
        Describer { start: value.addr(), fields: Vec::new() }
    }

    /// Takes note of a part of the value that is a field of this name, with elements of so many bytes if it is an array,
    /// and else of its own size.
    #[inline]
    pub fn field<T>(&mut self, name: &'static str, field: &T, element_bytes: usize) {
        let offset_bytes = std::ptr::from_ref(field).addr() - self.start;
        self.fields.push(Field { name, offset_bytes, size_bytes: size_of::<T>(), element_bytes });
    }

    /// Takes note of the fields of a part of the value.
    pub(crate) fn fields_of<T>(&mut self, fields: &[Field], part: &T) {
        let start = std::ptr::from_ref(part).addr() - self.start;
        self.fields
            .extend(fields.iter().map(|field| Field { offset_bytes: start + field.offset_bytes, ..*field }));
    }
}

/// Asks the value at a place, of the type that the function belongs to, for its fields.
pub(crate) type Describe = fn(*const u8, &mut Describer);

/// The fields of the value at a place.
pub(super) fn fields_at(value: *const u8, describe: Describe) -> Vec<Field> {
    let mut describer = Describer::new(value);
    describe(value, &mut describer);
    describer.fields
}

/// What objects of a shape hold, as values of the host language.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Description {
    /// The fields of a value, as far as they are known.
    pub(crate) fields: &'static [Field],
    /// Bytes from one value to the next, if objects hold any number of them.
    pub(crate) element_bytes: Option<u32>,
    /// Asks a value for its fields, if they depend on the value.
    pub(crate) describe: Option<Describe>,
    /// What values have a map for and can tell themselves as well.
    pub(crate) claim: Option<Claim>,
}
