//! One record point.

use super::written::Saved;
use super::{Deferred, Recording};
use crate::collect::{Handles, Known, Numbering, RootTable};
use crate::memory::Granules;
use crate::object::{Header, ObjectRef, Slot, slot};
use crate::record::Told;
use crate::space::Spaces;

/// A point under way.
pub(super) struct Point<'h> {
    pub(super) recording: &'h mut Recording,
    pub(super) numbering: &'h mut Numbering,
    pub(super) spaces: &'h mut Spaces,
}

/// What is told of all objects that have the same header.
#[derive(Clone, Copy)]
struct Alike {
    header: Header,
    size: Granules,
    /// How many slots there are, if all references lie in slots right behind the header.
    slots: Option<u32>,
    shape: u32,
    length: u32,
}

impl Point<'_> {
    /// Tells all that has changed since the last point.
    pub(super) fn tell(mut self, handles: &Handles, persistent: &RootTable) {
        self.tell_new();
        self.tell_written();
        self.tell_roots(handles, persistent);
        self.recording.teller.end_point();
    }

    /// Tells the objects made since the last point, with what they refer to.
    fn tell_new(&mut self) {
        self.tell_young();
        for index in self.recording.large_told..self.spaces.large.young().len() {
            self.tell_large_or_old(self.spaces.large.young()[index].object);
        }
        self.recording.large_told = self.spaces.large.young().len();
        for object in std::mem::take(&mut self.recording.born_old) {
            self.tell_large_or_old(object);
        }
        self.recording.at_sites.clear();
        self.tell_deferred();
    }

    /// Tells the objects that are new in new space.
    fn tell_young(&mut self) {
        let (mut at, top) = (self.recording.told_to, self.spaces.new.top());
        let mut references = std::mem::take(&mut self.recording.references);
        let mut last = None;
        while at < top {
            let object = ObjectRef::at(at);
            let alike = self.alike(object.header(&self.spaces.memory), last);
            self.tell_object(object, alike, &mut references);
            last = Some(alike);
            at = at + alike.size;
        }
        self.recording.references = references;
        self.recording.told_to = top;
    }

    /// What is told of objects with this header; most have the same one as the `last`.
    #[inline(always)]
    fn alike(&mut self, header: Header, last: Option<Alike>) -> Alike {
        match last {
            Some(alike) if alike.header == header => alike,
            _ => self.first_alike(header),
        }
    }

    #[inline(never)]
    fn first_alike(&mut self, header: Header) -> Alike {
        let Recording { tellings, teller, .. } = &mut *self.recording;
        let telling = tellings.of(&self.spaces.shapes, header, &mut *teller.log);
        let shape = telling.shape;
        Alike {
            header,
            size: header.size(),
            slots: header.plain_slots(),
            shape,
            length: telling.length(header),
        }
    }

    /// Tells an object, and watches it. `references` is scratch.
    #[inline(always)]
    fn tell_object(&mut self, object: ObjectRef, alike: Alike, references: &mut Vec<(u32, Told)>) {
        object.set_header(&mut self.spaces.memory, alike.header.watched());
        self.recording.teller.begin(object, self.numbering);
        references.clear();
        match alike.slots {
            // Nearly all objects. In place: by way of a list it takes twice as long.
            Some(count) => {
                for place in 0..count {
                    if let Some(target) = slot(object, place).load(&self.spaces.memory) {
                        self.tell_reference(object, place, target, references);
                    }
                }
            }
            None => self.tell_references_in(object, alike.header, references),
        }
        let shape =
            if self.recording.at_sites.is_empty() { alike.shape } else { self.shape_at(object, alike) };
        self.recording.teller.log.allocated(shape, alike.length, references);
    }

    /// The shape to tell of an object that an allocation site may have made.
    #[inline(never)]
    fn shape_at(&mut self, object: ObjectRef, alike: Alike) -> u32 {
        let Recording { tellings, teller, at_sites, .. } = &mut *self.recording;
        match at_sites.get(&object) {
            Some(site) => tellings.shape_at(&self.spaces.shapes, alike.header, *site, &mut *teller.log),
            None => alike.shape,
        }
    }

    #[inline(never)]
    fn tell_references_in(&mut self, object: ObjectRef, header: Header, references: &mut Vec<(u32, Told)>) {
        let mut found = std::mem::take(&mut self.recording.found);
        let telling = self.recording.tellings.known(header);
        let slots = self.spaces.shapes.slots(object, header);
        self.spaces.shapes.for_each_reference_in(&self.spaces.memory, object, slots, |word, target| {
            found.push((telling.place(word), target));
        });
        for (place, target) in found.drain(..) {
            self.tell_reference(object, place, target, references);
        }
        self.recording.found = found;
    }

    /// Tells one reference of the object that is being told.
    #[inline(always)]
    fn tell_reference(
        &mut self,
        holder: ObjectRef,
        place: u32,
        target: ObjectRef,
        references: &mut Vec<(u32, Told)>,
    ) {
        let Recording { teller, deferred, .. } = &mut *self.recording;
        match teller.told_as(target, self.numbering, self.spaces) {
            Some(told) => references.push((place, told)),
            None => deferred.push(Deferred { holder, place, target }),
        }
    }

    /// Tells an object that lies outside of new space. It has a number at once, since nobody looks for it there.
    fn tell_large_or_old(&mut self, object: ObjectRef) {
        let alike = self.first_alike(object.header(&self.spaces.memory));
        self.tell_object(object, alike, &mut Vec::new());
        let is_young = self.spaces.is_young(object);
        let number = self.numbering.number(object, is_young);
        let teller = &mut self.recording.teller;
        teller.log.numbered(teller.told() - 1, number);
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
            self.recording.teller.log.stored(holder, place, Some(target));
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
        let Recording { written, tellings, teller, .. } = &mut *self.recording;
        written.changes(self.spaces, saved, header, tellings.known(header), |place, target| {
            let target = target.and_then(|it| teller.told_as(it, self.numbering, self.spaces));
            teller.log.stored(holder, place, target);
        });
    }

    fn tell_roots(&mut self, handles: &Handles, persistent: &RootTable) {
        let Recording { roots, teller, .. } = &mut *self.recording;
        roots.tell(handles, persistent, |root, target| {
            let target = target.and_then(|it| teller.told_as(it, self.numbering, self.spaces));
            teller.log.root_set(root, target);
        });
    }

    /// An object that has been told, as it is told.
    fn told(&mut self, object: ObjectRef) -> Told {
        let told = self.recording.teller.told_as(object, self.numbering, self.spaces);
        told.expect("the object has been told")
    }
}
