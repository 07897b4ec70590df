//! Recording: what a [`MutationLog`] is told, and when.
//!
//! ```text
//! new space | told at earlier points    | since the last point | allowed     | allowed if nothing were recorded |
//!                                       told_to                top           limit                     unspent
//! ```
//!
//! Between two points nothing moves, so objects are known by their places. What is new lies in new space behind `told_to`,
//! among the young large objects, or in the list of those born old. What has been written to is known by the log bit: while
//! a heap records, all numbered objects ask to be logged, also young ones and remembered ones; the barrier then saves what
//! they refer to before the first store. The scavenger takes the bit for a sign of age, so objects are *disarmed* before a
//! collection and *armed* after it.

mod places;
mod roots;
mod written;

use super::Heap;
use crate::collect::Numbering;
use crate::memory::{Address, Granules};
use crate::object::{Header, ObjectRef};
use crate::record::{MutationLog, Request};
use crate::space::Spaces;
use places::Tellings;
use roots::ToldRoots;
use std::ops::Range;
use written::Written;

/// Bytes that programs on handles allocate between two points: small against any new space, so that what dies between two
/// points makes no difference, and large against what a point costs.
const HEAP_INTERVAL_BYTES: u64 = 4 << 10;
/// The same of programs that must end a closure for a point, which costs them something too.
pub(crate) const ARENA_INTERVAL_BYTES: u64 = 32 << 10;
/// Bytes to allocate for each root at least, since each is looked at.
const BYTES_PER_ROOT: u64 = 16;

/// A recording under way.
#[derive(Debug)]
pub(super) struct Recording {
    log: Box<dyn MutationLog>,
    interval_bytes: u64,
    /// What may be allocated beyond the limit of new space before something is due.
    unspent: Granules,
    /// What may be allocated after a boundary at which nothing but a point was due.
    kept: Option<Granules>,
    told_to: Address,
    /// Young large objects that have been told.
    large_told: usize,
    /// Objects that have been allocated in old space since the last point.
    born_old: Vec<ObjectRef>,
    tellings: Tellings,
    /// References to objects that have not been told yet.
    deferred: Vec<Deferred>,
    written: Written,
    roots: ToldRoots,
    is_armed: bool,
}

/// A place of a numbered object that refers to one without a number.
#[derive(Clone, Copy, Debug)]
struct Deferred {
    holder: u32,
    place: u32,
    target: ObjectRef,
}

impl Heap {
    /// Tells `log` from now on what the program does, first all that there is. See [`record`](crate::record) for how; it is
    /// told until [`Heap::stop_recording`]. A log that was set before is dropped.
    ///
    /// Events, and the decisions of policies, are the same as without, but for the time that it takes.
    pub fn record(&mut self, log: Box<dyn MutationLog>) {
        self.record_every(log, HEAP_INTERVAL_BYTES);
    }

    /// As [`Heap::record`], with a point at least every so many bytes.
    pub(crate) fn record_every(&mut self, log: Box<dyn MutationLog>, interval_bytes: u64) {
        self.stop_recording();
        self.roots.numbering = Some(Box::default());
        self.recording = Some(Box::new(Recording {
            log,
            interval_bytes,
            unspent: Granules(0),
            kept: None,
            told_to: self.spaces.new.active().start,
            large_told: 0,
            born_old: Vec::new(),
            tellings: Tellings::default(),
            deferred: Vec::new(),
            written: Written::default(),
            roots: ToldRoots::default(),
            is_armed: true,
        }));
        self.record_point();
        self.allow(self.spaces.new.allowed());
    }

    /// Tells the log what it has not been told, and gives it back.
    pub fn stop_recording(&mut self) -> Option<Box<dyn MutationLog>> {
        self.record_point();
        self.disarm();
        let allowed = self.spaces.new.allowed();
        let recording = self.recording.take()?;
        self.roots.numbering = None;
        self.spaces.new.allow(allowed + recording.unspent);
        Some(recording.log)
    }

    /// Whether objects ask to be logged that otherwise would not.
    pub(crate) fn is_armed(&self) -> bool {
        self.recording.as_ref().is_some_and(|recording| recording.is_armed)
    }

    /// Lets the program allocate so much until something is due, and if it is recorded, up to the next point.
    pub(super) fn allow(&mut self, size: Granules) {
        let size = size.min(self.spaces.new.free());
        let portion = match &mut self.recording {
            None => size,
            Some(recording) => recording.portion_of(size),
        };
        self.spaces.new.allow(portion);
    }

