//! The file of a sweep: what there is to choose.

use super::super::args::HeapArgs;
use super::super::config_file::{Entry, entries, plain};
use super::super::effective::Effective;
use super::super::failure::Failure;
use super::super::named::Named;
use super::super::nearest::did_you_mean;
use super::super::scenario::table::Table;
use super::super::scenario::value::Value;
use super::super::settings::{Draft, Knob, WrongKind};
use super::super::toml_file::{Mistake, TomlFile};
use super::axis::{Axis, Drawn, axis};
use super::keys::{CONFIG, HEAP, SAMPLE, SAMPLES, TOP, WORKLOAD};
use gc_core::Preset;
use heap_viz::quantity::Size;
use heap_viz::{ClockKind, SettingValue};
use std::path::{Path, PathBuf};
use toml::de::DeValue;
use workloads::{Parameter, SEED};

/// The greatest seed: whole numbers of TOML, and of the tables that a sweep comes to, have 64 bits and a sign.
const MAX_SEED: u64 = i64::MAX as u64;

/// The file of a sweep.
#[derive(Debug)]
pub(super) struct SweepFile {
    pub(super) sample: Sample,
    pub(super) seeds: Vec<u64>,
    pub(super) clocks: Vec<ClockKind>,
    pub(super) workloads: Vec<WorkloadChoice>,
    pub(super) configs: Vec<ConfigChoice>,
    pub(super) heap: Option<HeapChoice>,
}

/// How cells are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sample {
    /// Everything with everything.
    Grid,
    /// So many, each for itself.
    Random { cells: usize, seed: u64 },
    /// So many, spread evenly over each axis.
    LatinHypercube { cells: usize, seed: u64 },
}

/// Something to run.
#[derive(Debug)]
pub(super) struct WorkloadChoice {
    /// As it is named in commands.
    pub(super) name: String,
    pub(super) named: Named,
    pub(super) parameters: Vec<(Parameter, Axis<u64>)>,
}

/// A heap to run it on.
#[derive(Debug)]
pub(super) struct ConfigChoice {
    pub(super) name: String,
    pub(super) base: Effective,
    pub(super) settings: Vec<SettingChoice>,
}

/// A setting to choose.
#[derive(Debug)]
pub(super) struct SettingChoice {
    pub(super) knob: &'static Knob,
    pub(super) axis: Axis<SettingValue>,
    /// Where in the file that is said.
    pub(super) place: String,
}

/// How large heaps are to be.
#[derive(Debug)]
pub(super) struct HeapChoice {
    pub(super) sizes: Axis<HeapSize>,
    /// Where in the file they are said.
    pub(super) place: String,
    pub(super) used: HeapUse,
    /// How far from the least heap may be what is taken for it, as a share of that.
    pub(super) tolerance: f64,
}

/// How large a heap is to be: most that its old generation may take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum HeapSize {
    Bytes(u64),
    /// So many times the least heap with which the program finishes.
    Multiple(f64),
}

/// How much of a heap is used before it is collected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HeapUse {
    /// What the pacing of the configuration says.
    AsPaced,
    /// All of it: the old generation is collected when it is full.
    All,
}

impl Sample {
    /// Its word in files.
    pub(super) fn name(self) -> &'static str {
        match self {
            Sample::Grid => SAMPLES[0],
            Sample::Random { .. } => SAMPLES[1],
            Sample::LatinHypercube { .. } => SAMPLES[2],
        }
    }

    fn drawn(self) -> Drawn {
        if self == Sample::Grid { Drawn::Grid } else { Drawn::Sample }
    }
}

impl WorkloadChoice {
    /// Whether it is the same program with the same parameters, none of which are drawn from a range.
    fn has_the_cells_of(&self, other: &WorkloadChoice) -> bool {
        let is_same = |(parameter, axis): &(Parameter, Axis<u64>)| {
            let own = other.parameters.iter().find(|(own, _)| own.name == parameter.name);
            own.is_some_and(|(_, own)| axis.values().is_some() && axis.values() == own.values())
        };
        self.name == other.name
            && self.parameters.len() == other.parameters.len()
            && self.parameters.iter().all(is_same)
    }
}

