//! Typed values: bodies that hold values of the host language, and where the references in them are.
//!
//! ```text
//! Typed   | header | value 0 | value 1 | ...     | cards, if over 512 bytes |
//! ```
//!
//! All references are words: a value holds a reference, or null, in 32 bits aligned to 4 bytes. The collector finds them by
//! the [`SlotMap`] of the type, by the tag of a value of 8 bytes where the map says that it has one or, where no map can
//! tell, by asking the value, which notes their places with a [`Tracer`]. It is asked before any of them is updated, and no
//! code but that runs.

use super::description::{Describe, Field, fields_at};
use super::header::HEADER_WORDS;
use super::reference::{ObjectRef, Slot, ValueSlot, WordSlot};
use super::slot_map::{SlotMap, TAGGED};
use crate::memory::{Address, Base, Memory, WORDS_PER_GRANULE, WordAddress};
use std::ops::Range;

/// Places that a tracer notes at once.
const WINDOW: usize = 32;

/// Is told by a value where its references are.
///
/// It notes a window of them at a time, so that it needs no memory of its own: a value with more is asked again.
///
/// ```
/// use gc_core::Config;
/// use gc_core::arena::{Arena, Gc, Root, SlotMap, Trace, Tracer};
///
/// /// A reference, and the number of times it was used.
/// struct Counted<'gc> { target: Gc<'gc, u32>, count: u32 }
///
/// // SAFETY: `target` is the only reference, and the map asks the value for it; there is no drop code and nothing to change.
/// unsafe impl<'gc> Trace<'gc> for Counted<'gc> {
///     type Id = Counted<'static>;
///     const SLOTS: SlotMap = SlotMap::TRACED;
///
///     fn trace(&self, tracer: &mut Tracer) {
///         self.target.trace(tracer);
///     }
/// }
///
/// let mut arena = Arena::<Root![Counted<'_>]>::new(Config::default(), |mc| Counted { target: mc.new(5), count: 0 })?;
/// arena.collect_full();
/// arena.mutate(|mc, root| assert_eq!(*root.get(mc).target.get(mc) + root.get(mc).count, 5));
/// # Ok::<(), gc_core::ConfigError>(())
/// ```
#[derive(Debug)]
pub struct Tracer {
    /// Where the value starts.
    start: usize,
    /// References to pass over.
    skipped: usize,
    /// References met.
    met: usize,
    /// Offsets in bytes of those in the window.
    offsets: [u32; WINDOW],
}

impl Tracer {
    fn new(value: *const u8) -> Tracer {
        Tracer { start: value.addr(), skipped: 0, met: 0, offsets: [0; WINDOW] }
    }

    /// Takes note of a word that holds a reference or null.
    #[inline]
    pub(crate) fn note(&mut self, place: *const u32) {
        if let Some(offset) = self.offsets.get_mut(self.met.wrapping_sub(self.skipped)) {
            *offset = place.addr().wrapping_sub(self.start) as u32;
        }
        self.met += 1;
    }

    /// The offsets in words of the window's references.
    fn window(&self) -> impl Iterator<Item = u32> {
        let count = self.met.saturating_sub(self.skipped).min(WINDOW);
        self.offsets.into_iter().take(count).map(|offset| offset / 4)
    }

    /// Goes on to the next window, if there is one.
    fn advance(&mut self) -> bool {
        self.skipped += WINDOW;
        std::mem::take(&mut self.met) > self.skipped
    }
}

/// Asks the value at a place, of the type that the function belongs to, for its references.
pub(crate) type Trace = fn(*const u8, &mut Tracer);

/// What the collector knows of a type.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Type {
    /// Words from one value to the next.
    pub(crate) stride_words: u32,
    pub(crate) map: SlotMap,
    pub(crate) trace: Trace,
}

/// What a type says of its values, for the verifier to compare with what they say.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Claim {
    pub(crate) map: SlotMap,
    pub(crate) trace: Trace,
}

impl Claim {
    /// Whether the value at a place tells of no other words than the map names, and of all of these but null ones.
    pub(crate) fn holds(self, value: *const u8, is_null: impl Fn(u32) -> bool) -> bool {
        let mut named = self.map.words().chain(self.map.tagged()).collect::<Vec<_>>();
        let mut is_known = true;
        ask(value, self.trace, |word| {
            let position = named.iter().position(|other| *other == word);
            is_known &= position.map(|position| named.swap_remove(position)).is_some();
        });
        is_known && named.into_iter().all(is_null)
    }
}

