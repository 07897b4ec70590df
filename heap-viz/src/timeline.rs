//! A run, as it is built up from events.

use crate::compaction::Compactions;
use crate::curve::HeapCurve;
use crate::idle::IdleWork;
use crate::pause_cause::PauseCause;
use crate::pause_log::PauseLog;
use crate::percentiles::Durations;
use crate::utilisation::StopLog;
use gc_core::event::{Event, EventSink, MAX_AGE, Nanos, Pause, PauseKind, Phase, Usage};
use std::collections::BTreeMap;

/// Builds up what a report needs from the events of one run.
///
/// Takes 16 bytes a pause, for the windows of [`StopLog`], and otherwise a fixed amount of memory.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    pub(crate) stops: StopLog,
    pub(crate) pauses: Durations,
    pub(crate) pauses_by_kind: BTreeMap<PauseKind, Durations>,
    pub(crate) collections: BTreeMap<(PauseKind, PauseCause), Tally>,
    pub(crate) phases: BTreeMap<(PauseKind, Phase), Tally>,
    pub(crate) idle: IdleWork,
    pub(crate) compactions: Compactions,
    pub(crate) survived_bytes_by_age: [u64; MAX_AGE as usize + 1],
    pub(crate) copied_bytes: u64,
    pub(crate) promoted_bytes: u64,
    pub(crate) freed_bytes: u64,
    pub(crate) peak: Peak,
    pub(crate) curve: HeapCurve,
    pub(crate) log: PauseLog,
    pub(crate) new_space: Option<Resizes>,
    pub(crate) old_limit_bytes: Option<u64>,
    pub(crate) max_old_raised_to_bytes: Option<u64>,
    pub(crate) fragmentation_ppm: Option<u32>,
    pub(crate) peak_remembered_entries: u64,
    pub(crate) refused_allocations: u64,
}

/// How often something happened, and how long it took in all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How often.
    pub count: u64,
    /// How long, all together.
    pub total: Nanos,
}

impl Tally {
    pub(crate) fn add(&mut self, duration: Nanos) {
        self.count += 1;
        self.total = Nanos(self.total.0.saturating_add(duration.0));
    }
}

/// The most memory that a heap had in use at any pause or at the end, each figure by itself, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Peak {
    /// Objects in all spaces.
    pub used_bytes: u64,
    /// All spaces.
    pub total_bytes: u64,
    /// Memory off the heap.
    pub external_bytes: u64,
}

impl Peak {
    /// The peak with `usage` taken into account.
    #[must_use]
    pub fn with(self, usage: &Usage) -> Self {
        Peak {
            used_bytes: self.used_bytes.max(usage.heap_used()),
            total_bytes: self.total_bytes.max(usage.heap_total()),
            external_bytes: self.external_bytes.max(usage.external),
        }
    }
}

/// How the semispaces changed their size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resizes {
    /// How often they did.
    pub count: u64,
    /// Capacity of one semispace at the start of the run, in bytes.
    pub first_bytes: u64,
    /// Capacity of one semispace at its end, in bytes.
    pub last_bytes: u64,
}

impl EventSink for Timeline {
    fn event(&mut self, event: &Event) {
        match event {
            Event::PauseStarted(_) | Event::PhaseEnded(_) => {}
            Event::PauseEnded(pause) => self.pause(pause, pause.cause.into()),
            Event::NewSpaceResized { from_bytes, to_bytes, .. } => self.resized(*from_bytes, *to_bytes),
            Event::OldLimitSet { limit_bytes, .. } => self.old_limit_bytes = Some(*limit_bytes),
            Event::MaximumRaised { to_bytes, .. } => self.max_old_raised_to_bytes = Some(*to_bytes),
            Event::HeapFull { .. } => self.refused_allocations += 1,
        }
    }
}

impl Timeline {
    /// Takes a pause of another runtime, with what its log says of it.
    pub(crate) fn foreign_pause(&mut self, pause: &Pause, words: &str) {
        self.pause(pause, PauseCause::foreign(pause.cause, words));
    }

