//! The pauses of a run over its time, in a bounded number of cells.

use crate::pause_cause::PauseCause;
use crate::thinned::{Absorb, Thinned};
use gc_core::event::{Nanos, Pause, PauseKind, Phase, Usage};

/// Cells that a log keeps at most: more than a screen is wide.
const MAX_CELLS: usize = 2048;

/// The pauses of a run in order. Each has a cell of its own until there are more pauses than cells; then a cell stands for
/// several in a row, and keeps the longest of them whole.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PauseLog(Thinned<PauseCell, MAX_CELLS>);

/// One pause, or several in a row.
#[derive(Clone, Debug, PartialEq)]
pub struct PauseCell {
    /// When the first of them started.
    pub start: Nanos,
    /// When the last of them ended.
    pub end: Nanos,
    /// How many there are.
    pub count: u64,
    /// How long the program was stopped in all of them.
    pub total: Nanos,
    /// Time in each phase, in the order of [`Phase::ALL`].
    pub phases: [Nanos; Phase::ALL.len()],
    /// Bytes that the program had allocated since the pause before the first of them.
    pub allocated_bytes: u64,
    /// Bytes that became old.
    pub promoted_bytes: u64,
    /// Whether old space was collected in one of them to the end.
    pub ends_full: bool,
    /// Memory in use when the first of them started.
    pub before: Usage,
    /// Memory in use when the last of them ended.
    pub after: Usage,
    /// The longest of them.
    pub longest: LongestPause,
}

/// The longest pause of a cell.
#[derive(Clone, Debug, PartialEq)]
pub struct LongestPause {
    /// Its number in the run, from 0.
    pub id: u64,
    /// What was done.
    pub kind: PauseKind,
    /// Why.
    pub cause: PauseCause,
    /// When it started.
    pub start: Nanos,
    /// How long it took.
    pub duration: Nanos,
    /// Time in each phase, in the order of [`Phase::ALL`].
    pub phases: [Nanos; Phase::ALL.len()],
    /// Memory in use when the program was stopped.
    pub before: Usage,
    /// Memory in use when it went on.
    pub after: Usage,
    /// Bytes copied within new space.
    pub copied_bytes: u64,
    /// Bytes that became old.
    pub promoted_bytes: u64,
    /// Bytes of objects marked.
    pub marked_bytes: u64,
    /// Entries in the remembered set when the program was stopped.
    pub remembered_entries: u64,
    /// Share of old space's pages that holds no object, in millionths, when it went on.
    pub fragmentation_ppm: u32,
}

impl PauseLog {
    /// The cells, in order of time.
    #[must_use]
    pub fn cells(&self) -> &[PauseCell] {
        self.0.elements()
    }

    /// Appends a pause.
    pub fn push(&mut self, pause: &Pause, cause: &PauseCause) {
        self.0.push(PauseCell::of(pause, cause));
    }
}

impl PauseCell {
    fn of(pause: &Pause, cause: &PauseCause) -> Self {
        let longest = LongestPause::of(pause, cause);
        PauseCell {
            start: pause.start,
            end: Nanos(pause.start.0.saturating_add(pause.duration.0)),
            count: 1,
            total: pause.duration,
            phases: longest.phases,
            allocated_bytes: pause.allocated_bytes_before,
            promoted_bytes: pause.work.promoted_bytes,
            ends_full: matches!(pause.kind, PauseKind::Full | PauseKind::Finish),
            before: pause.before,
            after: pause.after,
            longest,
        }
    }
}

impl Absorb for PauseCell {
    /// Saturating: figures may come from a file.
    fn absorb(&mut self, later: PauseCell) {
        self.end = later.end;
        self.count += later.count;
        self.total = sum(self.total, later.total);
        self.phases.iter_mut().zip(later.phases).for_each(|(time, more)| *time = sum(*time, more));
        self.allocated_bytes = self.allocated_bytes.saturating_add(later.allocated_bytes);
        self.promoted_bytes = self.promoted_bytes.saturating_add(later.promoted_bytes);
        self.ends_full |= later.ends_full;
        self.after = later.after;
        if later.longest.duration > self.longest.duration {
            self.longest = later.longest;
        }
    }
}

impl LongestPause {
    fn of(pause: &Pause, cause: &PauseCause) -> Self {
        LongestPause {
            id: pause.id,
            kind: pause.kind,
            cause: cause.clone(),
            start: pause.start,
            duration: pause.duration,
            phases: by_phase(pause),
            before: pause.before,
            after: pause.after,
            copied_bytes: pause.work.copied_bytes,
            promoted_bytes: pause.work.promoted_bytes,
            marked_bytes: pause.work.marked_bytes,
            remembered_entries: pause.remembered_entries,
            fragmentation_ppm: pause.fragmentation_ppm,
        }
    }
}

/// The time in each phase. A pause may have a phase twice.
fn by_phase(pause: &Pause) -> [Nanos; Phase::ALL.len()] {
    let time = |phase| {
        let of_phase = pause.phases.iter().filter(|ended| ended.phase == phase);
        of_phase.fold(Nanos(0), |time, ended| sum(time, ended.duration))
    };
    Phase::ALL.map(time)
}

fn sum(time: Nanos, more: Nanos) -> Nanos {
    Nanos(time.0.saturating_add(more.0))
}

#[cfg(test)]
mod tests {
    use super::{MAX_CELLS, PauseLog};
    use crate::record::sample;
    use gc_core::event::{Nanos, Pause, Phase};

    fn log(pauses: impl IntoIterator<Item = Pause>) -> PauseLog {
        let mut log = PauseLog::default();
        pauses.into_iter().for_each(|pause| log.push(&pause, &pause.cause.into()));
        log
    }

    #[test]
    fn few_pauses_have_a_cell_each() {
        let log = log((0..3).map(sample::pause));
        let starts: Vec<_> = log.cells().iter().map(|cell| (cell.start, cell.count)).collect();
        assert_eq!(starts, [0, 1, 2].map(|n| (sample::pause(n).start, 1)));
    }

    #[test]
    fn many_pauses_share_cells_and_none_is_lost() {
        for pauses in [2_049, 5_000, 100_000] {
            let log = log((0..pauses).map(sample::pause));
            let cells = log.cells();
            assert!((MAX_CELLS / 2..=MAX_CELLS).contains(&cells.len()), "{} cells", cells.len());
            assert_eq!(cells.iter().map(|cell| cell.count).sum::<u64>(), pauses);
            assert!(cells.is_sorted_by_key(|cell| cell.start));
        }
    }

    #[test]
    fn the_longest_pause_stays_whole_however_many_share_its_cell() {
        let long = Pause { duration: Nanos(7_000_000), ..sample::pause(4_321) };
        let pauses = (0..100_000).map(|n| if n == 4_321 { long.clone() } else { sample::pause(n) });
        let log = log(pauses);
        let longest: Vec<_> = log.cells().iter().filter(|cell| cell.longest.id == 4_321).collect();
        assert_eq!(longest.len(), 1);
        assert_eq!(longest[0].longest.duration, Nanos(7_000_000));
    }

    #[test]
    fn phases_of_one_name_are_summed_up() {
        let mut pause = sample::pause(0);
        let twice = pause.phases[0];
        pause.phases.push(twice);
        let of_phase =
            Phase::ALL.iter().position(|phase| *phase == twice.phase).expect("every phase is there");
        let time = log([pause]).cells()[0].phases[of_phase];
        assert_eq!(time, Nanos(2 * twice.duration.0));
    }
}
