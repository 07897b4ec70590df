//! What arrives: the same for the heap and for its model.

use crate::Random;
use crate::programs::content::LEAST_BYTES;
use gc_core::event::Nanos;
use std::io::Write;

/// What the server knows how to answer: method, start of the path, whether a session is needed.
pub(super) const ROUTES: [(&str, &str, bool); 5] = [
    ("GET", "/static/", false),
    ("GET", "/items/", true),
    ("POST", "/items/", true),
    ("GET", "/account/", true),
    ("POST", "/account/", true),
];

/// How many of a hundred requests ask for what there is not.
const MISSING_PERCENT: u32 = 1;

/// A source of all choices of a run. A request's are drawn from its number alone, so they do not depend on when it is served.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    pub(super) requests: u32,
    pub(super) interval: Nanos,
    pub(super) connections: u32,
    pub(super) closed_percent: u32,
    pub(super) users: u32,
    pub(super) body_bytes: u32,
    pub(super) response_bytes: u32,
    pub(super) call_us: u32,
    pub(super) seed: u64,
}

/// Share of the requests that belong to a session.
pub(super) fn session_share() -> f64 {
    let needing = ROUTES.iter().filter(|(_, _, needs_session)| *needs_session).count();
    needing as f64 / ROUTES.len() as f64
}

/// A request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) number: u64,
    /// The place of the connection that it comes by.
    pub(super) connection: u32,
    /// Its route, if there is one.
    pub(super) route: Option<usize>,
    /// Who asks, if the route needs a session.
    pub(super) user: Option<u32>,
    /// Size of its body, if it has one.
    pub(super) body_bytes: Option<u32>,
    /// Whether it asks for the connection to be closed afterwards.
    pub(super) closes: bool,
    /// How long the call takes that it is answered by.
    pub(super) call: Nanos,
    pub(super) response_bytes: u32,
}

impl Plan {
    /// When request number `index` is due; `None` behind the last.
    pub(super) fn due(&self, index: u32) -> Option<Nanos> {
        (index < self.requests).then(|| Nanos((u64::from(index) + 1) * self.interval.0))
    }

    pub(super) fn request(&self, index: u32) -> Request {
        let mut random = Random::new(self.seed.wrapping_add(u64::from(index) << 32));
        let connection = random.below(self.connections);
        let is_missing = random.chance(MISSING_PERCENT);
        let route = random.below(ROUTES.len() as u32) as usize;
        let user = random.below(self.users);
        let mut filled = |bytes: u32| LEAST_BYTES + random.below(bytes - LEAST_BYTES + 1);
        let (body_bytes, response_bytes) = (filled(self.body_bytes), filled(self.response_bytes));
        let (method, _, needs_session) = ROUTES[route];
        Request {
            number: index.into(),
            connection,
            route: (!is_missing).then_some(route),
            user: (needs_session && !is_missing).then_some(user),
            body_bytes: (method == "POST" && !is_missing).then_some(body_bytes),
            closes: random.chance(self.closed_percent),
            call: Nanos((1 + u64::from(random.below(self.call_us))) * 1_000),
            response_bytes,
        }
    }

    /// Most requests that are called for at a time, on average, were there no limit.
    pub(super) fn mean_calls(&self) -> f64 {
        f64::from(self.call_us) * 500.0 / self.interval.0 as f64
    }
}

impl Request {
    /// Its head, as it comes over the wire.
    pub(super) fn write_head(&self, text: &mut Vec<u8>) {
        let (method, prefix, _) = self.route.map_or(("GET", "/missing/", false), |route| ROUTES[route]);
        // Writing to a vector cannot fail.
        let _ = write!(text, "{method} {prefix}{} HTTP/1.1\r\nHost: example.org\r\n", self.number);
        let _ = write!(text, "User-Agent: {}\r\nX-Request: {}\r\n", agent(self.number), self.number);
        if let Some(user) = self.user {
            let _ = write!(text, "Cookie: {user}\r\n");
        }
        if let Some(bytes) = self.body_bytes {
            let _ = write!(text, "Content-Length: {bytes}\r\n");
        }
        if self.closes {
            text.extend_from_slice(b"Connection: close\r\n");
        }
        text.extend_from_slice(b"\r\n");
    }
}

/// The program that sends request `number`.
pub(super) fn agent(number: u64) -> &'static str {
    ["curl/8.5.0", "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/128.0"][(number % 2) as usize]
}

#[cfg(test)]
mod tests {
    use super::{Nanos, Plan, ROUTES};

    pub(super) const PLAN: Plan = Plan {
        requests: 2_000,
        interval: Nanos(100_000),
        connections: 10,
        closed_percent: 10,
        users: 7,
        body_bytes: 100,
        response_bytes: 200,
        call_us: 50,
        seed: 1,
    };

    #[test]
    fn requests_are_within_bounds_and_of_all_kinds() {
        let requests: Vec<_> = (0..PLAN.requests).map(|index| PLAN.request(index)).collect();
        for request in &requests {
            assert!(request.connection < 10 && request.user.is_none_or(|user| user < 7), "{request:?}");
            assert!(request.body_bytes.is_none_or(|bytes| (8..=100).contains(&bytes)), "{request:?}");
            assert!((8..=200).contains(&request.response_bytes), "{request:?}");
            assert!((1_000..=50_000).contains(&request.call.0), "{request:?}");
        }
        let closed = requests.iter().filter(|request| request.closes).count();
        assert!((150..250).contains(&closed), "{closed}");
        let on_route = |route| requests.iter().filter(|request| request.route == route).count();
        assert!((0..ROUTES.len()).all(|route| on_route(Some(route)) > 300));
        assert!((5..40).contains(&on_route(None)));
    }

    #[test]
    fn a_head_reads_like_this() {
        let mut requests = (0..).map(|index| PLAN.request(index));
        let closing = requests.find(|request| request.closes).expect("some are");
        let (number, route, user, body_bytes) = (8, Some(2), Some(3), Some(17));
        let request = super::Request { number, route, user, body_bytes, ..closing };
        let mut text = Vec::new();
        request.write_head(&mut text);
        let expected = "POST /items/8 HTTP/1.1\r\nHost: example.org\r\nUser-Agent: curl/8.5.0\r\nX-Request: 8\r\n\
                        Cookie: 3\r\nContent-Length: 17\r\nConnection: close\r\n\r\n";
        assert_eq!(String::from_utf8(text).as_deref(), Ok(expected));
    }
}
