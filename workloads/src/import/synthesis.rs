//! Traces of lifetimes: what was recorded, and references made up so that objects die when they did.

mod live;
#[cfg(test)]
mod tests;

use self::live::{Live, Reference};
use super::edges::EdgeStatistics;
use super::lifetimes::{Birth, BirthPlace, Coverage, Lifetimes, Moment};
use super::shapes::Shapes;
use crate::Random;
use crate::graph::Body;
use crate::trace::{Evidence, Part, TraceHeader, TraceWriter};
use std::collections::VecDeque;
use std::io::{self, Write};

/// How many objects or slots are looked at for one that will do.
const PROBES: usize = 64;
/// How many empty slots are remembered, the latest ones.
const OPEN_SLOTS: usize = 4_096;
/// Bytes of a reference in the programs that are recorded: an object cannot have had more references than fit.
const WORD_BYTES: u32 = 8;
/// How references are made up.
#[derive(Clone, Debug, Default)]
pub struct Synthesis {
    /// What they are like.
    pub edges: EdgeStatistics,
    /// The stream that random choices are drawn from.
    pub seed: u64,
}

impl Synthesis {
    /// The header of a trace of `lifetimes`, which says what of it is recorded.
    #[must_use]
    pub fn header(lifetimes: &Lifetimes, header: TraceHeader) -> TraceHeader {
        let deaths = match lifetimes.coverage {
            Coverage::Whole | Coverage::Sampled { .. } => Evidence::Recorded,
            Coverage::Survivors => Evidence::Absent,
        };
        let has_external = lifetimes.births().iter().any(|birth| birth.place == BirthPlace::External);
        header
            .with(Part::Sizes, Evidence::Recorded)
            .with(Part::Order, Evidence::Recorded)
            .with(Part::Lifetimes, deaths)
            .with(Part::References, Evidence::Synthetic)
            .with(Part::Stores, Evidence::Synthetic)
            .with(Part::Roots, Evidence::Synthetic)
            .with(Part::External, if has_external { Evidence::Recorded } else { Evidence::Absent })
    }

    /// Writes the operations of a trace of `lifetimes`.
    ///
    /// An object is referred to, from its birth to its death, by a root or by an object that outlives it; others may
    /// refer to it too. When it dies, all of them cease to: then it is garbage at once, and no sooner.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write<W: Write>(&self, lifetimes: &Lifetimes, writer: TraceWriter<W>) -> io::Result<W> {
        let mut weaver = Weaver {
            edges: &self.edges,
            births: lifetimes.births(),
            random: Random::new(self.seed),
            live: Live::default(),
            open: VecDeque::new(),
            shapes: Shapes::default(),
            writer,
        };
        let mut next = 0;
        for moment in lifetimes.moments() {
            match *moment {
                Moment::Birth => {
                    weaver.birth(next);
                    next += 1;
                }
                Moment::Death(object) => weaver.death(object),
            }
            weaver.writer.point();
        }
        weaver.writer.finish()
    }
}

/// Makes up references while it goes through births and deaths.
struct Weaver<'a, W> {
    edges: &'a EdgeStatistics,
    births: &'a [Birth],
    random: Random,
    live: Live,
    /// Empty slots that wait for a younger object, the latest last.
    open: VecDeque<Reference>,
    shapes: Shapes,
    writer: TraceWriter<W>,
}

impl<W: Write> Weaver<'_, W> {
    fn birth(&mut self, object: u32) {
        let birth = self.births[object as usize];
        let slots = self.slots(birth);
        let number = self.live.add(object);
        match birth.place {
            BirthPlace::Heap => {
                self.shapes.allocate(&mut self.writer, number, Body::sized(birth.bytes, slots));
            }
            BirthPlace::External => self.shapes.allocate_buffer(&mut self.writer, number, birth.bytes),
        }
        let empty: Vec<_> = (0..slots).filter(|slot| !self.refer_to_older(object, *slot)).collect();
        self.hold(object);
        empty.into_iter().for_each(|slot| self.open_slot(Reference { holder: object, slot }));
    }

    /// How many references an object has room for, at random.
    fn slots(&mut self, birth: Birth) -> u32 {
        match birth.place {
            BirthPlace::External => 0,
            BirthPlace::Heap => {
                let room = birth.bytes.saturating_sub(WORD_BYTES) / WORD_BYTES;
                self.edges.degree(birth.bytes, &mut self.random).min(room)
            }
        }
    }

    /// Makes a new object refer to an older one; whether it does, since the slot may be for a younger one, or none be
    /// found.
    fn refer_to_older(&mut self, object: u32, slot: u32) -> bool {
        if self.edges.is_younger(&mut self.random) {
            return false;
        }
        let Some(target) = self.older(object) else { return false };
        self.refer(Reference { holder: object, slot }, target);
        true
    }

    /// An object that was born before this one and is alive, about as far back as references reach.
    fn older(&mut self, object: u32) -> Option<u32> {
        let back = self.edges.distance(&mut self.random).max(1);
        let nearest =
            object.checked_sub(back).or_else(|| object.checked_sub(1 + self.random.below(object)))?;
        (0..=nearest).rev().take(PROBES).find(|older| self.live.contains(*older))
    }

    /// Sees to it that an object is reached for as long as it lives: from one that outlives it, or from a root.
    fn hold(&mut self, object: u32) {
        match self.find_holder(object) {
            Some(reference) => self.refer(reference, object),
            None => {
                let root = self.live.hold_by_root(object);
                self.writer.root(root, Some(self.live.number(object)));
            }
        }
    }

    /// An empty slot of an object that outlives this one, one of the latest.
    fn find_holder(&mut self, object: u32) -> Option<Reference> {
        let outlives =
            |open: &Reference| self.live.contains(open.holder) && self.end(open.holder) >= self.end(object);
        let back = self.open.iter().rev().take(PROBES).position(outlives)?;
        self.open.remove(self.open.len() - 1 - back)
    }

    /// When an object dies: the number of the moment, or past all of them.
    fn end(&self, object: u32) -> u32 {
        self.births[object as usize].death.unwrap_or(u32::MAX)
    }

    fn refer(&mut self, from: Reference, to: u32) {
        self.writer.store(self.live.number(from.holder), from.slot, Some(self.live.number(to)));
        self.live.add_reference(to, from);
    }

    fn open_slot(&mut self, slot: Reference) {
        if self.open.len() == OPEN_SLOTS {
            self.open.pop_front();
        }
        self.open.push_back(slot);
    }

    fn death(&mut self, object: u32) {
        let number = self.live.number(object);
        let (references, root) = self.live.remove(object);
        for from in references {
            if self.live.contains(from.holder) {
                self.writer.store(self.live.number(from.holder), from.slot, None);
                self.open_slot(from);
            }
        }
        if let Some(root) = root {
            self.writer.root(root, None);
        }
        self.writer.die(number);
    }
}
