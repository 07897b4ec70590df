//! Writing a trace.

use super::encoder::Encoder;
use super::form::{Form, TraceShape};
use super::header::TraceHeader;
use super::window::OpenWindow;
use gc_core::record::{Request, Told};
use std::collections::HashMap;
use std::io::{self, Write};

/// Words of the window beyond which it is written out, whatever lives: 16 MiB.
const MAX_WINDOW_WORDS: usize = 4 << 20;
/// Words of the window from which [`TraceWriter::settle`] writes it out.
const SETTLED_WINDOW_WORDS: usize = 64 << 10;

/// Writes a trace, as a stream: what is kept in memory is a window of the latest operations, and 40 bytes for each number
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
    window: OpenWindow,
    encoder: Encoder<W>,
    shape_numbers: HashMap<TraceShape, u32>,
    /// By number.
    objects: Vec<Object>,
    /// Objects allocated, and how many of them before the last point, and before the window.
    allocated: u64,
    allocated_before: u64,
    allocated_before_window: u64,
    roots: u32,
}

/// What is known of an object under its number.
#[derive(Clone, Copy, Debug, Default)]
struct Object {
    /// How many objects were allocated before it.
    birth: u64,
    shape: u32,
    length: u32,
    state: State,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    /// No living object has the number.
    #[default]
    Dead,
    /// It has been told of since it was new, or is out of the window.
    Numbered,
    /// It need not be numbered if it is never told of again.
    New,
}

impl<W: Write> TraceWriter<W> {
    /// Starts a trace. `out` need not be buffered: it gets blocks of 64 KiB.
    ///
    /// # Panics
    /// If the header takes more than a mebibyte.
    pub fn new(out: W, header: &TraceHeader) -> Self {
        TraceWriter {
            window: OpenWindow::default(),
            encoder: Encoder::new(out, header),
            shape_numbers: HashMap::new(),
            objects: Vec::new(),
            allocated: 0,
            allocated_before: 0,
            allocated_before_window: 0,
            roots: 0,
        }
    }

    /// Adds a shape, under a name for reports; its number. The same name and form give the same number again.
    pub fn shape(&mut self, name: &str, form: Form) -> u32 {
        let shape = TraceShape::new(name, form);
        let window = &mut self.window;
        *self.shape_numbers.entry(shape).or_insert_with_key(|shape| window.shape(shape.clone()))
    }

    /// An object is allocated under a number that no living one has; its places hold null. `length` is that of an array,
    /// the bytes that a buffer owns, and 0 for other forms.
    pub fn allocate(&mut self, object: u32, shape: u32, length: u32) {
        self.allocate_with(object, shape, length, &[]);
    }

    /// As [`TraceWriter::allocate`]; the object refers to these others in these places. Takes less room in the file than to
    /// store the references later.
    pub fn allocate_with(&mut self, object: u32, shape: u32, length: u32, references: &[(u32, u32)]) {
        let form = self.window.form(shape);
        assert!(length == 0 || form.has_length(), "objects of {form:?} have no length");
        let index = object as usize;
        if index >= self.objects.len() {
            self.objects.resize(index + 1, Object::default());
        }
        assert!(self.objects[index].state == State::Dead, "object {object} is alive already");
        let told = |(place, target): &(u32, u32)| {
            check_place(*place, form, length, object);
            // The new object comes in between.
            let target = match self.told(*target) {
                Told::Recent(ago) => Told::Recent(ago + 1),
                numbered => numbered,
            };
            (*place, target)
        };
        let references: Vec<_> = references.iter().map(told).collect();
        self.window.allocate(shape, length, &references);
        self.objects[index] = Object { birth: self.allocated, shape, length, state: State::New };
        self.allocated += 1;
    }

    /// A place of an object is given a reference, or null.
    pub fn store(&mut self, holder: u32, place: u32, target: Option<u32>) {
        let object = self.living(holder);
        check_place(place, self.window.form(object.shape), object.length, holder);
        let (holder, target) = (self.told(holder), target.map(|target| self.told(target)));
        self.window.store(holder, place, target);
    }

    /// A root is given a reference, or null. Roots are numbered from 0, without gaps.
    pub fn root(&mut self, root: u32, target: Option<u32>) {
        assert!(root <= self.roots, "root {root} leaves a gap behind {} roots", self.roots);
        self.roots = self.roots.max(root + 1);
        let target = target.map(|target| self.told(target));
        self.window.root(root, target);
    }

    /// An object is dead, or will at least never be named again: its number may be given to another one. Not telling this
    /// costs memory, here and where the trace is replayed.
    pub fn die(&mut self, object: u32) {
        let state = self.living(object).state;
        self.objects[object as usize].state = State::Dead;
        if state == State::Numbered {
            self.window.die(object);
        }
    }

    /// The program asks the heap for something.
    pub fn request(&mut self, request: Request) {
        self.window.request(request);
    }

    /// From here on what has been allocated lives only while it is referred to.
    pub fn point(&mut self) {
        self.allocated_before = self.allocated;
        self.window.point();
        if self.window.len() > MAX_WINDOW_WORDS {
            self.write_window();
        }
    }

    /// To be called, behind a point, when it has just been told which of the latest objects are dead: now it costs least to
    /// write out what is kept in the window.
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
        self.encoder.finish()
    }

    #[track_caller]
    fn living(&self, number: u32) -> Object {
        match self.objects.get(number as usize) {
            Some(object) if object.state != State::Dead => *object,
            _ => panic!("there is no object {number}"),
        }
    }

    /// An object as it is told; it is numbered from now on if it is none of the latest.
    #[track_caller]
    fn told(&mut self, number: u32) -> Told {
        let object = self.living(number);
        if object.state == State::New && object.birth >= self.allocated_before {
            return Told::Recent((self.allocated - 1 - object.birth) as u32);
        }
        self.number(number, object);
        Told::Numbered(number)
    }

    fn number(&mut self, number: u32, object: Object) {
        if object.state == State::New {
            self.window.number((object.birth - self.allocated_before_window) as u32, number);
            self.objects[number as usize].state = State::Numbered;
        }
    }

    /// Writes the window out. What lives on must have a number then.
    fn write_window(&mut self) {
        for number in 0..self.objects.len() {
            self.number(number as u32, self.objects[number]);
        }
        self.window.settle();
        self.allocated_before_window = self.allocated;
        let mut window = self.window.take(Default::default());
        self.encoder.write(&mut window);
    }
}

/// Panics if an object of this form and length has no such place.
#[track_caller]
fn check_place(place: u32, form: Form, length: u32, object: u32) {
    let places = form.places(length);
    assert!(place < places, "no place {place}: object {object} has {places}");
}
