//! What holds a heap between two pauses, so that people can look.

use gc_core::event::{Nanos, PauseKind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Lets a heap, or the reader of a recording, go on from pause to pause no faster than somebody wants to look. Clones
/// are one gate.
#[derive(Clone, Debug)]
pub struct Gate(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    keeper: Mutex<Keeper>,
    changed: Condvar,
}

/// What is wanted, and how far it has come.
#[derive(Debug)]
struct Keeper {
    passage: Passage,
    speed: Speed,
    /// A moment on the machine's clock and on the heap's, from which both are counted.
    origin: Option<(Instant, Nanos)>,
}

/// Who may pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Passage {
    /// Whoever is not too fast.
    Paced,
    /// Nobody.
    Closed,
    /// All up to the next pause of a sort.
    Until(Stop),
    /// All, for good: nobody looks any more.
    Free,
}

/// The pause that a single step leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The next one, be it a step of marking or sweeping.
    Pause,
    /// The next one that is no such step.
    Collection,
}

impl Stop {
    fn is_met_by(self, kind: PauseKind) -> bool {
        self == Stop::Pause || kind != PauseKind::Step
    }
}

/// What whoever looks has asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Stop after the next pause.
    Hold,
    /// Go on.
    GoOn,
    /// Go on, and stop at a pause.
    Step(Stop),
    /// Go on at this speed.
    Pace(Speed),
    /// Nobody looks any more.
    Quit,
}

/// How fast the heap's clock may run, as against the clock on the wall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Speed(usize);

/// Speeds, from slowest to fastest, and how they are written. The last is no limit.
const SPEEDS: [(f64, &str); 12] = [
    (0.001, "1/1000"),
    (0.003, "3/1000"),
    (0.01, "1/100"),
    (0.03, "3/100"),
    (0.1, "1/10"),
    (0.3, "3/10"),
    (1.0, "1"),
    (3.0, "3"),
    (10.0, "10"),
    (30.0, "30"),
    (100.0, "100"),
    (f64::INFINITY, "full"),
];

impl Default for Speed {
    /// That of the clock on the wall.
    fn default() -> Self {
        Speed(6)
    }
}

impl Speed {
    /// As fast as it goes.
    pub const FULL: Speed = Speed(SPEEDS.len() - 1);

    /// The next faster one, if there is one.
    #[must_use]
    pub fn faster(self) -> Speed {
        Speed(self.0 + 1).min(Speed::FULL)
    }

    /// The next slower one, if there is one.
    #[must_use]
    pub fn slower(self) -> Speed {
        Speed(self.0.saturating_sub(1))
    }

    /// How it is written, and read by [`Speed::find`].
    #[must_use]
    pub fn name(self) -> &'static str {
        SPEEDS[self.0].1
    }

    /// The speed of this name.
    #[must_use]
    pub fn find(name: &str) -> Option<Speed> {
        SPEEDS.iter().position(|(_, one)| *one == name).map(Speed)
    }

    /// Every name, from the slowest speed to the fastest.
    pub fn names() -> impl Iterator<Item = &'static str> {
        SPEEDS.iter().map(|(_, name)| *name)
    }

    /// How long so much of the heap's time lasts at least.
    fn wall_time(self, time: Nanos) -> Duration {
        Duration::from_secs_f64(time.0 as f64 / 1e9 / SPEEDS[self.0].0)
    }
}

impl Gate {
    /// A gate that lets all pass.
    #[must_use]
    pub fn open() -> Self {
        Gate::new(Passage::Free, Speed::FULL)
    }

    /// A gate that lets pass at a speed.
    #[must_use]
    pub fn paced(speed: Speed) -> Self {
        Gate::new(Passage::Paced, speed)
    }

    fn new(passage: Passage, speed: Speed) -> Self {
        let keeper = Mutex::new(Keeper { passage, speed, origin: None });
        Gate(Arc::new(Shared { keeper, changed: Condvar::new() }))
    }

    fn keeper(&self) -> MutexGuard<'_, Keeper> {
        self.0.keeper.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does what is asked for, from now on.
    pub fn obey(&self, order: Order) {
        self.keeper().obey(order);
        self.0.changed.notify_all();
    }

