//! What the loop serves.

use super::HttpServer;
use super::connections::{self, Connections};
use super::limiter::{Admission, Limiter};
use super::parser::{self, Parser};
use super::plan::Plan;
use super::response::{Responses, Status};
use super::routes::Routes;
use super::sessions::{self, Expiry, Sessions};
use crate::programs::content;
use crate::programs::event_loop::{Host, Loop, VirtualClock, When};
use crate::programs::queue::Queue;
use crate::{Checksum, Found, Latencies, Progress};
use gc_core::event::Nanos;
use gc_core::{FixedShape, Heap, HeapFull, Local};

/// Slots of a call. Its words are what is to be done with it, and the number of its request.
const CONNECTION: u32 = 0;
const REQUEST: u32 = 1;
const SESSION: u32 = 2;

/// What a callback is to do: its word 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Task {
    /// A session may have expired. New sessions have this word, as all words are 0 at first.
    Expire = 0,
    /// A request has arrived.
    Accept = 1,
    /// What a request called for is there.
    Answer = 2,
}

impl Task {
    fn of(heap: &Heap, callback: Local) -> Task {
        match heap.view(callback).word(0) {
            0 => Task::Expire,
            1 => Task::Accept,
            _ => Task::Answer,
        }
    }
}

/// Serves requests from a plan.
#[derive(Debug)]
pub(super) struct Server<'a, 'p> {
    plan: Plan,
    call: FixedShape<3, 2>,
    connections: Connections,
    parser: Parser,
    routes: Routes,
    sessions: Sessions,
    limiter: Limiter,
    /// Calls that wait for their turn.
    waiting: Queue,
    responses: Responses,
    clock: VirtualClock,
    /// When what is served was due.
    now: Nanos,
    expiry: Nanos,
    /// How many requests have arrived.
    arrived: u32,
    /// The head of a request on its way to the heap.
    head: Vec<u8>,
    latencies: Latencies,
    checksum: Checksum,
    progress: &'a mut Progress<'p>,
}

impl<'a, 'p> Server<'a, 'p> {
    /// A server for the first request, whose handles live in the current scope.
    pub(super) fn new(
        heap: &mut Heap,
        workload: &HttpServer,
        progress: &'a mut Progress<'p>,
    ) -> Result<Self, HeapFull> {
        let plan = workload.plan();
        let parser = Parser::new(heap);
        Ok(Server {
            call: heap.register_fixed("Call"),
            connections: Connections::new(heap, plan.connections)?,
            routes: Routes::new(heap, parser.headers())?,
            sessions: Sessions::new(heap, plan.users, workload.session_bytes, workload.expiry())?,
            limiter: workload.limiter(),
            waiting: Queue::new(heap)?,
            responses: Responses::new(heap),
            clock: VirtualClock::new(heap, workload.is_idle_used),
            now: Nanos(0),
            expiry: workload.expiry(),
            arrived: 0,
            head: Vec::new(),
            latencies: Latencies::with_capacity(plan.requests as usize),
            checksum: Checksum::default(),
            plan,
            parser,
            progress,
        })
    }

    /// What was answered, and what is left of it.
    pub(super) fn found(mut self, heap: &Heap) -> Found {
        self.connections.read(heap, &mut self.checksum);
        Found { latencies: Some(self.latencies), ..self.checksum.into() }
    }

    /// Parses a request, finds its route and its session, and calls for what it wants.
    fn accept(&mut self, heap: &mut Heap, queues: &mut Loop, call: Local) -> Result<(), HeapFull> {
        let connection = heap.load(call, CONNECTION).expect("a call has a connection");
        let (head, body) = connections::take(heap, connection);
        let request = self.parser.parse(heap, head, body)?;
        heap.store(call, REQUEST, Some(request));
        if self.routes.find(heap, parser::target(heap.view(request))).is_none() {
            return self.answer(heap, call, Status::NotFound);
        }
        self.use_session(heap, queues, call, request)?;
        match self.limiter.admit() {
            Admission::Active => self.begin(heap, queues, call),
            Admission::Waiting => self.waiting.push(heap, call),
            Admission::Refused => self.answer(heap, call, Status::Busy),
        }
    }

    /// If the request belongs to a session, has it take note.
    fn use_session(
        &mut self,
        heap: &mut Heap,
        queues: &mut Loop,
        call: Local,
        request: Local,
    ) -> Result<(), HeapFull> {
        let Some(user) = parser::number_in(heap.view(request), b"cookie") else { return Ok(()) };
        let (session, is_new) = self.sessions.begin(heap, user as u32)?;
        let number = number_of(heap, call);
        self.sessions.touch(heap, session, number.into(), self.now)?;
        heap.store(call, SESSION, Some(session));
        if is_new { queues.schedule(heap, When::After(self.expiry), session) } else { Ok(()) }
    }

