//! What the shards of a sweep have found, put together.

use super::cell::PlannedCell;
use super::figures::Figures;
use super::plan::Plan;
use super::point::{Point, points};
use super::shard::Shard;
use super::store::{CellError, CellResult, CellStore};
use crate::quantity::counted;
use crate::run::ClockKind;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt;
use std::path::PathBuf;

/// A sweep that is done.
#[derive(Clone, Debug)]
pub struct Sweep {
    /// What was to be run.
    pub plan: Plan,
    /// What has come out of each cell, in the order of the plan.
    pub results: Vec<CellResult>,
    /// Cells that differ in their seeds only, together.
    pub points: Vec<Point>,
}

/// Why there is no putting together.
#[derive(Debug, Default)]
pub struct Unmerged {
    /// Cells that nobody has run.
    pub missing: Vec<PlannedCell>,
    /// Cells of which two files tell different things.
    pub conflicting: Vec<Conflict>,
    /// Files that cannot be read.
    pub unreadable: Vec<Unreadable>,
    /// The parts of the plan that these cells belong to, each to be run again.
    pub shards: Vec<Shard>,
}

/// A cell of which two files tell different things.
#[derive(Debug)]
pub struct Conflict {
    /// The cell.
    pub cell: PlannedCell,
    /// The two files.
    pub files: [PathBuf; 2],
    /// The figures that differ.
    pub figures: Vec<String>,
}

/// A file that cannot be read.
#[derive(Debug)]
pub struct Unreadable {
    /// The cell that it is of.
    pub cell: PlannedCell,
    /// What is wrong with it.
    pub error: CellError,
}

/// What is known of one cell.
enum Found {
    Result(Box<CellResult>),
    Missing,
    Conflicting(Conflict),
    Unreadable(Unreadable),
}

impl Sweep {
    /// Puts together what `stores` have of the cells of a plan. By the modelled clock it is the same, to the last bit,
    /// however the cells were spread over stores, and in whatever order they were run.
    ///
    /// # Errors
    /// If cells are missing, in conflict, or cannot be read.
    pub fn merge(plan: Plan, stores: &[CellStore]) -> Result<Self, Box<Unmerged>> {
        let (mut found, mut unmerged) = (HashMap::new(), Unmerged::default());
        let mut seen = HashSet::new();
        // Cells that are called otherwise may be the same run.
        for cell in plan.cells.iter().filter(|cell| seen.insert(&cell.id)) {
            match find(cell, stores) {
                Found::Result(result) => drop(found.insert(&cell.id, *result)),
                Found::Missing => unmerged.missing.push(cell.clone()),
                Found::Conflicting(conflict) => unmerged.conflicting.push(conflict),
                Found::Unreadable(unreadable) => unmerged.unreadable.push(unreadable),
            }
        }
        let results: Option<Vec<_>> = plan.cells.iter().map(|cell| found.get(&cell.id).cloned()).collect();
        let Some(results) = results else {
            unmerged.shards = unmerged.to_run_again(&plan);
            return Err(Box::new(unmerged));
        };
        Ok(Sweep { points: points(&plan, &results), plan, results })
    }

    /// Every cell with what has come out of it.
    pub fn cells(&self) -> impl Iterator<Item = (&PlannedCell, &CellResult)> {
        self.plan.cells.iter().zip(&self.results)
    }
}

impl Unmerged {
    /// The shards that have cells which no store tells.
    fn to_run_again(&self, plan: &Plan) -> Vec<Shard> {
        let untold = self.missing.iter().chain(self.unreadable.iter().map(|unreadable| &unreadable.cell));
        let untold: BTreeSet<_> = untold.map(|cell| &cell.id).collect();
        let shards = Shard::every(plan.header.shards);
        shards.filter(|shard| shard.cells(plan).iter().any(|cell| untold.contains(&cell.id))).collect()
    }
}

fn find(cell: &PlannedCell, stores: &[CellStore]) -> Found {
    let mut first: Option<(CellResult, &CellStore)> = None;
    for store in stores {
        let result = match store.read(&cell.id).and_then(|result| of_its_clock(cell, store, result)) {
            Ok(None) => continue,
            Ok(Some(result)) => result,
            Err(error) => return Found::Unreadable(Unreadable { cell: cell.clone(), error }),
        };
        match &first {
            None => first = Some((result, store)),
            Some((other, other_store)) if other.modelled != result.modelled => {
                return Found::Conflicting(Conflict {
                    cell: cell.clone(),
                    files: [other_store, store].map(|store| store.path(&cell.id)),
                    figures: differing(other.modelled.as_ref(), result.modelled.as_ref()),
                });
            }
            Some(_) => {}
        }
    }
    first.map_or(Found::Missing, |(result, _)| Found::Result(Box::new(result)))
}

