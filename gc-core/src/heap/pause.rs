//! The account that a heap keeps of its collections.

use super::stats::Stats;
use crate::clock::Clock;
use crate::event::{
    Cause, Event, EventSink, MAX_AGE, Nanos, Pause, PauseKind, PauseStart, Phase, PhaseEnd, Usage, Work,
};
use crate::policy::{Forecast, Rate, SpeedAccount, Speeds};
use std::fmt;

/// Clock, counts and the sink that hears of them.
pub(super) struct Ledger {
    clock: Box<dyn Clock>,
    sink: Option<Box<dyn EventSink>>,
    /// All work so far, without what the program has allocated since the last collection.
    pub(super) work: Work,
    pub(super) stats: Stats,
    speeds: SpeedAccount,
    allocated_bytes_at_last_pause: u64,
    /// How long pauses of each kind that idle time may take up are expected to be.
    scavenges: Forecast,
    finishes: Forecast,
    snapshots: Forecast,
    /// When the program last went on.
    resumed_at: Nanos,
}

impl fmt::Debug for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ledger").field("work", &self.work).finish_non_exhaustive()
    }
}

/// A pause under way.
#[derive(Debug)]
pub(super) struct OpenPause {
    pause: Pause,
    phase_start: Nanos,
    work_before: Work,
    /// How long the program ran before.
    ran: Nanos,
}

impl OpenPause {
    /// How fast the program allocated before it was stopped.
    pub(super) fn allocation(&self) -> Rate {
        Rate { bytes: self.pause.allocated_bytes_before, time: self.ran }
    }

    /// Memory in use when the program was stopped.
    pub(super) fn before(&self) -> &Usage {
        &self.pause.before
    }

    /// The time up to the end of the last phase.
    pub(super) fn duration(&self) -> Nanos {
        self.phase_start.since(self.pause.start)
    }
}

impl Ledger {
    /// An empty account.
    pub(super) fn new(clock: Box<dyn Clock>) -> Ledger {
        Ledger {
            clock,
            sink: None,
            work: Work::default(),
            stats: Stats::default(),
            speeds: SpeedAccount::default(),
            allocated_bytes_at_last_pause: 0,
            scavenges: Forecast::default(),
            finishes: Forecast::default(),
            snapshots: Forecast::default(),
            resumed_at: Nanos(0),
        }
    }

    /// Sends events to `sink` from now on.
    pub(super) fn set_sink(&mut self, sink: Box<dyn EventSink>) {
        self.sink = Some(sink);
    }

    /// The time, were `work` all that has been done.
    pub(super) fn time(&self, work: &Work) -> Nanos {
        self.clock.now(work)
    }

    /// The time.
    pub(super) fn now(&self) -> Nanos {
        self.time(&self.work)
    }

    /// The speeds up to now; the next cycle of full collections begins.
    pub(super) fn end_cycle(&mut self) -> Speeds {
        let now = self.now();
        self.speeds.end_cycle(now)
    }

    /// Takes note of bytes that the program has allocated in the old generation at once.
    pub(super) fn note_old_allocation(&mut self, bytes: u64) {
        self.speeds.note_old_allocation(bytes);
    }

    /// Tells the sink.
    pub(super) fn tell(&mut self, event: impl FnOnce() -> Event) {
        if let Some(sink) = &mut self.sink {
            sink.event(&event());
        }
    }

    /// Starts a pause.
    pub(super) fn open(
        &mut self,
        kind: PauseKind,
        cause: Cause,
        before: Usage,
        remembered: usize,
    ) -> OpenPause {
        let (start, work_before) = (self.now(), self.work);
        let id = self.work.pauses;
        self.work.pauses += 1;
        self.stats.note_usage(&before);
        self.tell(|| Event::PauseStarted(PauseStart { id, kind, cause, at: start }));
        let allocated = self.work.allocated_bytes;
        let pause = Pause {
            id,
            kind,
            cause,
            start,
            duration: Nanos(0),
            phases: Vec::with_capacity(Phase::ALL.len()),
            work: Work::default(),
            allocated_bytes_before: allocated
                - std::mem::replace(&mut self.allocated_bytes_at_last_pause, allocated),
            before,
            after: before,
            survived_bytes_by_age: [0; MAX_AGE as usize + 1],
            remembered_entries: remembered as u64,
            fragmentation_ppm: 0,
        };
        OpenPause { pause, phase_start: start, work_before, ran: start.since(self.resumed_at) }
    }

    /// Ends a phase that did `work`.
    pub(super) fn end_phase(&mut self, open: &mut OpenPause, phase: Phase, work: Work) {
        self.work += work;
        let now = self.now();
        let start = std::mem::replace(&mut open.phase_start, now);
        let end = PhaseEnd { pause: open.pause.id, phase, start, duration: now.since(start), work };
        open.pause.phases.push(end);
        self.speeds.note_phase(phase, end.duration, &work);
        if phase == Phase::Snapshot {
            self.snapshots.note(end.duration);
        }
        self.tell(|| Event::PhaseEnded(end));
    }

    /// Ends a pause, and gives the account of it.
    pub(super) fn close(
        &mut self,
        open: OpenPause,
        after: Usage,
        survived_bytes_by_age: [u64; MAX_AGE as usize + 1],
        fragmentation_ppm: u32,
    ) -> Pause {
        self.stats.note_usage(&after);
        self.stats.note_collection(open.pause.kind, &survived_bytes_by_age);
        self.resumed_at = self.now();
        let duration = self.resumed_at.since(open.pause.start);
        self.stats.note_pause(duration);
        self.note_duration(open.pause.kind, duration);
        let work = self.work - open.work_before;
        let pause = Pause { duration, work, after, survived_bytes_by_age, fragmentation_ppm, ..open.pause };
        self.tell(|| Event::PauseEnded(Box::new(pause.clone())));
        pause
    }

    fn note_duration(&mut self, kind: PauseKind, duration: Nanos) {
        match kind {
            PauseKind::Minor => self.scavenges.note(duration),
            PauseKind::Finish => self.finishes.note(duration),
            PauseKind::Full | PauseKind::Step => {}
        }
    }

    /// How long the next scavenge is expected to take.
    pub(super) fn expected_scavenge(&self) -> Nanos {
        self.scavenges.expected()
    }

    /// How long the end of a marking is expected to take, which is a scavenge and more.
    pub(super) fn expected_finish(&self) -> Nanos {
        self.finishes.expected().max(self.scavenges.expected())
    }

    /// How long the start of a marking is expected to take.
    pub(super) fn expected_snapshot(&self) -> Nanos {
        self.snapshots.expected()
    }
}
