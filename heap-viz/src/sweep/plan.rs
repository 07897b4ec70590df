//! The list of what a sweep runs, as a file.

use super::cell::PlannedCell;
use super::id::Hash;
use super::line::Line;
use crate::json_problem::json_problem;
use crate::quantity::counted;
use crate::run::ClockKind;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::HashSet;
use std::io::{self, BufRead, ErrorKind, Write};

/// The schema of plans.
const SCHEMA: &str = "tenure.sweep.plan/3";

/// What a sweep runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// What is known of all of it.
    pub header: PlanHeader,
    /// The runs. Of two of one name how they are called differs: such as the sizes of their heaps, where these come to
    /// the same number of bytes.
    pub cells: Vec<PlannedCell>,
}

/// The first line of a plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanHeader {
    schema: String,
    /// The version of Tenure that has made it.
    pub version: String,
    /// The build of it: a hash of the program.
    pub build: Hash,
    /// How it was drawn from what there is to choose: `grid`, `random` or `latin-hypercube`.
    pub sample: String,
    /// Parts that it is run in, unless the command that runs it says otherwise.
    pub shards: u32,
    /// How many cells there are.
    pub cells: usize,
    /// A hash of which they are.
    listed: Hash,
    /// The least heap of each program, where heaps are told as multiples of it.
    pub minimum_heaps: Vec<MinimumHeap>,
}

/// The least heap with which a program finishes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MinimumHeap {
    /// The program.
    pub workload: String,
    /// Its parameters but for the seed, as commands have them.
    pub parameters: String,
    /// Most that the old generation may take, in bytes.
    pub max_old_bytes: u64,
}

/// Why a plan cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct PlanError {
    /// The line, from 1 on.
    pub line: usize,
    /// What is wrong with it.
    pub problem: String,
}

impl Plan {
    /// A plan of `cells` by a build of this version of Tenure, each once: of two of the same name that are called the
    /// same the first is kept.
    #[must_use]
    pub fn new(
        build: Hash,
        sample: &str,
        shards: u32,
        minimum_heaps: Vec<MinimumHeap>,
        cells: Vec<PlannedCell>,
    ) -> Self {
        let mut seen = HashSet::new();
        let cells: Vec<_> =
            cells.into_iter().filter(|cell| seen.insert((cell.id.clone(), cell.point.clone()))).collect();
        let header = PlanHeader {
            schema: SCHEMA.into(),
            version: env!("CARGO_PKG_VERSION").into(),
            build,
            sample: sample.into(),
            shards,
            cells: cells.len(),
            listed: listed(&cells),
            minimum_heaps,
        };
        Plan { header, cells }
    }

    /// How many of its cells are the same run as one before them.
    #[must_use]
    pub fn shared(&self) -> usize {
        self.cells.len() - self.cells.iter().map(|cell| &cell.id).collect::<HashSet<_>>().len()
    }

    /// Writes it, a JSON object a line: first the header, then a line a cell.
    ///
    /// # Errors
    /// If `out` takes no more.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        Line::of(&self.header).write(out)?;
        self.cells.iter().try_for_each(|cell| Line::of(cell).write(out))
    }

    /// Reads what [`Plan::write`] of this version of Tenure has written, and nobody has changed since.
    ///
    /// # Errors
    /// The first line that is wrong, or that is missing.
    pub fn read(lines: impl BufRead) -> Result<Self, PlanError> {
        let mut lines = (1..).zip(lines.lines()).map(|(line, text)| match text {
            Ok(text) => Ok((line, text)),
            Err(error) => Err(PlanError { line, problem: unreadable(&error) }),
        });
        let header = read_header(&lines.next().ok_or_else(no_plan)??)?;
        let cells = lines.map(|line| read_line(&line?)).collect::<Result<Vec<_>, _>>()?;
        let plan = Plan { header, cells };
        plan.check()?;
        Ok(plan)
    }

    /// Whether a cell takes its time from the machine.
    #[must_use]
    pub fn is_measured(&self) -> bool {
        self.cells.iter().any(|cell| cell.clock == ClockKind::Measured)
    }

    fn check(&self) -> Result<(), PlanError> {
        let (told, found) = (self.header.cells, self.cells.len());
        if told != found {
            let problem = format!("the plan ends here with {found} of {}", counted(told as u64, "cell"));
            return Err(PlanError { line: found + 1, problem });
        }
        let mut seen = HashSet::new();
        let twice = self.cells.iter().position(|cell| !seen.insert((&cell.id, &cell.point)));
        if let Some(index) = twice {
            let problem = format!("cell {} is there twice", self.cells[index].id);
            return Err(PlanError { line: index + 2, problem });
        }
        if listed(&self.cells) != self.header.listed {
            let problem =
                "the lines are not those that `tenure sweep plan` has written below this one".into();
            return Err(PlanError { line: 1, problem });
        }
        Ok(())
    }
}

