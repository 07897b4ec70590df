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

    /// Takes note that a pause has ended, before anybody is told of it: a step that is asked for afterwards leads to the next.
    pub(super) fn reach(&self, kind: PauseKind) {
        self.keeper().reach(kind);
    }

    /// Waits after a pause that has ended at a time of the heap's clock, for as long as whoever looks wants.
    pub(super) fn pass(&self, at: Nanos) {
        let mut keeper = self.keeper();
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
#[derive(Debug, PartialEq, Eq)]
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
    use super::{Gate, Keeper, Order, Passage, Speed, Stop, Wait};
    use gc_core::event::{Nanos, PauseKind};
    use std::thread;
    use std::time::Duration;

    #[test]
    fn a_closed_gate_opens_step_by_step() {
        let mut keeper = Keeper { passage: Passage::Paced, speed: Speed::FULL, origin: None };
        let mut check = |order: Option<Order>, reached: Option<PauseKind>, expected: Wait| {
            order.into_iter().for_each(|order| keeper.obey(order));
            reached.into_iter().for_each(|kind| keeper.reach(kind));
            assert_eq!(keeper.wait(Nanos(0)), expected, "{order:?}, {reached:?}");
        };
        check(None, Some(PauseKind::Minor), Wait::Over);
        check(Some(Order::Hold), Some(PauseKind::Minor), Wait::ForOrder);
        check(Some(Order::Step(Stop::Pause)), None, Wait::Over);
        check(None, Some(PauseKind::Step), Wait::ForOrder);
        check(Some(Order::Step(Stop::Collection)), None, Wait::Over);
        check(None, Some(PauseKind::Step), Wait::Over);
        check(None, Some(PauseKind::Finish), Wait::ForOrder);
        check(Some(Order::GoOn), None, Wait::Over);
        check(Some(Order::Quit), None, Wait::Over);
        check(Some(Order::Hold), Some(PauseKind::Minor), Wait::Over);
    }

    #[test]
    fn the_heap_is_no_faster_than_asked_for() {
        let slowest = Speed::find("1/1000").expect("there is such a speed");
        let mut keeper = Keeper { passage: Passage::Paced, speed: slowest, origin: None };
        assert_eq!(keeper.wait(Nanos(0)), Wait::Over);
        let second = Nanos(1_000_000_000);
        assert!(matches!(keeper.wait(second), Wait::For(time) if time > Duration::from_secs(900)));
        keeper.obey(Order::Pace(Speed::FULL));
        assert_eq!(keeper.wait(second), Wait::Over);
    }

    #[test]
    fn an_order_wakes_who_waits() {
        let gate = Gate::paced(Speed::default());
        gate.obey(Order::Hold);
        assert!(gate.is_closed());
        thread::scope(|scope| {
            scope.spawn(|| gate.pass(Nanos(0)));
            gate.obey(Order::GoOn);
        });
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
