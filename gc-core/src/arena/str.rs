//! Strings.

use super::gc::{Gc, Object, sealed};
use super::hash;
use super::mutation::{Mutation, full_heap};
use super::types::{LibraryForm, TypeRecord};
use crate::heap::HeapFull;
use std::any::TypeId;
use std::convert::Infallible;
use std::{slice, str};

/// Bytes before those of the text: its hash.
const HASH_BYTES: usize = 8;

/// An object that holds a text, which never changes, and its hash. Only ever met behind a [`Gc`].
///
/// ```
/// # use gc_core::Config;
/// # use gc_core::arena::{Arena, Gc, Root, Str};
/// let arena = Arena::<Root![Gc<'_, Str>]>::new(Config::default(), |mc| mc.str("grün"))?;
/// arena.mutate(|mc, root| {
///     let text = *root.get(mc);
///     assert_eq!(text.as_str(mc), "grün");
///     assert_eq!(text.hash(mc), mc.str("grün").hash(mc));
/// });
/// # Ok::<(), gc_core::ConfigError>(())
/// ```
#[derive(Debug)]
pub struct Str(Infallible);

static RECORD: TypeRecord = TypeRecord::library(TypeId::of::<Str>, || "Str", LibraryForm::Bytes);

impl sealed::Sealed<'_> for Str {}

impl Object<'_> for Str {
    type Id = Str;
}

impl<'gc> Mutation<'gc> {
    /// Makes a string.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// assert_eq!(mc.str("text").as_str(mc), "text");
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If the heap is full.
    #[must_use]
    #[track_caller]
    pub fn str(self, text: &str) -> Gc<'gc, Str> {
        self.try_str(text).unwrap_or_else(|full| full_heap(full))
    }

    /// Makes a string.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let text = mc.try_str("text").expect("room");
    /// assert_eq!(text.as_str(mc), "text");
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// If the heap is full.
    pub fn try_str(self, text: &str) -> Result<Gc<'gc, Str>, HeapFull> {
        self.try_text(hash::of_text(text), &[text])
    }

    /// Makes the string that consists of these parts: no text is put together outside of the arena.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let name = mc.str("Ada");
    /// let greeting = mc.str_from_parts(&["Hello, ", name.as_str(mc)]);
    /// assert_eq!(greeting.as_str(mc), "Hello, Ada");
    /// assert_eq!(greeting.hash(mc), mc.str("Hello, Ada").hash(mc));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If the heap is full.
    #[must_use]
    #[track_caller]
    pub fn str_from_parts(self, parts: &[&str]) -> Gc<'gc, Str> {
        self.try_str_from_parts(parts).unwrap_or_else(|full| full_heap(full))
    }

    /// As [`Mutation::str_from_parts`].
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let text = mc.try_str_from_parts(&["te", "xt"]).expect("room");
    /// assert_eq!(text.as_str(mc), "text");
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// If the heap is full.
    pub fn try_str_from_parts(self, parts: &[&str]) -> Result<Gc<'gc, Str>, HeapFull> {
        self.try_text(hash::of_parts(parts), parts)
    }

    /// Makes the string of these parts, which has this hash.
    pub(super) fn try_text(self, hash: u64, parts: &[&str]) -> Result<Gc<'gc, Str>, HeapFull> {
        self.try_bytes(&RECORD, hash.to_ne_bytes(), parts)
    }
}

impl<'gc> Gc<'gc, Str> {
    /// The text.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// assert_eq!(mc.str("text").as_str(mc).len(), 4);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    #[inline]
    pub fn as_str(self, mc: Mutation<'gc>) -> &'gc str {
        let text = mc.body(self.object()).cast::<u8>().wrapping_add(HASH_BYTES);
        let length = mc.header(self.object()).length() as usize - HASH_BYTES;
        // SAFETY: the object holds so many bytes behind the hash, which are not moved before `'gc` ends, and never change.
        let bytes = unsafe { slice::from_raw_parts(text, length) };
        // SAFETY: they are those of the text that the string was made of.
        unsafe { str::from_utf8_unchecked(bytes) }
    }

    /// The hash of the text: the same in all arenas and all runs.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// assert_eq!(mc.str("text").hash(mc), mc.str("text").hash(mc));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    #[inline]
    pub fn hash(self, mc: Mutation<'gc>) -> u64 {
        let place = mc.body(self.object());
        // SAFETY: the body starts with the hash, and is aligned to 8 bytes.
        unsafe { place.read() }
    }
}
