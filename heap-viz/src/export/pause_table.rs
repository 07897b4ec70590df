//! Pauses as rows of a table, which CSV and Parquet share: schema `tenure.pauses/1`.

use super::cell::Cell;
use super::current_run::CurrentRun;
use crate::collector::Figure;
use gc_core::event::{Nanos, Pause, Phase, Usage};
use std::sync::LazyLock;

/// Name and version of the table.
pub(super) const SCHEMA: &str = "tenure.pauses/1";

/// What a row is made of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'a> {
    pub(super) run: &'a CurrentRun,
    pub(super) pause: &'a Pause,
    /// Why: a word of Tenure, or of the runtime whose log it is from.
    pub(super) cause: &'a str,
}

/// A column of the table.
#[derive(Debug)]
pub(super) struct Column {
    /// Its name, with the unit at its end where there is one.
    pub(super) name: String,
    /// What logs must tell, so that the column has a value.
    figure: Option<Figure>,
    pub(super) value: Value,
}

/// How the value of a column is had from a row.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value {
    Text(fn(Row<'_>) -> &str),
    Number(fn(&Pause) -> u64),
    /// The number of the run.
    Run,
    /// Time in a phase, of which a pause may have several.
    Phase(Phase),
}

/// All columns, in order.
pub(super) static COLUMNS: LazyLock<Vec<Column>> =
    LazyLock::new(|| what().into_iter().chain(memory()).chain(work()).chain(phases()).collect());

impl Column {
    /// What stands in this column of a row.
    pub(super) fn cell<'a>(&self, row: Row<'a>) -> Cell<'a> {
        if self.figure.is_some_and(|figure| !row.run.info.tells(figure)) {
            return Cell::Untold;
        }
        match self.value {
            Value::Text(text) => Cell::Text(text(row).into()),
            Value::Number(number) => Cell::Integer(number(row.pause)),
            Value::Run => Cell::Integer(row.run.number),
            Value::Phase(phase) => Cell::Integer(time_in(row.pause, phase).0),
        }
    }
}

fn column(name: impl Into<String>, figure: Option<Figure>, value: Value) -> Column {
    Column { name: name.into(), figure, value }
}

/// Which pause it is, and how long it took.
fn what() -> [Column; 9] {
    let number = |name, number| column(name, None, Value::Number(number));
    [
        column("run", None, Value::Run),
        column("workload", None, Value::Text(|row| &row.run.info.workload)),
        number("id", |pause| pause.id),
        column("kind", None, Value::Text(|row| row.pause.kind.name())),
        column("cause", None, Value::Text(|row| row.cause)),
        number("start_ns", |pause| pause.start.0),
        number("duration_ns", |pause| pause.duration.0),
        number("allocated_before_bytes", |pause| pause.allocated_bytes_before),
        number("freed_bytes", |pause| pause.work.freed_bytes),
    ]
}

/// The figures of [`Usage`], each before and after.
fn memory() -> impl Iterator<Item = Column> {
    macro_rules! before_and_after {
        ($(($name:literal, $figure:expr, $of:expr)),* $(,)?) => {
            [$(
                column(concat!($name, "_before_bytes"), $figure, Value::Number(|pause| of(&pause.before, $of))),
                column(concat!($name, "_after_bytes"), $figure, Value::Number(|pause| of(&pause.after, $of))),
            )*]
        };
    }
    let spaces = Some(Figure::Spaces);
    let columns = before_and_after![
        ("heap_used", None, Usage::heap_used),
        ("heap_total", Some(Figure::Capacity), Usage::heap_total),
        ("new_used", spaces, |usage| usage.new_used),
        ("new_total", spaces, |usage| usage.new_total),
        ("old_used", spaces, |usage| usage.old_used),
        ("old_total", spaces, |usage| usage.old_total),
        ("large_used", spaces, |usage| usage.large_used),
        ("large_total", spaces, |usage| usage.large_total),
        ("external", Some(Figure::External), |usage| usage.external),
    ];
    columns.into_iter()
}

fn of(usage: &Usage, figure: impl FnOnce(&Usage) -> u64) -> u64 {
    figure(usage)
}

