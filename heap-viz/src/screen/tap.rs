//! What listens to a heap for a screen.

use super::gate::Gate;
use super::page_map::PageMap;
use crate::pause_cause::PauseCause;
use crate::run::{ClockKind, RunEnd, RunInfo};
use crate::run_sink::RunSink;
use gc_core::event::{Event, EventSink, Nanos, Pause};
use gc_core::{Glimpse, Moment, Watcher};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant};

/// What may wait to be drawn. If more does, the heap waits: a terminal that shows nothing must not fill the memory.
const MOST_WAITING: usize = 1 << 12;
/// Maps are not taken more often than people see.
const MAP_EVERY: Duration = Duration::from_millis(100);
/// A map may take this part of the time.
const MAP_SHARE: u32 = 20;

/// Something that a screen is told.
#[derive(Debug)]
pub enum Told {
    /// A run starts.
    Started(Box<RunInfo>),
    /// A pause has ended.
    Paused(Box<Pause>, PauseCause),
    /// Something else has happened.
    Event(Event),
    /// What the pages hold.
    Map(PageMap),
    /// The run has ended.
    Ended(Box<RunEnd>),
}

/// Whom a tap listens to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A heap at work.
    Heap,
    /// The events in a file.
    Recording,
}

/// Listens to a heap or a recording, tells a screen, and waits at a gate between two pauses.
///
/// It changes nothing: under a modelled clock a run is the same with and without it, to the byte. Under a measured
/// one the time that it waits, or looks at pages, is taken off the times that the screen is told.
#[derive(Debug)]
pub struct Tap {
    source: Source,
    screen: SyncSender<Told>,
    gate: Gate,
    clock: ClockKind,
    /// How long the heap has been kept waiting.
    waited: Nanos,
    /// When the last pause has ended.
    last_end: Nanos,
    maps: MapTimes,
}

impl Tap {
    /// A tap, and the end of it where the screen is.
    #[must_use]
    pub fn new(source: Source, gate: Gate) -> (Tap, Receiver<Told>) {
        let (screen, told) = sync_channel(MOST_WAITING);
        let maps = MapTimes { next: None, is_due: false };
        let clock = ClockKind::default();
        (Tap { source, screen, gate, clock, waited: Nanos(0), last_end: Nanos(0), maps }, told)
    }

    /// Nobody may listen any more, which is no concern of the heap's.
    fn tell(&self, told: Told) {
        let _ = self.screen.send(told);
    }

    fn pause(&mut self, pause: &Pause, cause: PauseCause) {
        let at = Nanos(pause.start.0.saturating_add(pause.duration.0));
        self.last_end = at;
        self.gate.reach(pause.kind);
        let start = pause.start.since(self.waited);
        self.tell(Told::Paused(Box::new(Pause { start, ..pause.clone() }), cause));
        if self.source == Source::Recording {
            self.wait();
        }
    }

    fn wait(&self) {
        self.gate.pass(self.last_end.since(self.waited));
    }

    /// Shows the pages if it is time to, and waits.
    fn look_after(&mut self, glimpse: &Glimpse<'_>) {
        let start = Instant::now();
        if self.maps.is_due {
            self.tell(Told::Map(PageMap::of(glimpse)));
            self.maps.taken(start);
        }
        self.wait();
        if self.clock == ClockKind::Measured {
            self.waited += Nanos(start.elapsed().as_nanos() as u64);
        }
    }
}

impl EventSink for Tap {
    fn event(&mut self, event: &Event) {
        match event {
            // All that these say comes again at the end of the pause, when nobody is kept waiting.
            Event::PauseStarted(_) | Event::PhaseEnded(_) => {}
            Event::PauseEnded(pause) => self.pause(pause, pause.cause.into()),
            other => self.tell(Told::Event(other.clone())),
        }
    }
}

impl RunSink for Tap {
    fn run_started(&mut self, info: &RunInfo) {
        (self.clock, self.waited) = (info.clock, Nanos(0));
        self.gate.restart();
        self.tell(Told::Started(Box::new(info.clone())));
    }

    fn foreign_pause(&mut self, pause: &Pause, words: &str) {
        self.pause(pause, PauseCause::foreign(pause.cause, words));
    }

    fn run_ended(&mut self, end: &RunEnd) {
        self.tell(Told::Ended(Box::new(RunEnd { at: end.at.since(self.waited), ..end.clone() })));
    }
}

impl Watcher for Tap {
    fn look(&mut self, glimpse: &Glimpse<'_>) {
        match glimpse.moment {
            Moment::Before => self.maps.decide(&self.gate),
            Moment::After => self.look_after(glimpse),
        }
    }

    fn wants_moves(&self) -> bool {
        self.maps.is_due
    }
}

/// When maps are taken.
#[derive(Debug)]
struct MapTimes {
    next: Option<Instant>,
    is_due: bool,
}

impl MapTimes {
    fn decide(&mut self, gate: &Gate) {
        self.is_due = self.next.is_none_or(|next| next <= Instant::now()) || gate.is_closed();
    }

    fn taken(&mut self, start: Instant) {
        let now = Instant::now();
        self.next = Some(now + (MAP_SHARE * now.duration_since(start)).max(MAP_EVERY));
    }
}
