//! What a sweep has found, as tables in Parquet files.
//!
//! What the modelled clock tells has files of its own, which are the same to the last byte whoever ran the cells.

use super::cell::PlannedCell;
use super::figures::Figures;
use super::id::SEED;
use super::merge::Sweep;
use super::point::Point;
use super::store::CellResult;
use crate::export::cell::Cell;
use crate::export::table_file::{Head, Kind, TableFile, units};
use crate::percentiles::Percentiles;
use crate::quantity::{Duration, Size};
use crate::run::{ClockKind, Verdict};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

/// A table of a sweep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// A row for each cell of the modelled clock.
    Cells,
    /// A row for each bucket of the histograms of pauses of a point, by the modelled clock.
    Histograms,
    /// A row for each cell, with what it took to run it, and what the machine's clock told if it is of that.
    WallCells,
    /// A row for each bucket of the histograms of pauses of a point, by the machine's clock.
    WallHistograms,
}

/// Every table.
pub const TABLES: [Table; 4] = [Table::Cells, Table::Histograms, Table::WallCells, Table::WallHistograms];

impl Table {
    /// Its name, which is that of its file with `.parquet`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Table::Cells => "cells",
            Table::Histograms => "histograms",
            Table::WallCells => "wall_cells",
            Table::WallHistograms => "wall_histograms",
        }
    }

    /// Whether it holds nothing but what the modelled clock tells.
    #[must_use]
    pub fn is_modelled(self) -> bool {
        matches!(self, Table::Cells | Table::Histograms)
    }

    /// Writes the table of a sweep, and gives back what was written to.
    ///
    /// # Errors
    /// If `out` takes no more.
    pub fn write<W: Write + Send>(self, sweep: &Sweep, out: W) -> io::Result<W> {
        match self {
            Table::Cells => cells(sweep, out),
            Table::WallCells => wall_cells(sweep, out),
            Table::Histograms => histograms(self, sweep, ClockKind::Modelled, out),
            Table::WallHistograms => histograms(self, sweep, ClockKind::Measured, out),
        }
    }

    fn start<W: Write + Send>(self, out: W, heads: &[Head]) -> io::Result<TableFile<W>> {
        TableFile::new(out, self.name(), heads)
    }

    /// Completes a file with where it comes from.
    fn finish<W: Write + Send>(self, file: TableFile<W>, sweep: &Sweep, heads: &[Head]) -> io::Result<W> {
        file.finish([
            ("tenure.schema", format!("tenure.sweep.{}/2", self.name())),
            ("tenure.version", env!("CARGO_PKG_VERSION").into()),
            ("tenure.units", units(heads)),
            ("tenure.plan", sweep.plan.header.origin().to_string()),
        ])
    }
}

/// What has come out of a cell, with its percentiles, which several columns ask for.
struct Run<'r> {
    figures: &'r Figures,
    pauses: Percentiles,
}

impl<'r> Run<'r> {
    fn of(figures: &'r Figures) -> Self {
        Run { figures, pauses: figures.durations().percentiles() }
    }
}

/// A column: how it is called, and what stands in it.
struct Column<T: ?Sized> {
    head: Head,
    value: Box<dyn Fn(&T) -> Cell<'static>>,
}

impl<T: ?Sized> Column<T> {
    fn new(
        name: impl Into<String>,
        kind: Kind,
        about: &'static str,
        value: impl Fn(&T) -> Cell<'static> + 'static,
    ) -> Self {
        Column { head: Head { about, ..Head::new(name, kind) }, value: Box::new(value) }
    }

    fn text(name: &str, about: &'static str, value: impl Fn(&T) -> String + 'static) -> Self {
        Column::new(name, Kind::Text, about, move |row| Cell::Text(value(row).into()))
    }

    /// A text that need not be there: an empty one is none.
    fn name(name: &str, about: &'static str, value: impl Fn(&T) -> String + 'static) -> Self {
        Column::new(name, Kind::Text, about, move |row| match value(row) {
            text if text.is_empty() => Cell::Untold,
            text => Cell::Text(text.into()),
        })
    }

    fn integer(name: &str, about: &'static str, value: impl Fn(&T) -> u64 + 'static) -> Self {
        Column::new(name, Kind::Integer, about, move |row| Cell::Integer(value(row)))
    }