impl HeapSize {
    /// In the words of the file.
    pub(super) fn label(self) -> String {
        match self {
            HeapSize::Bytes(bytes) => Size(bytes).to_string(),
            HeapSize::Multiple(multiple) => format!("{multiple}x"),
        }
    }
}

/// Reads the file at `path`, and the config files that it names.
pub(super) fn read(path: &Path) -> Result<SweepFile, Failure> {
    let file = TomlFile::read(path)?;
    Reader { file: &file, folder: path.parent().unwrap_or(Path::new("")).into() }.sweep()
}

/// A file that is being read.
struct Reader<'f> {
    file: &'f TomlFile,
    folder: PathBuf,
}

impl Reader<'_> {
    fn sweep(&self) -> Result<SweepFile, Failure> {
        let fail = |mistake| self.file.failure(mistake);
        let parsed = self.file.parse().map_err(fail)?;
        let top = Table::new(self.file, "", &TOP, parsed.span().start, parsed.get_ref()).map_err(fail)?;
        let sample = sample(&top).map_err(fail)?;
        Ok(SweepFile {
            sample,
            seeds: several(&top, "seeds", vec![1], |value| value.whole((SEED.min, MAX_SEED)))
                .map_err(fail)?,
            clocks: several(&top, "clocks", vec![ClockKind::Modelled], clock).map_err(fail)?,
            workloads: self.workloads(&top, sample.drawn()).map_err(fail)?,
            configs: self.configs(&top, sample.drawn())?,
            heap: heap(&top, sample.drawn()).map_err(fail)?,
        })
    }

    fn workloads(&self, top: &Table<'_>, drawn: Drawn) -> Result<Vec<WorkloadChoice>, Mistake> {
        let mut workloads: Vec<WorkloadChoice> = Vec::new();
        for table in top.required("workload")?.sections(&WORKLOAD)? {
            let workload = self.workload(&table, drawn)?;
            if workloads.iter().any(|other| other.has_the_cells_of(&workload)) {
                return Err(twice(&table.required("name")?, "workloads", "with these parameters"));
            }
            workloads.push(workload);
        }
        Ok(workloads)
    }

    fn workload(&self, table: &Table<'_>, drawn: Drawn) -> Result<WorkloadChoice, Mistake> {
        let value = table.required("name")?;
        let name = value.text()?.to_owned();
        let named =
            Named::find(&name, |file| self.folder.join(file)).ok_or_else(|| unknown_workload(&value))?;
        if let Some(file) = named.file().filter(|file| !file.is_file()) {
            return Err(value.mistake(format!("there is no file {}", file.display())));
        }
        let parameters = table.get("set").map_or(Ok(Vec::new()), |set| parameters(&set, &named, drawn))?;
        Ok(WorkloadChoice { name, named, parameters })
    }

    fn configs(&self, top: &Table<'_>, drawn: Drawn) -> Result<Vec<ConfigChoice>, Failure> {
        let cost_model = top.get("cost_model").map(|value| value.text().map(|file| self.file.beside(file)));
        let cost_model = cost_model.transpose().map_err(|mistake| self.file.failure(mistake))?;
        let Some(value) = top.get("config") else {
            let base = Effective::new(&HeapArgs { cost_model, ..HeapArgs::default() })?;
            return Ok(vec![ConfigChoice { name: "default".into(), base, settings: Vec::new() }]);
        };
        let mut configs: Vec<ConfigChoice> = Vec::new();
        for table in value.sections(&CONFIG).map_err(|mistake| self.file.failure(mistake))? {
            let config = self.config(&table, cost_model.as_deref(), drawn)?;
            if configs.iter().any(|other| other.name == config.name) {
                let name = table.required("name").expect("it was just read");
                return Err(self.file.failure(twice(&name, "configurations", "")));
            }
            configs.push(config);
        }
        Ok(configs)
    }

    fn config(
        &self,
        table: &Table<'_>,
        cost_model: Option<&Path>,
        drawn: Drawn,
    ) -> Result<ConfigChoice, Failure> {
        let fail = |mistake| self.file.failure(mistake);
        let text = |name| table.get(name).map(|value| value.text()).transpose().map_err(fail);
        let args = HeapArgs {
            preset: table.get("preset").map(|value| preset(&value)).transpose().map_err(fail)?,
            config: text("file")?.map(|file| self.file.beside(file)),
            cost_model: cost_model.map(Path::to_path_buf),
            ..HeapArgs::default()
        };
        let settings =
            table.get("set").map_or(Ok(Vec::new()), |set| self.settings(&set, drawn)).map_err(fail)?;
        let name = table.required("name").and_then(|name| name.text().map(str::to_owned)).map_err(fail)?;
        Ok(ConfigChoice { name, base: Effective::new(&args)?, settings })
    }

    fn settings(&self, set: &Value<'_>, drawn: Drawn) -> Result<Vec<SettingChoice>, Mistake> {
        let DeValue::Table(table) = set.value.get_ref() else { return Err(set.must_be("a section")) };
        let setting = |entry: &Entry<'_>| {
            let knob = entry.knob()?;
            let value = Value { file: self.file, path: knob.path(), value: entry.value };
            if knob.code_name == "clock.kind" {
                return Err(clock_of_heap(&value));
            }
            let place = self.file.place(value.span().start);
            Ok(SettingChoice { knob, axis: setting_axis(&value, knob, drawn)?, place })
        };
        entries(table).iter().map(setting).collect()
    }
}

