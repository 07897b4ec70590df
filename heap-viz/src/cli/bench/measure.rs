//! The cells of a case, measured in turn.

use super::super::progress::Progress;
use super::answer::Answer;
use super::peers_file::System;
use super::plan::{Memory, Plan, PlannedCase};
use super::preparation::Readiness;
use super::turns::in_turn;
use heap_viz::matrix::{Cell, Invocation};
use std::time::Duration;

/// What every system does for a case.
pub(super) fn cells(plan: &Plan, case: &PlannedCase, ready: &[Readiness], progress: &Progress) -> Vec<Cell> {
    let absences: Vec<_> =
        plan.systems.iter().zip(ready).map(|(system, ready)| absence(system, ready, case)).collect();
    let present: Vec<_> = (0..absences.len()).filter(|index| absences[*index].is_none()).collect();
    let all = present.len() * (plan.repetitions + 1);
    let mut done = 0;
    let results = in_turn(present.len(), plan.repetitions, |contestant| {
        let system = &plan.systems[present[contestant]];
        let outcome = invoke(plan, system, case, &Memory::AsItComes, plan.time_limit);
        done += 1;
        progress.show(done as f64 / all as f64);
        outcome
    });
    let mut cells = results.into_iter().map(cell);
    let mut next = || cells.next().expect("there is a result for each system that is present");
    absences.into_iter().map(|absence| absence.unwrap_or_else(&mut next)).collect()
}

/// Why a system cannot run a case, if it cannot.
fn absence(system: &System, ready: &Readiness, case: &PlannedCase) -> Option<Cell> {
    match (ready, system.impossible.get(&case.name)) {
        (_, Some(why)) => Some(Cell::Impossible { why: why.clone() }),
        (Err(cell), None) => Some(cell.clone()),
        (Ok(_), None) => None,
    }
}

/// The cell of a result.
pub(super) fn cell(result: Result<Vec<Invocation>, String>) -> Cell {
    match result {
        Ok(invocations) => Cell::Measured { invocations },
        Err(why) => Cell::Failed { why },
    }
}

/// Runs a case on a system once; what went wrong otherwise.
pub(super) fn invoke(
    plan: &Plan,
    system: &System,
    case: &PlannedCase,
    memory: &Memory,
    time_limit: Duration,
) -> Result<Invocation, String> {
    let mut invocation = plan.invocation(system, case, memory);
    invocation.time_limit = time_limit;
    let ended = invocation.run()?;
    let answer = Answer::read(&ended.stdout, system.answer)?;
    if answer.checksum != case.checksum {
        return Err(format!("it found {:#018x} and not {:#018x}", answer.checksum, case.checksum));
    }
    Ok(Invocation {
        seconds: answer.seconds,
        process_seconds: ended.elapsed.as_secs_f64(),
        peak_bytes: ended.peak_kib.max(answer.peak_kib) << 10,
        latency: answer.latency,
        pauses: answer.pauses,
    })
}
