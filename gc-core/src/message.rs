//! Graphs of objects as plain data: what is sent from one heap to another.
//!
//! A [`Message`] holds a copy of an object and of everything that it reaches, as the structured clone of the Web and of
//! Node.js's workers does: shared objects stay shared, cycles stay cycles. It refers to no heap, so it may cross threads, wait in
//! a queue, and be unpacked in any number of heaps, that of the original among them.

use crate::heap::{Heap, HeapFull, Local, Value, View};
use crate::object::{Body, Decoder, Ephemeron, HEADER, Header, Kind, Layout, ObjectRef, Shape, Slot, Slots};
use crate::reach::Reach;
use std::collections::HashMap;
use std::ops::Range;

/// A copy of an object with everything that it reaches.
///
/// ```
/// use gc_core::{Config, Heap, Layout};
///
/// let mut sender = Heap::new(Config::default())?;
/// let pair = sender.register("pair", Layout::Fixed { slots: 2, bytes: 8 });
/// let first = sender.alloc(pair)?;
/// let second = sender.alloc_with(pair, [Some(first), Some(first)])?;
/// sender.store(first, 0, Some(second)); // a cycle
/// sender.store_word(first, 0, 7);
/// let message = sender.pack(second);
///
/// let mut receiver = Heap::new(Config::default())?;
/// let copy = receiver.unpack(&message)?;
/// let first = receiver.view(copy).slot(0).expect("the first pair");
/// assert_eq!(first.word(0), 7);
/// assert!(first.slot(0).is_some_and(|second| second.same(receiver.view(copy))));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    shapes: Vec<(Box<str>, Layout)>,
    /// By their numbers; the first is the one that was packed.
    objects: Vec<Packed>,
    links: Vec<Link>,
    bytes: Vec<u8>,
}

/// An object without its references.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Packed {
    form: Form,
    /// Where its raw bytes are, its values or the bytes of its buffer.
    bytes: Range<usize>,
}

/// What is needed to allocate an object. Shapes are numbered by the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Fixed { shape: u16 },
    Array { shape: u16, length: u32 },
    Ephemeron { shape: u16 },
    Buffer { bytes: u32 },
}

/// A reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Link {
    from: u32,
    /// Which slot or value of the object holds it.
    index: u32,
    to: u32,
}

impl Message {
    /// Number of objects.
    #[must_use]
    pub fn objects(&self) -> usize {
        self.objects.len()
    }

    /// Bytes of memory that it takes, none of them on a heap.
    #[must_use]
    pub fn size_bytes(&self) -> u64 {
        let names: usize = self.shapes.iter().map(|(name, _)| name.len()).sum();
        let tables = size_of_val(&*self.shapes) + size_of_val(&*self.objects) + size_of_val(&*self.links);
        (names + tables + self.bytes.len()) as u64
    }
}

impl Heap {
    /// A copy of the object of `local` and of everything that it reaches, as plain data. Nothing on the heap is changed.
    ///
    /// An ephemeron is copied as the next collection would find it, were the object of `local` the only root: with its key
    /// and value if the key is reached without it, else empty. Weak handles and finalizers are not copied, and neither are
    /// identity, age and place.
    ///
    /// Takes time and memory in proportion to what is reached; nothing recurses.
    #[must_use]
    pub fn pack(&self, local: Local) -> Message {
        let mut packing = Packing::begin(self, self.resolve(local));
        while let Some(object) = packing.reach.next(&self.spaces.memory) {
            packing.add(object);
        }
        packing.end()
    }

    /// Makes the objects of a message: a handle to the first, in the current scope. Shapes that this heap lacks are
    /// registered.
    ///
    /// # Errors
    /// If the heap is full. The objects that had been made by then are garbage.
    ///
    /// # Panics
    /// If the heap would have more than 65,536 shapes.
    pub fn unpack(&mut self, message: &Message) -> Result<Local, HeapFull> {
        let shapes: Vec<_> =
            message.shapes.iter().map(|(name, layout)| self.register(name, *layout)).collect();
        self.escape(|heap| {
            let make = |packed: &Packed| heap.make_packed(packed, &shapes, &message.bytes);
            let locals = message.objects.iter().map(make).collect::<Result<Vec<_>, _>>()?;
            message.links.iter().for_each(|link| heap.make_link(*link, message, &locals));
            Ok(*locals.first().expect("a message has an object"))
        })
    }

    /// Makes an object without references.
    fn make_packed(&mut self, packed: &Packed, shapes: &[Shape], bytes: &[u8]) -> Result<Local, HeapFull> {
        let shape = |number: u16| shapes[usize::from(number)];
        let bytes = &bytes[packed.bytes.clone()];
        let local = match packed.form {
            Form::Fixed { shape: number } => self.alloc(shape(number))?,
            Form::Array { shape: number, length } => self.alloc_array(shape(number), length)?,
            Form::Ephemeron { shape: number } => self.alloc_ephemeron(shape(number), None, None)?,
            Form::Buffer { bytes: length } => {
                let local = self.alloc_buffer(length)?;
                self.buffer_mut(local).copy_from_slice(bytes);
                return Ok(local);
            }
        };
        let object = self.resolve(local);
        // Of an array of values these are the values: none is a reference yet, so no barrier needs to know.
        match object.header(&self.spaces.memory).kind() {
            Kind::Values => {
                let values = self.spaces.memory.bytes_mut(object.address() + HEADER, bytes.len());
                values.copy_from_slice(bytes);
            }
            _ => self.bytes_mut(local).copy_from_slice(bytes),
        }
        Ok(local)
    }