/// What was done.
fn work() -> [Column; 14] {
    let counted = |name, figure, number| column(name, Some(figure), Value::Number(number));
    [
        counted("copied_bytes", Figure::Promotion, |pause| pause.work.copied_bytes),
        counted("promoted_bytes", Figure::Promotion, |pause| pause.work.promoted_bytes),
        counted("copied_objects", Figure::Work, |pause| pause.work.copied_objects),
        counted("promoted_objects", Figure::Work, |pause| pause.work.promoted_objects),
        counted("roots", Figure::Work, |pause| pause.work.roots),
        counted("remembered", Figure::Work, |pause| pause.work.remembered),
        counted("slots", Figure::Work, |pause| pause.work.slots),
        counted("marked_objects", Figure::Work, |pause| pause.work.marked_objects),
        counted("marked_bytes", Figure::Work, |pause| pause.work.marked_bytes),
        counted("swept_pages", Figure::Work, |pause| pause.work.swept_pages),
        counted("moved_objects", Figure::Work, |pause| pause.work.moved_objects),
        counted("moved_bytes", Figure::Work, |pause| pause.work.moved_bytes),
        counted("remembered_entries", Figure::Remembered, |pause| pause.remembered_entries),
        counted("fragmentation_ppm", Figure::Fragmentation, |pause| pause.fragmentation_ppm.into()),
    ]
}

fn phases() -> impl Iterator<Item = Column> {
    let of_phase =
        |phase: Phase| column(format!("{}_ns", phase.name()), Some(Figure::Phases), Value::Phase(phase));
    Phase::ALL.into_iter().map(of_phase)
}

/// The time in a phase, zero if the pause had none of it.
fn time_in(pause: &Pause, phase: Phase) -> Nanos {
    let of_phase = pause.phases.iter().filter(|ended| ended.phase == phase);
    Nanos(of_phase.fold(0, |time, ended| time.saturating_add(ended.duration.0)))
}

#[cfg(test)]
mod tests {
    use super::{COLUMNS, Cell, Row};
    use crate::collector::{Collector, Figure};
    use crate::export::current_run::CurrentRun;
    use crate::record::sample;
    use crate::run::RunInfo;
    use std::collections::BTreeSet;

    #[track_caller]
    fn check(untold: Vec<Figure>, column: &str, expected: Cell<'_>) {
        let collector = (!untold.is_empty()).then(|| Collector { name: "V8".into(), untold });
        let info = RunInfo { workload: "ring".into(), collector, ..RunInfo::default() };
        let run = CurrentRun { number: 3, info };
        let pause = sample::pause(9);
        let row = Row { run: &run, pause: &pause, cause: "boredom" };
        let column = COLUMNS.iter().find(|found| found.name == column).expect("there is the column");
        assert_eq!(column.cell(row), expected, "{}", column.name);
    }

    #[test]
    fn names_are_unique_and_have_units() {
        let names: BTreeSet<_> = COLUMNS.iter().map(|column| &column.name).collect();
        assert_eq!(names.len(), COLUMNS.len());
        for part in ["total", "used", "start", "duration", "allocated"] {
            let of_part = names.iter().filter(|name| name.contains(part));
            of_part.for_each(|name| assert!(name.ends_with("_ns") || name.ends_with("_bytes"), "{name}"));
        }
    }

    #[test]
    fn cells_are_those_of_the_pause() {
        check(vec![], "run", Cell::Integer(3));
        check(vec![], "workload", Cell::Text("ring".into()));
        check(vec![], "kind", Cell::Text("full".into()));
        check(vec![], "cause", Cell::Text("boredom".into()));
        check(vec![], "duration_ns", Cell::Integer(1_020_000));
        check(vec![], "mark_ns", Cell::Integer(510_000));
        check(vec![], "sweep_ns", Cell::Integer(0));
        check(vec![], "old_used_before_bytes", Cell::Integer(9 << 20));
        check(vec![], "external_after_bytes", Cell::Integer(1 << 19));
    }

    #[test]
    fn what_a_log_does_not_tell_is_not_zero() {
        check(vec![Figure::Phases], "mark_ns", Cell::Untold);
        check(vec![Figure::Spaces], "old_used_after_bytes", Cell::Untold);
        check(vec![Figure::Spaces], "heap_used_after_bytes", Cell::Integer(3 << 20));
    }
}
