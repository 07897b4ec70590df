//! Watching a heap for leaks.

use super::example::RetainerWay;
use super::growth::{Growth, Growths, Measure};
use super::leak_report::{Leak, LeakReport, Suspect};
use crate::graph::ObjectGraph;
use gc_core::event::{Nanos, Pause, PauseKind, Usage};
use gc_core::map::TypeTally;
use gc_core::snapshot::Snapshot;
use gc_core::{Glimpse, Moment, Watcher};
use std::cmp::Reverse;
use std::fmt;

/// When growth is taken for a leak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeakPolicy {
    /// At how many full collections in a row what is alive must have grown. `node-memwatch` has five.
    pub growths: u32,
    /// By how much it must have grown over these, in percent of what was alive before: less is noise, until it has become
    /// more.
    pub least_percent: u32,
    /// By how much it must have grown at least, in bytes.
    pub least_bytes: u64,
    /// How many suspects are named.
    pub suspects: usize,
}

impl Default for LeakPolicy {
    fn default() -> Self {
        LeakPolicy { growths: 5, least_percent: 10, least_bytes: 1 << 20, suspects: 5 }
    }
}

/// What a watch tells while the program runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeakEvent<'a> {
    /// What was alive after a full collection.
    Stats(Stats),
    /// It has grown for too long.
    Leak(&'a Leak),
}

/// What was alive after a full collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stats {
    /// When, on the heap's clock.
    pub at: Nanos,
    /// How many objects.
    pub objects: u64,
    /// Their bytes, and those of their buffers off the heap.
    pub bytes: u64,
    /// At how many full collections in a row this has grown.
    pub growths: u32,
}

/// Called with what a watch tells.
type Listener = Box<dyn FnMut(LeakEvent<'_>) + Send>;

/// Watches a heap for leaks, as a [`Watcher`]. It takes a walk over all objects after each full collection, within no pause,
/// and a snapshot only once it suspects a leak.
///
/// ```
/// use gc_core::{Config, Heap, Layout};
/// use heap_viz::Shared;
/// use heap_viz::leak::{LeakPolicy, LeakWatch};
///
/// let watch = Shared::new(LeakWatch::new(LeakPolicy { least_bytes: 1024, ..LeakPolicy::default() }));
/// let mut heap = Heap::new(Config::default())?;
/// heap.watch(Box::new(watch.clone()));
/// let session = heap.register("session", Layout::Fixed { slots: 0, bytes: 56 });
/// for _ in 0..50 {
///     heap.alloc(session)?; // a handle that is never let go
///     heap.collect_full();
/// }
/// let snapshot = heap.snapshot();
/// let report = watch.lock().finish(heap.now(), &snapshot);
/// assert_eq!(report.leaks[0].suspects[0].name, "session");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct LeakWatch {
    policy: LeakPolicy,
    listener: Option<Listener>,
    report: LeakReport,
    /// None before the first full collection.
    growths: Option<Growths>,
    type_names: Vec<String>,
    allocated_bytes: u64,
    /// What was in use after the last full collection, and what is after the last pause, in bytes.
    used_then: u64,
    used_now: u64,
    stage: Stage,
}

/// What a watch has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// What is alive has grown from the start: the program may be starting up.
    StartingUp,
    /// It has stopped growing once.
    Settled,
    /// The growth that goes on has been told.
    Told,
}

impl LeakWatch {
    /// A watch by this policy.
    #[must_use]
    pub fn new(policy: LeakPolicy) -> Self {
        LeakWatch {
            policy,
            listener: None,
            report: LeakReport::default(),
            growths: None,
            type_names: Vec::new(),
            allocated_bytes: 0,
            used_then: 0,
            used_now: 0,
            stage: Stage::StartingUp,
        }
    }