    fn make_link(&mut self, link: Link, message: &Message, locals: &[Local]) {
        let (from, to) = (locals[link.from as usize], locals[link.to as usize]);
        match message.objects[link.from as usize].form {
            Form::Array { shape, .. }
                if matches!(message.shapes[usize::from(shape)].1, Layout::Values(_)) =>
            {
                self.store_value(from, link.index, Value::Object(to));
            }
            _ => self.store(from, link.index, Some(to)),
        }
    }
}

/// A message in the making.
struct Packing<'h> {
    heap: &'h Heap,
    reach: Reach,
    message: Message,
    /// The numbers that the message has for shapes of the heap.
    shape_numbers: HashMap<u16, u16>,
    /// Ephemerons, and their numbers.
    ephemerons: Vec<(Ephemeron, u32)>,
}

impl<'h> Packing<'h> {
    fn begin(heap: &'h Heap, root: ObjectRef) -> Packing<'h> {
        Packing {
            heap,
            reach: Reach::from([root].into_iter()),
            message: Message {
                shapes: Vec::new(),
                objects: Vec::new(),
                links: Vec::new(),
                bytes: Vec::new(),
            },
            shape_numbers: HashMap::new(),
            ephemerons: Vec::new(),
        }
    }

    fn add(&mut self, object: ObjectRef) {
        let spaces = &self.heap.spaces;
        let header = object.header(&spaces.memory);
        let number = self.message.objects.len() as u32;
        let form = self.form(header);
        let start = self.message.bytes.len();
        match spaces.shapes.slots(object, header) {
            Slots::Ephemeron(ephemeron) => {
                self.reach.add_ephemeron(&spaces.memory, ephemeron);
                self.ephemerons.push((ephemeron, number));
            }
            Slots::Words(slots) => {
                let targets = (0..).zip(slots).map(|(index, slot)| (index, slot.load(&spaces.memory)));
                targets.for_each(|(index, target)| self.link(number, index, target));
                self.add_bytes(object, header);
            }
            Slots::Values(values) => values.for_each(|value| {
                let index = value.place.0 - (object.address() + HEADER).0;
                self.add_value(number, index, spaces.memory.load(value.place), value.decoder);
            }),
            Slots::Typed(_) => unreachable!("no handle leads to the objects of an arena"),
        }
        self.message.objects.push(Packed { form, bytes: start..self.message.bytes.len() });
    }

    fn form(&mut self, header: Header) -> Form {
        let length = header.length();
        match header.kind() {
            Kind::Buffer => Form::Buffer { bytes: length },
            Kind::Fixed | Kind::Wide => Form::Fixed { shape: self.shape(header) },
            Kind::Ephemeron => Form::Ephemeron { shape: self.shape(header) },
            _ => Form::Array { shape: self.shape(header), length },
        }
    }

    /// The number that the message has for the shape of an object.
    fn shape(&mut self, header: Header) -> u16 {
        let next = self.message.shapes.len() as u16;
        *self.shape_numbers.entry(header.shape()).or_insert_with(|| {
            let entry = &self.heap.spaces.shapes.entries()[usize::from(header.shape())];
            let Body::Declared(layout) = entry.body else {
                unreachable!("no handle leads to the objects of an arena")
            };
            self.message.shapes.push((entry.name.clone(), layout));
            next
        })
    }

    fn add_bytes(&mut self, object: ObjectRef, header: Header) {
        let view = View::of(self.heap, object);
        let bytes = if header.kind() == Kind::Buffer { view.buffer() } else { view.bytes() };
        self.message.bytes.extend_from_slice(bytes);
    }

    fn add_value(&mut self, number: u32, index: u32, value: u64, decoder: Decoder) {
        let target = decoder.decode(value);
        let bits = if target.is_some() { 0 } else { value };
        self.message.bytes.extend_from_slice(&bits.to_ne_bytes());
        self.link(number, index, target);
    }

    /// Notes a reference, if there is one, and that its target is reached.
    fn link(&mut self, from: u32, index: u32, target: Option<ObjectRef>) {
        let Some(target) = target else { return };
        self.message.links.push(Link { from, index, to: self.reach.add(target) });
    }

    /// Now that everything has been found: links ephemerons with keys and values, unless the key is not reached.
    fn end(mut self) -> Message {
        let memory = &self.heap.spaces.memory;
        for (ephemeron, number) in std::mem::take(&mut self.ephemerons) {
            if ephemeron.key(memory).is_some_and(|key| !self.reach.contains(key)) {
                continue;
            }
            for (index, slot) in (0..).zip(ephemeron.words()) {
                self.link(number, index, slot.load(memory));
            }
        }
        self.message
    }
}
