//! The verifier: every invariant of the heap, checked by walking all of it.
//!
//! It shares no code with the collectors that decides what is alive: reachability here is a search of its own, so that
//! both cannot be wrong in the same way.

use crate::collect::Scope;
use crate::heap::Heap;
use crate::memory::{Address, Granules};
use crate::object::{Cards, Header, HeaderState, Kind, ObjectRef, Slots};
use crate::reach::Reach;
use crate::space::{BufferId, MarkBits, PageNumber, Spaces};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt;

/// A broken invariant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    invariant: Invariant,
    detail: String,
}

impl Violation {
    /// Which invariant is broken.
    #[must_use]
    pub fn invariant(&self) -> Invariant {
        self.invariant
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "invariant broken: {}: {}", self.invariant, self.detail)
    }
}

impl std::error::Error for Violation {}

/// What holds in a sound heap whenever no collection runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Invariant {
    /// Objects and free cells tile each space without gap or overlap.
    Tiling,
    /// Every header is well formed and fits its shape.
    Headers,
    /// Every root refers to an object.
    Roots,
    /// Every weak handle refers to an object or has been cleared.
    WeakHandles,
    /// Only objects have identities.
    Identities,
    /// Every typed value in a live object has references just where the map of its type says.
    Maps,
    /// Every slot of a live object refers to an object or is null.
    Slots,
    /// No young object asks for the write barrier.
    YoungLogged,
    /// Every old object that refers to a young one is remembered.
    Remembered,
    /// An old object that is not remembered asks for the write barrier.
    OldUnlogged,
    /// After a marking every reachable object is marked.
    Marks,
    /// Counters equal what a walk counts.
    Counters,
    /// Every buffer is owned by an object that knows it, every host value by an object.
    Buffers,
    /// Key and value of every live ephemeron refer to objects or are null.
    Ephemerons,
    /// Every object to be finalized is there, registered or queued once for each registration.
    Finalizers,
}

impl fmt::Display for Invariant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Invariant::Tiling => "objects and free cells tile each space",
            Invariant::Headers => "every header is well formed and fits its shape",
            Invariant::Roots => "every root refers to an object",
            Invariant::WeakHandles => "every weak handle refers to an object or has been cleared",
            Invariant::Identities => "only objects have identities",
            Invariant::Maps => "every typed value has references just where the map of its type says",
            Invariant::Slots => "every slot of a live object refers to an object or is null",
            Invariant::YoungLogged => "no young object asks for the write barrier",
            Invariant::Remembered => "every old object that refers to a young one is remembered",
            Invariant::OldUnlogged => "an old object that is not remembered asks for the write barrier",
            Invariant::Marks => "after a marking every reachable object is marked",
            Invariant::Counters => "counters equal what a walk counts",
            Invariant::Buffers => {
                "every buffer is owned by an object that knows it, every host value by an object"
            }
            Invariant::Ephemerons => "key and value of every live ephemeron refer to objects or are null",
            Invariant::Finalizers => "every object to be finalized is there, once for each registration",
        })
    }
}

fn broken<T>(invariant: Invariant, detail: impl fmt::Display) -> Result<T, Violation> {
    Err(Violation { invariant, detail: detail.to_string() })
}

/// Checks everything that holds between collections.
pub(crate) fn heap(heap: &Heap) -> Result<(), Violation> {
    let mut objects = Objects::collect(&heap.spaces)?;
    objects.check_headers(heap)?;
    check_roots(heap, &objects)?;
    check_finalizers(heap, &objects)?;
    check_listed(heap, &objects)?;
    check_buffers(heap, &objects)?;
    check_host_values(heap, &objects)?;
    // What a registered object refers to would be resurrected with it.
    let reached = reach(heap, &objects, heap.roots.strong().chain(heap.roots.finalizers.registered()))?;
    objects.forget_abandoned(&heap.spaces, &reached);
    check_remembered(heap, &objects)?;
    check_counters(heap, &objects)
}

