//! Drawing cells from what there is to choose.

use super::super::settings::Knob;
use super::axis::Axis;
use super::file::{ConfigChoice, HeapSize, Sample, SettingChoice, SweepFile, WorkloadChoice};
use super::keys::MAX_CELLS;
use heap_viz::sweep::{latin_hypercube, random};
use heap_viz::{ClockKind, SettingValue};
use workloads::Parameter;

/// A cell as it is wanted: one choice of everything.
#[derive(Clone, Debug)]
pub(super) struct Wanted<'f> {
    pub(super) workload: &'f WorkloadChoice,
    pub(super) parameters: Vec<(Parameter, u64)>,
    pub(super) config: &'f ConfigChoice,
    pub(super) settings: Vec<Set<'f>>,
    pub(super) heap: Option<HeapSize>,
    pub(super) seed: u64,
    pub(super) clock: ClockKind,
}

/// A setting as it is wanted.
#[derive(Clone, Debug)]
pub(super) struct Set<'f> {
    pub(super) knob: &'static Knob,
    pub(super) value: SettingValue,
    pub(super) place: &'f str,
}

impl<'f> Set<'f> {
    pub(super) fn of(choice: &'f SettingChoice, value: SettingValue) -> Self {
        Set { knob: choice.knob, value, place: &choice.place }
    }
}

/// More cells than a plan may have: how many.
#[derive(Debug)]
pub(super) struct TooMany(pub(super) u128);

/// All cells of a file.
pub(super) fn draw(file: &SweepFile) -> Result<Vec<Wanted<'_>>, TooMany> {
    match file.sample {
        Sample::Grid => grid(file),
        Sample::Random { cells, seed } => Ok(sampled(file, random(cells, dimensions(file), seed))),
        Sample::LatinHypercube { cells, seed } => {
            Ok(sampled(file, latin_hypercube(cells, dimensions(file), seed)))
        }
    }
}

fn grid(file: &SweepFile) -> Result<Vec<Wanted<'_>>, TooMany> {
    let count = grid_cells(file);
    if count > u128::from(MAX_CELLS) {
        return Err(TooMany(count));
    }
    let (heaps, circumstances) = (heaps(file), circumstances(file));
    let mut cells = Vec::new();
    for (workload, parameters) in &works(file) {
        for (config, settings) in &heaps {
            cells.extend(circumstances.iter().map(|&(heap, clock, seed)| Wanted {
                workload,
                parameters: parameters.clone(),
                config,
                settings: settings.clone(),
                heap,
                seed,
                clock,
            }));
        }
    }
    Ok(cells)
}

/// Each workload with all of its parameters.
fn works(file: &SweepFile) -> Vec<(&WorkloadChoice, Vec<(Parameter, u64)>)> {
    let works = file.workloads.iter().flat_map(|workload| {
        let parameters =
            product(&workload.parameters, |(parameter, axis)| values(axis, |value| (*parameter, value)));
        parameters.into_iter().map(move |parameters| (workload, parameters))
    });
    works.collect()
}

/// Each configuration with all of its settings.
fn heaps(file: &SweepFile) -> Vec<(&ConfigChoice, Vec<Set<'_>>)> {
    let heaps = file.configs.iter().flat_map(|config| {
        let settings =
            product(&config.settings, |choice| values(&choice.axis, |value| Set::of(choice, value)));
        settings.into_iter().map(move |settings| (config, settings))
    });
    heaps.collect()
}

/// How large heaps are, each with all clocks, each with all seeds.
fn circumstances(file: &SweepFile) -> Vec<(Option<HeapSize>, ClockKind, u64)> {
    let sizes = file.heap.as_ref().map_or(vec![None], |heap| values(&heap.sizes, Some));
    let with_clocks = sizes.iter().flat_map(|&size| file.clocks.iter().map(move |&clock| (size, clock)));
    with_clocks.flat_map(|(size, clock)| file.seeds.iter().map(move |&seed| (size, clock, seed))).collect()
}

fn values<T: Clone, R>(axis: &Axis<T>, make: impl Fn(T) -> R) -> Vec<R> {
    axis.grid().into_iter().map(make).collect()
}

/// Everything of each with everything of the others; one without anything of nothing.
fn product<'a, A, T: Clone>(axes: &'a [A], values: impl Fn(&'a A) -> Vec<T>) -> Vec<Vec<T>> {
    axes.iter().fold(vec![Vec::new()], |so_far, axis| {
        let values = values(axis);
        let with = |chosen: &Vec<T>| {
            let chosen = chosen.clone();
            values
                .iter()
                .map(move |value| [&chosen[..], std::slice::from_ref(value)].concat())
                .collect::<Vec<_>>()
        };
        so_far.iter().flat_map(with).collect()
    })
}

/// How many cells a grid has.
fn grid_cells(file: &SweepFile) -> u128 {
    fn size<T: Clone>(axis: &Axis<T>) -> u128 {
        axis.grid().len() as u128
    }
    let workloads = file
        .workloads
        .iter()
        .map(|workload| workload.parameters.iter().map(|(_, axis)| size(axis)).product::<u128>());
    let configs = file
        .configs
        .iter()
        .map(|config| config.settings.iter().map(|choice| size(&choice.axis)).product::<u128>());
    let heaps = file.heap.as_ref().map_or(1, |heap| size(&heap.sizes));
    workloads.sum::<u128>() * configs.sum::<u128>() * heaps * (file.clocks.len() * file.seeds.len()) as u128
}

/// Workload, configuration, heap, seed and clock; then the parameters and settings of the one that has most of them.
fn dimensions(file: &SweepFile) -> usize {
    5 + most_parameters(file) + file.configs.iter().map(|config| config.settings.len()).max().unwrap_or(0)
}

fn most_parameters(file: &SweepFile) -> usize {
    file.workloads.iter().map(|workload| workload.parameters.len()).max().unwrap_or(0)
}

fn sampled<'f>(file: &'f SweepFile, places: Vec<Vec<f64>>) -> Vec<Wanted<'f>> {
    places.iter().map(|place| at(file, place)).collect()
}

fn at<'f>(file: &'f SweepFile, place: &[f64]) -> Wanted<'f> {
    let (workload, config) = (pick(&file.workloads, place[0]), pick(&file.configs, place[1]));
    let (own, settings) = place[5..].split_at(most_parameters(file));
    let parameters = workload.parameters.iter().zip(own);
    Wanted {
        workload,
        parameters: parameters.map(|((parameter, axis), &share)| (*parameter, axis.at(share))).collect(),
        config,
        settings: config
            .settings
            .iter()
            .zip(settings)
            .map(|(choice, &share)| Set::of(choice, choice.axis.at(share)))
            .collect(),
        heap: file.heap.as_ref().map(|heap| heap.sizes.at(place[2])),
        seed: *pick(&file.seeds, place[3]),
        clock: *pick(&file.clocks, place[4]),
    }
}

fn pick<T>(items: &[T], share: f64) -> &T {
    &items[(share * items.len() as f64) as usize]
}

#[cfg(test)]
mod tests {
    use super::product;

    #[test]
    fn everything_meets_everything() {
        assert_eq!(product(&[vec![1, 2], vec![3, 4]], Vec::clone), [[1, 3], [1, 4], [2, 3], [2, 4]]);
        assert_eq!(product(&[], Vec::<u8>::clone), [[0_u8; 0]]);
    }
}
