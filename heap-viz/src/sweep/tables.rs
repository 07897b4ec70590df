//! What a sweep has found, as tables in Parquet files.
//!
//! What the modelled clock tells has files of its own, which are the same to the last byte whoever ran the cells.

use super::cell::PlannedCell;
use super::figures::Figures;
use super::merge::Sweep;
use super::point::Point;
use super::store::CellResult;
use crate::export::cell::Cell;
use crate::export::table_file::{Head, Kind, TableFile, units};
use crate::percentiles::Percentiles;
use crate::run::{ClockKind, Verdict};
use std::collections::BTreeSet;
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
            ("tenure.schema", format!("tenure.sweep.{}/1", self.name())),
            ("tenure.version", env!("CARGO_PKG_VERSION").into()),
            ("tenure.units", units(heads)),
            ("tenure.plan", serde_json::to_string(&sweep.plan.header)?),
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

    fn integer(name: &str, about: &'static str, value: impl Fn(&T) -> u64 + 'static) -> Self {
        Column::new(name, Kind::Integer, about, move |row| Cell::Integer(value(row)))
    }

    fn real(name: &str, about: &'static str, value: impl Fn(&T) -> Option<f64> + 'static) -> Self {
        Column::new(name, Kind::Real, about, move |row| value(row).map_or(Cell::Untold, Cell::Real))
    }
}

type OfPlanned = Column<PlannedCell>;
type OfRun<'r> = Column<Run<'r>>;
type OfResult = Column<CellResult>;
type OfPoint = Column<Point>;

fn heads<T>(columns: &[Column<T>]) -> Vec<Head> {
    columns.iter().map(|column| column.head.clone()).collect()
}

fn cells_of<'c, T>(columns: &'c [Column<T>], row: &'c T) -> impl Iterator<Item = Cell<'static>> + 'c {
    columns.iter().map(move |column| (column.value)(row))
}

fn cells<W: Write + Send>(sweep: &Sweep, out: W) -> io::Result<W> {
    let (planned, figures) = (planned_columns(sweep), figure_columns());
    let heads = [heads(&planned), heads(&figures)].concat();
    let mut file = Table::Cells.start(out, &heads)?;
    for (cell, result) in sweep.cells() {
        if let Some(found) = &result.modelled {
            file.push(cells_of(&planned, cell).chain(cells_of(&figures, &Run::of(found))))?;
        }
    }
    Table::Cells.finish(file, sweep, &heads)
}

