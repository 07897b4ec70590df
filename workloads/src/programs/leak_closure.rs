//! A leak: closures that keep more of a scope than they use.

use super::{content, object_bytes};
use crate::{Checksum, Entry, Found, Parameter, Parameters, Progress, Random, Workload};
use gc_core::{Heap, HeapFull, Layout, Local, Shape, View};

/// Replaces a thing by a new one, again and again, in a function whose scope has two variables: the thing that was there
/// before, and a large array. Two closures are made in it. One reads both variables, is called once and forgotten. The
/// other is a method of the new thing and reads neither; but the closures of a function share its scope, so the method keeps
/// the array, and the thing before it, whose method keeps its own scope, and so on: a chain of scopes as long as the program
/// has run, each with an array that nobody will read.
///
/// Cured, the function sets its variable for the thing before to null when it is done.
///
/// **Stresses** a leak behind one reference: everything hangs on a single chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeakClosure {
    /// How often the thing is replaced.
    pub calls: u32,
    /// Mean size of an array, in bytes; at least 16.
    pub array_bytes: u32,
    /// Whether a function releases the thing before.
    pub is_cured: bool,
    /// The stream that sizes and contents are drawn from.
    pub seed: u64,
}

/// The workload by name.
pub const ENTRY: Entry = Entry {
    name: "leak_closure",
    about: "replaces a thing whose method captures the scope that it was made in, and the thing before with it; cured \
            by releasing that",
    stresses: "a leak behind one reference: scopes, closures and arrays that nobody will use hang on a single chain, \
               which marking follows link by link; cut, all of it would be garbage",
    by_default: false,
    parameters: &[
        Parameter {
            name: "calls",
            unit: "calls",
            about: "how often the thing is replaced",
            default: 50_000,
            min: 1,
            max: 100_000_000,
        },
        Parameter {
            name: "array",
            unit: "bytes",
            about: "mean size of the array in each scope",
            default: 2_048,
            min: 16,
            max: 16_777_216,
        },
        Parameter {
            name: "cured",
            unit: "0 or 1",
            about: "whether a function keeps the thing before in its scope (0) or releases it (1)",
            default: 0,
            min: 0,
            max: 1,
        },
    ],
    construct: |parameters| Box::new(LeakClosure::new(parameters)),
};

/// The slots of a scope.
const BEFORE: u32 = 0;
const ARRAY: u32 = 1;
/// The slot of a closure.
const SCOPE: u32 = 0;
/// The slot of a thing.
const METHOD: u32 = 0;

/// What the number of the array of no thing is taken for.
const NO_THING: u64 = u64::MAX;

impl LeakClosure {
    fn new(parameters: &Parameters) -> Self {
        LeakClosure {
            calls: parameters.get_u32("calls"),
            array_bytes: parameters.get_u32("array"),
            is_cured: parameters.get("cured") == 1,
            seed: parameters.seed(),
        }
    }

    /// The arrays of a run: what each is filled with, and its size.
    fn arrays(&self) -> impl Iterator<Item = (u64, u32)> {
        let LeakClosure { calls, array_bytes, seed, .. } = *self;
        let mut random = Random::new(seed);
        (0..calls).map(move |_| (random.number(), array_bytes / 2 + random.below(array_bytes + 1)))
    }
}

impl Workload for LeakClosure {
    fn operation(&self) -> &'static str {
        "call"
    }

    fn operations(&self) -> u64 {
        self.calls.into()
    }

    fn live_bytes(&self) -> u64 {
        let scope = object_bytes(2, 0) + object_bytes(0, self.array_bytes.into());
        // While one is replaced, there are two.
        let things = if self.is_cured { self.calls.min(2) } else { self.calls };
        u64::from(things) * (scope + object_bytes(1, 8) + object_bytes(1, 0))
    }

    fn expected_checksum(&self) -> u64 {
        let mut checksum = Checksum::default();
        let mut before = NO_THING;
        for (number, _) in self.arrays() {
            checksum.add(number);
            checksum.add(before);
            before = number;
        }
        let mut kept: Vec<_> = self.arrays().map(|(number, _)| number).collect();
        kept.reverse();
        kept.truncate(if self.is_cured { 1 } else { usize::MAX });
        kept.into_iter().for_each(|number| checksum.add(number));
        checksum.value()
    }

    fn drive(&self, heap: &mut Heap, progress: &mut Progress<'_>) -> Result<Found, HeapFull> {
        let program = Program::new(heap)?;
        let mut checksum = Checksum::default();
        for (number, bytes) in self.arrays() {
            let read = heap.scope(|heap| program.replace_thing(heap, number, bytes, self.is_cured))?;
            read.into_iter().for_each(|number| checksum.add(number));
            progress.advance(1);
        }
        let things = std::iter::successors(Some(heap.view(program.thing)), |thing| before(*thing));
        things.filter_map(number).for_each(|number| checksum.add(number));
        Ok(checksum.into())
    }
}