/// Those typed values of one object that overlap with some words of its body.
#[derive(Clone, Debug)]
pub(crate) struct TypedSlots {
    pub(super) object: Address,
    pub(super) shape: u16,
    /// Counted from the start of the body.
    pub(super) words: Range<u32>,
    /// Words of the whole body.
    pub(super) body_words: u32,
}

/// A reference in a typed value.
#[derive(Clone, Copy, Debug)]
pub(crate) enum TypedSlot {
    /// A word.
    Word(WordSlot),
    /// A value with a tag, which may say that there is none.
    Tagged(ValueSlot),
}

impl TypedSlot {
    /// The slot that a map names at a word of an object, counted from its header. The value starts at the word `start`.
    pub(crate) fn named(map: SlotMap, object: Address, start: u32, offset: u32) -> Self {
        match map.tagged().any(|tagged| tagged == offset) {
            true => TypedSlot::tagged(object, start + offset),
            false => TypedSlot::Word(WordSlot(object.word(start + offset))),
        }
    }

    #[inline(always)]
    fn tagged(object: Address, word: u32) -> Self {
        let place = Address(object.0 + word / WORDS_PER_GRANULE);
        TypedSlot::Tagged(ValueSlot { place, decoder: TAGGED })
    }

    /// The word that holds the reference, or the first of a value that does.
    pub(crate) fn place(self) -> WordAddress {
        match self {
            TypedSlot::Word(slot) => slot.0,
            TypedSlot::Tagged(slot) => slot.place.word(0),
        }
    }
}

impl Slot for TypedSlot {
    #[inline(always)]
    fn load(self, memory: &Memory) -> Option<ObjectRef> {
        match self {
            TypedSlot::Word(slot) => slot.load(memory),
            TypedSlot::Tagged(slot) => slot.load(memory),
        }
    }

    #[inline(always)]
    fn store(self, memory: &mut Memory, object: ObjectRef) {
        match self {
            TypedSlot::Word(slot) => slot.store(memory, object),
            TypedSlot::Tagged(slot) => slot.store(memory, object),
        }
    }
}

/// Typed values together with their type.
#[derive(Clone, Debug)]
pub(crate) struct TypedValues {
    pub(super) slots: TypedSlots,
    pub(super) of: Type,
}

impl TypedValues {
    /// The numbers of the values in the object.
    fn indices(&self) -> Range<u32> {
        let (TypedSlots { words, body_words, .. }, stride) = (&self.slots, self.of.stride_words);
        words.start / stride..words.end.div_ceil(stride).min(body_words / stride)
    }

    /// Hands all slots to `each`, which may update them.
    #[inline]
    pub(crate) fn for_each(self, base: Base, mut each: impl FnMut(TypedSlot)) {
        let (object, stride) = (self.slots.object, self.of.stride_words);
        for index in self.indices() {
            let start = HEADER_WORDS + index * stride;
            let mut each_at = |offset| each(TypedSlot::Word(WordSlot(object.word(start + offset))));
            if self.of.map.is_traced() {
                ask(base.pointer_to(object.word(start)), self.of.trace, each_at);
                continue;
            }
            self.of.map.words().for_each(&mut each_at);
            for offset in self.of.map.tagged() {
                each(TypedSlot::tagged(object, start + offset));
            }
        }
    }
}

impl TypedValues {
    /// Hands the words of each value, counted from the start of the body, to `each`, with its fields.
    pub(crate) fn describe(self, base: Base, describe: Describe, mut each: impl FnMut(Range<u32>, &[Field])) {
        let stride = self.of.stride_words;
        for index in self.indices() {
            let words = index * stride..(index + 1) * stride;
            let value = base.pointer_to(self.slots.object.word(HEADER_WORDS + words.start));
            each(words, &fields_at(value, describe));
        }
    }
}

/// Asks the value at a place where its references are, a window at a time.
fn ask(value: *const u8, trace: Trace, mut each_at: impl FnMut(u32)) {
    let mut tracer = Tracer::new(value);
    loop {
        trace(value, &mut tracer);
        tracer.window().for_each(&mut each_at);
        if !tracer.advance() {
            break;
        }
    }
}
