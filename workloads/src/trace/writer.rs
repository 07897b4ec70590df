//! Writing a trace.

use super::blocks::Blocks;
use super::form::{Form, TraceShape};
use super::format::code;
use super::header::TraceHeader;
use super::names::Names;
use super::op::code_of;
use super::totals::Totals;
use super::varint;
use super::window::{ALLOCATION_WORDS, kind, object_of, word_of};
use gc_core::record::Request;
use std::collections::HashMap;
use std::io::{self, Write};

/// Words of the window beyond which it is written out, whatever lives: 64 MiB.
const MAX_WINDOW_WORDS: usize = 16 << 20;
/// Words of the window from which [`TraceWriter::settle`] writes it out.
const SETTLED_WINDOW_WORDS: usize = 64 << 10;

/// Longest name of a shape, in characters: of a longer one the rest is left out.
const MAX_NAME_CHARACTERS: usize = 1 << 10;

/// Writes a trace, as a stream: what is kept in memory is a window of the latest operations, and 48 bytes for each number
/// of an object.
///
/// Objects have numbers that the caller chooses, small ones: when an object is dead ([`TraceWriter::die`]) its number is free
/// to be given to another. A program that replays the trace holds what has been allocated since the last
/// [`TraceWriter::point`]; from then on an object lives for as long as roots, or objects that live, refer to it. So a point
/// belongs behind whatever makes an object reachable, and points should be frequent: what has died between two of
/// them is held longer than it was.
///
/// Writing can fail at any operation, where there is nobody to tell. The first failure is kept, nothing more is written,
/// and [`TraceWriter::finish`] says so.
///
/// ```
/// use workloads::trace::{Form, TraceFile, TraceHeader, TraceWriter};
///
/// let mut writer = TraceWriter::new(Vec::new(), &TraceHeader { source: "by hand".into(), ..TraceHeader::default() });
/// let pair = writer.shape("pair", Form::Fixed { slots: 2, bytes: 0 });
/// writer.allocate(0, pair, 0);
/// writer.allocate(1, pair, 0);
/// writer.store(1, 0, Some(0));
/// writer.root(0, Some(1));
/// writer.point();
/// let file = writer.finish().expect("memory takes everything");
///
/// let trace = TraceFile::open(&file).expect("it is whole");
/// assert_eq!((trace.totals().allocations, trace.totals().stores), (2, 1));
/// ```
///
/// # Panics
/// Operations panic if they name an object that has not been allocated or is dead, a place that the object does not
/// have, a shape that has not been added, or a root whose number leaves a gap.
#[derive(Debug)]
pub struct TraceWriter<W> {
    blocks: Blocks<W>,
    shapes: Vec<TraceShape>,
    shape_numbers: HashMap<TraceShape, u32>,
    /// By number.
    objects: Vec<Object>,
    window: Vec<u32>,
    /// Words of all windows before this one.
    window_start: u64,
    /// Objects allocated, and how many of them before the last point.
    allocated: u64,
    allocated_before: u64,
    roots: u32,
    live_bytes: u64,
    totals: Totals,
    encoder: Encoder,
}

/// What is known of an object under its number.
#[derive(Clone, Copy, Debug, Default)]
struct Object {
    /// How many objects were allocated before it.
    birth: u64,
    /// Where it was allocated in the window, counted from the start of all windows.
    position: u64,
    shape: u32,
    length: u32,
    is_alive: bool,
}

impl<W: Write> TraceWriter<W> {
    /// Starts a trace. `out` need not be buffered: it gets blocks of 64 KiB.
    ///
    /// # Panics
    /// If the header takes more than a mebibyte.
    pub fn new(out: W, header: &TraceHeader) -> Self {
        TraceWriter {
            blocks: Blocks::new(out, &header.to_bytes()),
            shapes: Vec::new(),
            shape_numbers: HashMap::new(),
            objects: Vec::new(),
            window: Vec::new(),
            window_start: 0,
            allocated: 0,
            allocated_before: 0,
            roots: 0,
            live_bytes: 0,
            totals: Totals::default(),
            encoder: Encoder::default(),
        }
    }

    /// Adds a shape, under a name for reports; its number. The same name and form give the same number again.
    pub fn shape(&mut self, name: &str, form: Form) -> u32 {
        let shape = TraceShape { name: name.chars().take(MAX_NAME_CHARACTERS).collect(), form };
        if let Some(number) = self.shape_numbers.get(&shape) {
            return *number;
        }
        let number = self.shapes.len() as u32;
        self.shape_numbers.insert(shape.clone(), number);
        self.shapes.push(shape);
        self.totals.shapes += 1;
        self.window.push(kind::SHAPE | number << kind::BITS);
        number
    }