    fn real(name: &str, about: &'static str, value: impl Fn(&T) -> Option<f64> + 'static) -> Self {
        Column::new(name, Kind::Real, about, move |row| value(row).map_or(Cell::Untold, Cell::Real))
    }
}

type OfPlanned = Column<PlannedCell>;
type OfFigures = Column<Figures>;
type OfRun<'r> = Column<Run<'r>>;
type OfResult = Column<CellResult>;
type OfPoint = Column<Point>;

fn heads<T>(columns: &[Column<T>]) -> Vec<Head> {
    columns.iter().map(|column| column.head.clone()).collect()
}

fn cells_of<'c, T>(columns: &'c [Column<T>], row: &'c T) -> impl Iterator<Item = Cell<'static>> + 'c {
    columns.iter().map(move |column| (column.value)(row))
}

/// The columns of what has come out of a cell.
struct Found<'r> {
    verdict: Vec<OfFigures>,
    figures: Vec<OfRun<'r>>,
}

impl<'r> Found<'r> {
    fn columns() -> Self {
        Found { verdict: verdict_columns(), figures: figure_columns() }
    }

    fn heads(&self) -> Vec<Head> {
        [heads(&self.verdict), heads(&self.figures)].concat()
    }

    /// What stands in them. Of a run that failed there is the verdict only: how far it came before says nothing of how
    /// the program does, and would be first or last wherever rows are ordered or summed up.
    fn row(&self, found: Option<&'r Figures>) -> Vec<Cell<'static>> {
        let untold = |columns: usize| vec![Cell::Untold; columns];
        let Some(found) = found else { return untold(self.verdict.len() + self.figures.len()) };
        let mut row: Vec<_> = cells_of(&self.verdict, found).collect();
        row.extend(match found.passed() {
            true => cells_of(&self.figures, &Run::of(found)).collect(),
            false => untold(self.figures.len()),
        });
        row
    }
}

fn cells<W: Write + Send>(sweep: &Sweep, out: W) -> io::Result<W> {
    let (planned, columns) = (planned_columns(sweep), Found::columns());
    let heads = [heads(&planned), columns.heads()].concat();
    let mut file = Table::Cells.start(out, &heads)?;
    for (cell, result) in sweep.cells().filter(|(_, result)| result.modelled.is_some()) {
        file.push(cells_of(&planned, cell).chain(columns.row(result.modelled.as_ref())))?;
    }
    Table::Cells.finish(file, sweep, &heads)
}

fn wall_cells<W: Write + Send>(sweep: &Sweep, out: W) -> io::Result<W> {
    let (planned, wall, columns) = (planned_columns(sweep), wall_columns(), Found::columns());
    let heads = [heads(&planned), heads(&wall), columns.heads()].concat();
    let mut file = Table::WallCells.start(out, &heads)?;
    for (cell, result) in sweep.cells() {
        let row = cells_of(&planned, cell).chain(cells_of(&wall, result));
        file.push(row.chain(columns.row(result.measured.as_ref())))?;
    }
    Table::WallCells.finish(file, sweep, &heads)
}

fn histograms<W: Write + Send>(table: Table, sweep: &Sweep, clock: ClockKind, out: W) -> io::Result<W> {
    let point = point_columns();
    let bucket = [
        ("kind", Kind::Text),
        ("from_ns", Kind::Integer),
        ("to_ns", Kind::Integer),
        ("pauses", Kind::Integer),
    ];
    let bucket = bucket.map(|(name, kind)| Head::new(name, kind));
    let heads = [heads(&point), bucket.into()].concat();
    let mut file = table.start(out, &heads)?;
    for one in sweep.points.iter().filter(|point| point.cell.clock == clock) {
        for (kind, durations) in &one.durations_by_kind {
            for bucket in durations.buckets() {
                // No pause was longer than the longest: percentiles read off the buckets are those of the merge.
                let to = bucket.to.min(one.pauses.max);
                let numbers = [bucket.from.0, to.0, bucket.count].map(Cell::Integer);
                let row = cells_of(&point, one).chain([Cell::Text(kind.clone().into())]).chain(numbers);
                file.push(row)?;
            }
        }
    }
    table.finish(file, sweep, &heads)
}

/// What was run, and on which heap; a column more for each choice that the sweep has.
fn planned_columns(sweep: &Sweep) -> Vec<Column<PlannedCell>> {
    let version = sweep.plan.header.version.clone();
    let mut columns = vec![
        OfPlanned::text("cell", "hash of all that the result depends on", |cell| cell.id.to_string()),
        OfPlanned::text("point", "hash of the same but for the seed, and of how it is called", |cell| {
            cell.point.to_string()
        }),
        OfPlanned::text("workload", "what was run", |cell| cell.workload.clone()),
        OfPlanned::text("parameters", "its parameters, but for the seed", PlannedCell::work),
        OfPlanned::new("seed", Kind::Integer, "stream of its random choices", |cell| {
            cell.seed().map_or(Cell::Untold, Cell::Integer)
        }),
        OfPlanned::text("config", "name of the configuration", |cell| cell.config.clone()),
        OfPlanned::name("heap", "size of the heap, in the words of the sweep, if they say one", |cell| {
            cell.heap.clone()
        }),
        OfPlanned::text("clock", "where time comes from", |cell| cell.clock.name().into()),
        OfPlanned::integer("max_old_bytes", "most that the old generation may take", |cell| {
            cell.max_old_bytes
        }),
        OfPlanned::integer("semispace_bytes", "largest capacity of one semispace", |cell| {
            cell.semispace_bytes
        }),
        OfPlanned::text("settings", "settings that are not the defaults", settings),
        OfPlanned::text("config_hash", "hash of all settings of the heap", |cell| {
            cell.config_hash.to_string()
        }),
        OfPlanned::text("cost_hash", "hash of what work costs", |cell| cell.cost_hash.to_string()),
        OfPlanned::text("version", "version of Tenure", move |_| version.clone()),
    ];
    let cells = &sweep.plan.cells;
    let parameters: BTreeSet<_> = cells.iter().flat_map(|cell| cell.parameters.keys()).collect();
    columns.extend(parameters.into_iter().filter(|name| *name != SEED).map(|name| parameter_column(name)));
    let mut labels: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (choice, label) in cells.iter().flat_map(|cell| &cell.choices) {
        labels.entry(choice).or_default().insert(label);
    }
    columns.extend(labels.iter().map(|(choice, labels)| choice_column(choice, labels)));
    columns
}

fn parameter_column(parameter: &str) -> OfPlanned {
    let own = parameter.to_owned();
    OfPlanned::new(
        format!("parameter_{parameter}"),
        Kind::Integer,
        "a parameter of the workload",
        move |cell| cell.parameters.get(&own).copied().map_or(Cell::Untold, Cell::Integer),
    )
}

/// Choices between names, which are no numbers, whatever they look like.
const NAMES: [&str; 3] = ["workload", "config", "clock"];

/// Reads the label of a choice as a number.
type ReadLabel = fn(&str) -> Option<u64>;

/// What labels may be besides texts, with the unit for the name of the column: whole numbers, sizes, times.
const NUMBERS: [(&str, ReadLabel); 3] = [
    ("", |label| label.parse().ok()),
    ("_bytes", |label| label.parse().ok().map(|Size(bytes)| bytes)),
    ("_ns", |label| label.parse().ok().map(|Duration(time)| time.0)),
];

/// Numbers if all labels that the sweep has of the choice are numbers of one kind, and texts otherwise.
fn choice_column(choice: &str, labels: &BTreeSet<&str>) -> OfPlanned {
    let name = format!("choice_{}", choice.replace(['.', ' '], "_"));
    let about = "what was chosen for this cell";
    let reads_all = |read: ReadLabel| labels.iter().all(|label| read(label).is_some());
    let own = choice.to_owned();
    match NUMBERS.iter().find(|(_, read)| !NAMES.contains(&choice) && reads_all(*read)) {
        None => OfPlanned::new(name, Kind::Text, about, move |cell| {
            cell.choices.get(&own).map_or(Cell::Untold, |label| Cell::Text(label.clone().into()))
        }),
        Some(&(unit, read)) => {
            let name = format!("{}{unit}", name.strip_suffix(unit).unwrap_or(&name));
            OfPlanned::new(name, Kind::Integer, about, move |cell| {
                cell.choices.get(&own).and_then(|label| read(label)).map_or(Cell::Untold, Cell::Integer)
            })
        }
    }
}

fn settings(cell: &PlannedCell) -> String {
    let settings = cell.settings.iter().map(|(name, value)| format!("{name}={value}"));
    settings.collect::<Vec<_>>().join(" ")
}

fn verdict_columns() -> Vec<OfFigures> {
    vec![
        OfFigures::text("status", "passed or failed; if it failed, nothing else is told of it", |found| {
            (if found.passed() { "passed" } else { "failed" }).into()
        }),
        OfFigures::name("reason", "why it failed, if it did", |found| match &found.verdict {
            Verdict::Failed { reason } => reason.clone(),
            Verdict::Passed { .. } => String::new(),
        }),
    ]
}

/// What is told of a run that has passed.
fn figure_columns<'r>() -> Vec<OfRun<'r>> {
    let mut columns = vec![
        OfRun::name("checksum", "digest of the program's result", |run| match run.figures.verdict {
            Verdict::Passed { checksum } => format!("{checksum:016x}"),
            Verdict::Failed { .. } => String::new(),
        }),
        OfRun::integer("elapsed_ns", "how long the run took, by the clock of its heap", |run| {
            run.figures.elapsed_ns
        }),
        OfRun::integer("operations", "operations of the program", |run| run.figures.operations),
        OfRun::name("operation", "what one of them is, if they are counted", |run| {
            run.figures.operation.clone()
        }),
        OfRun::real("throughput", "operations a second", |run| {
            let counted = !run.figures.operation.is_empty() && run.figures.elapsed_ns > 0;
            counted.then(|| run.figures.operations as f64 / (run.figures.elapsed_ns as f64 / 1e9))
        }),
        OfRun::real("mutator_share", "what the program had of the time", |run| {
            Some(run.figures.mutator_share)
        }),
    ];
    let windows = ["worst_1ms_share", "worst_10ms_share", "worst_100ms_share"];
    columns.extend(windows.iter().enumerate().map(|(number, name)| {
        OfRun::real(name, "what it had of the worst window of that length", move |run| {
            run.figures.worst_windows.get(number).copied().flatten()
        })
    }));
    columns.extend(pause_columns());
    columns.extend([
        OfRun::integer("allocated_bytes", "bytes allocated", |run| run.figures.allocated_bytes),
        OfRun::integer("copied_bytes", "bytes copied within new space", |run| run.figures.copied_bytes),
        OfRun::integer("promoted_bytes", "bytes that became old", |run| run.figures.promoted_bytes),
        OfRun::integer("peak_used_bytes", "most bytes of objects", |run| run.figures.peak_used_bytes),
        OfRun::integer("peak_total_bytes", "most bytes of all spaces", |run| run.figures.peak_total_bytes),
        OfRun::integer("peak_external_bytes", "most bytes off the heap", |run| {
            run.figures.peak_external_bytes
        }),
        OfRun::integer("committed_bytes", "memory that the system was made to commit", |run| {
            run.figures.committed_bytes
        }),
        OfRun::integer("refused_allocations", "allocations that could not be met", |run| {
            run.figures.refused_allocations
        }),
    ]);
    columns
}

fn pause_columns<'r>() -> Vec<OfRun<'r>> {
    let column = |name, about, value: fn(Percentiles) -> u64| {
        OfRun::integer(name, about, move |run| value(run.pauses))
    };
    vec![
        column("pauses", "how many pauses", |pauses| pauses.count),
        column("p50_pause_ns", "half of the pauses are no longer", |pauses| pauses.p50.0),
        column("p90_pause_ns", "nine tenths of the pauses are no longer", |pauses| pauses.p90.0),
        column("p99_pause_ns", "99 % of the pauses are no longer", |pauses| pauses.p99.0),
        column("p99_9_pause_ns", "99.9 % of the pauses are no longer", |pauses| pauses.p99_9.0),
        column("max_pause_ns", "the longest pause", |pauses| pauses.max.0),
        column("total_pause_ns", "all pauses together", |pauses| pauses.total.0),
    ]
}

fn wall_columns() -> Vec<Column<CellResult>> {
    vec![
        OfResult::integer("wall_run_ns", "how long it took to run the cell", |result| result.wall.run_ns),
        OfResult::integer("side_by_side", "cells that the process ran at once", |result| {
            result.wall.side_by_side.into()
        }),
        OfResult::name("host", "the machine", |result| result.wall.host.clone()),
        OfResult::text("build", "hash of the program that ran the cell", |result| {
            result.wall.build.to_string()
        }),
    ]
}

fn point_columns() -> Vec<Column<Point>> {
    vec![
        OfPoint::text("point", "what cells have as their point", |point| point.cell.point.to_string()),
        OfPoint::text("workload", "what was run", |point| point.cell.workload.clone()),
        OfPoint::text("parameters", "its parameters, but for the seed", |point| point.cell.work()),
        OfPoint::text("config", "name of the configuration", |point| point.cell.config.clone()),
        OfPoint::name("heap", "size of the heap, in the words of the sweep, if they say one", |point| {
            point.cell.heap.clone()
        }),
        OfPoint::integer("seeds", "runs whose pauses are counted: those that have passed", |point| {
            (point.seeds - point.failed_runs()) as u64
        }),
    ]
}

#[cfg(test)]
mod tests {
    use super::{TABLES, Table};
    use crate::run::{ClockKind, Verdict};
    use crate::sweep::figures::tests::figures;
    use crate::sweep::merge::tests::sweep;
    use crate::sweep::plan::tests::{cell, plan, planned};
    use crate::sweep::store::tests::{TestStore, wall};
    use crate::sweep::{CellResult, Figures, Plan, PlannedCell, Sweep};
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::{Field, Row};

