//! Who is alive, and who refers to whom: a heap's graph, without a heap.

use super::phase::NEVER;
use super::roster::Roster;
use super::{Form, Kind};
use crate::Random;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// The number of a live object's entry. Those of the dead are used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place(pub(super) u32);

impl Place {
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

/// A slot of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) holder: Place,
    pub(super) index: u32,
}

/// One live object.
#[derive(Debug)]
struct Member {
    /// Objects are counted.
    number: u64,
    born: u64,
    due: u64,
    form: Form,
    targets: Box<[Option<Place>]>,
    /// Slots that refer to it, or did, of objects that are due later.
    to_be_cut: Vec<Slot>,
}

/// An object that may have died since.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Remembered {
    number: u64,
    place: Place,
}

/// All live objects.
#[derive(Debug)]
pub(super) struct Population {
    members: Vec<Option<Member>>,
    vacant: Vec<Place>,
    next_number: u64,
    /// Those that are going to die, by when.
    due: BinaryHeap<Reverse<(u64, Remembered)>>,
    all: Roster,
    /// Those with slots.
    holders: Roster,
    /// Those with slots that are old.
    elders: Roster,
    /// Those with slots that are not old yet, in the order of their births.
    growing_up: VecDeque<Remembered>,
    /// Those made last, the newest at the end.
    recent: VecDeque<Remembered>,
    /// Those that are nobody's children, the newest at the end.
    orphans: VecDeque<Remembered>,
    window: usize,
    old_age: u64,
}

/// Most objects that wait to become somebody's child; beyond that the oldest stay roots of trees.
const MOST_ORPHANS: usize = 1 << 16;

impl Population {
    /// Nobody. The `window` objects made last count as recent; those of `old_age`, in units of time, are old.
    pub(super) fn new(window: u32, old_age: u64) -> Self {
        Population {
            members: Vec::new(),
            vacant: Vec::new(),
            next_number: 0,
            due: BinaryHeap::new(),
            all: Roster::default(),
            holders: Roster::default(),
            elders: Roster::default(),
            growing_up: VecDeque::new(),
            recent: VecDeque::new(),
            orphans: VecDeque::new(),
            window: window as usize,
            old_age,
        }
    }

    /// Adds an object whose slots are null.
    pub(super) fn add(&mut self, form: Form, now: u64, due: u64) -> Place {
        let targets = vec![None; form.slots as usize].into();
        let member =
            Member { number: self.next_number, born: now, due, form, targets, to_be_cut: Vec::new() };
        self.next_number += 1;
        let place = self.settle(member);
        self.enter(place);
        place
    }

    /// Finds a place for a new member.
    fn settle(&mut self, member: Member) -> Place {
        match self.vacant.pop() {
            Some(place) => {
                self.members[place.index()] = Some(member);
                place
            }
            None => {
                let place = u32::try_from(self.members.len()).expect("fewer live objects than 2^32");
                self.members.push(Some(member));
                Place(place)
            }
        }
    }

    /// Enters a new member into all lists.
    fn enter(&mut self, place: Place) {
        let Member { number, due, form, .. } = *self.member(place);
        let remembered = Remembered { number, place };
        self.all.add(place);
        if due != NEVER {
            self.due.push(Reverse((due, remembered)));
        }
        if form.slots > 0 {
            self.holders.add(place);
            self.growing_up.push_back(remembered);
        }
    }

    /// Lets others refer to a new object as one of those made last, and as a child.
    pub(super) fn introduce(&mut self, place: Place) {
        let remembered = Remembered { number: self.number(place), place };
        push_bounded(&mut self.recent, remembered, self.window);
        push_bounded(&mut self.orphans, remembered, MOST_ORPHANS);
    }

    /// The object that is due first, if it is by `now`.
    pub(super) fn due(&self, now: u64) -> Option<Place> {
        let Reverse((due, Remembered { place, .. })) = self.due.peek()?;
        (*due <= now).then_some(*place)
    }

    /// A slot that refers to `place` and is to be cut before its object goes. Each is given once.
    pub(super) fn next_to_cut(&mut self, place: Place) -> Option<Slot> {
        while let Some(slot) = self.member_mut(place).to_be_cut.pop() {
            // It may have come to refer to another object meanwhile, and then is listed there.
            if self.target(slot) == Some(place) {
                return Some(slot);
            }
        }
        None
    }

