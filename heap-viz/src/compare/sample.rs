//! Which runs belong together.

use crate::quantity::Size;
use crate::report::PauseReport;
use crate::run::{Origin, Setting, SettingValue};
use std::collections::BTreeSet;

/// Runs of one program under the same settings.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// A name that tells it from the others.
    pub name: String,
    /// The runs: one at least.
    pub runs: Vec<PauseReport>,
}

/// A parameter in which runs of a sample may differ.
const SEED: &str = "seed";

/// Sorts runs, each with the name of what it was read from, into samples: groups of samples that are to be compared
/// with each other, a group for each workload.
///
/// Runs of a workload with the same parameters but for the seed, and the same settings, belong together. Where that
/// leaves nothing to compare, those that were read from one name do. If `named`, somebody has chosen the names, and it
/// is the other way round. Runs of different workloads are compared only if there is no workload with two samples.
#[must_use]
pub fn samples(runs: &[(String, PauseReport)], named: bool) -> Vec<Vec<Sample>> {
    let by_source = |source: &str, run: &PauseReport| format!("{source}\n{}", run.run.workload);
    let by_settings = |_: &str, run: &PauseReport| format!("{:?}", same_each_time(run));
    let mut groups = [grouped(runs, by_settings), grouped(runs, by_source)];
    if named {
        groups.reverse();
    }
    let mut with_two =
        groups.into_iter().map(|groups| groups.into_iter().filter(|group| group.len() > 1).collect());
    let found = with_two.find(|groups: &Vec<_>| !groups.is_empty());
    found.unwrap_or_else(|| vec![all_workloads(runs, by_source)])
}

/// Samples by workload, in the order in which they came.
fn grouped(runs: &[(String, PauseReport)], key: impl Fn(&str, &PauseReport) -> String) -> Vec<Vec<Sample>> {
    let workloads = sorted(runs.iter().cloned(), |(_, run)| run.run.workload.clone());
    workloads.into_iter().map(|(_, runs)| all_workloads(&runs, &key)).collect()
}

fn all_workloads(runs: &[(String, PauseReport)], key: impl Fn(&str, &PauseReport) -> String) -> Vec<Sample> {
    let samples = sorted(runs.iter().cloned(), |(source, run)| key(source, run));
    let names = names(&samples);
    let runs = samples.into_iter().map(|(_, runs)| runs.into_iter().map(|(_, run)| run).collect());
    names.into_iter().zip(runs).map(|(name, runs)| Sample { name, runs }).collect()
}

/// Sorted into lists by `key`, in the order in which keys came.
fn sorted<T>(all: impl IntoIterator<Item = T>, key: impl Fn(&T) -> String) -> Vec<(String, Vec<T>)> {
    let mut lists: Vec<(String, Vec<T>)> = Vec::new();
    for one in all {
        let key = key(&one);
        match lists.iter_mut().find(|(known, _)| *known == key) {
            Some((_, list)) => list.push(one),
            None => lists.push((key, vec![one])),
        }
    }
    lists
}

/// What runs of a sample have in common.
fn same_each_time(run: &PauseReport) -> (&str, Vec<&Setting>, &[Setting]) {
    let parameters = run.run.parameters.iter().filter(|parameter| parameter.name != SEED);
    (&run.run.workload, parameters.collect(), &run.run.settings)
}

/// A sample before it has a name: its key, and its runs with their sources.
type Unnamed = (String, Vec<(String, PauseReport)>);

/// The source of each sample where that is its own, and otherwise the settings that tell it from the others.
fn names(samples: &[Unnamed]) -> Vec<String> {
    let sources: Vec<_> = samples.iter().map(|(_, runs)| &*runs[0].0).collect();
    let own = |source: &str| sources.iter().filter(|other| **other == source).count() == 1;
    let telling = telling(samples);
    let named = samples.iter().zip(&sources).enumerate().map(|(index, ((_, runs), source))| {
        if own(source) && runs.iter().all(|(other, _)| other == source) {
            return (*source).into();
        }
        let settings = told(&runs[0].1, &telling);
        if telling.is_empty() { format!("{source} {}", index + 1) } else { settings }
    });
    named.collect()
}

/// The names of the settings and parameters that tell samples apart: one, if there is one that differs in all of them.
fn telling(samples: &[Unnamed]) -> Vec<&str> {
    let runs: Vec<_> = samples.iter().map(|(_, runs)| &runs[0].1).collect();
    let distinct = |name: &str| {
        let values: BTreeSet<_> = runs.iter().map(|run| setting(run, name).map(assignment)).collect();
        values.len()
    };
    let names = runs.iter().flat_map(|run| changed(run)).map(|setting| &*setting.name);
    let mut telling: Vec<_> = names.filter(|name| distinct(name) > 1).collect();
    let mut seen = BTreeSet::new();
    telling.retain(|name| seen.insert(*name));
    match telling.iter().find(|name| distinct(name) == runs.len()) {
        Some(name) => vec![name],
        None => telling,
    }
}

fn all_settings(run: &PauseReport) -> impl Iterator<Item = &Setting> {
    run.run.settings.iter().chain(&run.run.parameters)
}

