//! The list of what a sweep runs, as a file.

use super::cell::PlannedCell;
use super::id::Hash;
use crate::run::ClockKind;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::io::{self, BufRead, Write};

/// The schema of plans.
const SCHEMA: &str = "tenure.sweep.plan/1";

/// What a sweep runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// What is known of all of it.
    pub header: PlanHeader,
    /// The runs, each of another name.
    pub cells: Vec<PlannedCell>,
}

/// The first line of a plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanHeader {
    schema: String,
    /// The version of Tenure that has made it.
    pub version: String,
    /// How it was drawn from what there is to choose: `grid`, `random` or `latin-hypercube`.
    pub sample: String,
    /// Parts that it is run in, unless the command that runs it says otherwise.
    pub shards: u32,
    /// How many cells there are.
    pub cells: usize,
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
    /// A plan of `cells`, each once: of two of the same name the first is kept.
    #[must_use]
    pub fn new(sample: &str, shards: u32, minimum_heaps: Vec<MinimumHeap>, cells: Vec<PlannedCell>) -> Self {
        let mut names = HashSet::new();
        let cells: Vec<_> = cells.into_iter().filter(|cell| names.insert(cell.id.clone())).collect();
        let header = PlanHeader {
            schema: SCHEMA.into(),
            version: env!("CARGO_PKG_VERSION").into(),
            sample: sample.into(),
            shards,
            cells: cells.len(),
            minimum_heaps,
        };
        Plan { header, cells }
    }

    /// Writes it, a JSON object a line: first the header, then a line a cell.
    ///
    /// # Errors
    /// If `out` takes no more.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        write_line(out, &self.header)?;
        self.cells.iter().try_for_each(|cell| write_line(out, cell))
    }

    /// Reads what [`Plan::write`] has written.
    ///
    /// # Errors
    /// The first line that is wrong, or that is missing.
    pub fn read(lines: impl BufRead) -> Result<Self, PlanError> {
        let mut lines = (1..).zip(lines.lines()).map(|(line, text)| match text {
            Ok(text) => Ok((line, text)),
            Err(error) => Err(PlanError { line, problem: error.to_string() }),
        });
        let missing =
            || PlanError { line: 1, problem: "this is no plan: `tenure sweep plan` makes one".into() };
        let header = read_header(&lines.next().ok_or_else(missing)??)?;
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
            let problem = format!("the plan ends here with {found} of {told} cells: make it again");
            return Err(PlanError { line: found + 1, problem });
        }
        let mut names: HashSet<&Hash> = HashSet::new();
        let twice = self.cells.iter().position(|cell| !names.insert(&cell.id));
        twice.map_or(Ok(()), |index| {
            let problem = format!("cell {} is there twice: make the plan again", self.cells[index].id);
            Err(PlanError { line: index + 2, problem })
        })
    }
}

fn write_line(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

fn read_header(line: &(usize, String)) -> Result<PlanHeader, PlanError> {
    #[derive(Deserialize)]
    struct Named {
        schema: String,
    }
    let Named { schema } = read_line(line)?;
    if schema == SCHEMA {
        return read_line(line);
    }
    Err(PlanError { line: 1, problem: format!("this tenure reads {SCHEMA}, not {schema}") })
}

fn read_line<T: for<'de> Deserialize<'de>>((line, text): &(usize, String)) -> Result<T, PlanError> {
    serde_json::from_str(text).map_err(|error| PlanError { line: *line, problem: error.to_string() })
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
        Plan::new("grid", 4, Vec::new(), cells)
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
        assert_eq!(Plan::new("random", 1, Vec::new(), vec![one(), one()]).cells.len(), 1);
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
        check_refused("{}\n", "line 1: missing field `schema`");
        check_refused(
            &text.replace("plan/1", "plan/9"),
            "line 1: this tenure reads tenure.sweep.plan/1, not",
        );
        check_refused(&lines[..3].join("\n"), "line 3: the plan ends here with 2 of 4 cells");
        check_refused(&[&lines[..4], &lines[3..4]].concat().join("\n"), "line 5: cell");
        check_refused(&lines[..4].join("\n").replace("\"id\"", "\"it\""), "line 2: unknown field `it`");
        check_refused(&text[..text.len() - 20], "line 5: EOF");
    }
}
