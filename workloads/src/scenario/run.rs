//! A run of a scenario, step by step: the same for a heap and for what it is compared with.

use super::phase::NEVER;
use super::population::{Place, Population, Sight, Slot};
use super::settlers::settle;
use super::{Activity, Choice, Form, Phase, Scenario, Time};
use crate::Random;
use gc_core::event::Nanos;

/// One step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// An object is made whose slots are null.
    Make(Birth),
    /// A reference is stored, or null.
    Store { slot: Slot, target: Option<Place> },
    /// A reference is followed; what is to be found there.
    Read { slot: Slot, found: Option<Sight> },
    /// An object is looked at, as a whole; what it is to be.
    Look { place: Place, found: Sight },
    /// An object dies.
    Die { place: Place },
    /// The heap is given time.
    Idle(Nanos),
}

/// An object that is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Birth {
    pub(super) place: Place,
    pub(super) number: u64,
    /// The number of its name: classes first, then the initial graph's.
    pub(super) name: u32,
    pub(super) form: Form,
}

/// Something that takes steps, or refuses one.
pub(super) trait Taker<E> {
    /// Takes one step.
    fn take(&mut self, step: Step) -> Result<(), E>;
}

impl<E, F: FnMut(Step) -> Result<(), E>> Taker<E> for F {
    fn take(&mut self, step: Step) -> Result<(), E> {
        self(step)
    }
}

/// A run: where it stands.
#[derive(Debug)]
pub(super) struct Run<'s> {
    scenario: &'s Scenario,
    population: Population,
    now: u64,
    draws: Draws,
    /// Stores and reads that are due but for a fraction.
    stores_due: f64,
    reads_due: f64,
}

/// Streams of random numbers, one for each kind of question: who changes how often references are stored, gets the same
/// objects as before.
#[derive(Debug)]
struct Draws {
    objects: Random,
    edges: Random,
    stores: Random,
    reads: Random,
}

impl Draws {
    fn new(seed: u64) -> Self {
        let mut seeds = Random::new(seed);
        let mut stream = || Random::new(seeds.number());
        Draws { objects: stream(), edges: stream(), stores: stream(), reads: stream() }
    }
}

/// A phase, when it takes place.
#[derive(Clone, Copy, Debug)]
struct Stretch<'s> {
    phase: &'s Phase,
    before: &'s Phase,
    start: u64,
    end: u64,
}

impl<'s> Stretch<'s> {
    /// What is done at `now`.
    fn activity(&self, now: u64, random: &mut Random) -> &'s Activity {
        let ramp = self.phase.ramp * self.phase.length as f64;
        let is_old_way = ((now - self.start) as f64) < ramp * random.share();
        if is_old_way { &self.before.activity } else { &self.phase.activity }
    }
}

impl<'s> Run<'s> {
    /// A run that has not started.
    pub(super) fn new(scenario: &'s Scenario, seed: u64) -> Self {
        let population = Population::new(scenario.edges.window, scenario.edges.old_age);
        let draws = Draws::new(seed);
        Run { scenario, population, now: 0, draws, stores_due: 0.0, reads_due: 0.0 }
    }

    /// Makes all steps.
    pub(super) fn make<E>(mut self, taker: &mut impl Taker<E>) -> Result<(), E> {
        settle(&self.scenario.initial, self.scenario.classes.len(), &mut self.population, taker)?;
        for stretch in stretches(self.scenario) {
            self.pass(&stretch, taker)?;
        }
        self.look_at_all(taker)
    }

    /// One phase.
    fn pass<E>(&mut self, stretch: &Stretch<'_>, taker: &mut impl Taker<E>) -> Result<(), E> {
        let idle = stretch.phase.idle;
        let mut next_idle = idle.and_then(|idle| idle.every).map_or(NEVER, |every| stretch.start + every);
        self.now = self.now.max(stretch.start);
        while self.now < stretch.end {
            let activity = stretch.activity(self.now, &mut self.draws.objects);
            self.make_object(activity, stretch.end, taker)?;
            self.make_stores(activity, taker)?;
            self.make_reads(activity, taker)?;
            self.bury_due(taker)?;
            if let Some(idle) = idle.filter(|_| self.now >= next_idle) {
                taker.take(Step::Idle(idle.time))?;
                next_idle = self.now.saturating_add(idle.every.unwrap_or(NEVER));
            }
        }
        match idle {
            Some(idle) if idle.every.is_none() => taker.take(Step::Idle(idle.time)),
            _ => Ok(()),
        }
    }

