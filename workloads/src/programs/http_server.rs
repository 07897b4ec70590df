//! A web server: how long do requests take, and how much of it is due to collections?

mod connections;
mod headers;
mod limiter;
mod model;
mod parser;
mod plan;
mod response;
mod routes;
mod server;
mod sessions;

use self::limiter::Limiter;
use self::model::Model;
use self::plan::Plan;
use self::server::Server;
use super::event_loop::{IDLE, Loop, Rule, SESSION, TIMER_BYTES};
use super::object_bytes;
use crate::{Entry, Found, Parameter, Parameters, Progress, Workload};
use gc_core::event::Nanos;
use gc_core::{Heap, HeapFull};

/// A server for HTTP with one thread, on the loop and in the virtual time of [`EventLoop`](super::EventLoop). Records how long
/// it takes from the arrival of each request to its answer.
///
/// A request arrives at a connection, which is opened if need be and stays open until a request asks for its end. Head and
/// body come as buffers; the head is parsed into texts and a map of headers. A list of routes says what is asked for.
/// Most routes want a session, which is found by the request's cookie: it has its state replaced by every request, and
/// ends when it has not been used for some time, which a timer of its own looks after. Then the server calls for what it is
/// to answer with, and has it some time later. Only so many calls are active at a time; others wait, and when too
/// many do, requests are refused. The answer is a buffer for its head and one for its body, which the connection keeps
/// until it answers again.
///
/// Request `k` is due at `k` intervals. As in the event loop, what runs after what does not depend on the clock.
///
/// **Stresses** the mixture of lifetimes that generations are made for: what a request needs is dead when it is answered, or
/// a few scavenges later if it waits; what a connection holds lives until the next answer; sessions are old, and change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HttpServer {
    /// How many requests arrive.
    pub requests: u32,
    /// Time between two of them, in microseconds.
    pub interval_us: u32,
    /// How many connections there may be.
    pub connections: u32,
    /// How many of a hundred requests ask for their connection to be closed.
    pub closed_percent: u32,
    /// How many users there are, each with a session at times.
    pub users: u32,
    /// Size of what a session keeps, in bytes.
    pub session_bytes: u32,
    /// After which time without a request a session ends, in microseconds.
    pub expiry_us: u32,
    /// Size of the largest body of a request, in bytes; at least 8.
    pub body_bytes: u32,
    /// Size of the largest body of a response, in bytes; at least 8.
    pub response_bytes: u32,
    /// Longest time that a call takes, in microseconds.
    pub call_us: u32,
    /// How many calls are active at a time.
    pub active: u32,
    /// How many calls wait before requests are refused.
    pub waiting: u32,
    /// Whether the heap is given idle time.
    pub is_idle_used: bool,
    /// The stream that random choices are drawn from.
    pub seed: u64,
}

/// The workload by name.
pub const ENTRY: Entry = Entry {
    name: "http_server",
    about: "serves requests over connections that stay open, with sessions that expire and a limit on active calls",
    stresses: "what generations are made for: what a request needs dies with its answer, what waits survives a scavenge \
               or two, sessions are old, replace their state and expire; bodies are off the heap; latencies tell what \
               collections add to requests, `marking.incremental = false` shows what steps are for",
    by_default: true,
    parameters: &[
        Parameter {
            name: "requests",
            unit: "requests",
            about: "how many requests arrive",
            default: 100_000,
            min: 1,
            max: 100_000_000,
        },
        Parameter {
            name: "interval_us",
            unit: "microseconds",
            about: "time between two requests",
            default: 50,
            min: 1,
            max: 10_000_000,
        },
        Parameter {
            name: "connections",
            unit: "connections",
            about: "how many connections there may be",
            default: 1_000,
            min: 1,
            max: 10_000_000,
        },
        Parameter {
            name: "closed",
            unit: "percent",
            about: "how many of a hundred requests ask for their connection to be closed",
            default: 5,
            min: 0,
            max: 100,
        },
        Parameter {
            name: "users",
            unit: "users",
            about: "how many users there are, each with a session at times",
            default: 20_000,
            min: 1,
            max: 10_000_000,
        },
        SESSION,
        Parameter {
            name: "expiry_us",
            unit: "microseconds",
            about: "after which time without a request a session ends",
            default: 1_000_000,
            min: 1,
            max: 1_000_000_000,
        },
        Parameter {
            name: "body",
            unit: "bytes",
            about: "size of the largest body of a request",
            default: 2_048,
            min: 8,
            max: 16_777_216,
        },
        Parameter {
            name: "response",
            unit: "bytes",
            about: "size of the largest body of a response",
            default: 8_192,
            min: 8,
            max: 16_777_216,
        },
        Parameter {
            name: "call_us",
            unit: "microseconds",
            about: "longest time that a call takes which a request is answered by",
            default: 2_000,
            min: 1,
            max: 10_000_000,
        },
        Parameter {
            name: "active",
            unit: "calls",
            about: "how many calls are active at a time",
            default: 32,
            min: 1,
            max: 10_000_000,
        },
        Parameter {
            name: "waiting",
            unit: "calls",
            about: "how many calls wait for their turn before requests are refused",
            default: 256,
            min: 0,
            max: 10_000_000,
        },
        IDLE,
    ],
    construct: |parameters| Box::new(HttpServer::new(parameters)),
};