    /// When new space has no room at hand for `size`: whether that is for the recording's sake only. Then there has been a
    /// point, and now there is room.
    pub(super) fn goes_on_after_point(&mut self, size: Granules) -> bool {
        let Some(recording) = &self.recording else { return false };
        let allowed = self.spaces.new.allowed() + recording.unspent;
        self.record_point();
        if allowed < size {
            return false;
        }
        self.allow(allowed);
        if self.spaces.new.allowed() < size {
            self.spend_all();
        }
        true
    }

    /// Where there can be no point before the next boundary: whether nothing but a point is due when new space has no
    /// room at hand for `size`. Then there is room.
    pub(super) fn goes_on_until_point(&mut self, size: Granules) -> bool {
        let allowed = self.spaces.new.allowed();
        let fits = self.recording.as_ref().is_some_and(|recording| allowed + recording.unspent >= size);
        if fits {
            self.spend_all();
        }
        fits
    }

    fn spend_all(&mut self) {
        if let Some(recording) = &mut self.recording {
            let unspent = std::mem::take(&mut recording.unspent);
            self.spaces.new.allow(self.spaces.new.allowed() + unspent);
        }
    }

    /// At a boundary where nothing but a point was due: lets the program go on as before.
    pub(super) fn keep_allowance(&mut self) {
        let allowed = self.spaces.new.allowed();
        if let Some(recording) = &mut self.recording {
            recording.kept = Some(allowed + std::mem::take(&mut recording.unspent));
        }
    }

    /// What [`Heap::keep_allowance`] kept.
    pub(super) fn take_kept_allowance(&mut self) -> Option<Granules> {
        self.recording.as_mut()?.kept.take()
    }

    /// Tells the log all that has changed since the last point, if there is a log.
    #[inline]
    pub(super) fn record_point(&mut self) {
        if self.recording.is_some() {
            self.record_point_now();
        }
    }

    #[cold]
    fn record_point_now(&mut self) {
        self.roots.free_dropped();
        let numbering = self.roots.numbering.as_deref_mut();
        let (Some(recording), Some(numbering)) = (self.recording.as_deref_mut(), numbering) else { return };
        let mut point = Point { recording, numbering, spaces: &mut self.spaces };
        point.tell_new();
        point.tell_written();
        recording.roots.tell_handles(self.roots.handles.as_slice(), numbering, &mut *recording.log);
        recording.roots.tell_persistent(self.roots.persistent.slots(), numbering, &mut *recording.log);
        recording.log.point();
    }

    /// Before a request of the program is carried out.
    pub(super) fn record_request(&mut self, request: Request) {
        self.record_point();
        if let Some(recording) = &mut self.recording {
            recording.log.requested(request);
        }
    }

    /// An object has been allocated in old space.
    pub(super) fn record_born_old(&mut self, object: ObjectRef) {
        if let Some(recording) = &mut self.recording {
            recording.born_old.push(object);
        }
    }

    /// Is told of stores into the slots `range` of an object before they are made; false if the barrier would not have been,
    /// without the recording.
    pub(super) fn record_write(&mut self, object: ObjectRef, header: Header, range: Range<u32>) -> bool {
        let numbering = self.roots.numbering.as_deref();
        let (Some(recording), Some(numbering)) = (&mut self.recording, numbering) else { return true };
        if numbering.of(object).is_none() {
            // It is told as a whole at the next point.
            return true;
        }
        let telling = recording.tellings.of(&self.spaces.shapes, header, &mut *recording.log);
        recording.written.save(&self.spaces, object, header, range, &telling);
        if self.spaces.is_young(object) || numbering.is_listed(object) {
            if header.cards() == 0 {
                object.set_header(&mut self.spaces.memory, header.logged());
            }
            return false;
        }
        true
    }

    /// Before a collection: no object asks to be logged that would not without the recording.
    pub(super) fn disarm(&mut self) {
        let (Some(recording), Some(numbering)) = (&mut self.recording, &mut self.roots.numbering) else { return };
        recording.is_armed = false;
        let memory = &mut self.spaces.memory;
        for object in numbering.young() {
            let header = object.header(memory);
            object.set_header(memory, header.logged());
        }
        for object in self.remembered.objects() {
            numbering.set_listed(*object, false);
            let header = object.header(memory);
            object.set_header(memory, header.logged());
        }
    }