    fn make_object<E>(&mut self, activity: &Activity, end: u64, taker: &mut impl Taker<E>) -> Result<(), E> {
        let random = &mut self.draws.objects;
        let class = *activity.classes.pick(random);
        let form = self.scenario.classes[class].body.draw(random);
        self.now += self.scenario.time.of(form);
        let due = activity.lifetimes[class].pick(random).due(self.now, end, random);
        let place = self.population.add(form, self.now, due);
        let number = self.population.number(place);
        taker.take(Step::Make(Birth { place, number, name: class as u32, form }))?;
        for slot in (0..form.slots).map(|index| Slot { holder: place, index }) {
            if let Some(target) = self.choose(place, |draws| &mut draws.edges) {
                self.store(slot, Some(target), taker)?;
            }
        }
        self.population.introduce(place);
        Ok(())
    }

    fn make_stores<E>(&mut self, activity: &Activity, taker: &mut impl Taker<E>) -> Result<(), E> {
        self.population.grow_up(self.now);
        self.stores_due += activity.stores;
        while self.stores_due >= 1.0 {
            self.stores_due -= 1.0;
            let random = &mut self.draws.stores;
            let is_old = random.share() < activity.old_to_young;
            if let Some(slot) = self.population.any_slot(is_old, random) {
                let target = match is_old {
                    true => self.population.newest(),
                    false => self.choose(slot.holder, |draws| &mut draws.stores),
                };
                self.store(slot, target, taker)?;
            }
        }
        Ok(())
    }

    fn make_reads<E>(&mut self, activity: &Activity, taker: &mut impl Taker<E>) -> Result<(), E> {
        self.reads_due += activity.reads;
        while self.reads_due >= 1.0 {
            self.reads_due -= 1.0;
            if let Some(slot) = self.population.any_slot(false, &mut self.draws.reads) {
                self.read(slot, taker)?;
            }
        }
        Ok(())
    }

    /// What a slot of `holder` is to refer to; never to itself.
    fn choose(&mut self, holder: Place, stream: fn(&mut Draws) -> &mut Random) -> Option<Place> {
        let random = stream(&mut self.draws);
        let target = match self.scenario.edges.choice.pick(random) {
            Choice::Random => self.population.any(random),
            Choice::Recent => self.population.any_recent(random).or_else(|| self.population.any(random)),
            Choice::Child => self.population.next_child(),
            Choice::Null => None,
        };
        target.filter(|target| *target != holder)
    }

    /// Ends the lives that are due.
    fn bury_due<E>(&mut self, taker: &mut impl Taker<E>) -> Result<(), E> {
        while let Some(place) = self.population.due(self.now) {
            while let Some(slot) = self.population.next_to_cut(place) {
                self.store(slot, None, taker)?;
            }
            taker.take(Step::Look { place, found: self.population.sight(place) })?;
            taker.take(Step::Die { place })?;
            self.population.bury(place);
        }
        Ok(())
    }

    /// Looks at everything that is alive, and at all that it refers to.
    fn look_at_all<E>(&self, taker: &mut impl Taker<E>) -> Result<(), E> {
        for &place in self.population.all() {
            taker.take(Step::Look { place, found: self.population.sight(place) })?;
            let slots = 0..self.population.form(place).slots;
            slots.map(|index| Slot { holder: place, index }).try_for_each(|slot| self.read(slot, taker))?;
        }
        Ok(())
    }

    fn store<E>(&mut self, slot: Slot, target: Option<Place>, taker: &mut impl Taker<E>) -> Result<(), E> {
        self.population.store(slot, target);
        taker.take(Step::Store { slot, target })
    }

    fn read<E>(&self, slot: Slot, taker: &mut impl Taker<E>) -> Result<(), E> {
        let found = self.population.target(slot).map(|target| self.population.sight(target));
        taker.take(Step::Read { slot, found })
    }
}

/// All phases of a run, in order.
fn stretches(scenario: &Scenario) -> impl Iterator<Item = Stretch<'_>> {
    let once = || scenario.phases.iter().flat_map(|phase| (0..phase.repeat).map(move |_| phase));
    let all = (0..scenario.repeat).flat_map(move |_| once());
    let (mut start, mut before) = (0, None);
    all.map(move |phase| {
        let end = start + phase.length;
        let stretch = Stretch { phase, before: before.unwrap_or(phase), start, end };
        (start, before) = (end, Some(phase));
        stretch
    })
}

impl Time {
    /// The time that making an object takes.
    fn of(self, form: Form) -> u64 {
        match self {
            Time::Bytes => form.heap_bytes(),
            Time::Objects => 1,
        }
    }
}
