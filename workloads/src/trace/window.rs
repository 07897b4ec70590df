//! The latest operations of a trace, until it is known which of the objects in them are referred to later.
//!
//! ```text
//! | allocate | length? | references ... | store | place | holder | target | root | target | die | point | ...
//! ```
//!
//! Words of 32 bits. The first of each op is its kind, and its argument above that. References are as in a file, but with
//! numbers of objects for names: names are given when the window is written out, in the order of allocation.

use super::form::{Form, MAX_INLINE_PLACES, TraceShape};
use super::op::code_of;
use gc_core::record::{Request, Told};

/// Kinds of ops in a window, in the low three bits of their first words.
pub(super) mod kind {
    /// Argument: the shape's number.
    pub(in super::super) const ALLOCATE: u32 = 0;
    /// No argument.
    pub(in super::super) const STORE: u32 = 1;
    /// Argument: the root's number.
    pub(in super::super) const ROOT: u32 = 2;
    /// Argument: the object's number.
    pub(in super::super) const DIE: u32 = 3;
    /// No argument.
    pub(in super::super) const POINT: u32 = 4;
    /// Argument: the shape's number.
    pub(in super::super) const SHAPE: u32 = 5;
    /// Argument: the request's code; two words of its amount follow.
    pub(in super::super) const REQUEST: u32 = 6;
    /// How many bits tell the kind.
    pub(in super::super) const BITS: u32 = 3;
    /// These bits.
    pub(in super::super) const MASK: u32 = (1 << BITS) - 1;
}

/// A reference to an object or null, as a word.
#[inline]
pub(super) fn word_of(target: Option<Told>) -> u32 {
    match target {
        None => 0,
        Some(Told::Recent(ago)) => ago << 1 | 1,
        Some(Told::Numbered(number)) => (number + 1) << 1,
    }
}

/// The operations of a window, whole.
#[derive(Debug, Default)]
pub(super) struct Window {
    pub(super) words: Vec<u32>,
    /// Objects that have numbers, by how many were allocated in the window before them, and these.
    pub(super) numbered: Vec<(u32, u32)>,
    /// Shapes that are told in it for the first time.
    pub(super) shapes: Vec<TraceShape>,
}

/// A window that is being filled.
#[derive(Debug, Default)]
pub(super) struct OpenWindow {
    window: Window,
    /// Objects allocated in it, and how many of them before orders last started anew.
    allocated: u32,
    allocated_before: u32,
    shapes: Vec<Shape>,
}

/// Most words of an allocation before the references: kind and shape, and the length.
const MAX_HEAD_WORDS: usize = 2;

/// What is to be known of a shape to write down its objects.
#[derive(Clone, Copy, Debug)]
struct Shape {
    form: Form,
    /// Words of an allocation before the references.
    head_words: usize,
    /// References told with it: all that there can be, or none.
    inline_places: usize,
}

impl OpenWindow {
    /// How many words there are.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.window.words.len()
    }

    /// What the objects of a shape look like.
    #[inline]
    pub(super) fn form(&self, shape: u32) -> Form {
        self.shapes[shape as usize].form
    }

    /// Adds a shape; its number.
    pub(super) fn shape(&mut self, shape: TraceShape) -> u32 {
        let number = self.shapes.len() as u32;
        self.shapes.push(Shape {
            form: shape.form,
            head_words: 1 + usize::from(shape.form.has_length()),
            inline_places: shape.form.inline_places() as usize,
        });
        self.window.shapes.push(shape);
        self.window.words.push(kind::SHAPE | number << kind::BITS);
        number
    }

    /// An object is allocated, which refers to others.
    #[inline]
    pub(super) fn allocate(&mut self, shape: u32, length: u32, references: &[(u32, Told)]) {
        let Shape { head_words, inline_places, .. } = self.shapes[shape as usize];
        let words = &mut self.window.words;
        let start = words.len();
        self.allocated += 1;
        // Put together aside and at full length: no loop, and no question whether there is room for each word.
        let mut op = [0; MAX_HEAD_WORDS + MAX_INLINE_PLACES];
        (op[0], op[1]) = (kind::ALLOCATE | shape << kind::BITS, length);
        let (inline, stores) = references.split_at(if inline_places > 0 { references.len() } else { 0 });
        for (place, target) in inline {
            op[head_words + *place as usize] = word_of(Some(*target));
        }
        words.extend(op);
        words.truncate(start + head_words + inline_places);
        for (place, target) in stores {
            // How long ago others were allocated is the same behind the allocation.
            self.store(Told::Recent(0), *place, Some(*target));
        }
    }

    /// The object that was allocated after so many others gets a number.
    #[inline]
    pub(super) fn number(&mut self, order: u32, number: u32) {
        self.window.numbered.push((self.allocated_before + order, number));
    }

    #[inline]
    pub(super) fn store(&mut self, holder: Told, place: u32, target: Option<Told>) {
        self.window.words.extend([kind::STORE, place, word_of(Some(holder)), word_of(target)]);
    }

    #[inline]
    pub(super) fn root(&mut self, root: u32, target: Option<Told>) {
        self.window.words.extend([kind::ROOT | root << kind::BITS, word_of(target)]);
    }

    #[inline]
    pub(super) fn die(&mut self, number: u32) {
        self.window.words.push(kind::DIE | number << kind::BITS);
    }

    #[inline]
    pub(super) fn point(&mut self) {
        self.window.words.push(kind::POINT);
    }

    pub(super) fn request(&mut self, request: Request) {
        let (code, amount) = code_of(request);
        let amount = amount.unwrap_or(0);
        let first = kind::REQUEST | (code as u32) << kind::BITS;
        self.window.words.extend([first, amount as u32, (amount >> 32) as u32]);
    }

    /// Objects that have no numbers get none any more: orders start anew.
    pub(super) fn settle(&mut self) {
        self.allocated_before = self.allocated;
    }

    /// Takes what has been filled, and goes on with an empty one. Orders must have started anew.
    pub(super) fn take(&mut self, empty: Window) -> Window {
        debug_assert!(self.allocated_before == self.allocated);
        (self.allocated, self.allocated_before) = (0, 0);
        std::mem::replace(&mut self.window, empty)
    }
}

impl Window {
    /// Forgets everything, but not the memory.
    pub(super) fn clear(&mut self) {
        self.words.clear();
        self.numbered.clear();
        self.shapes.clear();
    }
}