/// The mistake that two sections have one name.
fn twice(name: &Value<'_>, what: &str, with: &str) -> Mistake {
    let called = format!("there are two {what} called `{}` {with}", name.text().unwrap_or_default());
    name.mistake(called.trim_end().into())
}

fn sample(top: &Table<'_>) -> Result<Sample, Mistake> {
    let Some(value) = top.get("sample") else { return Ok(Sample::Grid) };
    let table = value.section(&SAMPLE)?;
    let kind = table.word_or_first("kind")?;
    if kind == 0 {
        table.refuse("cells", "says nothing of a grid, which has every cell")?;
        table.refuse("seed", "says nothing of a grid, which is not drawn by chance")?;
        return Ok(Sample::Grid);
    }
    let (cells, seed) = (table.whole("cells")? as usize, table.whole("seed")?);
    Ok(if kind == 1 { Sample::Random { cells, seed } } else { Sample::LatinHypercube { cells, seed } })
}

/// The values of a key that may have one or several.
fn several<'a, T>(
    top: &Table<'a>,
    name: &str,
    default: Vec<T>,
    read: impl Fn(&Value<'a>) -> Result<T, Mistake>,
) -> Result<Vec<T>, Mistake> {
    match top.get(name) {
        None => Ok(default),
        Some(value) if value.is_array() => value.items()?.iter().map(read).collect(),
        Some(value) => Ok(vec![read(&value)?]),
    }
}

fn clock(value: &Value<'_>) -> Result<ClockKind, Mistake> {
    let kinds = [ClockKind::Modelled, ClockKind::Measured];
    value.word(&kinds.map(ClockKind::name)).map(|index| kinds[index])
}

fn clock_of_heap(value: &Value<'_>) -> Mistake {
    let tip = Some("clocks stand outside of any section: `clocks = [\"modelled\", \"measured\"]`".into());
    Mistake { tip, ..value.mistake("`clock.kind` is not set here".into()) }
}

fn preset(value: &Value<'_>) -> Result<Preset, Mistake> {
    value.word(&Preset::ALL.map(Preset::name)).map(|index| Preset::ALL[index])
}

