//! How many calls are made at a time.

/// Counts calls: up to a limit are active, up to a bound wait for their turn, more are refused.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limiter {
    limit: u32,
    bound: u32,
    active: u32,
    waiting: u32,
}

/// What becomes of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Admission {
    /// It is made at once.
    Active,
    /// It waits.
    Waiting,
    /// It is not made.
    Refused,
}

impl Limiter {
    /// No calls. At most `limit` are to be active at a time, and `bound` to wait.
    pub(super) fn new(limit: u32, bound: u32) -> Self {
        Limiter { limit, bound, active: 0, waiting: 0 }
    }

    /// A call is wanted.
    pub(super) fn admit(&mut self) -> Admission {
        if self.active < self.limit {
            self.active += 1;
            Admission::Active
        } else if self.waiting < self.bound {
            self.waiting += 1;
            Admission::Waiting
        } else {
            Admission::Refused
        }
    }

    /// A call has ended; whether the one that has waited longest takes its place.
    pub(super) fn finish(&mut self) -> bool {
        let is_replaced = self.waiting > 0;
        if is_replaced {
            self.waiting -= 1;
        } else {
            self.active -= 1;
        }
        is_replaced
    }
}

#[cfg(test)]
mod tests {
    use super::{Admission, Limiter};

    #[test]
    fn calls_are_made_wait_and_are_refused_in_turn() {
        let mut limiter = Limiter::new(2, 1);
        let mut admit = |count: usize| (0..count).map(|_| limiter.admit()).collect::<Vec<_>>();
        assert_eq!(admit(4), [Admission::Active, Admission::Active, Admission::Waiting, Admission::Refused]);
        assert!(limiter.finish(), "the waiting one");
        assert!(!limiter.finish());
        assert_eq!([limiter.admit(), limiter.admit()], [Admission::Active, Admission::Waiting]);
    }

    #[test]
    fn without_a_queue_what_is_too_much_is_refused() {
        let mut limiter = Limiter::new(1, 0);
        assert_eq!([limiter.admit(), limiter.admit()], [Admission::Active, Admission::Refused]);
        assert!(!limiter.finish());
    }
}
