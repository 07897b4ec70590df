//! One record point.

use super::written::Saved;
use super::{Deferred, Recording};
use crate::collect::{Handles, Known, Numbering, RootTable};
use crate::memory::Granules;
use crate::object::{Header, ObjectRef};
use crate::record::{MutationLog, Told};
use crate::space::Spaces;

/// A point under way.
pub(super) struct Point<'h> {
    pub(super) recording: &'h mut Recording,
    pub(super) numbering: &'h mut Numbering,
    pub(super) spaces: &'h mut Spaces,
}

impl Point<'_> {
    /// Tells all that has changed since the last point.
    pub(super) fn tell(mut self, handles: &Handles, persistent: &RootTable) {
        self.tell_new();
        self.tell_written();
        self.tell_roots(handles, persistent);
        self.recording.told_before = self.recording.told;
        self.recording.log.point();
    }

    /// Tells the objects made since the last point, with what they refer to.
    fn tell_new(&mut self) {
        let (mut at, top) = (self.recording.told_to, self.spaces.new.top());
        while at < top {
            at = at + self.tell_object(ObjectRef::at(at));
        }
        self.recording.told_to = top;
        for index in self.recording.large_told..self.spaces.large.young().len() {
            self.tell_large_or_old(self.spaces.large.young()[index].object);
        }
        self.recording.large_told = self.spaces.large.young().len();
        for object in std::mem::take(&mut self.recording.born_old) {
            self.tell_large_or_old(object);
        }
        self.tell_deferred();
    }

    /// Tells an object, and watches it; its size.
    #[inline]
    fn tell_object(&mut self, object: ObjectRef) -> Granules {
        let header = object.header(&self.spaces.memory);
        let mut references = std::mem::take(&mut self.recording.references);
        let Recording { tellings, log, deferred, told, told_before, .. } = &mut *self.recording;
        let telling = tellings.of(&self.spaces.shapes, header, &mut **log);
        let (numbering, spaces) = (&mut *self.numbering, &*self.spaces);
        numbering.set_order(object, *told);
        *told += 1;
        let slots = spaces.shapes.slots(object, header);
        spaces.shapes.for_each_reference_in(&spaces.memory, object, slots, |word, target| {
            let place = telling.place(word);
            match told_as(numbering, spaces, &mut **log, [*told_before, *told], target) {
                Some(target) => references.push((place, target)),
                None => deferred.push(Deferred { holder: object, place, target }),
            }
        });
        log.allocated(telling.shape, telling.length(header), &references);
        references.clear();
        self.recording.references = references;
        object.set_header(&mut self.spaces.memory, header.watched());
        header.size()
    }

    /// Tells an object that lies outside of new space. It has a number at once, since nobody looks for it there.
    fn tell_large_or_old(&mut self, object: ObjectRef) {
        self.tell_object(object);
        let is_young = self.spaces.is_young(object);
        let number = self.numbering.number(object, is_young);
        self.recording.log.numbered(self.recording.told - 1, number);
    }

    /// Tells references to objects that had not been told. Those that still have not been were there before the recording
    /// started.
    fn tell_deferred(&mut self) {
        let mut next = 0;
        while let Some(Deferred { holder, place, target }) = self.recording.deferred.get(next).copied() {
            next += 1;
            if self.numbering.of(target) == Known::Untold {
                self.tell_large_or_old(target);
            }
            let (holder, target) = (self.told(holder), self.told(target));
            self.recording.log.stored(holder, place, Some(target));
        }
        self.recording.deferred.clear();
    }

    /// Tells what has changed in the objects that have been written to, and watches them again.
    fn tell_written(&mut self) {
        for saved in self.recording.written.take() {
            let header = saved.object.header(&self.spaces.memory);
            self.tell_changes(&saved, header);
            saved.object.set_header(&mut self.spaces.memory, header.watched());
        }
        self.recording.written.clear();
    }

    fn tell_changes(&mut self, saved: &Saved, header: Header) {
        let holder = self.told(saved.object);
        let Recording { written, tellings, log, told, told_before, .. } = &mut *self.recording;
        let (numbering, spaces) = (&mut *self.numbering, &*self.spaces);
        written.changes(spaces, saved, header, tellings.known(header), |place, target| {
            let target =
                target.and_then(|it| told_as(numbering, spaces, &mut **log, [*told_before, *told], it));
            log.stored(holder, place, target);
        });
    }

    fn tell_roots(&mut self, handles: &Handles, persistent: &RootTable) {
        let Recording { roots, log, told, told_before, .. } = &mut *self.recording;
        let (numbering, spaces) = (&mut *self.numbering, &*self.spaces);
        roots.tell(handles, persistent, |root, target| {
            let target =
                target.and_then(|it| told_as(numbering, spaces, &mut **log, [*told_before, *told], it));
            log.root_set(root, target);
        });
    }

    /// An object that has been told, as it is told.
    fn told(&mut self, object: ObjectRef) -> Told {
        let Recording { log, told, told_before, .. } = &mut *self.recording;
        let told = told_as(self.numbering, self.spaces, &mut **log, [*told_before, *told], object);
        told.expect("the object has been told")
    }
}

/// An object as it is told when so many have been told since the last collection, before the last point and now; `None` if
/// it has not been told. It gets a number if it has none and needs one.
#[inline]
fn told_as(
    numbering: &mut Numbering,
    spaces: &Spaces,
    log: &mut dyn MutationLog,
    [before, now]: [u32; 2],
    object: ObjectRef,
) -> Option<Told> {
    match numbering.of(object) {
        Known::Untold => None,
        Known::Numbered(number) => Some(Told::Numbered(number)),
        Known::Ordered(order) if order >= before => Some(Told::Recent(now - 1 - order)),
        Known::Ordered(order) => {
            let number = numbering.number(object, spaces.is_young(object));
            log.numbered(order, number);
            Some(Told::Numbered(number))
        }
    }
}