fn unknown_workload(value: &Value<'_>) -> Mistake {
    let names: Vec<_> = workloads::registry().iter().map(|entry| entry.name).collect();
    let name = value.text().unwrap_or_default();
    let tip = Some(did_you_mean(name, &names, "the workloads"));
    Mistake { tip, ..value.mistake(format!("there is no workload {name:?}")) }
}

fn parameters(set: &Value<'_>, named: &Named, drawn: Drawn) -> Result<Vec<(Parameter, Axis<u64>)>, Mistake> {
    let declared = named.parameters().unwrap_or_default();
    let names: Vec<_> = declared.iter().map(|parameter| parameter.name).collect();
    let read = |(name, at, value): &(&str, usize, Value<'_>)| {
        let Some(parameter) = declared.iter().find(|parameter| parameter.name == *name) else {
            return Err(unknown_parameter(name, *at, &names));
        };
        let range = (parameter.min, parameter.max);
        let whole = |value: &Value<'_>| value.whole(range);
        let axis =
            axis(value, drawn, whole, |value| Ok(value.whole(range)? as f64), 1.0, |number| number as u64)?;
        Ok((*parameter, axis))
    };
    set.entries()?.iter().map(read).collect()
}

fn unknown_parameter(name: &str, at: usize, names: &[&str]) -> Mistake {
    let tip = match names {
        _ if name == SEED.name => "seeds stand outside of any section: `seeds = [1, 2]`".into(),
        [] => "it has no parameters".into(),
        names => did_you_mean(name, names, "the parameters"),
    };
    Mistake { at, problem: format!("the workload has no parameter `{name}`"), tip: Some(tip) }
}

fn setting_axis(value: &Value<'_>, knob: &'static Knob, drawn: Drawn) -> Result<Axis<SettingValue>, Mistake> {
    let read = |value: &Value<'_>| set(value, knob).map(|draft| knob.written(&draft));
    let number = |value: &Value<'_>| {
        let number = knob.get(&set(value, knob)?).as_integer();
        number.map(|number| number as f64).ok_or_else(|| value.must_be("a number, a size or a time"))
    };
    axis(value, drawn, read, number, knob.grain() as f64, |number| knob.written_number(number as u64))
}

/// Settings of which this one is as the value says.
fn set(value: &Value<'_>, knob: &'static Knob) -> Result<Draft, Mistake> {
    let mut draft = Draft::default();
    let plain = plain(value.value.get_ref()).unwrap_or(SettingValue::Absent);
    match knob.set(&mut draft, &plain) {
        Ok(()) => Ok(draft),
        Err(WrongKind(expected)) => Err(value.must_be(expected)),
    }
}

fn heap(top: &Table<'_>, drawn: Drawn) -> Result<Option<HeapChoice>, Mistake> {
    let Some(value) = top.get("heap") else { return Ok(None) };
    let table = value.section(&HEAP)?;
    let used = [HeapUse::AsPaced, HeapUse::All][table.word_or_first("use")?];
    let tolerance = table.number("tolerance")?;
    let value = table.required("sizes")?;
    Ok(Some(HeapChoice {
        sizes: sizes(&value, drawn)?,
        place: value.file.place(value.span().start),
        used,
        tolerance,
    }))
}

fn sizes(value: &Value<'_>, drawn: Drawn) -> Result<Axis<HeapSize>, Mistake> {
    let number = |value: &Value<'_>| match heap_size(value)? {
        HeapSize::Bytes(bytes) => Ok(bytes as f64),
        HeapSize::Multiple(multiple) => Ok(multiple),
    };
    if !value.is_table() {
        return axis(value, drawn, heap_size, number, HUNDREDTH, HeapSize::Multiple);
    }
    let ends = value.section(&super::keys::RANGE)?;
    let [from, to] = [ends.required("from")?, ends.required("to")?];
    match (heap_size(&from)?, heap_size(&to)?) {
        (HeapSize::Multiple(_), HeapSize::Multiple(_)) => {
            axis(value, drawn, heap_size, number, HUNDREDTH, |number| HeapSize::Multiple(hundredths(number)))
        }
        (HeapSize::Bytes(_), HeapSize::Bytes(_)) => {
            axis(value, drawn, heap_size, number, KIB, |number| HeapSize::Bytes(number as u64))
        }
        _ => Err(
            to.mistake(format!("`{}` and `{}` must both be sizes, or both be multiples", from.path, to.path))
        ),
    }
}