impl HttpServer {
    fn new(parameters: &Parameters) -> Self {
        HttpServer {
            requests: parameters.get_u32("requests"),
            interval_us: parameters.get_u32("interval_us"),
            connections: parameters.get_u32("connections"),
            closed_percent: parameters.get_u32("closed"),
            users: parameters.get_u32("users"),
            session_bytes: parameters.get_u32("session"),
            expiry_us: parameters.get_u32("expiry_us"),
            body_bytes: parameters.get_u32("body"),
            response_bytes: parameters.get_u32("response"),
            call_us: parameters.get_u32("call_us"),
            active: parameters.get_u32("active"),
            waiting: parameters.get_u32("waiting"),
            is_idle_used: parameters.get("idle") == 1,
            seed: parameters.seed(),
        }
    }

    fn plan(&self) -> Plan {
        Plan {
            requests: self.requests,
            interval: Nanos(u64::from(self.interval_us) * 1_000),
            connections: self.connections,
            closed_percent: self.closed_percent,
            users: self.users,
            body_bytes: self.body_bytes,
            response_bytes: self.response_bytes,
            call_us: self.call_us,
            seed: self.seed,
        }
    }

    fn limiter(&self) -> Limiter {
        Limiter::new(self.active, self.waiting)
    }

    fn expiry(&self) -> Nanos {
        Nanos(u64::from(self.expiry_us) * 1_000)
    }

    /// About how many sessions there are when most are.
    fn live_sessions(&self) -> f64 {
        let time = u64::from(self.expiry_us).min(u64::from(self.requests) * u64::from(self.interval_us));
        let requests = time as f64 / f64::from(self.interval_us) * plan::session_share();
        chosen(self.users, requests)
    }

    /// About how many requests are being served when most are.
    fn live_calls(&self) -> f64 {
        let (wanted, active) = (self.plan().mean_calls(), f64::from(self.active));
        let waiting = if wanted > active { f64::from(self.waiting) } else { 0.0 };
        (wanted.min(active) + waiting).min(f64::from(self.requests))
    }
}

/// How many of so many have been chosen at least once, after so many random choices.
fn chosen(of: u32, choices: f64) -> f64 {
    f64::from(of) * (1.0 - (1.0 - 1.0 / f64::from(of)).powf(choices))
}

impl Workload for HttpServer {
    fn operation(&self) -> &'static str {
        "request"
    }

    fn operations(&self) -> u64 {
        self.requests.into()
    }

    fn live_bytes(&self) -> u64 {
        let open =
            chosen(self.connections, self.requests.into()) * f64::from(100 - self.closed_percent) / 100.0;
        let call = object_bytes(3, 16) + parser::LIVE_BYTES + TIMER_BYTES;
        sessions::live_bytes(self.users, self.live_sessions(), self.session_bytes)
            + connections::live_bytes(self.connections, open)
            + (self.live_calls() * call as f64) as u64
    }

    fn expected_checksum(&self) -> u64 {
        Model::new(self).run()
    }

    fn drive(&self, heap: &mut Heap, progress: &mut Progress<'_>) -> Result<Found, HeapFull> {
        let mut server = Server::new(heap, self, progress)?;
        let mut event_loop = Loop::new(heap, Rule::WholeTurn)?;
        event_loop.run(heap, &mut server)?;
        Ok(server.found(heap))
    }
}

#[cfg(test)]
mod tests {
    use super::{HttpServer, Workload};

    const SERVER: HttpServer = HttpServer {
        requests: 2_000,
        interval_us: 50,
        connections: 20,
        closed_percent: 5,
        users: 50,
        session_bytes: 16,
        expiry_us: 10_000,
        body_bytes: 64,
        response_bytes: 64,
        call_us: 2_000,
        active: 100,
        waiting: 1_000,
        is_idle_used: true,
        seed: 1,
    };

    #[test]
    fn what_is_answered_depends_on_every_limit_that_is_met() {
        let expected = SERVER.expected_checksum();
        for other in [
            HttpServer { active: 4, ..SERVER },
            HttpServer { active: 4, waiting: 0, ..SERVER },
            HttpServer { closed_percent: 50, ..SERVER },
            HttpServer { expiry_us: 100, ..SERVER },
        ] {
            assert_ne!(other.expected_checksum(), expected, "{other:?}");
        }
    }

    #[test]
    fn limits_that_are_never_met_and_idle_time_change_nothing() {
        let expected = SERVER.expected_checksum();
        for other in [
            HttpServer { active: 200, ..SERVER },
            HttpServer { waiting: 2_000, ..SERVER },
            HttpServer { is_idle_used: false, ..SERVER },
        ] {
            assert_eq!(other.expected_checksum(), expected, "{other:?}");
        }
    }
}