fn changed(run: &PauseReport) -> impl Iterator<Item = &Setting> {
    all_settings(run).filter(|setting| setting.origin == Origin::Changed)
}

fn setting<'a>(run: &'a PauseReport, name: &str) -> Option<&'a Setting> {
    all_settings(run).find(|setting| setting.name == name)
}

/// What a run has of the settings with these names, where it is not as by default.
fn told(run: &PauseReport, telling: &[&str]) -> String {
    let words: Vec<_> =
        changed(run).filter(|setting| telling.contains(&&*setting.name)).map(assignment).collect();
    if words.is_empty() { "defaults".into() } else { words.join(" ") }
}

/// As on the command line: bytes have their unit with the number, not in the name.
fn assignment(setting: &Setting) -> String {
    match (setting.name.strip_suffix("_bytes"), &setting.value) {
        (Some(name), SettingValue::Integer(bytes)) => format!("{name}={}", Size(*bytes)),
        (_, value) => format!("{}={value}", setting.name),
    }
}

#[cfg(test)]
mod tests {
    use super::samples;
    use crate::report::PauseReport;
    use crate::report::tests::sample_report;
    use crate::run::{Setting, SettingValue};

    fn run(workload: &str, seed: u64, semi_space_kib: u64) -> PauseReport {
        let setting =
            |name, value| Setting::new(name, SettingValue::Integer(value), &SettingValue::Integer(0));
        let mut report = sample_report();
        report.run.workload = workload.into();
        report.run.parameters = vec![setting("seed", seed)];
        report.run.settings = vec![setting("semi_bytes", semi_space_kib << 10)];
        report
    }

    /// Checks the names and the numbers of runs of all samples of all groups.
    #[track_caller]
    fn check(runs: &[(&str, PauseReport)], named: bool, expected: &[&[(&str, usize)]]) {
        let runs: Vec<_> = runs.iter().map(|(source, run)| ((*source).into(), run.clone())).collect();
        let groups = samples(&runs, named);
        let groups: Vec<Vec<_>> = groups
            .iter()
            .map(|group| group.iter().map(|sample| (&sample.name[..], sample.runs.len())).collect())
            .collect();
        assert_eq!(groups, expected);
    }

    #[test]
    fn a_source_is_a_sample_of_each_of_its_workloads() {
        let file = |name| [(name, run("ring", 1, 4)), (name, run("ring", 2, 4)), (name, run("splay", 1, 4))];
        check(
            &[file("old"), file("new")].concat(),
            true,
            &[&[("old", 2), ("new", 2)], &[("old", 1), ("new", 1)]],
        );
    }

    #[test]
    fn repeated_runs_are_one_sample_whatever_files_they_are_in() {
        let runs = [
            ("1", run("ring", 1, 0)),
            ("2", run("ring", 2, 0)),
            ("3", run("ring", 1, 8)),
            ("4", run("ring", 2, 8)),
        ];
        check(&runs, false, &[&[("defaults", 2), ("semi=8KiB", 2)]]);
        check(&runs, true, &[&[("1", 1), ("2", 1), ("3", 1), ("4", 1)]]);
        check(&runs[..2], false, &[&[("1", 1), ("2", 1)]]);
    }

    #[test]
    fn runs_of_one_source_are_told_apart_by_their_settings() {
        let runs = [run("ring", 1, 0), run("ring", 2, 0), run("ring", 1, 8)].map(|run| ("all", run));
        check(&runs, false, &[&[("defaults", 2), ("semi=8KiB", 1)]]);
    }

    #[test]
    fn one_setting_is_enough_where_it_tells_all_samples_apart() {
        let sized = |initial: u64, max: u64| {
            let mut report = run("ring", 1, 0);
            let setting = |name, kib: u64| {
                Setting::new(name, SettingValue::Integer(kib << 10), &SettingValue::Integer(1 << 20))
            };
            report.run.settings = vec![setting("initial_bytes", initial), setting("max_bytes", max)];
            ("all", report)
        };
        let check_names = |runs: &[(&str, PauseReport)], names: &[&str]| {
            check(runs, false, &[&names.iter().map(|name| (*name, 1)).collect::<Vec<_>>()]);
        };
        check_names(&[sized(1024, 1024), sized(256, 256)], &["defaults", "initial=256KiB"]);
        check_names(&[sized(1024, 2048), sized(512, 256)], &["max=2MiB", "max=256KiB"]);
        check_names(
            &[sized(512, 2048), sized(256, 2048), sized(256, 512)],
            &["initial=512KiB max=2MiB", "initial=256KiB max=2MiB", "initial=256KiB max=512KiB"],
        );
    }

    #[test]
    fn different_workloads_are_compared_if_there_is_nothing_else_to() {
        check(&[("a", run("V8", 1, 0)), ("b", run("HotSpot", 1, 0))], false, &[&[("a", 1), ("b", 1)]]);
    }

    #[test]
    fn a_single_run_has_nothing_to_be_compared_with() {
        check(&[("a", run("ring", 1, 0))], false, &[&[("a", 1)]]);
        check(&[("a", run("ring", 1, 0)), ("a", run("ring", 2, 0))], false, &[&[("a", 2)]]);
    }
}