/// The program's objects.
struct Program {
    scope: Shape,
    array: Shape,
    closure: Shape,
    thing_shape: Shape,
    /// The variable that holds the thing. The first thing has no method.
    thing: Local,
}

impl Program {
    fn new(heap: &mut Heap) -> Result<Self, HeapFull> {
        let scope = heap.register("Scope", Layout::Fixed { slots: 2, bytes: 0 });
        let array = heap.register("Array", Layout::Bytes);
        let closure = heap.register("Closure", Layout::Fixed { slots: 1, bytes: 8 });
        let thing_shape = heap.register("Thing", Layout::Fixed { slots: 1, bytes: 0 });
        Ok(Program { scope, array, closure, thing_shape, thing: heap.alloc(thing_shape)? })
    }

    /// The function that leaks: what its reader finds in the new array and in that of the thing before.
    fn replace_thing(
        &self,
        heap: &mut Heap,
        fill: u64,
        bytes: u32,
        is_cured: bool,
    ) -> Result<[u64; 2], HeapFull> {
        let array = heap.alloc_array(self.array, bytes)?;
        content::write(heap.bytes_mut(array), fill);
        let scope = heap.alloc_with(self.scope, [Some(self.thing), Some(array)])?;
        let reader = heap.alloc_with(self.closure, [Some(scope)])?;
        let method = heap.alloc_with(self.closure, [Some(scope)])?;
        let thing = heap.alloc_with(self.thing_shape, [Some(method)])?;
        let read = call_reader(heap.view(reader));
        if is_cured {
            heap.store(scope, BEFORE, None);
        }
        heap.assign(self.thing, thing);
        Ok(read)
    }
}

/// What the closure reads that uses both variables of its scope.
fn call_reader(reader: View<'_>) -> [u64; 2] {
    let scope = reader.slot(SCOPE);
    let own = scope.and_then(|scope| scope.slot(ARRAY)).map(|array| content::read(array.bytes()));
    let other = scope.and_then(|scope| scope.slot(BEFORE)).and_then(number);
    [own, other].map(|number| number.unwrap_or(NO_THING))
}

/// The scope that a thing's method captures.
fn scope(thing: View<'_>) -> Option<View<'_>> {
    thing.slot(METHOD)?.slot(SCOPE)
}

/// The thing that a thing keeps.
fn before(thing: View<'_>) -> Option<View<'_>> {
    scope(thing)?.slot(BEFORE)
}

/// What the array is filled with that a thing keeps.
fn number(thing: View<'_>) -> Option<u64> {
    Some(content::read(scope(thing)?.slot(ARRAY)?.bytes()))
}

#[cfg(test)]
mod tests {
    use super::{LeakClosure, Workload};

    const CLOSURES: LeakClosure = LeakClosure { calls: 10_000, array_bytes: 100, is_cured: false, seed: 1 };

    #[test]
    fn arrays_have_the_mean_size_that_was_asked_for() {
        let bytes: u64 = CLOSURES.arrays().map(|(_, bytes)| u64::from(bytes)).sum();
        assert!((98 * 10_000..102 * 10_000).contains(&bytes), "{bytes}");
    }

    #[test]
    fn the_cure_shows_in_what_is_kept() {
        let cured = LeakClosure { is_cured: true, ..CLOSURES };
        assert_ne!(cured.expected_checksum(), CLOSURES.expected_checksum());
        assert!(cured.live_bytes() < CLOSURES.live_bytes() / 1_000);
    }
}
