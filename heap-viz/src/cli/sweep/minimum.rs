//! The least heap with which a program finishes, found by bisection, as DaCapo's users do.

use super::super::failure::Failure;
use super::super::parallel::on_all_cores;
use super::cell::Ready;
use super::draw::{Set, Wanted};
use super::file::{HeapSize, SweepFile};
use gc_core::PAGE_BYTES;
use heap_viz::sweep::MinimumHeap;
use std::collections::BTreeSet;

/// The old generation takes memory in pages of so many bytes.
pub(super) const PAGE: u64 = PAGE_BYTES as u64;

/// The least heap of each program that a cell has a multiple of: the least with which it finishes from every seed of
/// the file, by the modelled clock, on the first configuration of the sweep, with the first of each of its settings, and
/// with as small a new space as can be. So it is what no heap of the sweep can do with less of, whichever has the smallest new space.
pub(super) fn minimum_heaps(file: &SweepFile, wanted: &[Wanted<'_>]) -> Result<Vec<MinimumHeap>, Failure> {
    let Some(heap) = &file.heap else { return Ok(Vec::new()) };
    let mut seen = BTreeSet::new();
    let mut programs = Vec::new();
    for one in wanted.iter().filter(|one| matches!(one.heap, Some(HeapSize::Multiple(_)))) {
        if seen.insert(program(one)) {
            programs.push(as_first(file, one));
        }
    }
    let trials: Vec<_> = programs.iter().flat_map(|one| from_every_seed(file, one)).collect();
    let found = on_all_cores("least heaps", &trials, |one| least(one, heap.tolerance))?;
    let of = |one: &Wanted<'_>| {
        let (workload, parameters) = program(one);
        let all = trials.iter().zip(&found).filter(|(trial, _)| program(trial) == program(one));
        let max_old_bytes = all.map(|(_, &bytes)| bytes).max().expect("every program has a trial");
        MinimumHeap { workload, parameters, max_old_bytes }
    };
    Ok(programs.iter().map(of).collect())
}

/// The name of a program and its parameters but for the seed.
pub(super) fn program(wanted: &Wanted<'_>) -> (String, String) {
    let parameters = wanted.parameters.iter().map(|(parameter, value)| format!("{}={value}", parameter.name));
    (wanted.workload.name.clone(), parameters.collect::<Vec<_>>().join(" "))
}

/// The same program on the first configuration, with the first of each of its settings.
fn as_first<'f>(file: &'f SweepFile, wanted: &Wanted<'f>) -> Wanted<'f> {
    let config = &file.configs[0];
    let settings = config.settings.iter().map(|choice| Set::of(choice, choice.axis.first())).collect();
    Wanted { config, settings, ..wanted.clone() }
}

fn from_every_seed<'f>(file: &SweepFile, wanted: &Wanted<'f>) -> Vec<Wanted<'f>> {
    let seeds = if wanted.workload.named.parameters().is_some() { &file.seeds[..] } else { &file.seeds[..1] };
    seeds.iter().map(|&seed| Wanted { seed, ..wanted.clone() }).collect()
}

fn least(wanted: &Wanted<'_>, tolerance: f64) -> Result<u64, Failure> {
    let most = wanted.heap(None)?.config().max_old_bytes;
    bisect(most, tolerance, |max_old_bytes| finishes(wanted, max_old_bytes))?.ok_or_else(|| {
        let workload = wanted.workload.name.clone();
        Failure::NoMinimum { workload, reason: format!("it needs more than {most} bytes of old generation") }
    })
}

/// Whether a program finishes; that it finds its result wrong is another matter.
fn finishes(wanted: &Wanted<'_>, max_old_bytes: u64) -> Result<bool, Failure> {
    let figures = Ready::trial(wanted, max_old_bytes)?.run()?;
    if !figures.passed() && figures.refused_allocations == 0 {
        let reason = format!("it fails, and not for want of memory: {:?}", figures.verdict);
        return Err(Failure::NoMinimum { workload: wanted.workload.name.clone(), reason });
    }
    Ok(figures.passed())
}

/// The least number of bytes up to `most` that is enough, in whole pages, to a `tolerance`; none if not even `most` is.
fn bisect<E>(
    most: u64,
    tolerance: f64,
    mut is_enough: impl FnMut(u64) -> Result<bool, E>,
) -> Result<Option<u64>, E> {
    let (mut too_little, mut enough) = (0, PAGE.min(most));
    while !is_enough(enough)? {
        if enough == most {
            return Ok(None);
        }
        too_little = enough;
        enough = (enough * 2).min(most);
    }
    while enough - too_little > PAGE.max((enough as f64 * tolerance) as u64) {
        let middle = (too_little + (enough - too_little) / 2).next_multiple_of(PAGE);
        if middle >= enough {
            break;
        }
        *(if is_enough(middle)? { &mut enough } else { &mut too_little }) = middle;
    }
    Ok(Some(enough))
}

#[cfg(test)]
mod tests {
    use super::{PAGE, bisect};
    use proptest::prelude::{prop_assert, proptest};
    use std::convert::Infallible;

    fn found(most: u64, tolerance: f64, needed: u64) -> Option<u64> {
        let is_enough = |bytes| Ok::<_, Infallible>(bytes >= needed);
        bisect(most, tolerance, is_enough).unwrap_or_else(|never| match never {})
    }

    #[test]
    fn a_program_that_is_too_large_has_none() {
        assert_eq!(found(8 * PAGE, 0.01, 8 * PAGE + 1), None);
        assert_eq!(found(8 * PAGE, 0.01, 8 * PAGE), Some(8 * PAGE));
    }

    proptest! {
        #[test]
        fn what_is_found_is_enough_and_hardly_more(needed in 1_u64..1 << 32, tolerance in 0.001_f64..0.5) {
            let found = found(1 << 33, tolerance, needed).expect("there is that much");
            let slack = PAGE + PAGE.max((found as f64 * tolerance) as u64);
            prop_assert!(found >= needed && found - needed <= slack, "{found}");
        }
    }
}