    fn rows(table: Table, test: &str, plan: Plan) -> Vec<Row> {
        rows_of(table, &sweep(test, plan))
    }

    fn rows_of(table: Table, sweep: &Sweep) -> Vec<Row> {
        let file = table.write(sweep, Vec::new()).expect("memory takes everything");
        let reader = SerializedFileReader::new(bytes::Bytes::from(file)).expect("a Parquet file");
        reader.get_row_iter(None).expect("rows").map(|row| row.expect("a row")).collect()
    }

    fn field<'r>(row: &'r Row, name: &str) -> &'r Field {
        row.get_column_iter().find(|(found, _)| *found == name).expect("there is such a column").1
    }

    /// A plan with a cell of each clock.
    fn mixed() -> Plan {
        let cells = [ClockKind::Modelled, ClockKind::Measured].map(|clock| cell("ring", "1x", 1, clock));
        planned(1, cells.into())
    }

    #[test]
    fn every_cell_of_the_modelled_clock_is_a_row() {
        let rows = rows(Table::Cells, "rows", plan(2));
        assert_eq!(rows.len(), 8);
        assert_eq!(field(&rows[3], "workload"), &Field::Str("ring".into()));
        assert_eq!(field(&rows[3], "seed"), &Field::Long(1));
        assert_eq!(field(&rows[3], "choice_heap"), &Field::Str("2x".into()));
        assert_eq!(field(&rows[3], "pauses"), &Field::Long(1));
    }

    #[test]
    fn what_a_machine_measured_lives_apart() {
        let modelled = rows(Table::Cells, "modelled", mixed());
        assert_eq!(modelled.len(), 1);
        assert!(modelled[0].get_column_iter().all(|(name, _)| !name.contains("wall") && name != "host"));
        let wall = rows(Table::WallCells, "wall", mixed());
        assert_eq!(wall.len(), 2);
        assert_eq!(
            field(&wall[0], "elapsed_ns"),
            &Field::Null,
            "the modelled clock's figures are in the other file"
        );
        assert!(matches!(field(&wall[1], "elapsed_ns"), Field::Long(_)));
        let counts =
            [Table::Histograms, Table::WallHistograms].map(|table| rows(table, "histograms", mixed()).len());
        assert_eq!(counts, [1, 1]);
    }

    /// The sweep of one point of two seeds, of which the second has failed after some pauses.
    fn half_failed() -> Sweep {
        let TestStore(store) = &TestStore::new("half-failed");
        let plan = planned(1, [1, 2].map(|seed| cell("ring", "1x", seed, ClockKind::Modelled)).into());
        let failed = Figures { verdict: Verdict::Failed { reason: "no room".into() }, ..figures(1, 9, 9) };
        for (cell, found) in plan.cells.iter().zip([figures(5, 1, 2), failed]) {
            store.write(&CellResult::modelled(cell.id.clone(), found, wall(1))).expect("there is room");
        }
        Sweep::merge(plan, std::slice::from_ref(store)).expect("nothing is missing")
    }

    #[test]
    fn of_a_run_that_failed_nothing_is_told_but_why() {
        let rows = rows_of(Table::Cells, &half_failed());
        let text = |text: &str| Field::Str(text.into());
        assert_eq!((field(&rows[0], "status"), field(&rows[0], "reason")), (&text("passed"), &Field::Null));
        assert_eq!(
            (field(&rows[1], "status"), field(&rows[1], "reason")),
            (&text("failed"), &text("no room"))
        );
        let is_told = |row: &Row, name: &str| field(row, name) != &Field::Null;
        for name in [
            "checksum",
            "elapsed_ns",
            "operation",
            "throughput",
            "mutator_share",
            "p99_pause_ns",
            "peak_total_bytes",
        ] {
            assert_eq!([0, 1].map(|row| is_told(&rows[row], name)), [true, false], "{name}");
        }
        let buckets = rows_of(Table::Histograms, &half_failed());
        assert_eq!((buckets.len(), field(&buckets[0], "to_ns")), (1, &Field::Long(1)));
        assert_eq!(field(&buckets[0], "seeds"), &Field::Long(1));
    }

    #[test]
    fn choices_of_numbers_are_numbers_and_of_names_are_names() {
        let choose = |labels: [(&str, &str); 2]| {
            let cells = labels.map(|(name, label)| PlannedCell {
                choices: [(name.to_owned(), label.to_owned())].into(),
                ..cell("ring", label, 1, ClockKind::Modelled)
            });
            rows(Table::Cells, "choices", planned(1, cells.into()))
        };
        let check = |choice: &str, labels: [&str; 2], column: &str, expected: [Field; 2]| {
            let rows = choose(labels.map(|label| (choice, label)));
            assert_eq!([0, 1].map(|row| field(&rows[row], column).clone()), expected, "{choice}");
        };
        check("promotion.age", ["0", "15"], "choice_promotion_age", [0, 15].map(Field::Long));
        check(
            "new_space.max",
            ["1MiB", "512KiB"],
            "choice_new_space_max_bytes",
            [1 << 20, 512 << 10].map(Field::Long),
        );
        check(
            "reducer.delay",
            ["2ms", "1us"],
            "choice_reducer_delay_ns",
            [2_000_000, 1_000].map(Field::Long),
        );
        check(
            "pages.page_bytes",
            ["7", "off"],
            "choice_pages_page_bytes",
            ["7", "off"].map(|it| Field::Str(it.into())),
        );
        check("config", ["1", "2"], "choice_config", ["1", "2"].map(|name| Field::Str(name.into())));
        let rows = choose([("age", "1"), ("other", "x")]);
        assert_eq!(
            (field(&rows[1], "choice_age"), field(&rows[0], "choice_other")),
            (&Field::Null, &Field::Null)
        );
        assert_eq!(field(&rows[0], "parameter_window"), &Field::Long(7));
    }

    #[test]
    fn what_the_modelled_clock_tells_is_the_same_for_any_number_of_shards() {
        let of = |shards| {
            let plan = planned(shards, plan(2).cells);
            let tables = TABLES.iter().filter(|table| table.is_modelled());
            let sweep = sweep("parts", plan);
            tables
                .map(|table| table.write(&sweep, Vec::new()).expect("memory takes everything"))
                .collect::<Vec<_>>()
        };
        assert_eq!(of(1), of(64));
    }

    #[test]
    fn histograms_of_seeds_are_added_up() {
        let rows = rows(Table::Histograms, "added", plan(5));
        let pauses = rows.iter().map(|row| match field(row, "pauses") {
            Field::Long(count) => *count,
            other => panic!("{other:?}"),
        });
        assert_eq!(pauses.sum::<i64>(), 20, "each cell has one");
    }

    #[test]
    fn files_say_where_they_come_from() {
        for table in TABLES {
            let file = table.write(&sweep("origin", mixed()), Vec::new()).expect("memory takes everything");
            let reader = SerializedFileReader::new(bytes::Bytes::from(file)).expect("a Parquet file");
            let pairs =
                reader.metadata().file_metadata().key_value_metadata().expect("there are pairs").clone();
            let value = |key| pairs.iter().find(|pair| pair.key == key).and_then(|pair| pair.value.clone());
            assert_eq!(value("tenure.schema"), Some(format!("tenure.sweep.{}/2", table.name())));
            assert!(value("tenure.units").is_some_and(|units| units.contains("nanoseconds")));
            assert!(value("tenure.plan").is_some_and(|plan| plan.contains(r#""sample":"grid""#)));
            assert!(value("ARROW:schema").is_some());
        }
    }
}
