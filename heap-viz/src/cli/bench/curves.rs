//! Time against memory: a system with heaps of several sizes.

use super::super::progress::Progress;
use super::measure::{cell, invoke};
use super::peers_file::{Space, System};
use super::plan::{Memory, Plan, PlannedCase};
use super::smallest_heap::smallest_mib;
use super::turns::in_turn;
use heap_viz::matrix::{Cell, Curve, CurvePoint};
use std::time::Duration;

/// Heaps in units of the smallest one: dense where time changes most, up to six times as in DaCapo's studies (Blackburn
/// et al., "Wake up and smell the coffee", 2008).
const MULTIPLES: [f64; 7] = [1.0, 1.25, 1.5, 2.0, 3.0, 4.0, 6.0];
/// A program may take so many times longer with a small heap than as it comes, before the heap is said to be too small.
const MOST_TIMES_LONGER: f64 = 10.0;
/// And so much longer at least.
const LEAST_LONGER: Duration = Duration::from_secs(1);
/// Invocations of each point that count, at most.
const MOST_REPETITIONS: usize = 3;

/// The curves of a case, of those systems that got through it as they come and whose memory can be set.
pub(super) fn curves(plan: &Plan, case: &PlannedCase, cells: &[Cell], progress: &Progress) -> Vec<Curve> {
    let mut curves = Vec::new();
    for (index, (system, cell)) in plan.systems.iter().zip(cells).enumerate() {
        if let (Some(space), Some(usual_seconds)) = (&system.space, longest_seconds(cell)) {
            let trial = Trial { plan, system, case, time_limit: time_limit(plan, usual_seconds) };
            curves.push(trial.curve(index, space));
        }
        progress.show((index + 1) as f64 / cells.len() as f64);
    }
    curves
}

/// How long a process took as it came, at most.
fn longest_seconds(cell: &Cell) -> Option<f64> {
    let seconds = cell.invocations().iter().map(|invocation| invocation.process_seconds);
    seconds.max_by(f64::total_cmp)
}

fn time_limit(plan: &Plan, usual_seconds: f64) -> Duration {
    let longer = Duration::try_from_secs_f64(usual_seconds * MOST_TIMES_LONGER).unwrap_or(plan.time_limit);
    (longer + LEAST_LONGER).min(plan.time_limit)
}

/// A system that is tried with several sizes of memory.
struct Trial<'a> {
    plan: &'a Plan,
    system: &'a System,
    case: &'a PlannedCase,
    time_limit: Duration,
}

impl Trial<'_> {
    fn curve(&self, system: usize, space: &Space) -> Curve {
        match space {
            Space::Knob { variable, values } => {
                let memories = values.iter().map(|value| Memory::Knob(value.clone()));
                let points = self.points(memories.map(|memory| (memory, None)).collect());
                Curve {
                    system,
                    minimum_heap_bytes: None,
                    points,
                    note: Some(format!("by {variable}, which is no limit")),
                }
            }
            Space::Limit { .. } => match self.smallest_mib() {
                Some(smallest) => {
                    let points = self.points(multiples(smallest));
                    Curve { system, minimum_heap_bytes: Some(smallest << 20), points, note: None }
                }
                None => {
                    let note = Some("it gets through with no heap that was tried".into());
                    Curve { system, minimum_heap_bytes: None, points: Vec::new(), note }
                }
            },
        }
    }

    fn smallest_mib(&self) -> Option<u64> {
        let live_mib = self.case.workload.live_bytes().div_ceil(1 << 20);
        smallest_mib(live_mib, |mib| {
            invoke(self.plan, self.system, self.case, &Memory::HeapMib(mib), self.time_limit).is_ok()
        })
    }

    /// The points with these memories, which take turns.
    fn points(&self, memories: Vec<(Memory, Option<f64>)>) -> Vec<CurvePoint> {
        let repetitions = self.plan.repetitions.min(MOST_REPETITIONS);
        let results = in_turn(memories.len(), repetitions, |point| {
            invoke(self.plan, self.system, self.case, &memories[point].0, self.time_limit)
        });
        let point = |((memory, heap_multiple), result): ((Memory, Option<f64>), _)| CurvePoint {
            setting: memory.name(),
            heap_multiple,
            cell: cell(result),
        };
        memories.into_iter().zip(results).map(point).collect()
    }
}

impl Memory {
    fn name(&self) -> String {
        match self {
            Memory::AsItComes => "as it comes".into(),
            Memory::HeapMib(mib) => format!("{mib} MiB"),
            Memory::Knob(value) => value.clone(),
        }
    }
}

/// Sizes in MiB, each once: small multiples of a small heap are the same.
fn multiples(smallest: u64) -> Vec<(Memory, Option<f64>)> {
    let mut sizes: Vec<u64> =
        MULTIPLES.iter().map(|multiple| (multiple * smallest as f64).round() as u64).collect();
    sizes.dedup();
    let point = |size: u64| (Memory::HeapMib(size), Some(size as f64 / smallest as f64));
    sizes.into_iter().map(point).collect()
}

#[cfg(test)]
mod tests {
    use super::{Memory, multiples};

    fn sizes(smallest: u64) -> Vec<u64> {
        let size = |memory| match memory {
            Memory::HeapMib(mib) => mib,
            memory => unreachable!("{memory:?}"),
        };
        multiples(smallest).into_iter().map(|(memory, _)| size(memory)).collect()
    }

    #[test]
    fn sizes_are_multiples_and_each_comes_once() {
        assert_eq!(sizes(100), [100, 125, 150, 200, 300, 400, 600]);
        assert_eq!(sizes(1), [1, 2, 3, 4, 6]);
    }
}
