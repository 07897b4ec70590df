//! The table of systems and cases, `peers.toml`: each mistake with its place. `benches/peers/README.md` tells the keys.

use super::super::failure::Failure;
use super::super::nearest::did_you_mean;
use super::super::toml_file::{Mistake, TomlFile};
use super::template::{self, Template, TemplateError};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};
use toml::Spanned;
use workloads::{Entry, Parameters};

/// What can be measured.
#[derive(Debug)]
pub(crate) struct PeersFile {
    pub(crate) systems: Vec<System>,
    pub(crate) cases: Vec<Case>,
}

/// A workload with parameters, and smaller ones for a quick look.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) entry: &'static Entry,
    pub(crate) full: Parameters,
    pub(crate) quick: Parameters,
}

/// How a system is built, run and understood.
#[derive(Clone, Debug)]
pub(crate) struct System {
    pub(crate) name: String,
    pub(crate) about: String,
    /// Where its commands run.
    pub(crate) folder: PathBuf,
    /// Programs that must be found on the path, and files that must be there (they have a `/`).
    pub(crate) needs: Vec<String>,
    pub(crate) version: Vec<Template>,
    pub(crate) build: Vec<Template>,
    pub(crate) run: Vec<Template>,
    /// What stands for one parameter.
    pub(crate) parameter: Vec<Template>,
    pub(crate) environment: Vec<(String, Template)>,
    pub(crate) answer: AnswerForm,
    pub(crate) is_floor: bool,
    pub(crate) space: Option<Space>,
    /// Cases for which it has no program, and why.
    pub(crate) impossible: BTreeMap<String, String>,
}

/// How a system's answer is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) enum AnswerForm {
    /// Lines of a name and a value.
    #[default]
    #[serde(rename = "lines")]
    Lines,
    /// The JSON document of `tenure run --json`.
    #[serde(rename = "tenure.report/1")]
    TenureReport,
}

/// How a system is given more or less memory.
#[derive(Clone, Debug)]
pub(crate) enum Space {
    /// A heap of a size, beyond which it fails.
    Limit { arguments: Vec<Template>, environment: Vec<(String, Template)> },
    /// A variable of the environment, and values from those that save memory to those that save time.
    Knob { variable: String, values: Vec<String> },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    case: Vec<RawCase>,
    system: Vec<RawSystem>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCase {
    name: Spanned<String>,
    workload: Option<Spanned<String>>,
    #[serde(default)]
    parameters: Vec<Spanned<String>>,
    #[serde(default)]
    quick: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSystem {
    name: Spanned<String>,
    about: String,
    folder: Option<Spanned<String>>,
    #[serde(default)]
    needs: Vec<String>,
    #[serde(default)]
    version: Vec<Spanned<String>>,
    #[serde(default)]
    build: Vec<Spanned<String>>,
    run: Spanned<Vec<Spanned<String>>>,
    #[serde(default)]
    parameter: Vec<Spanned<String>>,
    #[serde(default)]
    environment: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    answer: AnswerForm,
    #[serde(default)]
    floor: bool,
    heap: Option<Spanned<RawHeap>>,
    knob: Option<Spanned<RawKnob>>,
    #[serde(default)]
    impossible: BTreeMap<Spanned<String>, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawHeap {
    #[serde(default)]
    arguments: Vec<Spanned<String>>,
    #[serde(default)]
    environment: BTreeMap<String, Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawKnob {
    variable: String,
    values: Vec<String>,
}

impl PeersFile {
    /// Reads the table at `path`.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let file = TomlFile::read(path)?;
        PeersFile::parse(&file).map_err(|mistake| file.failure(mistake))
    }

    fn parse(file: &TomlFile) -> Result<Self, Mistake> {
        let raw: RawFile = file.deserialize()?;
        check_distinct("cases", raw.case.iter().map(|case| &case.name))?;
        check_distinct("systems", raw.system.iter().map(|system| &system.name))?;
        let cases = raw.case.into_iter().map(case).collect::<Result<Vec<_>, _>>()?;
        let names: Vec<_> = cases.iter().map(|case| &case.name[..]).collect();
        let systems = raw.system.into_iter().map(|raw| system(raw, file, &names));
        Ok(PeersFile { systems: systems.collect::<Result<_, _>>()?, cases })
    }
}

fn mistake(span: &Range<usize>, problem: String) -> Mistake {
    Mistake { at: span.start, problem, tip: None }
}

fn check_distinct<'a>(what: &str, names: impl Iterator<Item = &'a Spanned<String>>) -> Result<(), Mistake> {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name.get_ref()) {
            return Err(mistake(&name.span(), format!("there are two {what} called `{}`", name.get_ref())));
        }
    }
    Ok(())
}