    fn pause(&mut self, pause: &Pause, cause: PauseCause) {
        self.log.push(pause, &cause);
        self.stopped(pause, cause);
        self.idle.push(pause);
        self.compactions.push(pause);
        self.moved(pause);
        self.peak = self.peak.with(&pause.before).with(&pause.after);
        self.curve.push(pause);
        self.fragmentation_ppm = Some(pause.fragmentation_ppm);
        self.peak_remembered_entries = self.peak_remembered_entries.max(pause.remembered_entries);
    }

    fn stopped(&mut self, pause: &Pause, cause: PauseCause) {
        self.stops.push(pause.start, pause.duration);
        self.pauses.record(pause.duration);
        self.pauses_by_kind.entry(pause.kind).or_default().record(pause.duration);
        self.collections.entry((pause.kind, cause)).or_default().add(pause.duration);
        for phase in &pause.phases {
            self.phases.entry((pause.kind, phase.phase)).or_default().add(phase.duration);
        }
    }

    /// Adds up what became of objects. Saturating: figures may come from a file.
    fn moved(&mut self, pause: &Pause) {
        let add = |sum: &mut u64, bytes| *sum = sum.saturating_add(bytes);
        self.survived_bytes_by_age
            .iter_mut()
            .zip(pause.survived_bytes_by_age)
            .for_each(|(sum, b)| add(sum, b));
        add(&mut self.copied_bytes, pause.work.copied_bytes);
        add(&mut self.promoted_bytes, pause.work.promoted_bytes);
        add(&mut self.freed_bytes, pause.work.freed_bytes);
    }

    fn resized(&mut self, from_bytes: u64, to_bytes: u64) {
        let start = Resizes { count: 0, first_bytes: from_bytes, last_bytes: from_bytes };
        let so_far = self.new_space.unwrap_or(start);
        self.new_space = Some(Resizes { count: so_far.count + 1, last_bytes: to_bytes, ..so_far });
    }
}

#[cfg(test)]
mod tests {
    use super::{Peak, Resizes, Timeline};
    use crate::record::sample;
    use gc_core::event::{Cause, Event, EventSink, Nanos, PauseKind};

    fn timeline(events: impl IntoIterator<Item = Event>) -> Timeline {
        let mut timeline = Timeline::default();
        events.into_iter().for_each(|event| timeline.event(&event));
        timeline
    }

    #[test]
    fn collections_are_told_apart_by_kind_and_cause() {
        let timeline = timeline(sample::events());
        let counts: Vec<_> =
            timeline.collections.iter().map(|(key, tally)| (key.clone(), tally.count)).collect();
        let minor = (PauseKind::Minor, Cause::NewSpaceFull.into());
        assert_eq!(counts, [(minor, 45), ((PauseKind::Full, Cause::OldLimit.into()), 5)]);
    }

    #[test]
    fn the_peak_is_the_most_of_each_figure() {
        let mut big = sample::pause(1);
        big.before.old_used = 1 << 40;
        big.after.external = 1 << 41;
        let peak = timeline([Event::PauseEnded(Box::new(big.clone()))]).peak;
        let total_bytes = big.before.heap_total();
        assert_eq!(peak, Peak { used_bytes: big.before.heap_used(), total_bytes, external_bytes: 1 << 41 });
    }

    #[test]
    fn resizes_are_summed_up_from_first_to_last() {
        let resized = |from_bytes, to_bytes| Event::NewSpaceResized { at: Nanos(0), from_bytes, to_bytes };
        let new_space = timeline([resized(1, 2), resized(2, 4), resized(4, 2)]).new_space;
        assert_eq!(new_space, Some(Resizes { count: 3, first_bytes: 1, last_bytes: 2 }));
    }

    #[test]
    fn a_million_pauses_are_no_trouble() {
        let mut pause = Box::new(sample::pause(1));
        let mut timeline = Timeline::default();
        for n in 0..1_000_000 {
            pause.start = Nanos(n * 1_000_000);
            timeline.event(&Event::PauseEnded(pause.clone()));
        }
        assert_eq!(timeline.pauses.percentiles().count, 1_000_000);
    }
}
