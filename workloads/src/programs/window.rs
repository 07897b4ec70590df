//! A window of objects that all live equally long: what does a scavenge copy, and what is promoted in vain?

use super::values;
use super::{array_of_values_bytes, literal};
use crate::{Checksum, Entry, Found, Parameter, Parameters, Progress, Workload};
use gc_core::{Heap, HeapFull};

/// Allocates objects into a ring: each is dropped by the `window`-th after it.
///
/// With a window of none all is garbage at once. The larger the window, the more a scavenge finds alive: at most the
/// whole window, however much was allocated since the last one.
///
/// **Stresses** promotion: while the window is smaller than new space, each object survives one scavenge at most and none is
/// promoted; when it gets larger, every object survives two, is promoted, and dies soon after. From one size of new space to
/// the next one the number of scavenges and the bytes promoted change by orders of magnitude.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// How many objects are allocated.
    pub objects: u64,
    /// How many of them are alive at a time.
    pub window: u32,
    /// Size of an object, in bytes, a multiple of 8.
    pub object_bytes: u32,
}

/// The workload by name.
pub const ENTRY: Entry = Entry {
    name: "window",
    about: "allocates objects of which each lives until a fixed number of others has been allocated",
    stresses: "promotion: whether what survives a scavenge survives the next one depends on the size of new space alone",
    by_default: true,
    parameters: &[
        Parameter {
            name: "objects",
            unit: "objects",
            about: "how many objects are allocated",
            default: 5_000_000,
            min: 1,
            max: 10_000_000_000,
        },
        Parameter {
            name: "window",
            unit: "objects",
            about: "how many objects are alive at a time",
            default: 20_000,
            min: 0,
            max: 100_000_000,
        },
        literal::PARAMETER,
    ],
    construct: |parameters| Box::new(Window::new(parameters)),
};

impl Window {
    fn new(parameters: &Parameters) -> Self {
        Window {
            objects: parameters.get("objects"),
            window: parameters.get_u32("window"),
            object_bytes: literal::object_bytes(parameters),
        }
    }

    /// The number of the object that ends up at `index`: the last that is stored there.
    fn last_at(&self, index: u32) -> Option<u64> {
        let (last, index) = (self.objects - 1, u64::from(index));
        (index <= last).then(|| last - (last - index) % u64::from(self.window))
    }
}

impl Workload for Window {
    fn operation(&self) -> &'static str {
        "object"
    }

    fn operations(&self) -> u64 {
        self.objects
    }

    fn live_bytes(&self) -> u64 {
        let alive = self.objects.min(self.window.into());
        array_of_values_bytes(self.window.into()) + alive * u64::from(self.object_bytes)
    }

    fn expected_checksum(&self) -> u64 {
        (0..self.window).filter_map(|index| self.last_at(index)).collect::<Checksum>().value()
    }

    fn drive(&self, heap: &mut Heap, progress: &mut Progress<'_>) -> Result<Found, HeapFull> {
        let shape = values::register(heap);
        let ring = heap.alloc_array(shape, self.window)?;
        let literal = literal::Literal::new(heap, 0, self.object_bytes);
        let mut index = 0;
        for number in 0..self.objects {
            heap.scope(|heap| {
                let object = literal.make(heap, number)?;
                if index < self.window {
                    values::store(heap, ring, index, object);
                }
                Ok(())
            })?;
            index = if index + 1 < self.window { index + 1 } else { 0 };
            progress.advance(1);
        }
        let ring = heap.view(ring);
        let numbers = (0..self.window).filter_map(|index| values::object(ring, index));
        Ok(numbers.map(|object| object.word(0)).collect::<Checksum>().into())
    }
}

#[cfg(test)]
mod tests {
    use super::Window;

    #[track_caller]
    fn check(window: u32, objects: u64, expected: &[Option<u64>]) {
        let workload = Window { objects, window, object_bytes: 48 };
        let numbers: Vec<_> = (0..window).map(|index| workload.last_at(index)).collect();
        assert_eq!(numbers, expected, "a window of {window} after {objects} objects");
    }

    #[test]
    fn the_window_holds_the_latest() {
        check(3, 2, &[Some(0), Some(1), None]);
        check(3, 5, &[Some(3), Some(4), Some(2)]);
        check(1, 7, &[Some(6)]);
        check(0, 7, &[]);
    }
}