/// Checks, right after a marking of this scope, that everything reachable is marked.
pub(crate) fn marks(heap: &Heap, scope: Scope) -> Result<(), Violation> {
    let objects = Objects::collect(&heap.spaces)?;
    for &object in reach(heap, &objects, heap.roots.strong())?.found() {
        let is_out_of_scope = scope == Scope::OldGeneration && heap.spaces.is_young(object);
        if !is_out_of_scope && !MarkBits::is_marked(&heap.spaces.memory, object.address()) {
            return broken(Invariant::Marks, format_args!("{object:?} is reachable but not marked"));
        }
    }
    Ok(())
}

/// All objects of a heap that are not known to be dead, found by walking its spaces from end to end.
struct Objects {
    young: BTreeMap<ObjectRef, Header>,
    old: BTreeMap<ObjectRef, Header>,
}

impl Objects {
    fn collect(spaces: &Spaces) -> Result<Objects, Violation> {
        let mut objects = Objects { young: BTreeMap::new(), old: BTreeMap::new() };
        let active = spaces.new.active();
        objects.walk(spaces, active.start, active.start + active.used, Generation::Young)?;
        for page in spaces.old.pages() {
            objects.walk(spaces, page.start(), page.end(), Generation::Old)?;
        }
        objects.forget_dead(spaces);
        for large in spaces.large.young() {
            objects.young.insert(large.object, large.object.header(&spaces.memory));
        }
        for large in spaces.large.old() {
            objects.old.insert(large.object, large.object.header(&spaces.memory));
        }
        Ok(objects)
    }

    /// Walks from object to object.
    fn walk(
        &mut self,
        spaces: &Spaces,
        start: Address,
        end: Address,
        generation: Generation,
    ) -> Result<(), Violation> {
        let runs: BTreeMap<Address, Address> = spaces.old.runs().collect();
        let mut next = start;
        while next < end {
            if let Some(limit) = runs.get(&next) {
                next = *limit;
                continue;
            }
            let bits = spaces.memory.load(next);
            let header = Header::from_bits(bits);
            let size = if header.is_well_formed() { header.size() } else { Granules(0) };
            if size == Granules(0) || end - next < size {
                return broken(
                    Invariant::Tiling,
                    format_args!("{next:?} holds {bits:#x}, which is no header"),
                );
            }
            if header.kind() != Kind::Free {
                self.of(generation).insert(ObjectRef::at(next), header);
            }
            next = next + size;
        }
        Ok(())
    }

    fn of(&mut self, generation: Generation) -> &mut BTreeMap<ObjectRef, Header> {
        match generation {
            Generation::Young => &mut self.young,
            Generation::Old => &mut self.old,
        }
    }

    /// Leaves out the dead objects that wait to be swept.
    fn forget_dead(&mut self, spaces: &Spaces) {
        for (start, end) in spaces.old.unswept() {
            let waiting = self.old.range(ObjectRef::at(start)..ObjectRef::at(end)).map(|(object, _)| *object);
            let is_dead = |object: &ObjectRef| !MarkBits::is_marked(&spaces.memory, object.address());
            for object in waiting.filter(is_dead).collect::<Vec<_>>() {
                self.old.remove(&object);
            }
        }
    }

    /// Leaves out what is out of reach in pages where no mark bits tell the dead.
    fn forget_abandoned(&mut self, spaces: &Spaces, reached: &Reach) {
        let abandoned: BTreeSet<_> = spaces.old.abandoned().iter().collect();
        self.old.retain(|object, _| {
            reached.contains(*object) || !abandoned.contains(&PageNumber::of(object.address()))
        });
    }

    fn header_of(&self, object: ObjectRef) -> Option<&Header> {
        self.young.get(&object).or_else(|| self.old.get(&object))
    }

    fn contains(&self, object: ObjectRef) -> bool {
        self.header_of(object).is_some()
    }