    /// Makes a call, which takes its time.
    fn begin(&mut self, heap: &mut Heap, queues: &mut Loop, call: Local) -> Result<(), HeapFull> {
        heap.store_word(call, 0, Task::Answer as u64);
        let time = self.plan.request(number_of(heap, call)).call;
        queues.schedule(heap, When::After(time), call)
    }

    /// Answers a call that was made, and makes the next.
    fn complete(&mut self, heap: &mut Heap, queues: &mut Loop, call: Local) -> Result<(), HeapFull> {
        self.answer(heap, call, Status::Found)?;
        if self.limiter.finish() {
            let next = self.waiting.pop(heap).expect("a call waits");
            self.begin(heap, queues, next)?;
        }
        Ok(())
    }

    fn answer(&mut self, heap: &mut Heap, call: Local, status: Status) -> Result<(), HeapFull> {
        let number = number_of(heap, call);
        let request = self.plan.request(number);
        self.fold(heap, call, status);
        let response = self.responses.make(heap, &request, status)?;
        let connection = heap.load(call, CONNECTION).expect("a call has a connection");
        connections::answer(heap, connection, response, &mut self.checksum);
        if self.is_last(heap, call) {
            self.connections.close(heap, request.connection, connection, &mut self.checksum);
        }
        let due = self.plan.due(number).expect("it has arrived");
        self.latencies.record(self.clock.late(heap, due));
        self.progress.advance(1);
        Ok(())
    }

    /// Folds in what the heap knows of a call.
    fn fold(&mut self, heap: &Heap, call: Local, status: Status) {
        let view = heap.view(call);
        let request = view.slot(REQUEST).expect("it has been parsed");
        self.checksum.add(parser::number_in(request, b"x-request").unwrap_or(u64::MAX));
        self.checksum.add(status.code().into());
        self.checksum.add(self.routes.find(heap, parser::target(request)).unwrap_or(u64::MAX));
        self.checksum.add(view.slot(SESSION).map_or(0, sessions::read));
        self.checksum.add_bytes(parser::header_of(request, b"user-agent").unwrap_or_default());
        self.checksum.add(parser::body(request).map_or(0, content::read));
    }

    /// Whether a request asks for its connection to be closed.
    fn is_last(&self, heap: &Heap, call: Local) -> bool {
        let request = heap.view(call).slot(REQUEST);
        request.and_then(|request| parser::header_of(request, b"connection")) == Some(b"close")
    }

    fn expire(&mut self, heap: &mut Heap, queues: &mut Loop, session: Local) -> Result<(), HeapFull> {
        match self.sessions.expire(heap, session, self.now) {
            Expiry::Later(time) => queues.schedule(heap, When::After(time), session),
            Expiry::Ended(total) => {
                self.checksum.add(total);
                Ok(())
            }
        }
    }
}

fn number_of(heap: &Heap, call: Local) -> u32 {
    heap.view(call).word(1) as u32
}

impl Host for Server<'_, '_> {
    fn next_input(&self) -> Option<Nanos> {
        self.plan.due(self.arrived)
    }

    fn take_input(&mut self, heap: &mut Heap) -> Result<Local, HeapFull> {
        let request = self.plan.request(self.arrived);
        self.arrived += 1;
        let connection = self.connections.open(heap, request.connection)?;
        self.head.clear();
        request.write_head(&mut self.head);
        let body = request.body_bytes.map(|bytes| (bytes, request.number));
        connections::receive(heap, connection, &self.head, body)?;
        let call = heap.alloc_with(self.call, [Some(connection), None, None])?;
        heap.store_word(call, 0, Task::Accept as u64);
        heap.store_word(call, 1, request.number);
        Ok(call)
    }

    fn wait_until(&mut self, heap: &mut Heap, due: Nanos) {
        self.clock.wait_until(heap, due);
    }

    fn starts(&mut self, _: &Heap, due: Nanos) {
        self.now = due;
    }

    fn call(&mut self, heap: &mut Heap, queues: &mut Loop, callback: Local) -> Result<(), HeapFull> {
        match Task::of(heap, callback) {
            Task::Expire => self.expire(heap, queues, callback),
            Task::Accept => self.accept(heap, queues, callback),
            Task::Answer => self.complete(heap, queues, callback),
        }
    }
}