    /// An object is allocated under a number that no living one has; its places hold null. `length` is that of an array,
    /// the bytes that a buffer owns, and 0 for other forms.
    #[inline]
    pub fn allocate(&mut self, object: u32, shape: u32, length: u32) {
        let form = self.shapes[shape as usize].form;
        assert!(length == 0 || form.has_length(), "objects of {form:?} have no length");
        let index = object as usize;
        if index >= self.objects.len() {
            self.objects.resize(index + 1, Object::default());
        }
        assert!(!self.objects[index].is_alive, "object {object} is alive already");
        let position = self.window_start + self.window.len() as u64;
        self.objects[index] = Object { birth: self.allocated, position, shape, length, is_alive: true };
        self.window.extend([kind::ALLOCATE | shape << (kind::BITS + 1), length, object]);
        self.window.extend((0..form.inline_places()).map(|_| 0));
        self.allocated += 1;
        self.count_allocation(form, length);
    }

    #[inline]
    fn count_allocation(&mut self, form: Form, length: u32) {
        let bytes = form.object_bytes(length);
        self.totals.allocations += 1;
        self.totals.object_bytes += bytes;
        if form == Form::Buffer {
            self.totals.external_bytes += u64::from(length);
        }
        self.live_bytes += bytes;
        self.totals.peak_bytes = self.totals.peak_bytes.max(self.live_bytes);
    }

    /// A place of an object is given a reference, or null.
    #[inline]
    pub fn store(&mut self, holder: u32, place: u32, target: Option<u32>) {
        let object = self.living(holder);
        let form = self.shapes[object.shape as usize].form;
        let places = form.places(object.length);
        assert!(place < places, "no place {place}: object {holder} has {places}");
        if let Some(target) = target {
            self.refer_to(target);
        }
        let is_latest = object.birth + 1 == self.allocated && object.birth >= self.allocated_before;
        if is_latest && place < form.inline_places() && target != Some(holder) {
            return self.store_inline(object, place, target);
        }
        self.refer_to(holder);
        self.totals.stores += 1;
        self.window.extend([kind::STORE, holder, word_of(target), place]);
    }

    /// Tells a store with the allocation of its holder, the latest one.
    #[inline]
    fn store_inline(&mut self, holder: Object, place: u32, target: Option<u32>) {
        let at = (holder.position - self.window_start) as usize + ALLOCATION_WORDS + place as usize;
        let before = std::mem::replace(&mut self.window[at], word_of(target));
        self.totals.stores = self.totals.stores + u64::from(target.is_some()) - u64::from(before != 0);
    }

    /// A root is given a reference, or null. Roots are numbered from 0, without gaps.
    #[inline]
    pub fn root(&mut self, root: u32, target: Option<u32>) {
        assert!(root <= self.roots, "root {root} leaves a gap behind {} roots", self.roots);
        self.roots = self.roots.max(root + 1);
        if let Some(target) = target {
            self.refer_to(target);
        }
        self.totals.roots += 1;
        self.window.extend([kind::ROOT, root, word_of(target)]);
    }

    /// An object is dead, or will at least never be named again: its number may be given to another one. Not telling this
    /// costs memory, here and where the trace is replayed.
    #[inline]
    pub fn die(&mut self, object: u32) {
        let dead = self.living(object);
        self.live_bytes -= self.shapes[dead.shape as usize].form.object_bytes(dead.length);
        self.objects[object as usize].is_alive = false;
        self.window.extend([kind::DIE, object]);
    }

    /// The program asks the heap for something.
    pub fn request(&mut self, request: Request) {
        let (code, amount) = code_of(request);
        let amount = amount.unwrap_or(0);
        self.totals.requests += 1;
        self.window.extend([kind::REQUEST | (code as u32) << kind::BITS, amount as u32, (amount >> 32) as u32]);
    }

    /// From here on what has been allocated lives only while it is referred to.
    #[inline]
    pub fn point(&mut self) {
        self.totals.points += 1;
        self.allocated_before = self.allocated;
        self.window.push(kind::POINT);
        if self.window.len() > MAX_WINDOW_WORDS {
            self.write_window();
        }
    }

    /// To be called when it has just been told which of the latest objects are dead: now it costs least to write out what is
    /// kept in the window.
    pub fn settle(&mut self) {
        if self.window.len() > SETTLED_WINDOW_WORDS {
            self.write_window();
        }
    }

    /// Ends the trace, and gives back what was written to.
    ///
    /// # Errors
    /// The first failure to write.
    pub fn finish(mut self) -> io::Result<W> {
        self.write_window();
        let Encoder { named, deaths, .. } = self.encoder;
        let totals = Totals { named, deaths, ..self.totals };
        self.blocks.finish(&totals.to_bytes())
    }

    #[inline]
    #[track_caller]
    fn living(&self, number: u32) -> Object {
        match self.objects.get(number as usize) {
            Some(object) if object.is_alive => *object,
            _ => panic!("there is no object {number}"),
        }
    }

    /// Sees to it that an object has a name, if that is needed to refer to it here.
    #[inline]
    #[track_caller]
    fn refer_to(&mut self, number: u32) {
        let object = self.living(number);
        if object.birth < self.allocated_before && object.position >= self.window_start {
            self.window[(object.position - self.window_start) as usize] |= kind::NAMED;
        }
    }

    fn write_window(&mut self) {
        let window = std::mem::take(&mut self.window);
        let mut words = Words { words: &window, at: 0 };
        while let Some((at, first)) = words.next_op() {
            self.write_op(at, first, &mut words);
        }
        self.window_start += window.len() as u64;
        self.window = window;
        self.window.clear();
    }

