//! What the collector tells the world: plain data, one way out.
//!
//! The heap reports through one [`EventSink`]; sinks cannot reach the heap. Every pause is told three times:
//! when it starts, when each of its phases ends, and when it ends with the whole account in one [`Pause`].
//! A consumer that only wants figures reads [`Event::PauseEnded`] and ignores the rest.
//!
//! Every account carries two measures: the [`Work`] that was done, which is a fact of the program and the
//! configuration, and the time that it took, which is a reading of the heap's [`Clock`](crate::clock::Clock).

use std::ops::{Add, AddAssign, Sub};
use std::sync::{Arc, Mutex};

mod sink;
#[cfg(feature = "tracing")]
mod tracing;

#[cfg(feature = "tracing")]
pub use self::tracing::TracingSink;
pub use sink::{EventSink, Recorder, Tee};

/// A point on the heap's clock, or a length of time, in nanoseconds since the heap was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Nanos(pub u64);

impl Nanos {
    /// The time from `earlier` to `self`; zero if the clock did not advance.
    #[must_use]
    pub fn since(self, earlier: Nanos) -> Nanos {
        Nanos(self.0.saturating_sub(earlier.0))
    }
}

impl AddAssign for Nanos {
    fn add_assign(&mut self, other: Nanos) {
        self.0 += other.0;
    }
}

/// Ages are counted up to this many survived scavenges; older objects stay at it.
pub const MAX_AGE: u8 = 15;

/// One thing that the heap reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The program has been stopped for a collection.
    PauseStarted(PauseStart),
    /// A phase of the running pause has ended.
    PhaseEnded(PhaseEnd),
    /// The program goes on; the whole account of the pause.
    PauseEnded(Box<Pause>),
    /// The semispaces have grown or shrunk.
    NewSpaceResized {
        /// When.
        at: Nanos,
        /// Capacity of one semispace before, in bytes.
        from_bytes: u64,
        /// Capacity of one semispace now, in bytes.
        to_bytes: u64,
    },
    /// The size of the old generation at which the next full collection is due has been set anew.
    OldLimitSet {
        /// When.
        at: Nanos,
        /// The limit in bytes.
        limit_bytes: u64,
    },
    /// The near-limit callback has raised the maximum of old space.
    MaximumRaised {
        /// When.
        at: Nanos,
        /// The maximum before, in bytes.
        from_bytes: u64,
        /// The maximum now, in bytes.
        to_bytes: u64,
    },
    /// An allocation could not be met even after a last-resort collection.
    HeapFull {
        /// When.
        at: Nanos,
        /// Size of the allocation that failed, in bytes.
        requested_bytes: u64,
        /// The maximum of old space, in bytes.
        limit_bytes: u64,
    },
}

/// The start of a pause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PauseStart {
    /// Number of the pause in this heap, from 0.
    pub id: u64,
    /// What is being done.
    pub kind: PauseKind,
    /// Why it is being done.
    pub cause: Cause,
    /// When the program was stopped.
    pub at: Nanos,
}

/// The end of one phase of a pause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PhaseEnd {
    /// The pause that it belongs to.
    pub pause: u64,
    /// Which phase.
    pub phase: Phase,
    /// When the phase started.
    pub start: Nanos,
    /// How long it took.
    pub duration: Nanos,
    /// What it did.
    pub work: Work,
}

/// The whole account of a pause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pause {
    /// Number of the pause in this heap, from 0.
    pub id: u64,
    /// What was done.
    pub kind: PauseKind,
    /// Why it was done.
    pub cause: Cause,
    /// When the program was stopped.
    pub start: Nanos,
    /// How long it was stopped.
    pub duration: Nanos,
    /// The phases, in the order in which they ran. A full collection marks, sweeps and then scavenges, so it has
    /// [`Phase::Roots`] and [`Phase::Weak`] twice.
    pub phases: Vec<PhaseEnd>,
    /// All work of the pause.
    pub work: Work,
    /// Bytes that the program allocated since the pause before this one.
    pub allocated_bytes_before: u64,
    /// Memory in use when the program was stopped.
    pub before: Usage,
    /// Memory in use when it went on.
    pub after: Usage,
    /// Bytes that survived the scavenge of this pause, by the age they had reached before it.
    pub survived_bytes_by_age: [u64; MAX_AGE as usize + 1],
    /// Entries in the remembered set when the program was stopped.
    pub remembered_entries: u64,
    /// Share of the old generation's pages that holds no object, in millionths, when the program went on.
    pub fragmentation_ppm: u32,
}

/// What a pause does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PauseKind {
    /// A scavenge of new space: live young objects are copied or promoted.
    Minor,
    /// A stop-the-world mark-sweep of the whole heap, and a scavenge of what is left of new space.
    Full,
    /// A step of marking or sweeping the old generation. No object moves.
    Step,
    /// A scavenge, and the end of a marking that was made in steps.
    Finish,
}

