//! From what is wanted to a cell of a plan, and from that to a run.

use super::super::args::HeapArgs;
use super::super::effective::Effective;
use super::super::failure::Failure;
use super::super::growth::GrowthRule;
use super::super::named::Named;
use super::super::plan::{PlannedRun, described};
use super::super::program::Onlookers;
use super::super::progress::Progress;
use super::super::settings::{KNOBS, Knob};
use super::content::Contents;
use super::draw::Wanted;
use super::file::{HeapUse, SweepFile};
use gc_core::policy::{InitialLimit, PercentGrowth};
use gc_core::{Config, MIN_SEMISPACE_BYTES};
use heap_viz::sweep::{CellResult, Figures, Hash, Identity, PlannedCell};
use heap_viz::{ClockKind, PauseReport, RunInfo, SettingValue, Shared, Timeline};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

/// How large the heap of a cell is to be, and how it is used.
#[derive(Clone, Debug)]
pub(super) struct Limit {
    pub(super) max_old_bytes: u64,
    /// How that is said in the file, and where.
    pub(super) words: String,
    pub(super) used: HeapUse,
}

impl Wanted<'_> {
    /// The settings of its heap.
    pub(super) fn heap(&self, limit: Option<&Limit>) -> Result<Effective, Failure> {
        let mut heap = self.config.base.clone();
        for set in &self.settings {
            let words = format!("{}: `{}` is {}", set.place, set.knob.path(), set.value);
            heap.set(set.knob, &set.value, words).expect("the file was read with the same rules");
        }
        let mut heap = limit.map_or(heap.clone(), |limit| limit.of(heap)).by_clock(self.clock);
        heap.fit();
        heap.check()?;
        Ok(heap)
    }

    /// Its parameters and seed, as commands have them.
    pub(super) fn assignments(&self) -> Vec<String> {
        let parameters =
            self.parameters.iter().map(|(parameter, value)| format!("{}={value}", parameter.name));
        let seed = self.workload.named.parameters().map(|_| format!("seed={}", self.seed));
        parameters.chain(seed).collect()
    }

    /// The cell of a plan. `name` is what its workload is called there.
    pub(super) fn cell(
        &self,
        file: &SweepFile,
        name: &str,
        limit: Option<&Limit>,
        contents: &Contents,
    ) -> Result<PlannedCell, Failure> {
        let heap = self.heap(limit)?;
        let run = described(&self.workload.named, name, &self.assignments(), &heap)?;
        let identity = identity(contents, &self.workload.named, &run)?;
        let config = heap.config();
        let (heap_label, choices) =
            (self.heap.map_or(String::new(), |size| size.label()), self.choices(file, name));
        Ok(PlannedCell {
            id: identity.cell,
            point: called(&identity.point, &(name, &self.config.name, &heap_label, &choices)),
            config_hash: identity.config,
            cost_hash: identity.cost,
            workload: name.into(),
            parameters: parameters(&run),
            config: self.config.name.clone(),
            heap: heap_label,
            clock: self.clock,
            max_old_bytes: config.max_old_bytes,
            semispace_bytes: config.new_space.max_bytes,
            settings: heap.unusual(),
            choices,
        })
    }

    /// What was chosen where the file leaves a choice.
    fn choices(&self, file: &SweepFile, name: &str) -> BTreeMap<String, String> {
        let mut choices = BTreeMap::new();
        let mut choose = |is_choice: bool, what: &str, label: String| {
            if is_choice {
                choices.insert(what.into(), label);
            }
        };
        choose(file.workloads.len() > 1, "workload", name.into());
        choose(file.configs.len() > 1, "config", self.config.name.clone());
        choose(file.clocks.len() > 1, "clock", self.clock.name().into());
        if let (Some(heap), Some(size)) = (&file.heap, self.heap) {
            choose(heap.sizes.is_choice(), "heap", size.label());
        }
        for ((parameter, axis), (_, value)) in self.workload.parameters.iter().zip(&self.parameters) {
            choose(axis.is_choice(), parameter.name, value.to_string());
        }
        for (choice, set) in self.config.settings.iter().zip(&self.settings) {
            choose(choice.axis.is_choice(), &choice.knob.path(), set.value.to_string());
        }
        choices
    }
}

