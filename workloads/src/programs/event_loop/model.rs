//! The same loop without a heap.

use super::plan::{self, Plan, Task, When};
use super::{Rule, closure};
use crate::Checksum;
use gc_core::event::Nanos;
use std::collections::{BTreeMap, VecDeque};

/// The loop and what it serves, in the collections of std.
#[derive(Debug)]
pub(super) struct Model {
    plan: Plan,
    rule: Rule,
    ticks: VecDeque<Callback>,
    immediates: VecDeque<Callback>,
    timers: BTreeMap<(Nanos, u64), Callback>,
    /// When what the turn serves was due.
    now: Nanos,
    /// How many inputs have been served.
    inputs: u32,
    /// How many timers have been set.
    set: u64,
    /// By session: its total now, and when its state was made.
    sessions: Vec<(u64, u64)>,
    checksum: Checksum,
}

/// A callback that is to run.
#[derive(Clone, Copy, Debug)]
struct Callback {
    task: Task,
    session: u32,
    /// The number of the one that scheduled it.
    outer: Option<u64>,
}

impl Model {
    /// The loop before its first turn.
    pub(super) fn new(plan: Plan, rule: Rule) -> Self {
        Model {
            plan,
            rule,
            ticks: VecDeque::new(),
            immediates: VecDeque::new(),
            timers: BTreeMap::new(),
            now: Nanos(0),
            inputs: 0,
            set: 0,
            sessions: vec![(0, 0); plan.sessions as usize],
            checksum: Checksum::default(),
        }
    }

    /// What a run must find.
    pub(super) fn checksum(&self, session_bytes: u32) -> u64 {
        let mut checksum = self.checksum;
        for (total, total_of_state) in &self.sessions {
            checksum.add(*total);
            checksum.add(u64::from(session_bytes) * u64::from(plan::fill_byte(*total_of_state)));
        }
        checksum.value()
    }

    /// Makes all turns.
    pub(super) fn run(&mut self) {
        while let Some(due) = self.next_due() {
            self.now = due;
            self.turn();
        }
    }

    fn next_due(&self) -> Option<Nanos> {
        if !self.ticks.is_empty() || !self.immediates.is_empty() {
            return Some(self.now);
        }
        let timer = self.timers.first_key_value().map(|(key, _)| key.0);
        [self.plan.due(self.inputs), timer].into_iter().flatten().min()
    }

    fn turn(&mut self) {
        self.drain_ticks();
        while let Some(entry) = self.timers.first_entry().filter(|entry| entry.key().0 <= self.now) {
            let callback = entry.remove();
            self.call(&callback);
        }
        self.drain_ticks();
        if self.plan.due(self.inputs).is_some_and(|due| due <= self.now) {
            self.serve_input();
        }
        self.drain_ticks();
        let most = if self.rule == Rule::OneATurn { 1 } else { usize::MAX };
        let rest = self.immediates.split_off(self.immediates.len().min(most));
        let run = std::mem::replace(&mut self.immediates, rest);
        run.iter().for_each(|callback| self.call(callback));
    }

    fn drain_ticks(&mut self) {
        while let Some(callback) = self.ticks.pop_front() {
            self.call(&callback);
        }
    }

    fn serve_input(&mut self) {
        let (task, session) = self.plan.event(self.inputs);
        self.inputs += 1;
        let state = &mut self.sessions[session as usize];
        state.1 = state.0;
        self.call(&Callback { task, session, outer: None });
    }

    fn call(&mut self, callback: &Callback) {
        let Callback { task, session, outer } = *callback;
        self.checksum.add(task.number);
        let captured = closure::expected(task, outer, self.plan.captured(task));
        captured.into_iter().for_each(|part| self.checksum.add(part));
        let total = &mut self.sessions[session as usize].0;
        *total = plan::folded(*total, task.number);
        for (when, scheduled) in self.plan.scheduled_by(task) {
            self.schedule(when, Callback { task: scheduled, session, outer: Some(task.number) });
        }
    }

    fn schedule(&mut self, when: When, callback: Callback) {
        match when {
            When::NextTick => self.ticks.push_back(callback),
            When::Immediate => self.immediates.push_back(callback),
            When::After(time) => {
                self.timers.insert((Nanos(self.now.0 + time.0), self.set), callback);
                self.set += 1;
            }
        }
    }
}