impl PlanHeader {
    /// Where what comes out of a plan comes from, in JSON: all but what decides nothing, in how many parts it is run.
    #[must_use]
    pub fn origin(&self) -> Value {
        let mut origin = serde_json::to_value(self).expect("all keys of a plan are texts");
        origin.as_object_mut().expect("a header is an object").remove("shards");
        origin
    }
}

/// A hash of which cells there are, and in which order.
fn listed(cells: &[PlannedCell]) -> Hash {
    let lines: String = cells.iter().map(|cell| format!("{} {}\n", cell.id, cell.point)).collect();
    Hash::of(lines.as_bytes())
}

/// Reads the first line: its schema and version first, since all else may be of other versions.
fn read_header(line: &(usize, String)) -> Result<PlanHeader, PlanError> {
    #[derive(Deserialize)]
    struct Named {
        told: Told,
    }
    #[derive(Deserialize)]
    struct Told {
        schema: String,
        version: String,
    }
    let Named { told: Told { schema, version } } = serde_json::from_str(&line.1).map_err(|_| no_plan())?;
    let own = env!("CARGO_PKG_VERSION");
    let refused = |problem| Err(PlanError { line: line.0, problem });
    if schema != SCHEMA {
        return refused(format!("this tenure reads {SCHEMA}, not {schema}"));
    }
    if version != own {
        return refused(format!("the plan is of tenure {version}, but this is {own}"));
    }
    let header: PlanHeader = read_line(line)?;
    if header.shards == 0 { refused("there is no plan for 0 shards".into()) } else { Ok(header) }
}

fn read_line<T: Serialize + for<'de> Deserialize<'de>>(
    (line, text): &(usize, String),
) -> Result<T, PlanError> {
    let refused = |problem| PlanError { line: *line, problem };
    let read: Line<T> = serde_json::from_str(text).map_err(|error| refused(json_problem(&error)))?;
    read.unchanged().ok_or_else(|| refused("the line is not as `tenure sweep plan` has written it".into()))
}

fn no_plan() -> PlanError {
    PlanError { line: 1, problem: "this is no plan of a sweep".into() }
}

