//! Interned strings.

use super::Trace;
use super::gc::Gc;
use super::hash;
use super::mutation::{Mutation, full_heap};
use super::str::Str;
use super::weak_table::WeakTable;
use super::write::Write;
use crate::heap::HeapFull;

/// A weak set of strings: equal texts are the same object for as long as anybody holds it, so that they are compared by
/// [`Gc::ptr_eq`]. Strings that nobody holds any more leave the set by themselves, and it shrinks as it is used.
///
/// Each string costs a weak reference, of 16 bytes, and 11 to 32 bytes of the table. To look up a text that is there
/// allocates nothing.
///
/// ```
/// use gc_core::Config;
/// use gc_core::arena::{Arena, Gc, Interner, Lock, Root, Str, Trace};
///
/// #[derive(Trace)]
/// struct Vm<'gc> { names: Interner<'gc>, name: Lock<Option<Gc<'gc, Str>>> }
///
/// let mut arena = Arena::<Root![Vm<'_>]>::new(Config::default(), |_| Vm {
///     names: Interner::default(),
///     name: Lock::new(None),
/// })?;
/// arena.mutate(|mc, vm| {
///     let vm = vm.write(mc);
///     let names = vm.field(|vm| &vm.names);
///     let name = names.intern(mc, "x");
///     assert!(name.ptr_eq(names.intern(mc, "x")) && !name.ptr_eq(names.intern(mc, "y")));
///     vm.field(|vm| &vm.name).set(Some(name));
/// });
/// arena.collect_full();
/// arena.mutate(|mc, vm| {
///     let names = &vm.get(mc).names;
///     assert_eq!(names.get(mc, "x").map(|name| name.as_str(mc)), Some("x"));
///     assert!(names.get(mc, "y").is_none());
///     assert_eq!(names.len(mc), 1);
/// });
/// # Ok::<(), gc_core::ConfigError>(())
/// ```
#[derive(Debug, Default, Trace)]
pub struct Interner<'gc> {
    /// Weak references are ephemerons without values.
    table: WeakTable<'gc, Str, ()>,
}

impl<'gc> Interner<'gc> {
    /// The string with this text, if there is one.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Interner, Root};
    /// # let arena = Arena::<Root![Interner<'_>]>::new(Config::default(), |_| Interner::default())?;
    /// # arena.mutate(|mc, names| {
    /// assert!(names.get(mc).get(mc, "x").is_none());
    /// let name = names.intern(mc, "x");
    /// assert!(names.get(mc).get(mc, "x").is_some_and(|same| same.ptr_eq(name)));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    pub fn get(&self, mc: Mutation<'gc>, text: &str) -> Option<Gc<'gc, Str>> {
        self.get_hashed(mc, hash::of_text(text), &[text])
    }

    /// The string with the text that consists of these parts, if there is one.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Interner, Root};
    /// # let arena = Arena::<Root![Interner<'_>]>::new(Config::default(), |_| Interner::default())?;
    /// # arena.mutate(|mc, names| {
    /// let name = names.intern(mc, "xy");
    /// assert!(names.get(mc).get_parts(mc, &["x", "y"]).is_some_and(|same| same.ptr_eq(name)));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    pub fn get_parts(&self, mc: Mutation<'gc>, parts: &[&str]) -> Option<Gc<'gc, Str>> {
        self.get_hashed(mc, hash::of_parts(parts), parts)
    }

    fn get_hashed(&self, mc: Mutation<'gc>, hash: u64, parts: &[&str]) -> Option<Gc<'gc, Str>> {
        self.table.find(mc, hash, |string| consists_of(string.as_str(mc), parts))?.key(mc)
    }

    /// How many strings are alive, as far as the collector has found out. Goes through the whole table.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Interner, Root};
    /// # let arena = Arena::<Root![Interner<'_>]>::new(Config::default(), |_| Interner::default())?;
    /// # arena.mutate(|mc, names| {
    /// let held = [names.intern(mc, "x"), names.intern(mc, "y"), names.intern(mc, "x")];
    /// assert_eq!(names.get(mc).len(mc), 2);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    pub fn len(&self, mc: Mutation<'gc>) -> usize {
        self.table.len(mc)
    }

    /// Whether none is alive.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Interner, Root};
    /// # let arena = Arena::<Root![Interner<'_>]>::new(Config::default(), |_| Interner::default())?;
    /// # arena.mutate(|mc, names| {
    /// assert!(names.get(mc).is_empty(mc));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    pub fn is_empty(&self, mc: Mutation<'gc>) -> bool {
        self.len(mc) == 0
    }
}