    /// After a collection: tells the dead, and has all objects ask to be logged.
    pub(super) fn rearm(&mut self) {
        let (Some(recording), Some(numbering)) = (&mut self.recording, &mut self.roots.numbering) else { return };
        let memory = &mut self.spaces.memory;
        for object in numbering.young() {
            let header = object.header(memory);
            object.set_header(memory, header.unlogged());
        }
        for object in self.remembered.objects() {
            if numbering.set_listed(*object, true) {
                let header = object.header(memory);
                object.set_header(memory, header.unlogged());
            }
        }
        recording.is_armed = true;
        recording.told_to = self.spaces.new.top();
        recording.large_told = self.spaces.large.young().len();
        recording.roots.follow(self.roots.handles.as_slice(), self.roots.persistent.slots());
        for number in numbering.take_dead() {
            recording.log.died(number);
        }
        recording.log.collected();
    }
}

impl Recording {
    /// Of what may be allocated, what may be up to the next point; the rest is left unspent.
    fn portion_of(&mut self, size: Granules) -> Granules {
        let interval_bytes = self.interval_bytes.max(self.roots.len() as u64 * BYTES_PER_ROOT);
        let portion = size.min(Granules::holding(interval_bytes));
        self.unspent = size - portion;
        portion
    }
}

/// A point under way.
struct Point<'h> {
    recording: &'h mut Recording,
    numbering: &'h mut Numbering,
    spaces: &'h mut Spaces,
}

impl Point<'_> {
    /// Tells the objects made since the last point, with what they refer to.
    fn tell_new(&mut self) {
        let (mut at, top) = (self.recording.told_to, self.spaces.new.top());
        while at < top {
            at = at + self.tell_object(ObjectRef::at(at), true);
        }
        self.recording.told_to = top;
        for index in self.recording.large_told..self.spaces.large.young().len() {
            self.tell_object(self.spaces.large.young()[index].object, true);
        }
        self.recording.large_told = self.spaces.large.young().len();
        for object in std::mem::take(&mut self.recording.born_old) {
            self.tell_object(object, false);
        }
        self.tell_deferred();
    }

    /// Tells an object, and has it ask to be logged; its size.
    #[inline]
    fn tell_object(&mut self, object: ObjectRef, is_young: bool) -> Granules {
        let header = object.header(&self.spaces.memory);
        let Recording { log, tellings, deferred, .. } = &mut *self.recording;
        let telling = tellings.of(&self.spaces.shapes, header, &mut **log);
        let number = self.numbering.add(object, is_young);
        log.allocated(number, telling.shape, telling.length(header));
        let (memory, numbering) = (&self.spaces.memory, &*self.numbering);
        self.spaces.shapes.for_each_reference(memory, object, |word, target| {
            let place = telling.place(word);
            match numbering.of(target) {
                Some(target) => log.stored(number, place, Some(target)),
                None => deferred.push(Deferred { holder: number, place, target }),
            }
        });
        self.arm(object, header, is_young);
        header.size()
    }

    /// Has an object ask to be logged. An old one that does not is in the remembered set.
    #[inline]
    fn arm(&mut self, object: ObjectRef, header: Header, is_young: bool) {
        if !header.is_unlogged() {
            if !is_young {
                self.numbering.set_listed(object, true);
            }
            object.set_header(&mut self.spaces.memory, header.unlogged());
        }
    }

    /// Tells references to objects that had not been told. Those that still have not been were there before the recording
    /// started.
    fn tell_deferred(&mut self) {
        let mut next = 0;
        while let Some(Deferred { holder, place, target }) = self.recording.deferred.get(next).copied() {
            next += 1;
            if self.numbering.of(target).is_none() {
                self.tell_object(target, false);
            }
            self.recording.log.stored(holder, place, self.numbering.of(target));
        }
        self.recording.deferred.clear();
    }

    /// Tells what has changed in the objects that have been written to, and has them ask to be logged again.
    fn tell_written(&mut self) {
        let Recording { written, tellings, log, .. } = &mut *self.recording;
        for saved in written.take() {
            let header = saved.object.header(&self.spaces.memory);
            let telling = tellings.of(&self.spaces.shapes, header, &mut **log);
            let holder = self.numbering.of(saved.object).expect("only numbered objects are saved");
            written.changes(self.spaces, &saved, header, &telling, |place, target| {
                let target = target.map(|target| self.numbering.of(target).expect("all objects have been told"));
                log.stored(holder, place, target);
            });
            let is_young = self.spaces.is_young(saved.object);
            if !header.is_unlogged() {
                if !is_young {
                    self.numbering.set_listed(saved.object, true);
                }
                saved.object.set_header(&mut self.spaces.memory, header.unlogged());
            }
        }
        written.clear();
    }
}