impl Limit {
    /// Settings with this limit.
    fn of(&self, mut heap: Effective) -> Effective {
        let bytes = self.max_old_bytes;
        let knob = Knob::find("max_old_bytes").expect("there is such a setting");
        heap.set(knob, &SettingValue::Integer(bytes), self.words.clone()).expect("sizes are whole numbers");
        heap.changed(|draft| {
            if self.used == HeapUse::All {
                draft.config.pacing.initial_limit_bytes = bytes;
                draft.config.pacing.initial_limit = InitialLimit::Fixed;
                draft.growth.rule = GrowthRule::Percent;
                draft.growth.percent = PercentGrowth { min_growth_bytes: bytes, ..draft.growth.percent };
            }
        })
    }
}

fn identity(contents: &Contents, named: &Named, run: &RunInfo) -> Result<Identity, Failure> {
    Ok(Identity::of(CellResult::SCHEMA, &contents.build, &contents.program(named)?, run))
}

/// The point of what is called by these labels: what is called otherwise is another point, although it be the same.
fn called(point: &Hash, labels: &impl Serialize) -> Hash {
    let labels = serde_json::to_string(labels).expect("labels are texts");
    Hash::of(format!("{point} {labels}").as_bytes())
}

fn parameters(run: &RunInfo) -> BTreeMap<String, u64> {
    let numbers =
        run.parameters.iter().filter_map(|setting| Some((setting.name.clone(), setting.value.as_integer()?)));
    numbers.collect()
}

/// A cell that can be run.
#[derive(Debug)]
pub(super) struct Ready {
    run: PlannedRun,
    config: Config,
}

impl Ready {
    /// What it takes to run a cell of a plan, whose files are told from `folder`.
    ///
    /// # Errors
    /// Also if the cell would not be what its name says: what it depends on is not what it was when the plan was made.
    pub(super) fn new(cell: &PlannedCell, folder: &Path, contents: &Contents) -> Result<Self, Failure> {
        let stale = |reason: &str| Failure::Stale { cell: cell.told(), reason: reason.into() };
        let named = Named::find(&cell.workload, |file| folder.join(file));
        let named = named.ok_or_else(|| stale("there is no such workload"))?;
        let heap =
            heap_of(cell).map_err(|setting| stale(&format!("there is no such setting as {setting}")))?;
        let assignments: Vec<_> =
            cell.parameters.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let run = described(&named, &cell.workload, &assignments, &heap)?;
        if identity(contents, &named, &run)?.cell != cell.id {
            let reason = match named.file() {
                Some(file) => format!("{} has changed", file.display()),
                None => format!(
                    "the plan is of another build of tenure {}, with other defaults or parameters",
                    env!("CARGO_PKG_VERSION")
                ),
            };
            return Err(stale(&reason));
        }
        Ok(Ready { run: PlannedRun::of(&named, &assignments, false, &heap)?, config: heap.config() })
    }

    /// What is wanted, to find out whether an old generation of so many bytes is enough for it: new space is as small
    /// as it can be, since what lies there need not lie in the old generation. All else is as the configuration says.
    pub(super) fn trial(wanted: &Wanted<'_>, max_old_bytes: u64) -> Result<Self, Failure> {
        let heap = wanted.heap(None)?.by_clock(ClockKind::Modelled).changed(|draft| {
            draft.config.max_old_bytes = max_old_bytes;
            draft.config.new_space.initial_bytes = MIN_SEMISPACE_BYTES;
            draft.config.new_space.max_bytes = MIN_SEMISPACE_BYTES;
        });
        let run = PlannedRun::of(&wanted.workload.named, &wanted.assignments(), false, &heap)?;
        Ok(Ready { run, config: heap.config() })
    }