fn of_its_clock(
    cell: &PlannedCell,
    store: &CellStore,
    result: Option<CellResult>,
) -> Result<Option<CellResult>, CellError> {
    let modelled = cell.clock == ClockKind::Modelled;
    if result.as_ref().is_some_and(|result| result.modelled.is_some() != modelled) {
        let problem = format!("its figures are not of the {} clock", cell.clock.name());
        return Err(CellError { path: store.path(&cell.id), problem });
    }
    Ok(result)
}

/// The names of the figures that two files do not agree on.
fn differing(one: Option<&Figures>, other: Option<&Figures>) -> Vec<String> {
    let [one, other] = [one, other].map(|figures| serde_json::to_value(figures).unwrap_or(Value::Null));
    let Value::Object(one) = one else { return Vec::new() };
    one.into_iter().filter(|(name, value)| other.get(name) != Some(value)).map(|(name, _)| name).collect()
}

/// Most cells of a kind that are listed in a message.
const LISTED: usize = 100;

impl fmt::Display for Unmerged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kinds = [
            ("missing", self.missing.iter().map(|cell| format!("{} {}", cell.id, cell.told())).collect()),
            ("in conflict", self.conflicting.iter().map(ToString::to_string).collect()),
            ("unreadable", self.unreadable.iter().map(|unreadable| unreadable.error.to_string()).collect()),
        ];
        let told: Vec<_> = kinds.iter().filter(|(_, cells): &&(_, Vec<String>)| !cells.is_empty()).collect();
        let counts: Vec<_> = told
            .iter()
            .map(|(what, cells)| format!("{} {what}", counted(cells.len() as u64, "cell")))
            .collect();
        f.write_str(&counts.join(", "))?;
        told.iter().try_for_each(|(what, cells)| list(f, what, cells))
    }
}