fn case(raw: RawCase) -> Result<Case, Mistake> {
    let workload = raw.workload.as_ref().unwrap_or(&raw.name);
    let entry = workloads::find(workload.get_ref()).ok_or_else(|| {
        let known: Vec<_> = workloads::registry().iter().map(|entry| entry.name).collect();
        Mistake {
            tip: Some(did_you_mean(workload.get_ref(), &known, "the workloads")),
            ..mistake(&workload.span(), format!("there is no workload `{}`", workload.get_ref()))
        }
    })?;
    let full = parameters(entry, &raw.parameters)?;
    let all: Vec<_> = raw.parameters.into_iter().chain(raw.quick).collect();
    Ok(Case { name: raw.name.into_inner(), entry, full, quick: parameters(entry, &all)? })
}

/// The parameters, of which a later one counts.
fn parameters(entry: &'static Entry, words: &[Spanned<String>]) -> Result<Parameters, Mistake> {
    for (index, word) in words.iter().enumerate() {
        let so_far = words[..=index].iter().map(Spanned::get_ref);
        entry.parse(so_far).map_err(|error| mistake(&word.span(), error.to_string()))?;
    }
    Ok(entry.parse(words.iter().map(Spanned::get_ref)).expect("all of them have been read"))
}

fn system(raw: RawSystem, file: &TomlFile, cases: &[&str]) -> Result<System, Mistake> {
    let space = space(&raw)?;
    let run = templates(raw.run.get_ref(), &template::OF_RUNS)?;
    if run.is_empty() {
        return Err(mistake(
            &raw.run.span(),
            "`run` is empty: it must be a program and its arguments".into(),
        ));
    }
    let has = |name: &str| run.iter().any(|template| template.is_of(name));
    if let Some(Space::Limit { arguments, .. }) = &space
        && !arguments.is_empty()
        && !has("heap")
    {
        return Err(mistake(
            &raw.run.span(),
            "`heap` has arguments, but `run` has no \"{heap}\" to put them in".into(),
        ));
    }
    let parameter = if raw.parameter.is_empty() {
        vec![Template::literal("{name}={value}")]
    } else {
        templates(&raw.parameter, &template::OF_PARAMETERS)?
    };
    Ok(System {
        folder: file.beside(raw.folder.as_ref().map_or(".", |folder| folder.get_ref())),
        version: templates(&raw.version, &template::OF_BUILDS)?,
        build: templates(&raw.build, &template::OF_BUILDS)?,
        environment: environment(&raw.environment, &template::OF_RUNS)?,
        impossible: impossible(raw.impossible, cases)?,
        name: raw.name.into_inner(),
        about: raw.about,
        needs: raw.needs,
        run,
        parameter,
        answer: raw.answer,
        is_floor: raw.floor,
        space,
    })
}

fn space(raw: &RawSystem) -> Result<Option<Space>, Mistake> {
    match (&raw.heap, &raw.knob) {
        (Some(_), Some(knob)) => {
            Err(mistake(&knob.span(), "a system has a `heap` with a limit or a `knob`, not both".into()))
        }
        (Some(heap), None) => {
            let heap = heap.get_ref();
            Ok(Some(Space::Limit {
                arguments: templates(&heap.arguments, &template::OF_HEAPS)?,
                environment: environment(&heap.environment, &template::OF_HEAPS)?,
            }))
        }
        (None, Some(knob)) if knob.get_ref().values.is_empty() => {
            Err(mistake(&knob.span(), "`values` is empty: a knob has several positions".into()))
        }
        (None, Some(knob)) => {
            let RawKnob { variable, values } = knob.get_ref();
            Ok(Some(Space::Knob { variable: variable.clone(), values: values.clone() }))
        }
        (None, None) => Ok(None),
    }
}

fn templates(words: &[Spanned<String>], known: &[&str]) -> Result<Vec<Template>, Mistake> {
    words.iter().map(|word| one_template(word, known)).collect()
}

fn one_template(word: &Spanned<String>, known: &[&str]) -> Result<Template, Mistake> {
    Template::parse(word.get_ref(), known).map_err(|problem| {
        let braced: Vec<_> = known.iter().map(|name| format!("{{{name}}}")).collect();
        let told = match problem {
            TemplateError::Unknown(name) => format!("there is no `{{{name}}}` here"),
            TemplateError::Open(name) => format!("`{{{name}` has no `}}`"),
        };
        let tip = Some(format!("what is put in here is {}", braced.join(", ")));
        Mistake { tip, ..mistake(&word.span(), told) }
    })
}

fn environment(
    raw: &BTreeMap<String, Spanned<String>>,
    known: &[&str],
) -> Result<Vec<(String, Template)>, Mistake> {
    raw.iter().map(|(name, value)| Ok((name.clone(), one_template(value, known)?))).collect()
}

fn impossible(
    raw: BTreeMap<Spanned<String>, String>,
    cases: &[&str],
) -> Result<BTreeMap<String, String>, Mistake> {
    let known: BTreeSet<_> = cases.iter().copied().collect();
    if let Some(name) = raw.keys().find(|name| !known.contains(&name.get_ref()[..])) {
        return Err(Mistake {
            tip: Some(did_you_mean(name.get_ref(), cases, "the cases")),
            ..mistake(&name.span(), format!("there is no case `{}`", name.get_ref()))
        });
    }
    Ok(raw.into_iter().map(|(name, why)| (name.into_inner(), why)).collect())
}