    /// Whether every pause is looked at: the heap is held, or goes on step by step.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        matches!(self.keeper().passage, Passage::Closed | Passage::Until(_))
    }

    /// Begins a run anew: its clock starts at 0.
    pub(super) fn restart(&self) {
        self.keeper().origin = None;
    }

    /// Waits after a pause that has ended at a time of the heap's clock, for as long as whoever looks wants.
    pub(super) fn pass(&self, kind: PauseKind, at: Nanos) {
        let mut keeper = self.keeper();
        keeper.reach(kind);
        loop {
            keeper = match keeper.wait(at) {
                Wait::Over => return,
                Wait::ForOrder => self.0.changed.wait(keeper).unwrap_or_else(PoisonError::into_inner),
                Wait::For(time) => {
                    let waited = self.0.changed.wait_timeout(keeper, time);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
            }
        }
    }
}

/// What is left to wait for.
enum Wait {
    Over,
    ForOrder,
    For(Duration),
}

impl Keeper {
    fn obey(&mut self, order: Order) {
        if self.passage == Passage::Free {
            return;
        }
        self.origin = None;
        match order {
            Order::Hold => self.passage = Passage::Closed,
            Order::GoOn => self.passage = Passage::Paced,
            Order::Step(stop) => self.passage = Passage::Until(stop),
            Order::Pace(speed) => self.speed = speed,
            Order::Quit => self.passage = Passage::Free,
        }
    }

    /// Closes the gate if this is the pause that a step was to lead to.
    fn reach(&mut self, kind: PauseKind) {
        if let Passage::Until(stop) = self.passage
            && stop.is_met_by(kind)
        {
            self.passage = Passage::Closed;
        }
    }

    fn wait(&mut self, at: Nanos) -> Wait {
        match self.passage {
            Passage::Closed => Wait::ForOrder,
            Passage::Until(_) | Passage::Free => Wait::Over,
            Passage::Paced => self.wait_for_time(at),
        }
    }

    fn wait_for_time(&mut self, at: Nanos) -> Wait {
        let now = Instant::now();
        let (since, from) = *self.origin.get_or_insert((now, at));
        let (due, elapsed) = (self.speed.wall_time(at.since(from)), now.duration_since(since));
        if elapsed < due {
            return Wait::For(due - elapsed);
        }
        // What comes late does not let what follows come early.
        self.origin = Some((now, at));
        Wait::Over
    }
}

#[cfg(test)]
mod tests {
    use super::{Gate, Order, Speed, Stop};
    use gc_core::event::{Nanos, PauseKind};
    use std::sync::mpsc::{Receiver, channel};
    use std::thread;

    /// The pauses that pass a gate, in order, as they do.
    fn passing(gate: &Gate, kinds: Vec<PauseKind>) -> Receiver<usize> {
        let (sender, passed) = channel();
        let gate = gate.clone();
        thread::spawn(move || {
            for (number, kind) in kinds.into_iter().enumerate() {
                gate.pass(kind, Nanos(number as u64));
                // Nobody may listen any more.
                let _ = sender.send(number);
            }
        });
        passed
    }

    #[test]
    fn a_closed_gate_opens_step_by_step() {
        let gate = Gate::paced(Speed::FULL);
        gate.obey(Order::Hold);
        let passed =
            passing(&gate, [PauseKind::Step, PauseKind::Step, PauseKind::Minor, PauseKind::Full].into());
        assert!(gate.is_closed());
        gate.obey(Order::Step(Stop::Pause));
        assert_eq!(passed.recv(), Ok(0));
        // Passes the second step too, and is held at the scavenge.
        gate.obey(Order::Step(Stop::Collection));
        assert_eq!(passed.recv(), Ok(1));
        assert!(passed.try_recv().is_err());
        gate.obey(Order::GoOn);
        assert_eq!((passed.recv(), passed.recv()), (Ok(2), Ok(3)));
    }

    #[test]
    fn nothing_holds_a_heap_that_nobody_looks_at() {
        let gate = Gate::paced(Speed::default());
        gate.obey(Order::Quit);
        gate.obey(Order::Hold);
        gate.pass(PauseKind::Minor, Nanos(0));
        gate.pass(PauseKind::Minor, Nanos(u64::MAX));
        assert!(!gate.is_closed());
    }

    #[test]
    fn speeds_have_names_and_ends() {
        let all: Vec<_> = Speed::names().map(|name| Speed::find(name).expect("it has this name")).collect();
        assert!(
            all.is_sorted() && all.iter().all(|speed| speed.slower() <= *speed && *speed <= speed.faster())
        );
        assert_eq!((Speed::default().name(), Speed::FULL.faster()), ("1", Speed::FULL));
        assert_eq!((all[0].slower(), Speed::find("2")), (all[0], None));
    }
}
