//! What work costs in the program at hand.
//!
//! The same work takes several times as long in one program as in another: whether objects lie beside each other or all over
//! the heap is not counted. So the costs are learned from the program itself, in a few measured runs under settings other than
//! those that are predicted for the most part, and a prediction is about the change of settings only.

use super::super::calibrate::{Shown, fit, model};
use super::super::effective::Effective;
use super::super::failure::Failure;
use super::super::plan::PlannedRun;
use super::candidate::{Candidate, OldRoom};
use gc_core::clock::CostModel;
use heap_viz::ClockKind;

/// The settings of the measured runs: little is copied in some, much in others, and old space is collected often in one.
const LESSONS: [Candidate; 3] = [
    Candidate { semispace_bytes: 1 << 20, promotion_age: 1, old_room: OldRoom::AsGiven },
    Candidate { semispace_bytes: 8 << 20, promotion_age: 1, old_room: OldRoom::AsGiven },
    Candidate { semispace_bytes: 1 << 20, promotion_age: 0, old_room: OldRoom::Tight },
];
/// How often each is made: of each pause the shortest time counts.
const REPEATS: usize = 3;

/// The costs that explain the pauses of the program; of work that there was none of, those of `base`.
pub(crate) fn costs(run: &PlannedRun, base: &Effective) -> Result<CostModel, Failure> {
    let mut pauses = Vec::new();
    let mut byte_costs_ps = Vec::new();
    for lesson in LESSONS {
        if let Some(shown) = learn(run, &lesson.on(base).by_clock(ClockKind::Measured))? {
            pauses.extend(shown.pauses);
            byte_costs_ps.push(shown.allocated_byte_ps);
        }
    }
    let before = base.cost();
    let allocated_byte_ps = byte_costs_ps.into_iter().min().unwrap_or(before.allocated_byte_ps);
    Ok(model(&fit::fit(&pauses, &fit::costs_of(before)), allocated_byte_ps))
}

/// What the pauses are like under these settings; nothing if the program cannot do with them.
fn learn(run: &PlannedRun, settings: &Effective) -> Result<Option<Shown>, Failure> {
    let mut shown: Option<Shown> = None;
    for _ in 0..REPEATS {
        let Some(again) = Shown::of_run(run, settings.config())? else { return Ok(None) };
        match &mut shown {
            Some(shown) => shown.take_shorter(&again),
            None => shown = Some(again),
        }
    }
    Ok(shown)
}