/// How far multiples of a range are apart at least.
const HUNDREDTH: f64 = 0.01;
/// How far sizes of a range are apart at least, in bytes.
const KIB: f64 = 1024.0;

/// A number without what the sum of hundredths is off.
fn hundredths(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

/// A size, or a multiple such as `1.5x`.
fn heap_size(value: &Value<'_>) -> Result<HeapSize, Mistake> {
    let wrong =
        || value.must_be("a size such as \"64MiB\", or a multiple of the least heap such as \"1.5x\"");
    let text = value.text().map_err(|_| wrong())?;
    match text.strip_suffix('x') {
        Some(number) => match number.parse() {
            Ok(multiple) if (0.1..=1_000.0).contains(&multiple) => Ok(HeapSize::Multiple(multiple)),
            _ => Err(wrong()),
        },
        None => text.parse().map(|Size(bytes)| HeapSize::Bytes(bytes)).map_err(|_| wrong()),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::{HeapSize, Reader, Sample, SweepFile};
    use crate::cli::failure::Failure;
    use crate::cli::sweep::draw::draw;
    use crate::cli::toml_file::TomlFile;
    use heap_viz::ClockKind;

    pub(crate) fn parse(text: &str) -> Result<SweepFile, Failure> {
        Reader { file: &TomlFile::of("sweep.toml", text), folder: "".into() }.sweep()
    }

    const RING: &str = "[[workload]]\nname = \"ring\"\n";

    #[test]
    fn what_is_not_said_is_not_a_choice() {
        let file = parse(RING).expect("it has no mistake");
        assert_eq!(
            (file.sample, &file.seeds[..], &file.clocks[..]),
            (Sample::Grid, &[1][..], &[ClockKind::Modelled][..])
        );
        assert_eq!(
            (file.configs.len(), &file.configs[0].name[..], file.heap.is_none()),
            (1, "default", true)
        );
        assert_eq!(draw(&file).expect("it is one").len(), 1);
    }

    #[test]
    fn a_grid_has_everything_with_everything() {
        let text = "
            seeds = [1, 2, 3]
            clocks = [\"modelled\", \"measured\"]
            heap = { sizes = [\"16MiB\", \"1.5x\"] }
            [[workload]]
            name = \"ring\"
            [workload.set]
            window = [10, 20]
            pushes = { from = 1, to = 100, steps = 3, scale = \"log\" }
            [[workload]]
            name = \"splay\"
            [[config]]
            name = \"small\"
            [config.set]
            new_space.max = \"512KiB\"
            [config.set.promotion]
            age = [0, 1]
            [[config]]
            name = \"v8\"
            preset = \"v8-node20\"
        ";
        let file = parse(text).expect("it has no mistake");
        let cells = draw(&file).expect("they are few");
        assert_eq!(cells.len(), (2 * 3 + 1) * (2 + 1) * 2 * 2 * 3);
        let pushes: Vec<_> = cells.iter().take(1).map(|cell| cell.parameters[1].1).collect();
        assert_eq!(pushes, [1]);
        assert_eq!(cells[0].heap, Some(HeapSize::Bytes(16 << 20)));
    }

    #[test]
    fn a_sample_has_as_many_as_were_asked_for() {
        for kind in ["random", "latin-hypercube"] {
            let text = format!(
                "sample = {{ kind = \"{kind}\", cells = 40 }}\nheap = {{ sizes = {{ from = \"1x\", to = \"4x\" }} }}\n{RING}"
            );
            let file = parse(&text).expect("it has no mistake");
            let cells = draw(&file).expect("they are few");
            assert_eq!(cells.len(), 40);
            let sizes = cells.iter().filter_map(|cell| cell.heap);
            assert!(
                sizes.clone().all(|size| matches!(size, HeapSize::Multiple(m) if (1.0..=4.0).contains(&m)))
            );
        }
    }

    /// Checks what is said of a file with a mistake, and how it may be mended.
    #[track_caller]
    fn check_refused(text: &str, message: &str, expected_tip: Option<&str>) {
        let failure = parse(text).expect_err("it has a mistake");
        assert_eq!(failure.to_string(), message);
        assert!(
            matches!(&failure, Failure::TomlFile { tip, .. } if tip.as_deref() == expected_tip),
            "{failure:?}"
        );
    }

    #[test]
    fn mistakes_are_told_with_their_place() {
        check_refused(
            "seed = 1\n[[workload]]\nname = \"ring\"",
            "sweep.toml:1:1: unknown key `seed` outside of any section",
            Some("did you mean `seeds`?"),
        );
        check_refused(
            "[[workload]]\nname = \"rong\"",
            "sweep.toml:2:8: there is no workload \"rong\"",
            Some("did you mean `ring`?"),
        );
        check_refused(
            "[[workload]]\nname = \"trace:no.trace\"",
            "sweep.toml:2:8: there is no file no.trace",
            None,
        );
        check_refused(
            &format!("{RING}[workload.set]\nwindw = 3"),
            "sweep.toml:4:1: the workload has no parameter `windw`",
            Some("did you mean `window`?"),
        );
        check_refused(
            &format!("{RING}[workload.set]\nseed = 3"),
            "sweep.toml:4:1: the workload has no parameter `seed`",
            Some("seeds stand outside of any section: `seeds = [1, 2]`"),
        );
        check_refused(
            &format!("{RING}[workload.set]\nwindow = \"x\""),
            "sweep.toml:4:10: `workload.set.window` must be a whole number, not \"x\"",
            None,
        );
        check_refused(
            &format!("clocks = \"sundial\"\n{RING}"),
            "sweep.toml:1:10: `clocks` must be one of \"modelled\", \"measured\", not \"sundial\"",
            Some("the words are `modelled`, `measured`"),
        );
        check_refused(
            &format!("heap = {{ sizes = \"2y\" }}\n{RING}"),
            "sweep.toml:1:18: `heap.sizes` must be a size such as \"64MiB\", or a multiple of the least heap such as \"1.5x\", not \"2y\"",
            None,
        );
        check_refused(
            &format!("heap = {{ sizes = {{ from = \"1x\", to = \"3MiB\", steps = 2 }} }}\n{RING}"),
            "sweep.toml:1:38: `heap.sizes.from` and `heap.sizes.to` must both be sizes, or both be multiples",
            None,
        );
        check_refused(
            &format!("sample = {{ kind = \"random\" }}\n{RING}"),
            "sweep.toml:1:10: `cells` is missing in [sample]",
            None,
        );
        check_refused(
            &format!("sample = {{ cells = 3 }}\n{RING}"),
            "sweep.toml:1:20: `sample.cells` says nothing of a grid, which has every cell",
            None,
        );
    }

    #[test]
    fn two_of_one_name_are_refused() {
        let config = "[[config]]\nname = \"it\"\n";
        check_refused(
            &format!("{RING}{config}{config}preset = \"v8-node20\""),
            "sweep.toml:6:8: there are two configurations called `it`",
            None,
        );
        check_refused(
            &format!("{RING}{RING}"),
            "sweep.toml:4:8: there are two workloads called `ring` with these parameters",
            None,
        );
        let set = |window: &str| format!("{RING}set = {{ window = {window} }}\n");
        check_refused(
            &[set("10"), set("[10]")].concat(),
            "sweep.toml:5:8: there are two workloads called `ring` with these parameters",
            None,
        );
        assert_eq!(parse(&[set("10"), set("20")].concat()).expect("they differ").workloads.len(), 2);
    }

    #[test]
    fn mistakes_in_settings_are_told_with_their_place() {
        let config = |set: &str| format!("{RING}[[config]]\nname = \"it\"\n[config.set]\n{set}");
        check_refused(
            &config("promotion.aeg = 1"),
            "sweep.toml:6:11: unknown key `aeg` in [promotion]",
            Some("did you mean `age`?"),
        );
        check_refused(
            &config("promotion.age = [1, true]"),
            "sweep.toml:6:21: `promotion.age` must be a whole number that is not negative, not true",
            None,
        );
        check_refused(
            &config("clock.kind = \"measured\""),
            "sweep.toml:6:14: `clock.kind` is not set here",
            Some("clocks stand outside of any section: `clocks = [\"modelled\", \"measured\"]`"),
        );
        let range = |range: &str| config(&format!("new_space.max = {range}"));
        check_refused(
            &range("{ from = \"1MiB\", to = \"8MiB\" }"),
            "sweep.toml:6:17: `new_space.max.steps` is missing: this is a grid",
            Some("say `steps = 5`, or draw a sample: `[sample] kind = \"latin-hypercube\"`"),
        );
        check_refused(
            &range("{ from = \"8MiB\", to = \"1MiB\", steps = 3 }"),
            "sweep.toml:6:39: `new_space.max.to` must be more than `new_space.max.from`",
            None,
        );
        check_refused(
            &range("{ from = \"1MiB\", upto = \"8MiB\" }"),
            "sweep.toml:6:34: unknown key `upto` in a range",
            Some("the keys in a range are `from`, `to`, `steps`, `scale`"),
        );
    }

    #[test]
    fn a_setting_out_of_its_range_is_told_with_its_place() {
        let text = format!("{RING}[[config]]\nname = \"it\"\n[config.set]\npromotion.age = [1, 99]");
        let file = parse(&text).expect("that is found when the heap is made");
        let cells = draw(&file).expect("they are few");
        let failure = cells[1].heap(None).expect_err("it is out of range").to_string();
        assert_eq!(failure, "sweep.toml:6:17: `promotion.age` is 99, but must lie between 0 and 15");
    }

    #[test]
    fn seeds_are_what_they_say() {
        let file = parse(&format!("seeds = [9007199254740993, 9223372036854775807]\n{RING}"));
        assert_eq!(file.expect("it has no mistake").seeds, [9_007_199_254_740_993, i64::MAX as u64]);
        check_refused(
            &format!("seeds = [1, -1]\n{RING}"),
            "sweep.toml:1:13: `seeds` is -1, but must lie between 0 and 9223372036854775807",
            None,
        );
    }

    #[test]
    fn multiples_of_a_range_are_hundredths() {
        let text = format!("heap = {{ sizes = {{ from = \"1x\", to = \"1.2x\", steps = 3 }} }}\n{RING}");
        let file = parse(&text).expect("it has no mistake");
        let labels: Vec<_> = draw(&file).expect("they are few").iter().filter_map(|cell| cell.heap).collect();
        assert_eq!(labels.iter().map(|size| size.label()).collect::<Vec<_>>(), ["1x", "1.1x", "1.2x"]);
    }

    #[test]
    fn a_grid_of_more_cells_than_anybody_runs_is_not_drawn() {
        let text = format!(
            "{RING}[workload.set]\nwindow = {{ from = 1, to = 100000, steps = 10000 }}\npushes = {{ from = 1, to = 100000, steps = 10000 }}"
        );
        assert_eq!(
            draw(&parse(&text).expect("it has no mistake")).expect_err("they are too many").0,
            100_000_000
        );
    }
}
