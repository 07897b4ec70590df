//! The headers of a request.

use crate::programs::object_bytes;
use gc_core::{FixedShape, Heap, HeapFull, Layout, Local, Shape, View};

/// Slots of a header.
const CHAIN: u32 = 0;
const NAME: u32 = 1;
const VALUE: u32 = 2;

const BUCKETS: u32 = 8;

/// Bytes of a map with so many headers, without their names and values.
pub(super) const fn live_bytes(headers: u64) -> u64 {
    object_bytes(BUCKETS as u64, 0) + headers * object_bytes(3, 0)
}

/// Makes texts, and maps from texts to texts with a few buckets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Headers {
    map: Shape,
    header: FixedShape<3, 0>,
    text: Shape,
}

impl Headers {
    pub(super) fn new(heap: &mut Heap) -> Self {
        Headers {
            map: heap.register("Headers", Layout::Slots),
            header: heap.register_fixed("Header"),
            text: heap.register("Text", Layout::Bytes),
        }
    }

    /// A text on the heap.
    pub(super) fn text(&self, heap: &mut Heap, text: &[u8]) -> Result<Local, HeapFull> {
        let local = heap.alloc_array(self.text, text.len() as u32)?;
        heap.bytes_mut(local).copy_from_slice(text);
        Ok(local)
    }

    /// A map without headers.
    pub(super) fn map(&self, heap: &mut Heap) -> Result<Local, HeapFull> {
        heap.alloc_array(self.map, BUCKETS)
    }

    /// Adds a header to `map`. Its name is to be in small letters.
    pub(super) fn add(&self, heap: &mut Heap, map: Local, name: &[u8], value: &[u8]) -> Result<(), HeapFull> {
        heap.scope(|heap| {
            let bucket = bucket(name);
            let (name, value) = (self.text(heap, name)?, self.text(heap, value)?);
            let chain = heap.load(map, bucket);
            let header = heap.alloc_with(self.header, [chain, Some(name), Some(value)])?;
            heap.store(map, bucket, Some(header));
            Ok(())
        })
    }
}

/// The value of the header `name`, in small letters.
pub(super) fn find<'h>(map: View<'h>, name: &[u8]) -> Option<&'h [u8]> {
    let mut chain = std::iter::successors(map.slot(bucket(name)), |header| header.slot(CHAIN));
    let header = chain.find(|header| header.slot(NAME).is_some_and(|held| held.bytes() == name))?;
    header.slot(VALUE).map(View::bytes)
}

fn bucket(name: &[u8]) -> u32 {
    name.iter().fold(0, |hash: u32, byte| hash.wrapping_mul(31).wrapping_add((*byte).into())) % BUCKETS
}

#[cfg(test)]
mod tests {
    use super::{Headers, find};
    use gc_core::{Config, Heap, Stress};

    #[test]
    fn headers_are_found_by_their_names() {
        let config = Config { huge_pages: false, stress: Stress::all(1, 1), ..Config::default() };
        let mut heap = Heap::new(config).expect("the configuration is valid");
        let headers = Headers::new(&mut heap);
        let map = headers.map(&mut heap).expect("there is room");
        let names: Vec<_> = (0..40).map(|number| format!("name-{number}")).collect();
        for name in &names {
            let value = format!("value of {name}");
            headers.add(&mut heap, map, name.as_bytes(), value.as_bytes()).expect("there is room");
        }
        for name in &names {
            let value = find(heap.view(map), name.as_bytes());
            assert_eq!(value, Some(format!("value of {name}").as_bytes()));
        }
        assert_eq!(find(heap.view(map), b"name"), None);
    }
}
