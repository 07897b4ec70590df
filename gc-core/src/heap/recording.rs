//! Recording: what a [`MutationLog`] is told, and when.
//!
//! ```text
//! new space | told at earlier points    | since the last point | allowed     | allowed if nothing were recorded |
//!                                       told_to                top           limit                     unspent
//! ```
//!
//! Between two points nothing moves, so objects are known by their places. What is new lies in new space behind `told_to`,
//! among the young large objects, or in the list of those born old. Objects that have been told are *watched*: a bit of the
//! header sends the next store into one to the slow path of the write barrier, which saves what it refers to; that is
//! compared at the next point with what there is then.

mod places;
mod point;
mod roots;
mod teller;
mod written;

use super::Heap;
use crate::collect::Known;
use crate::memory::{Address, Granules};
use crate::object::{Header, ObjectRef};
use crate::record::{MutationLog, Request, Told};
use places::Tellings;
use point::Point;
use roots::ToldRoots;
use std::collections::HashMap;
use std::ops::Range;
use teller::Teller;
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
    teller: Teller,
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
    /// Objects that allocation sites have made since the last point.
    at_sites: HashMap<ObjectRef, u32>,
    tellings: Tellings,
    /// References to objects that have not been told yet.
    deferred: Vec<Deferred>,
    /// References of the object that is being told.
    references: Vec<(u32, Told)>,
    /// The same, before they are put into words, if they do not lie in slots.
    found: Vec<(u32, ObjectRef)>,
    written: Written,
    roots: ToldRoots,
}

/// A place of an object that refers to one that has not been told.
#[derive(Clone, Copy, Debug)]
struct Deferred {
    holder: ObjectRef,
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
            teller: Teller::new(log),
            interval_bytes,
            unspent: Granules(0),
            kept: None,
            told_to: self.spaces.new.active().start,
            large_told: 0,
            born_old: Vec::new(),
            at_sites: HashMap::new(),
            tellings: Tellings::default(),
            deferred: Vec::new(),
            references: Vec::new(),
            found: Vec::new(),
            written: Written::default(),
            roots: ToldRoots::default(),
        }));
        self.record_point();
        self.release_for_sample();
        self.allow(self.spaces.new.allowed());
    }

    /// Tells the log what it has not been told, and gives it back.
    pub fn stop_recording(&mut self) -> Option<Box<dyn MutationLog>> {
        self.record_point();
        self.release_for_sample();
        let allowed = self.spaces.new.allowed();
        let recording = self.recording.take()?;
        self.roots.numbering = None;
        self.spaces.new.allow(allowed + recording.unspent);
        self.hold_for_sample();
        Some(recording.teller.log)
    }

    /// Lets the program allocate so much until something is due, and if it is recorded, up to the next point.
    pub(super) fn allow(&mut self, size: Granules) {
        let size = size.min(self.spaces.new.free());
        let portion = match &mut self.recording {
            None => size,
            Some(recording) => recording.portion_of(size),
        };
        self.spaces.new.allow(portion);
        self.forget_held_for_sample();
        self.hold_for_sample();
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
        self.release_for_sample();
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
        Point { recording, numbering, spaces: &mut self.spaces }
            .tell(&self.roots.handles, &self.roots.persistent);
    }

    /// Before a request of the program is carried out.
    pub(super) fn record_request(&mut self, request: Request) {
        self.record_point();
        if let Some(recording) = &mut self.recording {
            recording.teller.log.requested(request);
        }
    }

    /// An object has been allocated in old space.
    pub(super) fn record_born_old(&mut self, object: ObjectRef) {
        if let Some(recording) = &mut self.recording {
            recording.born_old.push(object);
        }
    }

    /// An object has been allocated at the site with this number.
    #[inline]
    pub(super) fn record_site(&mut self, object: ObjectRef, site: u32) {
        if let Some(recording) = &mut self.recording {
            recording.at_sites.insert(object, site);
        }
    }

    /// Is told of stores into the slots `range` of a watched object before they are made; its header then. An object may be
    /// watched though the recording has ended.
    #[cold]
    #[inline(never)]
    pub(super) fn record_write(&mut self, object: ObjectRef, header: Header, range: Range<u32>) -> Header {
        let spaces = &mut self.spaces;
        if let (Some(recording), Some(numbering)) = (&mut self.recording, &self.roots.numbering)
            // One that has not been told is told as a whole at the next point.
            && numbering.of(object) != Known::Untold
        {
            let telling = recording.tellings.of(&spaces.shapes, header, &mut *recording.teller.log);
            recording.written.save(spaces, object, header, range, telling);
            // Of a long array other cards may be written to.
            if header.cards() > 0 {
                return header;
            }
        }
        let header = header.unwatched();
        object.set_header(&mut spaces.memory, header);
        header
    }

    /// After a collection: tells which objects have got numbers, and which that had some are dead.
    pub(super) fn record_collected(&mut self) {
        let (Some(recording), Some(numbering)) = (&mut self.recording, &mut self.roots.numbering) else {
            return;
        };
        recording.told_to = self.spaces.new.top();
        recording.large_told = self.spaces.large.young().len();
        recording.roots.follow(&self.roots.handles, &self.roots.persistent);
        for (order, number) in numbering.take_survivors() {
            recording.teller.log.numbered(order, number);
        }
        for number in numbering.take_dead() {
            recording.teller.log.died(number);
        }
        recording.teller.end_collection();
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