fn list(f: &mut fmt::Formatter<'_>, what: &str, cells: &[String]) -> fmt::Result {
    cells.iter().take(LISTED).try_for_each(|cell| write!(f, "\n  {what}: {cell}"))?;
    let more = cells.len().saturating_sub(LISTED);
    if more > 0 { write!(f, "\n  {what}: {more} more") } else { Ok(()) }
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [one, other] = &self.files;
        let figures = self.figures.join(", ");
        write!(
            f,
            "{} {}: {} and {} differ in {figures}",
            self.cell.id,
            self.cell.told(),
            one.display(),
            other.display()
        )
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::Sweep;
    use crate::run::ClockKind;
    use crate::sweep::figures::tests::figures;
    use crate::sweep::plan::tests::{cell, plan, planned};
    use crate::sweep::store::tests::{TestStore, wall};
    use crate::sweep::{CellResult, CellStore, Plan, PlannedCell, TABLES};
    use proptest::prelude::{ProptestConfig, any, prop_assert_eq, proptest};
    use std::fs;

    /// What some run of this cell tells: the same figures of the same cell, and never the same wall.
    fn result(cell: &PlannedCell, run: u64) -> CellResult {
        let number = cell.id.as_str().bytes().map(u64::from).sum::<u64>();
        let figures = figures(1_000_000 + number, 1_000 * number, number << 20);
        match cell.clock {
            ClockKind::Modelled => CellResult::modelled(cell.id.clone(), figures, wall(run)),
            ClockKind::Measured => CellResult::measured(cell.id.clone(), figures, wall(run)),
        }
    }

    fn keep<'p>(store: &CellStore, cells: impl IntoIterator<Item = &'p PlannedCell>, run: u64) {
        cells.into_iter().for_each(|cell| store.write(&result(cell, run)).expect("there is room"));
    }

    /// The sweep of a plan whose cells are all in one store.
    pub(crate) fn sweep(test: &str, plan: Plan) -> Sweep {
        let TestStore(store) = &TestStore::new(test);
        keep(store, &plan.cells, 1);
        Sweep::merge(plan, std::slice::from_ref(store)).expect("nothing is missing")
    }

    /// The tables of what the modelled clock tells.
    fn modelled_tables(sweep: &Sweep) -> Vec<Vec<u8>> {
        let tables = TABLES.iter().filter(|table| table.is_modelled());
        tables.map(|table| table.write(sweep, Vec::new()).expect("memory takes everything")).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]
        #[test]
        fn any_partition_in_any_order_merges_to_the_same_bytes(
            stores_of_cells in proptest::collection::vec(1_u8..8, 24),
            order in proptest::collection::vec(any::<u16>(), 24),
        ) {
            let plan = plan(6);
            let whole = modelled_tables(&sweep("whole", plan.clone()));
            let stores = [0, 1, 2].map(|number| TestStore::new(&format!("part-{number}")));
            let mut cells: Vec<_> = plan.cells.iter().zip(&stores_of_cells).collect();
            let mut keys = order.iter();
            cells.sort_by_cached_key(|_| keys.next().copied());
            // A cell may have been run on several machines.
            for (number, TestStore(store)) in stores.iter().enumerate() {
                let own = cells.iter().filter(|(_, of)| *of & (1 << number) != 0);
                keep(store, own.map(|(cell, _)| *cell), number as u64);
            }
            let stores = stores.each_ref().map(|TestStore(store)| store.clone());
            let merged = Sweep::merge(plan.clone(), &stores).expect("every cell is in one of them");
            prop_assert_eq!(modelled_tables(&merged), whole);
        }
    }

    #[test]
    fn missing_cells_are_listed_with_the_shards_to_run_again() {
        let (plan, TestStore(store)) = (plan(2), &TestStore::new("missing"));
        keep(store, &plan.cells[1..], 1);
        let unmerged = Sweep::merge(plan.clone(), std::slice::from_ref(store)).expect_err("one is missing");
        assert_eq!(unmerged.missing, plan.cells[..1]);
        assert_eq!(unmerged.shards.len(), 1);
        assert!(unmerged.shards[0].cells(&plan).contains(&&plan.cells[0]));
        let said = unmerged.to_string();
        let expected =
            format!("1 cell missing\n  missing: {} ring: heap 1x, seed 0, modelled clock", plan.cells[0].id);
        assert_eq!(said, expected);
    }

    #[test]
    fn cells_that_two_files_disagree_on_are_told_with_what_differs() {
        let (plan, stores) = (plan(1), ["one", "other"].map(TestStore::new));
        stores.iter().for_each(|TestStore(store)| keep(store, &plan.cells, 1));
        let [one, other] = stores.each_ref().map(|TestStore(store)| store.clone());
        let mut wrong = result(&plan.cells[0], 2);
        wrong.modelled.as_mut().expect("it is modelled").allocated_bytes += 1;
        other.write(&wrong).expect("there is room");
        let unmerged = Sweep::merge(plan, &[one, other]).expect_err("they disagree");
        assert_eq!((unmerged.missing.len(), unmerged.conflicting.len()), (0, 1));
        assert_eq!(unmerged.conflicting[0].figures, ["allocated_bytes"]);
    }

    #[test]
    fn a_run_that_is_called_twice_is_run_once_and_is_two_points() {
        let [one, mut other] = ["1x", "0.9x"].map(|heap| cell("ring", heap, 1, ClockKind::Modelled));
        other.id = one.id.clone();
        let plan = planned(2, vec![one, other]);
        let nothing = Sweep::merge(plan.clone(), &[]).expect_err("nothing has been run");
        assert_eq!((nothing.missing.len(), nothing.shards.len()), (1, 1));
        let merged = sweep("twice", plan);
        let heaps: Vec<_> = merged.points.iter().map(|point| (&point.cell.heap[..], point.seeds)).collect();
        assert_eq!(heaps, [("1x", 1), ("0.9x", 1)]);
        assert_eq!(merged.results[0], merged.results[1]);
    }

    #[test]
    fn what_machines_measure_may_differ() {
        let cells = vec![cell("ring", "1x", 1, ClockKind::Measured)];
        let (plan, stores) = (planned(1, cells), ["here", "there"].map(TestStore::new));
        for (run, TestStore(store)) in stores.iter().enumerate() {
            let mut found = result(&plan.cells[0], 1);
            found.measured.as_mut().expect("it is measured").elapsed_ns = run as u64;
            store.write(&found).expect("there is room");
        }
        let stores = stores.each_ref().map(|TestStore(store)| store.clone());
        let merged = Sweep::merge(plan, &stores).expect("they need not agree");
        assert_eq!(merged.results[0].measured.as_ref().map(|found| found.elapsed_ns), Some(0));
    }

    #[test]
    fn files_that_cannot_be_read_are_told() {
        let (plan, TestStore(store)) = (plan(1), &TestStore::new("unreadable"));
        keep(store, &plan.cells, 1);
        fs::write(store.path(&plan.cells[2].id), "{").expect("there is room");
        let mut other_clock = result(&plan.cells[3], 1);
        other_clock.measured = other_clock.modelled.take();
        store.write(&other_clock).expect("there is room");
        let unmerged = Sweep::merge(plan.clone(), std::slice::from_ref(store)).expect_err("two are damaged");
        let damaged: Vec<_> = unmerged.unreadable.iter().map(|unreadable| &unreadable.cell).collect();
        assert_eq!(damaged, plan.cells[2..].iter().collect::<Vec<_>>());
        assert!(unmerged.to_string().contains("its figures are not of the modelled clock"));
    }
}