    /// Removes the object that is due first.
    pub(super) fn bury(&mut self, place: Place) {
        let first = self.due.pop().map(|Reverse((_, first))| first.place);
        debug_assert_eq!(first, Some(place), "objects die in order");
        self.all.remove(place);
        self.holders.remove(place);
        self.elders.remove(place);
        self.members[place.index()] = None;
        self.vacant.push(place);
    }

    /// Makes a slot refer to `target`.
    pub(super) fn store(&mut self, slot: Slot, target: Option<Place>) {
        let holder = self.member_mut(slot.holder);
        holder.targets[slot.index as usize] = target;
        let due = holder.due;
        if let Some(target) = target
            && self.member(target).due < due
        {
            self.member_mut(target).to_be_cut.push(slot);
        }
    }

    /// What a slot refers to.
    pub(super) fn target(&self, slot: Slot) -> Option<Place> {
        self.member(slot.holder).targets[slot.index as usize]
    }

    /// Counts those as old that have become so by `now`.
    pub(super) fn grow_up(&mut self, now: u64) {
        while let Some(first) = self.growing_up.front().copied() {
            if self.is_alive(first) {
                if now.saturating_sub(self.member(first.place).born) < self.old_age {
                    break;
                }
                self.elders.add(first.place);
            }
            self.growing_up.pop_front();
        }
    }

    /// Any object.
    pub(super) fn any(&self, random: &mut Random) -> Option<Place> {
        self.all.draw(random)
    }

    /// Any slot of any object that has one; of an old one, if that is asked for.
    pub(super) fn any_slot(&self, is_old: bool, random: &mut Random) -> Option<Slot> {
        let holder = if is_old { &self.elders } else { &self.holders }.draw(random);
        let index = random.below(holder.map_or(0, |holder| self.member(holder).form.slots));
        holder.map(|holder| Slot { holder, index })
    }

    /// One of those made last, unless it has died.
    pub(super) fn any_recent(&self, random: &mut Random) -> Option<Place> {
        let index = random.below(self.recent.len() as u32) as usize;
        self.recent.get(index).filter(|recent| self.is_alive(**recent)).map(|recent| recent.place)
    }

    /// The one made last, unless it has died.
    pub(super) fn newest(&self) -> Option<Place> {
        self.recent.back().filter(|recent| self.is_alive(**recent)).map(|recent| recent.place)
    }

    /// The newest that is nobody's child. It is given once.
    pub(super) fn next_child(&mut self) -> Option<Place> {
        while let Some(candidate) = self.orphans.pop_back() {
            if self.is_alive(candidate) {
                return Some(candidate.place);
            }
        }
        None
    }

    /// All objects.
    pub(super) fn all(&self) -> &[Place] {
        self.all.members()
    }

    /// What an object is.
    pub(super) fn form(&self, place: Place) -> Form {
        self.member(place).form
    }

    /// The number of an object.
    pub(super) fn number(&self, place: Place) -> u64 {
        self.member(place).number
    }

    /// What is to be found in place of an object.
    pub(super) fn sight(&self, place: Place) -> Sight {
        let member = self.member(place);
        Sight { kind: member.form.kind, mark: member.form.mark(member.number) }
    }

    fn is_alive(&self, remembered: Remembered) -> bool {
        let member = self.members[remembered.place.index()].as_ref();
        member.is_some_and(|member| member.number == remembered.number)
    }

    fn member(&self, place: Place) -> &Member {
        self.members[place.index()].as_ref().expect("nothing refers to the place of a dead object")
    }

    fn member_mut(&mut self, place: Place) -> &mut Member {
        self.members[place.index()].as_mut().expect("nothing refers to the place of a dead object")
    }
}

/// What is to be found in place of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sight {
    pub(super) kind: Kind,
    pub(super) mark: u64,
}

fn push_bounded(queue: &mut VecDeque<Remembered>, item: Remembered, most: usize) {
    if queue.len() >= most {
        queue.pop_front();
    }
    queue.push_back(item);
}
