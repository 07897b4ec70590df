//! The same server without a heap.

use super::HttpServer;
use super::limiter::{Admission, Limiter};
use super::plan::{self, Plan, Request};
use super::response::{self, Status};
use crate::Checksum;
use crate::programs::event_loop::folded;
use gc_core::event::Nanos;
use std::collections::{BTreeMap, VecDeque};

/// Connections and sessions are numbered, and none is forgotten: what still refers to one that has ended finds it.
#[derive(Debug)]
pub(super) struct Model {
    plan: Plan,
    expiry: Nanos,
    timers: BTreeMap<(Nanos, u64), Timer>,
    /// How many timers have been set.
    set: u64,
    now: Nanos,
    limiter: Limiter,
    waiting: VecDeque<Call>,
    connections: Vec<Connection>,
    /// By place, the number of the connection that is open there.
    open: Vec<Option<usize>>,
    sessions: Vec<Session>,
    /// By user, the number of the session.
    session_of: Vec<Option<usize>>,
    checksum: Checksum,
}

#[derive(Debug)]
enum Timer {
    Answer(Call),
    Expire(usize),
}

#[derive(Clone, Copy, Debug)]
struct Call {
    request: Request,
    connection: usize,
    session: Option<usize>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Connection {
    served: u64,
    answered_last: Option<(Request, Status)>,
}

#[derive(Clone, Copy, Debug)]
struct Session {
    user: u32,
    used: Nanos,
    total: u64,
}

impl Model {
    /// The server before its first request.
    pub(super) fn new(workload: &HttpServer) -> Self {
        let plan = workload.plan();
        Model {
            expiry: workload.expiry(),
            timers: BTreeMap::new(),
            set: 0,
            now: Nanos(0),
            limiter: workload.limiter(),
            waiting: VecDeque::new(),
            connections: Vec::new(),
            open: vec![None; plan.connections as usize],
            sessions: Vec::new(),
            session_of: vec![None; plan.users as usize],
            checksum: Checksum::default(),
            plan,
        }
    }

    /// Serves all requests; what a run must find.
    pub(super) fn run(mut self) -> u64 {
        for index in 0..self.plan.requests {
            let due = self.plan.due(index).expect("it is one of the plan");
            self.fire(Some(due));
            self.now = due;
            self.accept(self.plan.request(index));
        }
        self.fire(None);
        for number in self.open.iter().flatten() {
            let connection = self.connections[*number];
            self.checksum.add(*number as u64);
            self.checksum.add(connection.served);
            drain(connection, &mut self.checksum);
        }
        self.checksum.value()
    }

    /// Fires the timers that are due until then, or all.
    fn fire(&mut self, until: Option<Nanos>) {
        let is_due = |due: Nanos| until.is_none_or(|until| due <= until);
        while let Some(entry) = self.timers.first_entry().filter(|entry| is_due(entry.key().0)) {
            self.now = entry.key().0;
            match entry.remove() {
                Timer::Answer(call) => self.complete(&call),
                Timer::Expire(number) => self.expire(number),
            }
        }
    }

    fn set(&mut self, after: Nanos, timer: Timer) {
        self.timers.insert((Nanos(self.now.0 + after.0), self.set), timer);
        self.set += 1;
    }

    fn accept(&mut self, request: Request) {
        let place = &mut self.open[request.connection as usize];
        let connection = *place.get_or_insert_with(|| {
            self.connections.push(Connection::default());
            self.connections.len() - 1
        });
        let mut call = Call { request, connection, session: None };
        if request.route.is_none() {
            return self.answer(&call, Status::NotFound);
        }
        call.session = request.user.map(|user| self.use_session(user, request.number));
        match self.limiter.admit() {
            Admission::Active => self.begin(call),
            Admission::Waiting => self.waiting.push_back(call),
            Admission::Refused => self.answer(&call, Status::Busy),
        }
    }

    /// The number of the session of `user`.
    fn use_session(&mut self, user: u32, request: u64) -> usize {
        let number = self.session_of[user as usize].unwrap_or(self.sessions.len());
        if number == self.sessions.len() {
            self.sessions.push(Session { user, used: self.now, total: 0 });
            self.session_of[user as usize] = Some(number);
            self.set(self.expiry, Timer::Expire(number));
        }
        let session = &mut self.sessions[number];
        session.used = self.now;
        session.total = folded(session.total, request);
        number
    }

    fn begin(&mut self, call: Call) {
        self.set(call.request.call, Timer::Answer(call));
    }

    fn complete(&mut self, call: &Call) {
        self.answer(call, Status::Found);
        if self.limiter.finish() {
            let next = self.waiting.pop_front().expect("a call waits");
            self.begin(next);
        }
    }

    fn answer(&mut self, call: &Call, status: Status) {
        self.fold(call, status);
        let request = call.request;
        let connection = &mut self.connections[call.connection];
        drain(*connection, &mut self.checksum);
        connection.answered_last = Some((request, status));
        connection.served += 1;
        let place = &mut self.open[request.connection as usize];
        if request.closes && *place == Some(call.connection) {
            *place = None;
            self.checksum.add(call.connection as u64);
            self.checksum.add(connection.served);
        }
    }

    fn fold(&mut self, call: &Call, status: Status) {
        let request = call.request;
        self.checksum.add(request.number);
        self.checksum.add(status.code().into());
        self.checksum.add(request.route.map_or(u64::MAX, |route| route as u64));
        self.checksum.add(call.session.map_or(0, |number| self.sessions[number].total));
        self.checksum.add_bytes(plan::agent(request.number).as_bytes());
        self.checksum.add(request.body_bytes.map_or(0, |_| request.number));
    }

    fn expire(&mut self, number: usize) {
        let Session { user, used, total } = self.sessions[number];
        let until = Nanos(used.0 + self.expiry.0);
        if self.now < until {
            return self.set(until.since(self.now), Timer::Expire(number));
        }
        self.session_of[user as usize] = None;
        self.checksum.add(total);
    }
}

/// Folds in what was answered last.
fn drain(connection: Connection, checksum: &mut Checksum) {
    if let Some((request, status)) = connection.answered_last {
        response::expected(&request, status, checksum);
    }
}