impl PauseKind {
    /// Every kind, in a fixed order.
    pub const ALL: [PauseKind; 4] = [PauseKind::Minor, PauseKind::Full, PauseKind::Step, PauseKind::Finish];

    /// A stable name for reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            PauseKind::Minor => "minor",
            PauseKind::Full => "full",
            PauseKind::Step => "step",
            PauseKind::Finish => "finish",
        }
    }
}

/// Why a pause was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// New space had no room for an allocation.
    NewSpaceFull,
    /// A scavenge had left no room in new space for an allocation: everything in it is promoted.
    NewSpaceCrowded,
    /// Young large objects had filled their allowance.
    YoungLargeFull,
    /// Buffers and host values made since the last scavenge had reached their limit.
    YoungExternal,
    /// The old generation had reached the size at which a full collection is due.
    OldLimit,
    /// Off-heap buffers had reached the size at which a full collection is due.
    ExternalPressure,
    /// The program asked for old space to be compacted, so that what is free is in one piece.
    Fragmentation,
    /// Nothing else could meet an allocation.
    LastResort,
    /// The program asked for it.
    Requested,
    /// The stress configuration asked for it.
    Stress,
    /// The program has allocated so much that a step of marking is due.
    MarkingDue,
    /// The program has allocated so much that a step of sweeping is due.
    SweepingDue,
    /// The program gave its idle time.
    Idle,
    /// The program has been idle for so long that memory it no longer needs is given back.
    MemoryReducer,
}

impl Cause {
    /// Every cause, in a fixed order.
    pub const ALL: [Cause; 14] = [
        Cause::NewSpaceFull,
        Cause::NewSpaceCrowded,
        Cause::YoungLargeFull,
        Cause::YoungExternal,
        Cause::OldLimit,
        Cause::ExternalPressure,
        Cause::Fragmentation,
        Cause::LastResort,
        Cause::Requested,
        Cause::Stress,
        Cause::MarkingDue,
        Cause::SweepingDue,
        Cause::Idle,
        Cause::MemoryReducer,
    ];

    /// Whether the program gave its idle time for it.
    #[must_use]
    pub fn is_idle(self) -> bool {
        matches!(self, Cause::Idle | Cause::MemoryReducer)
    }

    /// A stable name for reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Cause::NewSpaceFull => "new space full",
            Cause::NewSpaceCrowded => "new space crowded",
            Cause::YoungLargeFull => "young large objects",
            Cause::YoungExternal => "young external memory",
            Cause::OldLimit => "old limit",
            Cause::ExternalPressure => "external pressure",
            Cause::Fragmentation => "fragmentation",
            Cause::LastResort => "last resort",
            Cause::Requested => "requested",
            Cause::Stress => "stress",
            Cause::MarkingDue => "marking due",
            Cause::SweepingDue => "sweeping due",
            Cause::Idle => "idle time",
            Cause::MemoryReducer => "memory reducer",
        }
    }
}

/// A step of a collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Forwarding (scavenge) or marking (full) what handles and persistent roots refer to.
    Roots,
    /// Scanning the remembered set, which copies what its objects refer to.
    Remembered,
    /// Copying the transitive closure of the survivors.
    Copy,
    /// Marking the transitive closure of the roots.
    Mark,
    /// Clearing weak handles and ephemerons to the dead; freeing the buffers that they owned, unless some are finalized.
    Weak,
    /// Finding free pages and queueing the others for lazy sweeping.
    Sweep,
    /// Resizing spaces, returning memory, setting limits.
    Resize,
    /// Starting a marking in steps: shading what roots, survivors and remembered objects refer to.
    Snapshot,
    /// Marking the values of ephemerons whose keys are alive.
    Ephemerons,
    /// Queueing dead objects that are to be finalized, keeping what they refer to, and freeing the buffers of the others.
    Finalize,
    /// Moving the live objects of sparse pages elsewhere.
    Evacuate,
    /// Sliding all objects of old space to one end.
    Compact,
}

impl Phase {
    /// Every phase, in a fixed order.
    pub const ALL: [Phase; 12] = [
        Phase::Roots,
        Phase::Remembered,
        Phase::Copy,
        Phase::Mark,
        Phase::Weak,
        Phase::Sweep,
        Phase::Resize,
        Phase::Snapshot,
        Phase::Ephemerons,
        Phase::Finalize,
        Phase::Evacuate,
        Phase::Compact,
    ];