    /// Runs it.
    pub(super) fn run(&self) -> Result<Figures, Failure> {
        let timeline = Shared::new(Timeline::default());
        let sink = Box::new(timeline.clone());
        let onlookers = Onlookers { sink, watchers: Vec::new(), last_look: None, sites: None };
        let end = self.run.program.run(self.config.clone(), onlookers, None, &Progress::hidden())?;
        Ok(Figures::of(&PauseReport::new(self.run.info.clone(), &timeline.lock(), end)))
    }
}

/// The settings of a cell's heap; or the one that there is none of, or not with such a value.
fn heap_of(cell: &PlannedCell) -> Result<Effective, String> {
    let mut heap = Effective::new(&HeapArgs::default()).expect("there can be a heap with the defaults");
    for (path, value) in &cell.settings {
        let told = || format!("`{path}` = {value}");
        let knob = KNOBS.iter().find(|knob| knob.path() == *path).ok_or_else(told)?;
        heap.set(knob, value, told()).map_err(|_| told())?;
    }
    Ok(heap)
}

#[cfg(test)]
mod tests {
    use super::{Ready, heap_of};
    use crate::cli::failure::Failure;
    use crate::cli::sweep::content::Contents;
    use crate::cli::sweep::draw::draw;
    use crate::cli::sweep::file::tests::parse;
    use gc_core::Preset;
    use heap_viz::sweep::{Hash, PlannedCell};
    use std::path::Path;

    fn contents() -> Contents {
        Contents::new(Hash::of(b"build"))
    }

    fn cells(text: &str) -> Vec<PlannedCell> {
        let file = parse(text).expect("the file has no mistake");
        let wanted = draw(&file).expect("there are few");
        wanted
            .iter()
            .map(|wanted| {
                wanted
                    .cell(&file, &wanted.workload.name, None, &contents())
                    .expect("there can be such a heap")
            })
            .collect()
    }

    #[test]
    fn a_heap_is_the_same_from_its_settings_again() {
        for preset in Preset::ALL {
            let text = format!(
                "[[workload]]\nname = \"ring\"\n[[config]]\nname = \"it\"\npreset = \"{}\"\n[config.set]\nnew_space.max = \"512KiB\"",
                preset.name()
            );
            let file = parse(&text).expect("the file has no mistake");
            let wanted = draw(&file).expect("there are few").remove(0);
            let cell = wanted.cell(&file, "ring", None, &contents()).expect("there can be such a heap");
            let again = heap_of(&cell).expect("the settings are known");
            assert_eq!(
                again.config(),
                wanted.heap(None).expect("there can be such a heap").config(),
                "{preset:?}"
            );
        }
    }

    #[test]
    fn cells_are_told_by_what_they_depend_on() {
        let text = "seeds = [1, 2]\n[[workload]]\nname = \"ring\"\n[workload.set]\nwindow = [10, 20]";
        let (one, other) = (cells(text), cells(&text.replace("20]", "30]")));
        assert_eq!(one.len(), 4);
        let ids = |cells: &[PlannedCell]| cells.iter().map(|cell| cell.id.clone()).collect::<Vec<_>>();
        assert_eq!(ids(&one)[..2], ids(&other)[..2]);
        assert_ne!(ids(&one)[2..], ids(&other)[2..]);
        assert_eq!(one[0].point, one[1].point);
    }

    #[test]
    fn a_cell_that_is_not_what_its_name_says_is_not_run() {
        let cell = cells("[[workload]]\nname = \"ring\"").remove(0);
        let ready = |cell: &PlannedCell| Ready::new(cell, Path::new(""), &contents());
        assert!(ready(&cell).is_ok());
        let mut other = cell.clone();
        other.parameters.insert("seed".into(), 7);
        let mut unknown = cell.clone();
        unknown.settings.insert("new_space.colour".into(), heap_viz::SettingValue::Flag(true));
        for changed in [other, unknown] {
            assert!(matches!(ready(&changed), Err(Failure::Stale { .. })));
        }
    }
}
