//! An event loop in virtual time: how late do callbacks start?

mod clock;
mod closure;
mod immediates;
mod model;
mod plan;
mod server;
mod session;
mod ticks;
mod timers;
mod turn;

pub(super) use self::clock::VirtualClock;
use self::model::Model;
use self::plan::Plan;
pub(super) use self::plan::{When, folded};
use self::server::Server;
pub(super) use self::timers::TIMER_BYTES;
pub(super) use self::turn::{Host, Loop};
use super::object_bytes;
use crate::{Entry, Found, Parameter, Parameters, Progress, Workload};
use gc_core::event::Nanos;
use gc_core::{Heap, HeapFull};

/// A server with one thread: turns of a loop like that of Node.js, whose queues, timers and callbacks are heap objects.
/// Records how late each event and each timer was served; then reads what the sessions have come to.
///
/// Each turn asks its observers in order of priority. The idle one runs what was scheduled for the next tick: an array,
/// drained whole, also of what comes in meanwhile; it is asked again before each of the others. Then come the timers that
/// are due, from a balanced tree; then the input that has arrived; then the check observer runs immediates, from a linked
/// list that was begun anew before. A callback is a closure over a scope: a few bindings, a buffer, the scope around it, and
/// the session that it works for. It folds its number into the session and schedules more callbacks of all kinds.
///
/// Time is virtual. Input `k` is due at `k` intervals. A loop that is early gives the time to the heap
/// ([`Heap::step`]), and skips what the heap leaves of it: nothing sleeps. A loop that is late goes on at once, and
/// shows it as delay, whether collections or its own work made it late.
///
/// What runs after what is decided by the times at which things are due, and never by the clock: each turn serves the
/// earliest, be it late or not, and a timer counts from when its turn was due. So the result may depend on the order, and
/// does. Only the budgets of idle steps depend on the clock.
///
/// **Stresses** what latency is like where a program has idle time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventLoop {
    /// How many inputs arrive.
    pub events: u32,
    /// Time between two of them, in microseconds.
    pub interval_us: u32,
    /// How many callbacks a callback schedules: the three kinds in turn, so less than 3 set no timers.
    pub fanout: u32,
    /// How often what an input started schedules further callbacks, each by the one before.
    pub depth: u32,
    /// Longest time that a timer is set for, in microseconds.
    pub timer_us: u32,
    /// Size of the largest buffer that a callback captures, in bytes.
    pub buffer_bytes: u32,
    /// How many sessions there are.
    pub sessions: u32,
    /// Size of what a session keeps, in bytes.
    pub session_bytes: u32,
    /// What runs after an immediate.
    pub rule: Rule,
    /// Whether the heap is given idle time.
    pub is_idle_used: bool,
    /// The stream that random choices are drawn from.
    pub seed: u64,
}

/// What runs after an immediate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// The other immediates of the turn, and then what was scheduled meanwhile: newer versions of Node.js.
    WholeTurn,
    /// What it scheduled for the next tick, and then the next immediate: older ones, whose turns run one immediate each.
    OneATurn,
}

/// Size of what a session keeps.
pub(super) const SESSION: Parameter = Parameter {
    name: "session",
    unit: "bytes",
    about: "size of what a session keeps",
    default: 1_024,
    min: 0,
    max: 1_048_576,
};

/// Whether the heap is given idle time.
pub(super) const IDLE: Parameter = Parameter {
    name: "idle",
    unit: "0 or 1",
    about: "whether the heap is given the time that the loop waits (1) or not (0)",
    default: 1,
    min: 0,
    max: 1,
};

