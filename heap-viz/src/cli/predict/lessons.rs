//! What work costs in the program at hand.
//!
//! The same work takes several times as long in one program as in another: whether objects lie beside each other or all over
//! the heap is not counted. So the costs are learned from the program itself, in a few measured runs under settings other than
//! those that are predicted for the most part, and a prediction is about the change of settings only.

use super::super::calibrate::{Observation, Shown, fit, model};
use super::super::effective::Effective;
use super::super::failure::Failure;
use super::super::plan::PlannedRun;
use super::candidate::{Candidate, OldRoom};
use super::spread::Spread;
use gc_core::clock::CostModel;
use heap_viz::ClockKind;

/// The settings of the measured runs: little is copied in some, much in others, and old space is collected often in one.
const LESSONS: [Candidate; 3] = [
    Candidate { semispace_bytes: 1 << 20, promotion_age: 1, old_room: OldRoom::AsGiven },
    Candidate { semispace_bytes: 8 << 20, promotion_age: 1, old_room: OldRoom::AsGiven },
    Candidate { semispace_bytes: 1 << 20, promotion_age: 0, old_room: OldRoom::Tight },
];
/// How often each is made: of each pause the shortest time counts for the costs.
const REPEATS: usize = 3;

/// The costs that explain the pauses of the program, and how far pauses are from them. Work that there was none of has the
/// costs of `base`.
pub(crate) fn learn(run: &PlannedRun, base: &Effective) -> Result<(CostModel, Spread), Failure> {
    let mut lessons = Lessons::default();
    for lesson in LESSONS {
        lessons.take(run, &lesson.on(base).by_clock(ClockKind::Measured))?;
    }
    let costs = fit::fit(&lessons.shortest, &fit::costs_of(base.cost()));
    let allocated_byte_ps = lessons.allocated_byte_ps.unwrap_or(base.cost().allocated_byte_ps);
    Ok((model(&costs, allocated_byte_ps), Spread::of(&lessons.all, &costs)))
}

/// What the measured runs have shown.
#[derive(Debug, Default)]
struct Lessons {
    /// Each pause once, with the shortest time that it took.
    shortest: Vec<Observation>,
    /// Each pause as often as it was made.
    all: Vec<Observation>,
    allocated_byte_ps: Option<u64>,
}

impl Lessons {
    /// Makes runs under these settings, unless the program cannot do with them.
    fn take(&mut self, run: &PlannedRun, settings: &Effective) -> Result<(), Failure> {
        let Some(mut shortest) = Shown::of_run(run, settings.config())? else { return Ok(()) };
        self.all.extend(&shortest.pauses);
        for _ in 1..REPEATS {
            if let Some(again) = Shown::of_run(run, settings.config())? {
                self.all.extend(&again.pauses);
                shortest.take_shorter(&again);
            }
        }
        let least_ps = self.allocated_byte_ps.unwrap_or(u64::MAX).min(shortest.allocated_byte_ps);
        self.allocated_byte_ps = Some(least_ps);
        self.shortest.extend(shortest.pauses);
        Ok(())
    }
}
