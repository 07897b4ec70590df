//! The turns of the loop.

use super::Rule;
use super::immediates::Immediates;
use super::plan::When;
use super::ticks::Ticks;
use super::timers::Timers;
use gc_core::event::Nanos;
use gc_core::{Heap, HeapFull, Local};

/// What a loop serves and runs.
pub(in crate::programs) trait Host {
    /// When the next input is due.
    fn next_input(&self) -> Option<Nanos>;

    /// The callback of the next input, which has arrived.
    fn take_input(&mut self, heap: &mut Heap) -> Result<Local, HeapFull>;

    /// Has nothing to do until `due`.
    fn wait_until(&mut self, heap: &mut Heap, due: Nanos);

    /// Is told that a callback starts that was `due`.
    fn starts(&mut self, heap: &Heap, due: Nanos);

    /// Runs `callback`, which may schedule others.
    fn call(&mut self, heap: &mut Heap, queues: &mut Loop, callback: Local) -> Result<(), HeapFull>;
}

/// An event loop: its queues, and its observers.
#[derive(Debug)]
pub(in crate::programs) struct Loop {
    rule: Rule,
    ticks: Ticks,
    immediates: Immediates,
    timers: Timers,
    /// When what the turn serves was due.
    now: Nanos,
}

impl Loop {
    /// A loop with nothing to do, whose handles live in the current scope.
    pub(in crate::programs) fn new(heap: &mut Heap, rule: Rule) -> Result<Self, HeapFull> {
        let (ticks, immediates) = (Ticks::new(heap)?, Immediates::new(heap)?);
        Ok(Loop { rule, ticks, immediates, timers: Timers::new(heap)?, now: Nanos(0) })
    }

    /// Has `callback` run later.
    pub(in crate::programs) fn schedule(
        &mut self,
        heap: &mut Heap,
        when: When,
        callback: Local,
    ) -> Result<(), HeapFull> {
        match when {
            When::NextTick => self.ticks.push(heap, callback),
            When::Immediate => self.immediates.push(heap, callback),
            When::After(time) => {
                let mut due = self.now;
                due += time;
                self.timers.set(heap, due, callback)
            }
        }
    }

    /// Makes turns until nothing is left to do.
    pub(in crate::programs) fn run(&mut self, heap: &mut Heap, host: &mut impl Host) -> Result<(), HeapFull> {
        while self.has_more(heap, host) {
            self.idle(heap, host)?;
            self.fire(heap, host)?;
            self.idle(heap, host)?;
            self.poll(heap, host)?;
            self.idle(heap, host)?;
            self.check(heap, host)?;
        }
        Ok(())
    }

    /// Waits for something to do; false if nothing will come.
    fn has_more(&mut self, heap: &mut Heap, host: &mut impl Host) -> bool {
        if !self.ticks.is_empty() || self.immediates.count() > 0 {
            return true;
        }
        let dues = [host.next_input(), self.timers.next_due(heap)];
        let Some(due) = dues.into_iter().flatten().min() else { return false };
        host.wait_until(heap, due);
        self.now = due;
        true
    }

    /// Runs all that is to run in the next tick, and what that adds.
    fn idle(&mut self, heap: &mut Heap, host: &mut impl Host) -> Result<(), HeapFull> {
        while heap.scope(|heap| match self.ticks.take(heap) {
            Some(callback) => host.call(heap, self, callback).map(|()| true),
            None => Ok(false),
        })? {}
        Ok(())
    }

    /// Fires the timers that are due.
    fn fire(&mut self, heap: &mut Heap, host: &mut impl Host) -> Result<(), HeapFull> {
        while heap.scope(|heap| match self.timers.take(heap, self.now) {
            Some((due, callback)) => {
                host.starts(heap, due);
                host.call(heap, self, callback).map(|()| true)
            }
            None => Ok(false),
        })? {}
        Ok(())
    }

    /// Serves the input that has arrived.
    fn poll(&mut self, heap: &mut Heap, host: &mut impl Host) -> Result<(), HeapFull> {
        match host.next_input() {
            Some(due) if due <= self.now => heap.scope(|heap| {
                host.starts(heap, due);
                let callback = host.take_input(heap)?;
                host.call(heap, self, callback)
            }),
            _ => Ok(()),
        }
    }