    fn check_headers(&self, heap: &Heap) -> Result<(), Violation> {
        for (object, header) in self.young.iter().chain(&self.old) {
            if !header.is_well_formed() || !heap.spaces.shapes.allows(*header) {
                let header = header.bits();
                return broken(Invariant::Headers, format_args!("{object:?} has the header {header:#x}"));
            }
        }
        match self.young.iter().find(|(_, header)| header.is_unlogged()) {
            Some((object, _)) => broken(Invariant::YoungLogged, format_args!("{object:?} does")),
            None => Ok(()),
        }
    }
}

#[derive(Clone, Copy)]
enum Generation {
    Young,
    Old,
}

fn check_roots(heap: &Heap, objects: &Objects) -> Result<(), Violation> {
    for root in heap.roots.handles.iter().chain(heap.roots.persistent.iter()) {
        if !objects.contains(root) {
            return broken(Invariant::Roots, format_args!("{root:?} is no object"));
        }
    }
    if let Some(object) = heap.roots.weak.iter().find(|object| !objects.contains(*object)) {
        return broken(Invariant::WeakHandles, format_args!("{object:?} is no object"));
    }
    match heap.roots.identities.objects().find(|object| !objects.contains(*object)) {
        Some(object) => broken(Invariant::Identities, format_args!("{object:?} is no object")),
        None => Ok(()),
    }
}

fn check_finalizers(heap: &Heap, objects: &Objects) -> Result<(), Violation> {
    let mut numbers = HashSet::new();
    for registration in heap.roots.finalizers.all() {
        if !objects.contains(registration.object) || !numbers.insert(registration.number) {
            let is_object = objects.contains(registration.object);
            return broken(Invariant::Finalizers, format_args!("{registration:?}: object {is_object}"));
        }
    }
    Ok(())
}

/// Everything that some objects reach, checked as it is found.
fn reach(heap: &Heap, objects: &Objects, roots: impl Iterator<Item = ObjectRef>) -> Result<Reach, Violation> {
    let mut reach = Reach::from(roots);
    while let Some(object) = reach.next(&heap.spaces.memory) {
        check_map(heap, object)?;
        let slots = slots(heap, object);
        let is_ephemeron = matches!(slots, Slots::Ephemeron(_));
        let invariant = if is_ephemeron { Invariant::Ephemerons } else { Invariant::Slots };
        if let Some(child) = children(heap, object).find(|child| !objects.contains(*child)) {
            return broken(invariant, format_args!("{object:?} refers to {child:?}, which is no object"));
        }
        match slots {
            Slots::Ephemeron(ephemeron) => reach.add_ephemeron(&heap.spaces.memory, ephemeron),
            _ => children(heap, object).for_each(|child| _ = reach.add(child)),
        }
    }
    Ok(reach)
}

fn slots(heap: &Heap, object: ObjectRef) -> Slots {
    heap.spaces.shapes.slots(object, header(heap, object))
}

fn header(heap: &Heap, object: ObjectRef) -> Header {
    let HeaderState::Live(header) = object.state(&heap.spaces.memory) else {
        unreachable!("walked as an object")
    };
    header
}

/// Checks that what a type promises of its values is true: it may have been written by hand.
fn check_map(heap: &Heap, object: ObjectRef) -> Result<(), Violation> {
    let (header, shapes) = (header(heap, object), &heap.spaces.shapes);
    match shapes.false_claim(&heap.spaces.memory, object, header) {
        Some(index) => {
            let name = shapes.name(header);
            broken(Invariant::Maps, format_args!("value {index} of {object:?}, a {name}, has others"))
        }
        None => Ok(()),
    }
}

/// What an object refers to, weakly or not.
fn children(heap: &Heap, object: ObjectRef) -> impl Iterator<Item = ObjectRef> {
    heap.spaces.shapes.references(&heap.spaces.memory, slots(heap, object))
}