    /// A stable name for reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Phase::Roots => "roots",
            Phase::Remembered => "remembered",
            Phase::Copy => "copy",
            Phase::Mark => "mark",
            Phase::Weak => "weak",
            Phase::Sweep => "sweep",
            Phase::Resize => "resize",
            Phase::Snapshot => "snapshot",
            Phase::Ephemerons => "ephemerons",
            Phase::Finalize => "finalize",
            Phase::Evacuate => "evacuate",
            Phase::Compact => "compact",
        }
    }
}

/// Counts of what was done: cumulative over a heap's life, or the difference of two such counts.
///
/// Work is what the modelled clock turns into time, so every count is a function of program, configuration and
/// seed alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Bytes that the program allocated, headers included.
    pub allocated_bytes: u64,
    /// Roots looked at.
    pub roots: u64,
    /// Remembered objects and cards scanned.
    pub remembered: u64,
    /// Reference slots looked at by any phase.
    pub slots: u64,
    /// Young objects copied within new space.
    pub copied_objects: u64,
    /// Bytes copied within new space.
    pub copied_bytes: u64,
    /// Objects moved or relinked from new space to the old generation.
    pub promoted_objects: u64,
    /// Bytes moved or relinked from new space to the old generation.
    pub promoted_bytes: u64,
    /// Objects marked.
    pub marked_objects: u64,
    /// Bytes of marked objects.
    pub marked_bytes: u64,
    /// Pages of old space examined after marking.
    pub swept_pages: u64,
    /// Bytes of dead objects found, young and old.
    pub freed_bytes: u64,
    /// Old objects moved by a compaction or an evacuation.
    pub moved_objects: u64,
    /// Bytes of old objects moved.
    pub moved_bytes: u64,
    /// Collections started.
    pub pauses: u64,
}

impl AddAssign for Work {
    fn add_assign(&mut self, other: Work) {
        self.allocated_bytes += other.allocated_bytes;
        self.roots += other.roots;
        self.remembered += other.remembered;
        self.slots += other.slots;
        self.copied_objects += other.copied_objects;
        self.copied_bytes += other.copied_bytes;
        self.promoted_objects += other.promoted_objects;
        self.promoted_bytes += other.promoted_bytes;
        self.marked_objects += other.marked_objects;
        self.marked_bytes += other.marked_bytes;
        self.swept_pages += other.swept_pages;
        self.freed_bytes += other.freed_bytes;
        self.moved_objects += other.moved_objects;
        self.moved_bytes += other.moved_bytes;
        self.pauses += other.pauses;
    }
}

impl Add for Work {
    type Output = Work;

    fn add(mut self, other: Work) -> Work {
        self += other;
        self
    }
}

impl Sub for Work {
    type Output = Work;

    /// The work from `earlier` to `self`, two readings of one cumulative count.
    fn sub(self, earlier: Work) -> Work {
        Work {
            allocated_bytes: self.allocated_bytes - earlier.allocated_bytes,
            roots: self.roots - earlier.roots,
            remembered: self.remembered - earlier.remembered,
            slots: self.slots - earlier.slots,
            copied_objects: self.copied_objects - earlier.copied_objects,
            copied_bytes: self.copied_bytes - earlier.copied_bytes,
            promoted_objects: self.promoted_objects - earlier.promoted_objects,
            promoted_bytes: self.promoted_bytes - earlier.promoted_bytes,
            marked_objects: self.marked_objects - earlier.marked_objects,
            marked_bytes: self.marked_bytes - earlier.marked_bytes,
            swept_pages: self.swept_pages - earlier.swept_pages,
            freed_bytes: self.freed_bytes - earlier.freed_bytes,
            moved_objects: self.moved_objects - earlier.moved_objects,
            moved_bytes: self.moved_bytes - earlier.moved_bytes,
            pauses: self.pauses - earlier.pauses,
        }
    }
}

/// Memory of a heap by space, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Objects in the active semispace, live or not yet collected.
    pub new_used: u64,
    /// Both semispaces.
    pub new_total: u64,
    /// Objects in old space.
    pub old_used: u64,
    /// Pages of old space.
    pub old_total: u64,
    /// Objects in the large-object space, young and old.
    pub large_used: u64,
    /// Pages of the large-object space.
    pub large_total: u64,
    /// Off-heap buffers and accounted external memory.
    pub external: u64,
}

impl Usage {
    /// Bytes of objects in all spaces, as `process.memoryUsage().heapUsed`.
    #[must_use]
    pub fn heap_used(&self) -> u64 {
        self.new_used + self.old_used + self.large_used
    }

    /// Bytes that all spaces take, as `process.memoryUsage().heapTotal`.
    #[must_use]
    pub fn heap_total(&self) -> u64 {
        self.new_total + self.old_total + self.large_total
    }
}

/// The events of a [`Recorder`], shared between the heap that fills them and the program that reads them.
type Shared = Arc<Mutex<Vec<Event>>>;