#[cfg(test)]
mod tests {
    use super::{PeersFile, Space, TomlFile};

    const GOOD: &str = r#"
[[case]]
name = "trees"
workload = "binary_trees"
parameters = ["depth=9"]
quick = ["depth=4"]

[[system]]
name = "toy"
about = "a toy"
folder = "toys"
run = ["./toy", "{heap}", "{workload}", "{parameters}"]
heap.arguments = ["--heap={heap_mib}"]
"#;

    fn read(text: &str) -> Result<PeersFile, String> {
        let file = TomlFile::of("peers.toml", text);
        PeersFile::parse(&file).map_err(|mistake| {
            let tip = mistake.tip.clone().map_or(String::new(), |tip| format!(" ({tip})"));
            format!("{}{tip}", file.failure(mistake))
        })
    }

    /// Checks what is said of the good table with one thing replaced by another.
    #[track_caller]
    fn check_mistake(good: &str, bad: &str, message: &str) {
        assert!(GOOD.contains(good), "{good}");
        let error = read(&GOOD.replacen(good, bad, 1)).map(|_| "no mistake");
        let error = error.expect_err("it has a mistake");
        assert!(error.starts_with(message), "{error}");
    }

    #[test]
    fn a_table_is_read() {
        let file = read(GOOD).expect("it is good");
        let (case, system) = (&file.cases[0], &file.systems[0]);
        assert_eq!(
            (case.full.to_string(), case.quick.to_string()),
            ("depth=9 seed=1".into(), "depth=4 seed=1".into())
        );
        assert_eq!((&system.name[..], system.folder.to_str()), ("toy", Some("toys")));
        assert!(matches!(&system.space, Some(Space::Limit { arguments, .. }) if arguments.len() == 1));
    }

    #[test]
    fn every_mistake_has_its_place_and_says_how_to_mend_it() {
        check_mistake("name = \"toy\"", "name = toy", "peers.toml:9:8: ");
        check_mistake(
            "about = \"a toy\"",
            "abuot = \"a toy\"",
            "peers.toml:10:1: unknown field `abuot`, expected one of",
        );
        check_mistake("\nabout = \"a toy\"", "", "peers.toml:8:1: missing field `about`");
        check_mistake(
            "binary_trees",
            "binary_tree",
            "peers.toml:4:12: there is no workload `binary_tree` (did you mean `binary_trees`?)",
        );
        check_mistake(
            "depth=9",
            "width=9",
            "peers.toml:5:15: there is no parameter `width`; there are `depth`, `seed`",
        );
        check_mistake("depth=4", "depth=x", "peers.toml:6:10: `depth` must be a whole number, not `x`");
        check_mistake(
            "{heap_mib}",
            "{heap_mb}",
            "peers.toml:13:19: there is no `{heap_mb}` here (what is put in here is {heap_mib}, ",
        );
        check_mistake(
            "{heap_mib}",
            "{heap_mib",
            "peers.toml:13:19: `{heap_mib` has no `}` (what is put in here is {heap_mib}, ",
        );
        check_mistake(
            "{workload}",
            "{work-load}",
            "peers.toml:12:27: there is no `{work-load}` here (what is put in here is ",
        );
        check_mistake(
            "\"{heap}\", ",
            "",
            "peers.toml:12:7: `heap` has arguments, but `run` has no \"{heap}\"",
        );
        check_mistake(
            "heap.arguments = [\"--heap={heap_mib}\"]",
            "impossible.tree = \"why\"",
            "peers.toml:13:12: there is no case `tree` (did you mean `trees`?)",
        );
        check_mistake(
            "heap.arguments = [\"--heap={heap_mib}\"]",
            "answer = \"xml\"",
            "peers.toml:13:10: unknown variant `xml`, expected `lines` or `tenure.report/1`",
        );
        check_mistake(
            "heap.arguments",
            "knob = { variable = \"K\", values = [\"1\"] }\nheap.arguments",
            "peers.toml:13:8: a system has a `heap` with a limit or a `knob`, not both",
        );
    }

    #[test]
    fn two_of_one_name_are_refused() {
        let check = |more: &str, problem: &str| {
            let read = read(&format!("{GOOD}\n{more}"));
            assert_eq!(read.map(|_| ()).expect_err("a mistake"), format!("peers.toml:16:8: {problem}"));
        };
        check("[[case]]\nname = \"trees\"\nworkload = \"ring\"\n", "there are two cases called `trees`");
        let system = "[[system]]\nname = \"toy\"\nabout = \"another\"\nrun = [\"true\"]\n";
        check(system, "there are two systems called `toy`");
    }
}