    fn write_op(&mut self, at: u32, first: u32, words: &mut Words<'_>) {
        let (encoder, bytes) = (&mut self.encoder, self.blocks.op());
        let argument = first >> kind::BITS;
        match first & kind::MASK {
            kind::ALLOCATE => {
                let shape = argument >> 1;
                let form = self.shapes[shape as usize].form;
                let (length, object) = (words.next(), words.next());
                let is_named = first & kind::NAMED != 0 || {
                    let known = &self.objects[object as usize];
                    known.is_alive && known.position == self.window_start + u64::from(at)
                };
                encoder.allocate(bytes, object, shape, form.has_length().then_some(length), is_named);
                for _ in 0..form.inline_places() {
                    encoder.refer(bytes, object_of(words.next()));
                }
            }
            kind::STORE => encoder.store(bytes, words.next(), object_of(words.next()), words.next()),
            kind::ROOT => encoder.root(bytes, words.next(), object_of(words.next())),
            kind::DIE => encoder.die(bytes, words.next()),
            kind::POINT => encoder.point(bytes),
            kind::SHAPE => {
                let shape = &self.shapes[argument as usize];
                varint::push(bytes, code::SHAPE | shape.form.code() << code::BITS);
                shape.push(bytes);
            }
            _ => {
                let amount = u64::from(words.next()) | u64::from(words.next()) << 32;
                varint::push(bytes, code::REQUEST | u64::from(argument) << code::BITS);
                // What has no amount has no amount in the file.
                if argument >= 3 {
                    varint::push(bytes, amount);
                }
            }
        }
    }
}

/// The words of a window that is written out.
struct Words<'w> {
    words: &'w [u32],
    at: usize,
}

impl Words<'_> {
    /// Where the next op is, and its first word.
    #[inline]
    fn next_op(&mut self) -> Option<(u32, u32)> {
        let first = *self.words.get(self.at)?;
        self.at += 1;
        Some((self.at as u32 - 1, first))
    }

    #[inline]
    fn next(&mut self) -> u32 {
        self.at += 1;
        self.words[self.at - 1]
    }
}

/// Turns numbers of objects into what a file has instead of them.
#[derive(Debug, Default)]
struct Encoder {
    names: Names,
    /// By number.
    told: Vec<Told>,
    allocated: u64,
    allocated_before: u64,
    /// Objects that were given names, and how many of them have died.
    named: u64,
    deaths: u64,
}

/// An object that is in the file.
#[derive(Clone, Copy, Debug, Default)]
struct Told {
    /// How many objects are in the file before it.
    birth: u64,
    name: Option<u32>,
}

impl Encoder {
    #[inline]
    fn allocate(&mut self, bytes: &mut Vec<u8>, object: u32, shape: u32, length: Option<u32>, is_named: bool) {
        let name = is_named.then(|| self.names.give());
        self.named += u64::from(is_named);
        varint::push(bytes, code::ALLOCATE | (u64::from(shape) << 1 | u64::from(is_named)) << code::BITS);
        if let Some(length) = length {
            varint::push(bytes, length.into());
        }
        let index = object as usize;
        if index >= self.told.len() {
            self.told.resize(index + 1, Told::default());
        }
        self.told[index] = Told { birth: self.allocated, name };
        self.allocated += 1;
    }

    /// A reference: 0 is null; an odd number says how many objects ago its object was allocated since the last point, an even
    /// one its name.
    #[inline]
    fn refer(&self, bytes: &mut Vec<u8>, target: Option<u32>) {
        let Some(target) = target else { return varint::push(bytes, 0) };
        let told = self.told[target as usize];
        if told.birth >= self.allocated_before {
            varint::push(bytes, (self.allocated - 1 - told.birth) << 1 | 1);
        } else {
            let name = told.name.expect("an object that is referred to after the next point has a name");
            varint::push(bytes, u64::from(name) * 2 + 2);
        }
    }

    #[inline]
    fn store(&self, bytes: &mut Vec<u8>, holder: u32, target: Option<u32>, place: u32) {
        varint::push(bytes, code::STORE | u64::from(place) << code::BITS);
        self.refer(bytes, Some(holder));
        self.refer(bytes, target);
    }

    #[inline]
    fn root(&self, bytes: &mut Vec<u8>, root: u32, target: Option<u32>) {
        varint::push(bytes, code::ROOT | u64::from(root) << code::BITS);
        self.refer(bytes, target);
    }

    /// Objects without names die untold.
    #[inline]
    fn die(&mut self, bytes: &mut Vec<u8>, object: u32) {
        if let Some(name) = self.told[object as usize].name.take() {
            self.names.take_back(name);
            self.deaths += 1;
            varint::push(bytes, code::DIE | u64::from(name) << code::BITS);
        }
    }

    #[inline]
    fn point(&mut self, bytes: &mut Vec<u8>) {
        self.allocated_before = self.allocated;
        varint::push(bytes, code::POINT);
    }
}