fn unreadable(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::InvalidData => "this is no line of a plan: it is no text".into(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::Plan;
    use crate::run::ClockKind;
    use crate::sweep::{Hash, PlannedCell};
    use std::collections::BTreeMap;

    /// A cell whose name depends on all of the arguments, and whose point on all but the seed.
    pub(crate) fn cell(workload: &str, heap: &str, seed: u64, clock: ClockKind) -> PlannedCell {
        let point = format!("{workload} {heap} {clock:?}");
        PlannedCell {
            id: Hash::of(format!("{point} {seed}").as_bytes()),
            point: Hash::of(point.as_bytes()),
            config_hash: Hash::of(heap.as_bytes()),
            cost_hash: Hash::of(b""),
            workload: workload.into(),
            parameters: BTreeMap::from([("seed".into(), seed), ("window".into(), 7)]),
            config: "default".into(),
            heap: heap.into(),
            clock,
            max_old_bytes: 1 << 20,
            semispace_bytes: 1 << 20,
            settings: BTreeMap::new(),
            choices: BTreeMap::from([("heap".into(), heap.into())]),
        }
    }

    /// A plan of two workloads, two heaps and `seeds` seeds, by the modelled clock.
    pub(crate) fn plan(seeds: u64) -> Plan {
        let mut cells = Vec::new();
        for workload in ["ring", "splay"] {
            for heap in ["1x", "2x"] {
                cells.extend((0..seeds).map(|seed| cell(workload, heap, seed, ClockKind::Modelled)));
            }
        }
        planned(4, cells)
    }

    /// A plan of these cells for so many shards.
    pub(crate) fn planned(shards: u32, cells: Vec<PlannedCell>) -> Plan {
        Plan::new(Hash::of(b"build"), "grid", shards, Vec::new(), cells)
    }

    fn written(plan: &Plan) -> String {
        let mut out = Vec::new();
        plan.write(&mut out).expect("memory takes everything");
        String::from_utf8(out).expect("JSON is UTF-8")
    }

    #[test]
    fn what_is_written_is_read_again() {
        let plan = plan(3);
        assert_eq!(Plan::read(written(&plan).as_bytes()).expect("it is whole"), plan);
        assert_eq!(plan.cells.len(), 12);
    }

    #[test]
    fn a_cell_is_planned_once() {
        let one = || cell("ring", "1x", 1, ClockKind::Modelled);
        assert_eq!(planned(1, vec![one(), one()]).cells.len(), 1);
    }

    #[test]
    fn a_run_that_is_called_twice_is_there_twice() {
        let [one, mut other] = ["1x", "0.9x"].map(|heap| cell("ring", heap, 1, ClockKind::Modelled));
        other.id = one.id.clone();
        let plan = planned(1, vec![one, other]);
        assert_eq!((plan.cells.len(), plan.shared()), (2, 1));
        assert_eq!(Plan::read(written(&plan).as_bytes()).expect("it is whole"), plan);
    }

    #[track_caller]
    fn check_refused(text: &str, message: &str) {
        let error = Plan::read(text.as_bytes()).expect_err("it is no plan").to_string();
        assert!(error.starts_with(message), "{error}");
    }

    #[test]
    fn what_is_no_plan_is_told_with_its_line() {
        let text = written(&plan(1));
        let lines: Vec<_> = text.lines().collect();
        check_refused("", "line 1: this is no plan");
        check_refused("{}\n", "line 1: this is no plan");
        check_refused(
            &text.replace("plan/3", "plan/9"),
            "line 1: this tenure reads tenure.sweep.plan/3, not",
        );
        check_refused(&lines[..3].join("\n"), "line 3: the plan ends here with 2 of 4 cells");
        check_refused(&[&lines[..4], &lines[3..4]].concat().join("\n"), "line 5: cell");
        check_refused(&lines[..4].join("\n").replace("\"id\"", "\"it\""), "line 2: unknown field `it`");
        check_refused(&text[..text.len() - 20], "line 5: the line is cut off");
        let error = Plan::read(&b"\xff\xfe\n"[..]).expect_err("it is no plan").to_string();
        assert_eq!(error, "line 1: this is no line of a plan: it is no text");
    }

    #[test]
    fn a_plan_that_was_changed_by_hand_is_refused() {
        let text = written(&plan(1));
        let version = format!("\"version\":\"{}\"", env!("CARGO_PKG_VERSION"));
        for (from, to, message) in [
            ("\"window\":7", "\"window\":8", "line 2: the line is not as `tenure sweep plan` has written it"),
            ("\"heap\":\"1x\"", "\"heap\":\"9x\"", "line 2: the line is not as"),
            ("\"sample\":\"grid\"", "\"sample\":\"random\"", "line 1: the line is not as"),
            ("\"shards\":4", "\"shards\":0", "line 1: the line is not as"),
            (&version, "\"version\":\"0.0.9\"", "line 1: the plan is of tenure 0.0.9, but this is "),
        ] {
            check_refused(&text.replacen(from, to, 1), message);
        }
        check_refused(&written(&planned(0, Vec::new())), "line 1: there is no plan for 0 shards");
    }

    #[test]
    fn lines_of_another_plan_are_refused() {
        let (one, other) = (written(&plan(1)), written(&plan(2)));
        let [mut lines, others] = [&one, &other].map(|text| text.lines().collect::<Vec<_>>());
        let message = "line 1: the lines are not those that `tenure sweep plan` has written";
        lines.swap(2, 3);
        check_refused(&lines.join("\n"), message);
        lines.swap(2, 3);
        lines[2] = others[2];
        check_refused(&lines.join("\n"), message);
    }
}