fn wall_cells<W: Write + Send>(sweep: &Sweep, out: W) -> io::Result<W> {
    let (planned, wall, figures) = (planned_columns(sweep), wall_columns(), figure_columns());
    let heads = [heads(&planned), heads(&wall), heads(&figures)].concat();
    let mut file = Table::WallCells.start(out, &heads)?;
    for (cell, result) in sweep.cells() {
        let row = cells_of(&planned, cell).chain(cells_of(&wall, result));
        match &result.measured {
            Some(found) => file.push(row.chain(cells_of(&figures, &Run::of(found))))?,
            None => file.push(row.chain(figures.iter().map(|_| Cell::Untold)))?,
        }
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
                let numbers = [bucket.from.0, bucket.to.0, bucket.count].map(Cell::Integer);
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
        OfPlanned::text("point", "the same hash, but for the seed", |cell| cell.point.to_string()),
        OfPlanned::text("workload", "what was run", |cell| cell.workload.clone()),
        OfPlanned::text("parameters", "its parameters, but for the seed", PlannedCell::work),
        OfPlanned::new("seed", Kind::Integer, "stream of its random choices", |cell| {
            cell.seed().map_or(Cell::Untold, Cell::Integer)
        }),
        OfPlanned::text("config", "name of the configuration", |cell| cell.config.clone()),
        OfPlanned::text("heap", "size of the heap, in the words of the sweep", |cell| cell.heap.clone()),
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
    let choices: BTreeSet<_> = sweep.plan.cells.iter().flat_map(|cell| cell.choices.keys()).collect();
    columns.extend(choices.into_iter().map(|choice| choice_column(choice.clone())));
    columns
}

fn choice_column(choice: String) -> Column<PlannedCell> {
    let name = format!("choice_{}", choice.replace(['.', ' '], "_"));
    let label =
        move |cell: &PlannedCell| Cell::Text(cell.choices.get(&choice).cloned().unwrap_or_default().into());
    OfPlanned::new(name, Kind::Text, "what was chosen for this cell", label)
}

fn settings(cell: &PlannedCell) -> String {
    let settings = cell.settings.iter().map(|(name, value)| format!("{name}={value}"));
    settings.collect::<Vec<_>>().join(" ")
}

fn figure_columns<'r>() -> Vec<OfRun<'r>> {
    let mut columns = vec![
        OfRun::text("status", "passed or failed", |run| {
            (if run.figures.passed() { "passed" } else { "failed" }).into()
        }),
        OfRun::text("reason", "why it failed, if it did", |run| match &run.figures.verdict {
            Verdict::Failed { reason } => reason.clone(),
            Verdict::Passed { .. } => String::new(),
        }),
        OfRun::text("checksum", "digest of the program's result", |run| match run.figures.verdict {
            Verdict::Passed { checksum } => format!("{checksum:016x}"),
            Verdict::Failed { .. } => String::new(),
        }),
        OfRun::integer("elapsed_ns", "how long the run took, by the clock of its heap", |run| {
            run.figures.elapsed_ns
        }),
        OfRun::integer("operations", "operations of the program", |run| run.figures.operations),
        OfRun::text("operation", "what one of them is", |run| run.figures.operation.clone()),
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
        OfResult::text("host", "the machine", |result| result.wall.host.clone()),
    ]
}

fn point_columns() -> Vec<Column<Point>> {
    vec![
        OfPoint::text("point", "hash of all that the results depend on but the seed", |point| {
            point.cell.point.to_string()
        }),
        OfPoint::text("workload", "what was run", |point| point.cell.workload.clone()),
        OfPoint::text("parameters", "its parameters, but for the seed", |point| point.cell.work()),
        OfPoint::text("config", "name of the configuration", |point| point.cell.config.clone()),
        OfPoint::text("heap", "size of the heap, in the words of the sweep", |point| point.cell.heap.clone()),
        OfPoint::integer("seeds", "runs whose pauses are counted", |point| point.seeds as u64),
    ]
}

#[cfg(test)]
mod tests {
    use super::{TABLES, Table};
    use crate::run::ClockKind;
    use crate::sweep::Plan;
    use crate::sweep::merge::tests::sweep;
    use crate::sweep::plan::tests::{cell, plan};
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::{Field, Row};

    fn rows(table: Table, test: &str, plan: Plan) -> Vec<Row> {
        let file = table.write(&sweep(test, plan), Vec::new()).expect("memory takes everything");
        let reader = SerializedFileReader::new(bytes::Bytes::from(file)).expect("a Parquet file");
        reader.get_row_iter(None).expect("rows").map(|row| row.expect("a row")).collect()
    }

    fn field<'r>(row: &'r Row, name: &str) -> &'r Field {
        row.get_column_iter().find(|(found, _)| *found == name).expect("there is such a column").1
    }

    /// A plan with a cell of each clock.
    fn mixed() -> Plan {
        let cells = [ClockKind::Modelled, ClockKind::Measured].map(|clock| cell("ring", "1x", 1, clock));
        Plan::new("grid", 1, Vec::new(), cells.into())
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
            assert_eq!(value("tenure.schema"), Some(format!("tenure.sweep.{}/1", table.name())));
            assert!(value("tenure.units").is_some_and(|units| units.contains("nanoseconds")));
            assert!(value("tenure.plan").is_some_and(|plan| plan.contains(r#""sample":"grid""#)));
            assert!(value("ARROW:schema").is_some());
        }
    }
}
