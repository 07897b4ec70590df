//! How objects are told: untyped ones as they are, typed ones as untyped ones of the same size.

use crate::memory::{GRANULE_BYTES, Granules};
use crate::object::{Body, Entry, Header, Kind, Layout, Shapes, Type, slots_size};
use crate::record::MutationLog;
use std::collections::HashMap;

/// How objects of one shape are told.
#[derive(Clone, Debug)]
pub(super) struct Telling {
    /// The shape's number in the log.
    pub(super) shape: u32,
    length: Length,
    places: Places,
}

/// What is told as an object's length.
#[derive(Clone, Copy, Debug)]
enum Length {
    /// Nothing: all objects of the shape are of one size.
    None,
    /// The length in the header.
    Header,
    /// The words of the body.
    Words,
}

/// Which places of the object that is told the references of an object are in.
#[derive(Clone, Debug)]
enum Places {
    /// Each word of the body is one.
    Words,
    /// Each two words of the body are one.
    Values,
    /// These words of the body are the places, in this order.
    Listed(Vec<u32>),
}

impl Telling {
    /// The length that is told of an object.
    #[inline]
    pub(super) fn length(&self, header: Header) -> u32 {
        match self.length {
            Length::None => 0,
            Length::Words if header.kind() == Kind::Typed => header.typed_words(),
            Length::Header | Length::Words => header.length(),
        }
    }

    /// The place that stands for a word of the body that holds a reference.
    #[inline]
    pub(super) fn place(&self, word: u32) -> u32 {
        match &self.places {
            Places::Words => word,
            Places::Values => word / 2,
            Places::Listed(words) => {
                words.binary_search(&word).expect("the map of a type lists all words with references") as u32
            }
        }
    }

    /// How objects with bodies of this kind are told, and the layout that they are told to have.
    fn new(shape: u32, entry: &Entry) -> (Telling, Layout) {
        let (length, places, layout) = match entry.body {
            Body::Declared(layout) => {
                let places = if matches!(layout, Layout::Values(_)) { Places::Values } else { Places::Words };
                (length_of(layout), places, layout)
            }
            Body::Typed(of) if entry.description.element_bytes.is_none() && !of.map.is_traced() => {
                let words = words_of(of);
                let layout = layout_with(of, words.len() as u32);
                (Length::None, Places::Listed(words), layout)
            }
            // Any word may hold a reference, or there is any number of values: each word is told as a slot.
            Body::Typed(_) => (Length::Words, Places::Words, Layout::Slots),
        };
        (Telling { shape, length, places }, layout)
    }
}

fn length_of(layout: Layout) -> Length {
    match layout {
        Layout::Fixed { .. } | Layout::Ephemeron => Length::None,
        Layout::Slots | Layout::Bytes | Layout::Values(_) => Length::Header,
    }
}

/// The words of a value that may hold references.
fn words_of(of: Type) -> Vec<u32> {
    let mut words: Vec<_> = of.map.words().chain(of.map.tagged()).collect();
    words.sort_unstable();
    words
}

/// The layout of an untyped object of the same size as a value's, with so many slots.
fn layout_with(of: Type, slots: u32) -> Layout {
    let raw = Header::typed_size(of.stride_words) - Granules(1) - slots_size(slots);
    Layout::Fixed { slots: slots as u16, bytes: raw.0 * GRANULE_BYTES as u32 }
}

/// How objects are told, by the shapes of the heap.
#[derive(Debug, Default)]
pub(super) struct Tellings {
    by_shape: Vec<Option<Telling>>,
    /// Of objects that allocation sites make, by shape and site: their numbers in the log.
    at_sites: HashMap<(u16, u32), u32>,
    buffer: Option<Telling>,
    /// Shapes that have been told to the log.
    told: u32,
}

impl Tellings {
    /// How an object is told; the log hears of its shape before.
    #[inline]
    pub(super) fn of(&mut self, shapes: &Shapes, header: Header, log: &mut dyn MutationLog) -> &Telling {
        if header.kind() == Kind::Buffer {
            return self.of_buffer(log);
        }
        let index = usize::from(header.shape());
        if !matches!(self.by_shape.get(index), Some(Some(_))) {
            self.add(shapes, index, log);
        }
        self.by_shape[index].as_ref().expect("just seen or added")
    }

    /// How an object is told of whose shape has been.
    #[inline]
    pub(super) fn known(&self, header: Header) -> &Telling {
        let telling = match header.kind() {
            Kind::Buffer => self.buffer.as_ref(),
            _ => self.by_shape[usize::from(header.shape())].as_ref(),
        };
        telling.expect("the shape has been told")
    }

    /// The shape, as the log knows it, of objects of this kind that a site makes; the log hears of it before.
    pub(super) fn shape_at(
        &mut self,
        shapes: &Shapes,
        header: Header,
        site: u32,
        log: &mut dyn MutationLog,
    ) -> u32 {
        *self.at_sites.entry((header.shape(), site)).or_insert_with(|| {
            let entry = &shapes.entries()[usize::from(header.shape())];
            let (Telling { shape, .. }, layout) = Telling::new(self.told, entry);
            log.shape(&entry.name, Some(layout), Some(site));
            self.told += 1;
            shape
        })
    }

    #[cold]
    fn add(&mut self, shapes: &Shapes, index: usize, log: &mut dyn MutationLog) {
        let entry = &shapes.entries()[index];
        let (telling, layout) = Telling::new(self.told, entry);
        log.shape(&entry.name, Some(layout), None);
        self.told += 1;
        if index >= self.by_shape.len() {
            self.by_shape.resize(index + 1, None);
        }
        self.by_shape[index] = Some(telling);
    }

    fn of_buffer(&mut self, log: &mut dyn MutationLog) -> &Telling {
        self.buffer.get_or_insert_with(|| {
            log.shape("buffer", None, None);
            self.told += 1;
            Telling { shape: self.told - 1, length: Length::Header, places: Places::Words }
        })
    }
}