/// Whether a text consists of these parts.
fn consists_of(text: &str, parts: &[&str]) -> bool {
    let mut left = Some(text.as_bytes());
    for part in parts {
        left = left.and_then(|left| left.strip_prefix(part.as_bytes()));
    }
    left.is_some_and(<[u8]>::is_empty)
}

impl<'gc> Write<Interner<'gc>> {
    /// The string with this text, which is made if there is none.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Interner, Root};
    /// # let arena = Arena::<Root![Interner<'_>]>::new(Config::default(), |_| Interner::default())?;
    /// # arena.mutate(|mc, names| {
    /// let names = names.write(mc);
    /// let name = names.intern(mc, "x");
    /// assert!(names.intern(mc, "x").ptr_eq(name));
    /// assert_eq!(name.as_str(mc), "x");
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If the heap is full.
    #[must_use]
    #[track_caller]
    pub fn intern(&self, mc: Mutation<'gc>, text: &str) -> Gc<'gc, Str> {
        self.try_intern(mc, text).unwrap_or_else(|full| full_heap(full))
    }

    /// As [`Write::intern`], but a full heap is an error instead of a panic; the interner then has the strings that it
    /// had.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Interner, Root};
    /// # let arena = Arena::<Root![Interner<'_>]>::new(Config::default(), |_| Interner::default())?;
    /// # arena.mutate(|mc, names| {
    /// let names = names.write(mc);
    /// assert!(names.try_intern(mc, "x").is_ok_and(|name| name.as_str(mc) == "x"));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// If the heap is full.
    pub fn try_intern(&self, mc: Mutation<'gc>, text: &str) -> Result<Gc<'gc, Str>, HeapFull> {
        self.try_intern_hashed(mc, hash::of_text(text), &[text])
    }

    /// The string with the text that consists of these parts, which is made if there is none: no text is put together outside
    /// of the arena.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Interner, Root};
    /// # let arena = Arena::<Root![Interner<'_>]>::new(Config::default(), |_| Interner::default())?;
    /// # arena.mutate(|mc, names| {
    /// let names = names.write(mc);
    /// assert!(names.intern_parts(mc, &["x", "y"]).ptr_eq(names.intern(mc, "xy")));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If the heap is full.
    #[must_use]
    #[track_caller]
    pub fn intern_parts(&self, mc: Mutation<'gc>, parts: &[&str]) -> Gc<'gc, Str> {
        self.try_intern_parts(mc, parts).unwrap_or_else(|full| full_heap(full))
    }

    /// As [`Write::intern_parts`], but a full heap is an error instead of a panic; the interner then has the strings that it
    /// had.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Interner, Root};
    /// # let arena = Arena::<Root![Interner<'_>]>::new(Config::default(), |_| Interner::default())?;
    /// # arena.mutate(|mc, names| {
    /// let names = names.write(mc);
    /// assert!(names.try_intern_parts(mc, &["x", "y"]).is_ok_and(|name| name.as_str(mc) == "xy"));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// If the heap is full.
    pub fn try_intern_parts(&self, mc: Mutation<'gc>, parts: &[&str]) -> Result<Gc<'gc, Str>, HeapFull> {
        self.try_intern_hashed(mc, hash::of_parts(parts), parts)
    }

    #[inline]
    fn try_intern_hashed(
        &self,
        mc: Mutation<'gc>,
        hash: u64,
        parts: &[&str],
    ) -> Result<Gc<'gc, Str>, HeapFull> {
        match self.get_hashed(mc, hash, parts) {
            Some(string) => Ok(string),
            None => self.add(mc, hash, parts),
        }
    }

    #[cold]
    fn add(&self, mc: Mutation<'gc>, hash: u64, parts: &[&str]) -> Result<Gc<'gc, Str>, HeapFull> {
        let table = self.field(|interner| &interner.table);
        table.reserve(mc)?;
        let string = mc.try_text(hash, parts)?;
        table.add(mc, hash, mc.try_weak(string)?.ephemeron());
        Ok(string)
    }

    /// Forgets the dead at once, rather than little by little, and makes the table as small as fits the living.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Interner, Root};
    /// # let mut arena = Arena::<Root![Interner<'_>]>::new(Config::default(), |_| Interner::default())?;
    /// arena.mutate(|mc, names| {
    ///     for number in 0..1_000 {
    ///         let _ = names.intern(mc, &number.to_string());
    ///     }
    /// });
    /// arena.collect_full();
    /// arena.mutate(|mc, names| {
    ///     assert_eq!(names.write(mc).purge(mc), Ok(()));
    ///     assert!(names.get(mc).is_empty(mc));
    /// });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// If there is no room for the new table; the old one stays.
    pub fn purge(&self, mc: Mutation<'gc>) -> Result<(), HeapFull> {
        self.field(|interner| &interner.table).rebuild(mc)
    }
}

impl<'gc> Gc<'gc, Interner<'gc>> {
    /// The string with this text, which is made if there is none.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Interner, Root};
    /// let arena = Arena::<Root![Interner<'_>]>::new(Config::default(), |_| Interner::default())?;
    /// arena.mutate(|mc, names| assert!(names.intern(mc, "x").ptr_eq(names.intern(mc, "x"))));
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If the heap is full.
    #[must_use]
    #[track_caller]
    pub fn intern(self, mc: Mutation<'gc>, text: &str) -> Gc<'gc, Str> {
        self.try_intern(mc, text).unwrap_or_else(|full| full_heap(full))
    }

    /// As [`Gc::intern`], but a full heap is an error instead of a panic; the interner then has the strings that it had.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Interner, Root};
    /// # let arena = Arena::<Root![Interner<'_>]>::new(Config::default(), |_| Interner::default())?;
    /// # arena.mutate(|mc, names| {
    /// assert!(names.try_intern(mc, "x").is_ok_and(|name| name.as_str(mc) == "x"));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// If the heap is full.
    pub fn try_intern(self, mc: Mutation<'gc>, text: &str) -> Result<Gc<'gc, Str>, HeapFull> {
        self.try_intern_hashed(mc, hash::of_text(text), &[text])
    }

    /// The string with the text that consists of these parts, which is made if there is none.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Interner, Root};
    /// # let arena = Arena::<Root![Interner<'_>]>::new(Config::default(), |_| Interner::default())?;
    /// # arena.mutate(|mc, names| {
    /// assert!(names.intern_parts(mc, &["x", "y"]).ptr_eq(names.intern(mc, "xy")));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If the heap is full.
    #[must_use]
    #[track_caller]
    pub fn intern_parts(self, mc: Mutation<'gc>, parts: &[&str]) -> Gc<'gc, Str> {
        self.try_intern_parts(mc, parts).unwrap_or_else(|full| full_heap(full))
    }

    /// As [`Gc::intern_parts`], but a full heap is an error instead of a panic; the interner then has the strings that it had.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Interner, Root};
    /// # let arena = Arena::<Root![Interner<'_>]>::new(Config::default(), |_| Interner::default())?;
    /// # arena.mutate(|mc, names| {
    /// assert!(names.try_intern_parts(mc, &["x", "y"]).is_ok_and(|name| name.as_str(mc) == "xy"));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// If the heap is full.
    pub fn try_intern_parts(self, mc: Mutation<'gc>, parts: &[&str]) -> Result<Gc<'gc, Str>, HeapFull> {
        self.try_intern_hashed(mc, hash::of_parts(parts), parts)
    }

    /// Passes the write barrier only for a string that is not there.
    #[inline]
    fn try_intern_hashed(
        self,
        mc: Mutation<'gc>,
        hash: u64,
        parts: &[&str],
    ) -> Result<Gc<'gc, Str>, HeapFull> {
        match self.get(mc).get_hashed(mc, hash, parts) {
            Some(string) => Ok(string),
            None => self.write(mc).add(mc, hash, parts),
        }
    }
}