fn check_remembered(heap: &Heap, objects: &Objects) -> Result<(), Violation> {
    let listed: HashSet<_> = heap.remembered.objects().iter().copied().collect();
    let listed_cards: HashSet<_> = heap.remembered.cards().iter().copied().collect();
    for (object, header) in &objects.old {
        let is_listed = listed.contains(object);
        if header.cards() > 0 {
            check_cards(heap, *object, *header, &listed_cards)?;
        } else if !is_listed && children(heap, *object).any(|child| heap.spaces.is_young(child)) {
            return broken(Invariant::Remembered, format_args!("{object:?} is not"));
        }
        if header.is_unlogged() == is_listed {
            let is = if is_listed { "listed and asks" } else { "not listed and does not ask" };
            return broken(Invariant::OldUnlogged, format_args!("{object:?} is {is}"));
        }
    }
    Ok(())
}

/// Checks that only old objects are remembered.
fn check_listed(heap: &Heap, objects: &Objects) -> Result<(), Violation> {
    let holders = heap.remembered.cards().iter().map(|(object, _)| object);
    let mut listed = heap.remembered.objects().iter().chain(holders);
    match listed.find(|object| !objects.old.contains_key(object)) {
        Some(object) => {
            broken(Invariant::Remembered, format_args!("{object:?} is listed, but no old object"))
        }
        None => Ok(()),
    }
}

fn check_cards(
    heap: &Heap,
    object: ObjectRef,
    header: Header,
    listed: &HashSet<(ObjectRef, u32)>,
) -> Result<(), Violation> {
    let (memory, cards) = (&heap.spaces.memory, Cards::of(object, header));
    for card in 0..header.cards() {
        let first = card * header.elements_per_card();
        let slots = heap.spaces.shapes.slots_in(object, header, first..first + header.elements_per_card());
        let has_young = heap.spaces.shapes.references(memory, slots).any(|child| heap.spaces.is_young(child));
        let is_listed = listed.contains(&(object, card));
        if is_listed != cards.is_set(memory, card) || has_young && !is_listed {
            let states =
                format_args!("{object:?} card {card}: young {has_young}, listed {is_listed}").to_string();
            return broken(Invariant::Remembered, states);
        }
    }
    Ok(())
}

fn check_buffers(heap: &Heap, objects: &Objects) -> Result<(), Violation> {
    for (id, owner) in heap.spaces.external.owners() {
        let header = objects.header_of(owner);
        let is_buffer = header.is_some_and(|header| header.kind() == Kind::Buffer);
        if !is_buffer || BufferId::of(&heap.spaces.memory, owner) != id {
            return broken(Invariant::Buffers, format_args!("{id:?} is owned by {owner:?}"));
        }
    }
    Ok(())
}

fn check_host_values(heap: &Heap, objects: &Objects) -> Result<(), Violation> {
    match heap.spaces.hosted.owners().find(|owner| objects.header_of(*owner).is_none()) {
        Some(owner) => broken(Invariant::Buffers, format_args!("a host value is owned by {owner:?}")),
        None => Ok(()),
    }
}

fn check_counters(heap: &Heap, objects: &Objects) -> Result<(), Violation> {
    let spaces = &heap.spaces;
    let large_bytes: u64 = spaces.large.old().iter().map(|large| large.size.bytes()).sum();
    let walked_bytes: u64 = objects.old.values().map(|header| header.size().bytes()).sum();
    let counters = [
        ("bytes of the old generation", spaces.old_generation_bytes(), walked_bytes),
        ("bytes of old large objects", spaces.large.old_bytes(), large_bytes),
        ("pages", spaces.pages.in_use_bytes(), spaces.old.total_bytes() + spaces.large.total_bytes()),
        ("bytes of buffers", spaces.external.bytes(), spaces.external.slab_bytes()),
        ("bytes of host values", spaces.hosted.bytes(), spaces.hosted.counted_bytes()),
    ];
    // What has died since in abandoned pages is still counted, and cannot be told from what had died before.
    let may_differ = !spaces.old.abandoned().is_empty();
    let is_wrong = |counted, walked| if may_differ { counted < walked } else { counted != walked };
    match counters.into_iter().find(|(_, counted, walked)| is_wrong(*counted, *walked)) {
        Some((what, counted, walked)) => {
            broken(Invariant::Counters, format_args!("{what}: {counted} counted, {walked} walked"))
        }
        None => Ok(()),
    }
}
