//! From windows to a file.

use super::blocks::Blocks;
use super::form::{Form, TraceShape};
use super::format::code;
use super::header::TraceHeader;
use super::names::Names;
use super::totals::Totals;
use super::varint;
use super::window::{Window, kind};
use std::io::{self, Write};

/// Writes windows into a file, one after the other.
#[derive(Debug)]
pub(super) struct Encoder<W> {
    blocks: Blocks<W>,
    shapes: Vec<Shape>,
    names: Names,
    /// By number.
    objects: Vec<Named>,
    totals: Totals,
    live_bytes: u64,
    /// How much of that is objects of the window under way that have no names.
    nameless_bytes: u64,
}

/// A shape, and what is to be known of it for each object.
#[derive(Debug)]
struct Shape {
    shape: TraceShape,
    has_length: bool,
    inline_places: u32,
    /// Size of an object, if it does not depend on the length.
    fixed_bytes: u64,
}

impl Shape {
    fn of(shape: TraceShape) -> Shape {
        let form = shape.form;
        Shape {
            has_length: form.has_length(),
            inline_places: form.inline_places(),
            fixed_bytes: form.object_bytes(0),
            shape,
        }
    }
}

/// An object that has a name.
#[derive(Clone, Copy, Debug, Default)]
struct Named {
    name: u32,
    bytes: u64,
}

/// The words of a window.
struct Words<'w> {
    words: &'w [u32],
    at: usize,
}

impl Words<'_> {
    #[inline]
    fn peek(&self) -> Option<u32> {
        self.words.get(self.at).copied()
    }

    #[inline]
    fn next(&mut self) -> u32 {
        self.at += 1;
        self.words[self.at - 1]
    }
}

impl<W: Write> Encoder<W> {
    /// Starts a file.
    pub(super) fn new(out: W, header: &TraceHeader) -> Self {
        Encoder {
            blocks: Blocks::new(out, &header.to_bytes()),
            shapes: Vec::new(),
            names: Names::default(),
            objects: Vec::new(),
            totals: Totals::default(),
            live_bytes: 0,
            nameless_bytes: 0,
        }
    }

    /// Writes a window out.
    pub(super) fn write(&mut self, window: &mut Window) {
        window.numbered.sort_unstable();
        self.shapes.extend(window.shapes.drain(..).map(Shape::of));
        let mut words = Words { words: &window.words, at: 0 };
        let mut allocated = 0;
        for (order, number) in window.numbered.drain(..) {
            self.write_nameless(&mut words, order - allocated);
            self.write_op(&mut words, Some(number));
            allocated = order + 1;
        }
        self.write_nameless(&mut words, u32::MAX);
        self.live_bytes -= std::mem::take(&mut self.nameless_bytes);
    }
    /// Ends the file, and gives back what was written to.
    pub(super) fn finish(self) -> io::Result<W> {
        self.blocks.finish(&self.totals.to_bytes())
    }

    /// Writes ops up to the one that allocates an object after so many others, none of which has a name; or all that are left.
    fn write_nameless(&mut self, words: &mut Words<'_>, mut count: u32) {
        while let Some(first) = words.peek() {
            let is_allocation = first & kind::MASK == kind::ALLOCATE;
            if is_allocation && count == 0 {
                return;
            }
            count -= u32::from(is_allocation);
            self.write_op(words, None);
        }
    }

    #[inline]
    fn write_op(&mut self, words: &mut Words<'_>, number: Option<u32>) {
        let first = words.next();
        let argument = first >> kind::BITS;
        match first & kind::MASK {
            kind::ALLOCATE => self.write_allocation(argument, number, words),
            kind::STORE => {
                self.totals.stores += 1;
                self.begin_op(code::STORE, words.next().into());
                self.write_reference(words.next());
                self.write_reference(words.next());
            }
            kind::ROOT => {
                self.totals.roots += 1;
                self.begin_op(code::ROOT, argument.into());
                self.write_reference(words.next());
            }
            kind::DIE => self.write_death(argument),
            kind::POINT => {
                self.totals.points += 1;
                self.begin_op(code::POINT, 0);
            }
            kind::SHAPE => self.write_shape(argument),
            _ => self.write_request(argument, words),
        }
    }

    #[inline]
    fn begin_op(&mut self, code: u64, argument: u64) {
        varint::push(self.blocks.op(), code | argument << code::BITS);
    }

    #[inline]
    fn write_allocation(&mut self, shape: u32, number: Option<u32>, words: &mut Words<'_>) {
        let Shape { has_length, inline_places, fixed_bytes, .. } = self.shapes[shape as usize];
        self.begin_op(code::ALLOCATE, u64::from(shape) << 1 | u64::from(number.is_some()));
        let mut bytes = fixed_bytes;
        if has_length {
            let length = words.next();
            varint::push(self.blocks.same_op(), length.into());
            let form = self.shapes[shape as usize].shape.form;
            bytes = form.object_bytes(length);
            self.totals.external_bytes += if form == Form::Buffer { length.into() } else { 0 };
        }
        self.count_allocation(bytes, number);
        for _ in 0..inline_places {
            let target = words.next();
            self.totals.stores += u64::from(target != 0);
            self.write_reference(target);
        }
    }

    #[inline]
    fn count_allocation(&mut self, bytes: u64, number: Option<u32>) {
        self.totals.allocations += 1;
        self.totals.object_bytes += bytes;
        self.live_bytes += bytes;
        self.totals.peak_bytes = self.totals.peak_bytes.max(self.live_bytes);
        match number {
            Some(number) => self.name(number, bytes),
            None => self.nameless_bytes += bytes,
        }
    }

    fn name(&mut self, number: u32, bytes: u64) {
        let index = number as usize;
        if index >= self.objects.len() {
            self.objects.resize(index + 1, Named::default());
        }
        self.objects[index] = Named { name: self.names.give(), bytes };
        self.totals.named += 1;
    }

    /// A reference: 0 is null; an odd number says how many objects ago its object was allocated since the last point, an even
    /// one its name.
    #[inline]
    fn write_reference(&mut self, word: u32) {
        let is_numbered = word != 0 && word & 1 == 0;
        let word = match is_numbered {
            true => u64::from(self.objects[(word >> 1) as usize - 1].name) * 2 + 2,
            false => word.into(),
        };
        varint::push(self.blocks.same_op(), word);
    }

    fn write_death(&mut self, number: u32) {
        let dead = self.objects[number as usize];
        self.names.take_back(dead.name);
        self.live_bytes -= dead.bytes;
        self.totals.deaths += 1;
        self.begin_op(code::DIE, dead.name.into());
    }

    #[cold]
    fn write_shape(&mut self, number: u32) {
        let code = self.shapes[number as usize].shape.code();
        self.begin_op(code::SHAPE, code);
        self.shapes[number as usize].shape.push(self.blocks.same_op());
        self.totals.shapes += 1;
    }

    #[cold]
    fn write_request(&mut self, code: u32, words: &mut Words<'_>) {
        let amount = u64::from(words.next()) | u64::from(words.next()) << 32;
        self.totals.requests += 1;
        self.begin_op(code::REQUEST, code.into());
        if has_amount(code.into()) {
            varint::push(self.blocks.same_op(), amount);
        }
    }
}

/// Whether an amount follows a request with this code.
fn has_amount(code: u64) -> bool {
    super::op::request_of(code, || Err(())).is_err()
}