    /// Has `listener` be told from now on, instead of any other, while the program is stopped: of what is alive after each
    /// full collection, and of each leak.
    pub fn listen(&mut self, listener: impl FnMut(LeakEvent<'_>) + Send + 'static) {
        self.listener = Some(Box::new(listener));
    }

    /// What was found. At the end of a run, of which `snapshot` is the last, growth that has gone on since the start is told
    /// too, if it still goes on.
    #[must_use]
    pub fn finish(&mut self, now: Nanos, snapshot: &Snapshot) -> LeakReport {
        if self.stage != Stage::Told && self.is_leaking() && self.still_grows() {
            self.tell(now, snapshot);
        }
        self.report.clone()
    }

    /// Takes what is alive after a full collection.
    fn count(&mut self, tally: &[TypeTally]) {
        let allocated_bytes = self.allocated_bytes;
        let alive = |of: &TypeTally| Measure {
            objects: of.objects,
            bytes: of.bytes + of.external_bytes,
            allocated_bytes,
        };
        let alive: Vec<_> = tally.iter().map(alive).collect();
        match &mut self.growths {
            None => self.growths = Some(Growths::starting(&alive)),
            Some(growths) => {
                growths.advance(&alive);
                if growths.total.growths == 0 {
                    self.stage = Stage::Settled;
                }
            }
        }
        self.report.full_collections += 1;
    }

    /// Whether what is alive has grown for long enough and by enough.
    fn is_leaking(&self) -> bool {
        let total = self.total();
        let least =
            (total.start.bytes / 100 * u64::from(self.policy.least_percent)).max(self.policy.least_bytes);
        total.growths >= self.policy.growths && total.grown_bytes() >= least && !self.suspected().is_empty()
    }

    /// Of all types together.
    fn total(&self) -> Growth {
        self.growths.as_ref().map_or_else(Growth::default, |growths| growths.total)
    }

    /// Whether the heap has grown since the last full collection as it did before, or at least half as much: what a
    /// program has built up when it started does not grow any more, though no collection may have shown that.
    fn still_grows(&self) -> bool {
        let total = self.total();
        let expected = total.expected_bytes(self.allocated_bytes - total.now.allocated_bytes);
        self.used_now.saturating_sub(self.used_then) >= expected / 2
    }

    /// The types that have grown for long enough, by number, those first that have grown most.
    fn suspected(&self) -> Vec<(usize, Growth)> {
        let types = self.growths.iter().flat_map(|growths| growths.types.iter().copied().enumerate());
        let mut suspected: Vec<_> =
            types.filter(|(_, growth)| growth.growths >= self.policy.growths).collect();
        suspected.sort_by_key(|(_, growth)| Reverse(growth.grown_bytes()));
        suspected.truncate(self.policy.suspects);
        suspected
    }

    /// Tells of the growth that goes on.
    fn tell(&mut self, at: Nanos, snapshot: &Snapshot) {
        let graph = ObjectGraph::from(snapshot);
        let suspects = self.suspected().into_iter().map(|(number, growth)| {
            let name = &self.type_names[number];
            Suspect {
                name: name.clone(),
                growths: growth.growths,
                grown_objects: growth.grown_objects(),
                grown_bytes: growth.grown_bytes(),
                objects: growth.now.objects,
                kept_by: RetainerWay::to_new_object(snapshot, &graph, name),
            }
        });
        let total = self.total();
        let leak = Leak {
            at,
            growths: total.growths,
            grown_bytes: total.grown_bytes(),
            alive_bytes: total.now.bytes,
            suspects: suspects.collect(),
        };
        self.stage = Stage::Told;
        self.notify(LeakEvent::Leak(&leak));
        self.report.leaks.push(leak);
    }

    fn notify(&mut self, event: LeakEvent<'_>) {
        self.listener.iter_mut().for_each(|listener| listener(event.clone()));
    }

    fn look_after(&mut self, glimpse: &Glimpse<'_>, pause: &Pause) {
        self.count(&glimpse.tally());
        self.used_then = self.used_now;
        self.type_names = glimpse.type_names().map(Into::into).collect();
        let at = Nanos(pause.start.0 + pause.duration.0);
        let Growth { growths, now, .. } = self.total();
        self.notify(LeakEvent::Stats(Stats { at, objects: now.objects, bytes: now.bytes, growths }));
        if self.stage == Stage::Settled && self.is_leaking() {
            self.tell(at, &glimpse.snapshot());
        }
    }
}

impl Watcher for LeakWatch {
    fn look(&mut self, glimpse: &Glimpse<'_>) {
        let (Moment::After, Some(pause)) = (glimpse.moment, glimpse.pause) else { return };
        self.allocated_bytes += pause.allocated_bytes_before;
        self.used_now = used(&glimpse.usage());
        if matches!(pause.kind, PauseKind::Full | PauseKind::Finish) {
            self.look_after(glimpse, pause);
        }
    }

    fn wants_moves(&self) -> bool {
        false
    }
}

fn used(usage: &Usage) -> u64 {
    usage.heap_used() + usage.external
}

impl fmt::Debug for LeakWatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LeakWatch")
            .field("policy", &self.policy)
            .field("report", &self.report)
            .finish_non_exhaustive()
    }
}
