//! `window`: objects of which each lives until a fixed number of others has been made; with a window of none, all are
//! garbage at once.

use super::{Found, Plain};
use workloads::{Checksum, Parameters};

/// Words of an object behind its number: with it and a header of 8 bytes, the 48 bytes that the parameter `object` is
/// by default.
pub(crate) const MORE_WORDS: usize = 4;

/// Objects: a number and some more words.
pub(crate) trait Literals: Copy {
    type Literal;

    fn literal(self, number: u64) -> Self::Literal;
    fn number(self, literal: &Self::Literal) -> u64;
}

/// What the program does, a step each.
pub(crate) trait Stage {
    /// Makes an object, and keeps it if there is a place for it.
    fn make(&mut self, number: u64, place: Option<usize>);
    /// The number of the object at a place, if there is one.
    fn read(&mut self, place: usize) -> Option<u64>;
}

impl<L: Literals> Stage for Plain<L, Vec<Option<L::Literal>>> {
    #[inline]
    fn make(&mut self, number: u64, place: Option<usize>) {
        let made = std::hint::black_box(self.objects.literal(number));
        if let Some(place) = place {
            self.root[place] = Some(made);
        }
    }

    fn read(&mut self, place: usize) -> Option<u64> {
        self.root[place].as_ref().map(|literal| self.objects.number(literal))
    }
}

/// Runs the program.
pub(crate) fn run(stage: &mut impl Stage, parameters: &Parameters) -> Found {
    let window = parameters.get("window") as usize;
    let mut index = 0;
    for number in 0..parameters.get("objects") {
        stage.make(number, (window > 0).then_some(index));
        index = if index + 1 < window { index + 1 } else { 0 };
    }
    (0..window).filter_map(|place| stage.read(place)).collect::<Checksum>().into()
}