/// The workload by name.
pub const ENTRY: Entry = Entry {
    name: "event_loop",
    about: "serves input and timers in the turns of an event loop, in virtual time, and records how late each is served",
    stresses: "pauses of a program that has idle time: what is collected while the loop waits delays nothing, what is \
               collected while a callback runs delays all that is due; closures keep their scopes alive until a timer \
               fires, queues and the tree of timers are old objects that refer to young ones, and old sessions change",
    by_default: true,
    parameters: &[
        Parameter {
            name: "events",
            unit: "inputs",
            about: "how many inputs arrive",
            default: 50_000,
            min: 1,
            max: 10_000_000,
        },
        Parameter {
            name: "interval_us",
            unit: "microseconds",
            about: "time between two inputs",
            default: 100,
            min: 1,
            max: 10_000_000,
        },
        Parameter {
            name: "fanout",
            unit: "callbacks",
            about: "how many callbacks a callback schedules, a third of them timers",
            default: 3,
            min: 0,
            max: 12,
        },
        Parameter {
            name: "depth",
            unit: "levels",
            about: "how often what an input started schedules further callbacks",
            default: 2,
            min: 0,
            max: 4,
        },
        Parameter {
            name: "timer_us",
            unit: "microseconds",
            about: "longest time that a timer is set for",
            default: 200_000,
            min: 1,
            max: 1_000_000_000,
        },
        Parameter {
            name: "buffer",
            unit: "bytes",
            about: "size of the largest buffer that a callback captures",
            default: 1_024,
            min: 0,
            max: 1_048_576,
        },
        Parameter {
            name: "sessions",
            unit: "sessions",
            about: "how many sessions there are",
            default: 20_000,
            min: 1,
            max: 10_000_000,
        },
        SESSION,
        Parameter {
            name: "rule",
            unit: "0 or 1",
            about: "whether all immediates of a turn run (0), or one, and first what it scheduled for the next tick (1)",
            default: 0,
            min: 0,
            max: 1,
        },
        IDLE,
    ],
    construct: |parameters| Box::new(EventLoop::new(parameters)),
};

impl EventLoop {
    fn new(parameters: &Parameters) -> Self {
        EventLoop {
            events: parameters.get_u32("events"),
            interval_us: parameters.get_u32("interval_us"),
            fanout: parameters.get_u32("fanout"),
            depth: parameters.get_u32("depth"),
            timer_us: parameters.get_u32("timer_us"),
            buffer_bytes: parameters.get_u32("buffer"),
            sessions: parameters.get_u32("sessions"),
            session_bytes: parameters.get_u32("session"),
            rule: if parameters.get("rule") == 0 { Rule::WholeTurn } else { Rule::OneATurn },
            is_idle_used: parameters.get("idle") == 1,
            seed: parameters.seed(),
        }
    }

    fn plan(&self) -> Plan {
        Plan {
            events: self.events,
            interval: Nanos(u64::from(self.interval_us) * 1_000),
            fanout: self.fanout,
            depth: self.depth,
            timer_us: self.timer_us,
            buffer_bytes: self.buffer_bytes,
            sessions: self.sessions,
            seed: self.seed,
        }
    }
}

impl Workload for EventLoop {
    fn operation(&self) -> &'static str {
        "event"
    }

    fn operations(&self) -> u64 {
        u64::from(self.events) * (1 + self.plan().timers_per_event())
    }

    fn live_bytes(&self) -> u64 {
        let plan = self.plan();
        let waiting = plan.waiting_timers() * (timers::TIMER_BYTES + closure::live_bytes(&plan));
        session::live_bytes(self.sessions, self.session_bytes) + waiting
    }

    fn expected_checksum(&self) -> u64 {
        let mut model = Model::new(self.plan(), self.rule);
        model.run();
        model.checksum(self.session_bytes)
    }

    fn drive(&self, heap: &mut Heap, progress: &mut Progress<'_>) -> Result<Found, HeapFull> {
        let mut server = Server::new(heap, self, progress)?;
        let mut event_loop = Loop::new(heap, self.rule)?;
        event_loop.run(heap, &mut server)?;
        Ok(server.found(heap))
    }
}

#[cfg(test)]
mod tests {
    use super::{EventLoop, Rule, Workload};

    const LOOP: EventLoop = EventLoop {
        events: 200,
        interval_us: 100,
        fanout: 3,
        depth: 3,
        timer_us: 1_000,
        buffer_bytes: 64,
        sessions: 10,
        session_bytes: 16,
        rule: Rule::WholeTurn,
        is_idle_used: true,
        seed: 1,
    };

    #[test]
    fn the_result_depends_on_the_order_but_not_on_idle_time() {
        let other_rule = EventLoop { rule: Rule::OneATurn, ..LOOP };
        assert_ne!(other_rule.expected_checksum(), LOOP.expected_checksum());
        assert_eq!(other_rule.operations(), LOOP.operations());
        let without_idle_time = EventLoop { is_idle_used: false, ..LOOP };
        assert_eq!(without_idle_time.expected_checksum(), LOOP.expected_checksum());
    }

    #[test]
    fn without_further_callbacks_only_input_is_served() {
        assert_eq!(EventLoop { depth: 0, ..LOOP }.operations(), 200);
        assert_eq!(EventLoop { fanout: 0, ..LOOP }.operations(), 200);
        assert_eq!(LOOP.operations(), 200 * (1 + 13));
    }
}
