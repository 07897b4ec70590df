//! What is known of a run so far.

use super::gate::Speed;
use super::page_map::PageMap;
use super::rates::Rates;
use super::tap::Told;
use crate::collector::Figure;
use crate::pause_cause::PauseCause;
use crate::report::PauseReport;
use crate::run::{RunInfo, Verdict};
use crate::timeline::Timeline;
use gc_core::event::{Event, EventSink, Nanos, Pause, PauseKind, Usage};
use std::collections::VecDeque;

/// Pauses that are kept one by one: more than a screen has columns.
const MOST_RECENT: usize = 512;

/// What is known of a run so far, and what whoever looks has asked for. It becomes what it is by what it is
/// [told](Screen::take) and by [keys](Screen::press), by nothing else.
#[derive(Clone, Debug, Default)]
pub struct Screen {
    pub(super) run: RunInfo,
    /// How many runs have started.
    pub(super) runs: u64,
    pub(super) timeline: Timeline,
    /// The last pauses, in order.
    pub(super) recent: VecDeque<(Box<Pause>, PauseCause)>,
    pub(super) pauses: u64,
    pub(super) at: Nanos,
    pub(super) usage: Usage,
    /// Memory before and after the last scavenge.
    pub(super) scavenge: Option<[Usage; 2]>,
    pub(super) map: Option<PageMap>,
    pub(super) ending: Option<Ending>,
    pub(super) share_done: Option<f64>,
    pub(super) motion: Motion,
    pub(super) speed: Speed,
    pub(super) shows_help: bool,
    /// Reports on the runs that have ended.
    reports: Vec<PauseReport>,
}

/// Whether the heap goes on by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Motion {
    /// It does.
    #[default]
    Running,
    /// It waits for a key.
    Held,
}

/// How a run has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// As runs do.
    Of(Verdict),
    /// There is nothing more to be seen, for this reason.
    Broken(String),
}

impl Screen {
    /// A screen that nothing has been told to.
    #[must_use]
    pub fn new(speed: Speed) -> Self {
        Screen { speed, ..Screen::default() }
    }

    /// Takes note of what it is told.
    pub fn take(&mut self, told: Told) {
        match told {
            Told::Started(info) => self.start(*info),
            Told::Paused(pause, cause) => self.pause(pause, cause),
            Told::Event(event) => self.timeline.event(&event),
            Told::Map(map) => self.map = Some(map),
            Told::Ended(end) => {
                (self.at, self.usage) = (end.at, end.usage);
                self.ending = Some(Ending::Of(end.verdict.clone()));
                self.reports.push(PauseReport::new(self.run.clone(), &self.timeline, *end));
            }
        }
    }

    /// Takes note that the run has come to nothing.
    pub fn break_off(&mut self, problem: &str) {
        self.ending = Some(Ending::Broken(problem.into()));
    }

    /// Takes note of how far the run has come, from 0 to 1.
    pub fn set_share_done(&mut self, share: f64) {
        self.share_done = Some(share);
    }

    /// Reports on the runs that have ended, in order.
    #[must_use]
    pub fn into_reports(self) -> Vec<PauseReport> {
        self.reports
    }

    /// Whether the run is over.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.ending.is_some()
    }

    /// Another run, of which nothing is known yet.
    fn start(&mut self, run: RunInfo) {
        let Screen { runs, motion, speed, shows_help, .. } = *self;
        let reports = std::mem::take(&mut self.reports);
        *self = Screen { run, runs: runs + 1, motion, speed, shows_help, reports, ..Screen::default() };
    }

    fn pause(&mut self, pause: Box<Pause>, cause: PauseCause) {
        match &cause.words {
            Some(words) => self.timeline.foreign_pause(&pause, words),
            None => self.timeline.event(&Event::PauseEnded(pause.clone())),
        }
        self.at = Nanos(pause.start.0.saturating_add(pause.duration.0));
        self.usage = pause.after;
        if pause.kind != PauseKind::Step {
            self.scavenge = Some([pause.before, pause.after]);
        }
        self.pauses += 1;
        if self.recent.len() == MOST_RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back((pause, cause));
    }

    pub(super) fn last(&self) -> Option<&(Box<Pause>, PauseCause)> {
        self.recent.back()
    }

    pub(super) fn rates(&self) -> Rates {
        let pauses: Vec<_> = self.recent.iter().map(|(pause, _)| &**pause).collect();
        Rates::of_late(&pauses, self.pauses == pauses.len() as u64)
    }

    pub(super) fn tells(&self, figure: Figure) -> bool {
        self.run.tells(figure)
    }

    /// The most that the old generation may take, if that is known.
    pub(super) fn max_old_bytes(&self) -> Option<u64> {
        let setting = || self.run.settings.iter().find(|setting| setting.name == "max_old_bytes");
        self.timeline.max_old_raised_to_bytes.or_else(|| setting()?.value.as_integer())
    }
}