    /// Runs immediates, none of those that are added meanwhile.
    fn check(&mut self, heap: &mut Heap, host: &mut impl Host) -> Result<(), HeapFull> {
        let most = match self.rule {
            Rule::WholeTurn => u32::MAX,
            Rule::OneATurn => 1,
        };
        for _ in 0..self.immediates.count().min(most) {
            heap.scope(|heap| match self.immediates.take(heap) {
                Some(callback) => host.call(heap, self, callback),
                None => Ok(()),
            })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Host, Loop, When};
    use crate::programs::event_loop::Rule;
    use gc_core::event::Nanos;
    use gc_core::{Config, FixedShape, Heap, HeapFull, Local, Stress};

    /// A program whose callbacks say their names and schedule others.
    struct Script {
        callback: FixedShape<0, 1>,
        /// By the number of a callback: its name, and what it schedules.
        callbacks: &'static [(&'static str, &'static [(When, u64)])],
        inputs: Vec<(Nanos, u64)>,
        said: Vec<&'static str>,
        waited: Vec<Nanos>,
    }

    impl Script {
        fn make(&self, heap: &mut Heap, number: u64) -> Result<Local, HeapFull> {
            let callback = heap.alloc_with(self.callback, [])?;
            heap.store_word(callback, 0, number);
            Ok(callback)
        }
    }

    impl Host for Script {
        fn next_input(&self) -> Option<Nanos> {
            self.inputs.first().map(|input| input.0)
        }

        fn take_input(&mut self, heap: &mut Heap) -> Result<Local, HeapFull> {
            let (_, number) = self.inputs.remove(0);
            self.make(heap, number)
        }

        fn wait_until(&mut self, _: &mut Heap, due: Nanos) {
            self.waited.push(due);
        }

        fn starts(&mut self, _: &Heap, due: Nanos) {
            assert!(self.waited.last().is_some_and(|waited| due <= *waited), "{due:?} is still to come");
        }

        fn call(&mut self, heap: &mut Heap, queues: &mut Loop, callback: Local) -> Result<(), HeapFull> {
            let (name, scheduled) = self.callbacks[heap.view(callback).word(0) as usize];
            self.said.push(name);
            for &(when, number) in scheduled {
                let callback = self.make(heap, number)?;
                queues.schedule(heap, when, callback)?;
            }
            Ok(())
        }
    }

    /// Runs callback 0 as the program itself, then the loop, with these inputs.
    #[track_caller]
    fn check(
        rule: Rule,
        callbacks: &'static [(&'static str, &'static [(When, u64)])],
        inputs: &[(Nanos, u64)],
        expected: &[&str],
    ) {
        let config = Config { huge_pages: false, stress: Stress::all(1, 1), ..Config::default() };
        let mut heap = Heap::new(config).expect("the configuration is valid");
        let callback = heap.register_fixed("callback");
        let (said, waited) = (Vec::new(), Vec::new());
        let mut script = Script { callback, callbacks, inputs: inputs.to_vec(), said, waited };
        let mut run = || {
            let mut queues = Loop::new(&mut heap, rule)?;
            let program = script.make(&mut heap, 0)?;
            script.call(&mut heap, &mut queues, program)?;
            queues.run(&mut heap, &mut script)
        };
        run().expect("there is room");
        assert_eq!(script.said, expected, "{rule:?}");
        assert!(script.waited.is_sorted(), "{:?}", script.waited);
    }

    /// Two callbacks for the next tick, two immediates of which the first schedules one more for the next tick, and a
    /// plain print.
    const ORDER: &[(&str, &[(When, u64)])] = &[
        ("print", &[(When::NextTick, 1), (When::NextTick, 2), (When::Immediate, 3), (When::Immediate, 4)]),
        ("nextTick 1", &[]),
        ("nextTick 2", &[]),
        ("immediate 1", &[(When::NextTick, 5)]),
        ("immediate 2", &[]),
        ("inserted", &[]),
    ];

    #[test]
    fn newer_loops_run_all_immediates_of_a_turn_first() {
        let expected = ["print", "nextTick 1", "nextTick 2", "immediate 1", "immediate 2", "inserted"];
        check(Rule::WholeTurn, ORDER, &[], &expected);
    }

    #[test]
    fn older_loops_run_the_next_tick_after_each_immediate() {
        let expected = ["print", "nextTick 1", "nextTick 2", "immediate 1", "inserted", "immediate 2"];
        check(Rule::OneATurn, ORDER, &[], &expected);
    }

    #[test]
    fn observers_are_asked_in_order_of_priority() {
        const OBSERVERS: &[(&str, &[(When, u64)])] = &[
            (
                "program",
                &[(When::After(Nanos(20)), 3), (When::After(Nanos(10)), 4), (When::After(Nanos(30)), 6)],
            ),
            ("input", &[(When::Immediate, 2), (When::NextTick, 5)]),
            ("immediate of the input", &[(When::Immediate, 7)]),
            ("timer with the input", &[(When::Immediate, 8), (When::NextTick, 9)]),
            ("timer before the input", &[]),
            ("tick of the input", &[(When::NextTick, 10)]),
            ("timer behind the input", &[]),
            ("immediate of the next turn", &[]),
            ("immediate of the timer", &[]),
            ("tick of the timer", &[]),
            ("tick of the tick", &[]),
        ];
        let expected = [
            "program",
            "timer before the input",
            "timer with the input",
            "tick of the timer",
            "input",
            "tick of the input",
            "tick of the tick",
            "immediate of the timer",
            "immediate of the input",
            "immediate of the next turn",
            "timer behind the input",
        ];
        check(Rule::WholeTurn, OBSERVERS, &[(Nanos(20), 1)], &expected);
    }
}
