//! A leak: listeners that nobody removes.

use super::{content, object_bytes};
use crate::{Checksum, Entry, Found, Parameter, Parameters, Progress, Random, Workload};
use gc_core::{Heap, HeapFull, Layout, Local, Shape, View};

/// Makes short-lived owners, such as the views of a page, each of which listens to one of a few emitters that live as long as
/// the program. The latest owners are active; one that no longer is should be garbage, but the listener that it registered
/// refers to it, and the emitter to the listener. Now and then an emitter tells all its listeners of an event: it calls
/// those of the dead too, and the longer the program runs, the longer that takes.
///
/// Cured, an owner's listener is removed with it.
///
/// **Stresses** a leak in many old lists that are written to all the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeakListeners {
    /// How many owners are made.
    pub owners: u32,
    /// How many owners are active at a time.
    pub active: u32,
    /// How many emitters there are.
    pub emitters: u32,
    /// Size of an owner's data, in bytes; at least 8.
    pub data_bytes: u32,
    /// How many events there are for 1000 owners.
    pub events_permille: u32,
    /// Whether an owner's listener is removed with it.
    pub is_cured: bool,
    /// The stream that random choices are drawn from.
    pub seed: u64,
}

/// The workload by name.
pub const ENTRY: Entry = Entry {
    name: "leak_listeners",
    about: "makes short-lived owners whose listeners stay with long-lived emitters; cured by removing them in time",
    stresses: "a leak in old lists: every listener is young and becomes the end of an old list, which it keeps its \
               owner alive from; events walk lists that grow; cured, old lists are mended where the dead are cut out",
    by_default: false,
    parameters: &[
        Parameter {
            name: "owners",
            unit: "owners",
            about: "how many owners are made",
            default: 200_000,
            min: 1,
            max: 1_000_000_000,
        },
        Parameter {
            name: "active",
            unit: "owners",
            about: "how many owners are active at a time",
            default: 1_000,
            min: 1,
            max: 10_000_000,
        },
        Parameter {
            name: "emitters",
            unit: "emitters",
            about: "how many emitters there are",
            default: 64,
            min: 1,
            max: 1_000_000,
        },
        Parameter {
            name: "data",
            unit: "bytes",
            about: "size of an owner's data",
            default: 512,
            min: 8,
            max: 1_048_576,
        },
        Parameter {
            name: "events",
            unit: "permille",
            about: "how many events there are for 1000 owners",
            default: 10,
            min: 0,
            max: 1_000,
        },
        Parameter {
            name: "cured",
            unit: "0 or 1",
            about: "whether listeners stay (0) or are removed with their owner (1)",
            default: 0,
            min: 0,
            max: 1,
        },
    ],
    construct: |parameters| Box::new(LeakListeners::new(parameters)),
};

/// The slots of an emitter, which closes the ring of its listeners, and of a listener.
const PREVIOUS: u32 = 0;
const NEXT: u32 = 1;
const OWNER: u32 = 2;
const EMITTER_SLOTS: u16 = 2;
const LISTENER_SLOTS: u16 = 3;

/// The slots of an owner.
const LISTENER: u32 = 0;
const DATA: u32 = 1;
const OWNER_SLOTS: u16 = 2;

/// What happens in one operation.
#[derive(Clone, Copy, Debug)]
struct Turn {
    /// The number of the owner that is made.
    owner: u32,
    /// What it listens to.
    emitter: u32,
    /// Which emitter then has an event.
    event: Option<u32>,
}

impl LeakListeners {
    fn new(parameters: &Parameters) -> Self {
        LeakListeners {
            owners: parameters.get_u32("owners"),
            active: parameters.get_u32("active"),
            emitters: parameters.get_u32("emitters"),
            data_bytes: parameters.get_u32("data"),
            events_permille: parameters.get_u32("events"),
            is_cured: parameters.get("cured") == 1,
            seed: parameters.seed(),
        }
    }

    fn turns(&self) -> impl Iterator<Item = Turn> {
        let LeakListeners { owners, emitters, events_permille, seed, .. } = *self;
        let mut random = Random::new(seed);
        (0..owners).map(move |owner| Turn {
            owner,
            emitter: random.below(emitters),
            event: (random.below(1_000) < events_permille).then(|| random.below(emitters)),
        })
    }
}

impl Workload for LeakListeners {
    fn operation(&self) -> &'static str {
        "owner"
    }

    fn operations(&self) -> u64 {
        self.owners.into()
    }

    fn live_bytes(&self) -> u64 {
        let alive = if self.is_cured { self.owners.min(self.active) } else { self.owners };
        let owner = object_bytes(OWNER_SLOTS.into(), 0) + object_bytes(0, self.data_bytes.into());
        let tables = object_bytes(self.active.into(), 0) + object_bytes(self.emitters.into(), 0);
        let emitters = u64::from(self.emitters) * object_bytes(EMITTER_SLOTS.into(), 0);
        tables + emitters + u64::from(alive) * (owner + object_bytes(LISTENER_SLOTS.into(), 0))
    }

    fn expected_checksum(&self) -> u64 {
        let mut listeners = vec![Vec::new(); self.emitters as usize];
        let mut active = vec![None; self.active.min(self.owners) as usize];
        let mut checksum = Checksum::default();
        for Turn { owner, emitter, event } in self.turns() {
            let replaced = active[(owner % self.active) as usize].replace((owner, emitter));
            if let (true, Some((dead, emitter))) = (self.is_cured, replaced) {
                listeners[emitter as usize].retain(|owner| *owner != dead);
            }
            listeners[emitter as usize].push(owner);
            let told = event.map_or([].as_slice(), |event| &listeners[event as usize]);
            told.iter().for_each(|owner| checksum.add((*owner).into()));
        }
        listeners.into_iter().flatten().for_each(|owner| checksum.add(owner.into()));
        checksum.value()
    }

    fn drive(&self, heap: &mut Heap, progress: &mut Progress<'_>) -> Result<Found, HeapFull> {
        let page = Page::new(heap, self)?;
        let mut checksum = Checksum::default();
        for Turn { owner, emitter, event } in self.turns() {
            heap.scope(|heap| {
                if self.is_cured {
                    page.remove_listener(heap, owner % self.active);
                }
                page.make_owner(heap, owner, emitter)
            })?;
            if let Some(emitter) = event {
                page.owners_listening(heap, emitter).for_each(|data| checksum.add(data.word(0)));
            }
            progress.advance(1);
        }
        for emitter in 0..self.emitters {
            let owners = page.owners_listening(heap, emitter);
            owners.for_each(|data| checksum.add(content::read(data.bytes())));
        }
        Ok(checksum.into())
    }
}

/// Emitters and owners on the heap.
struct Page {
    listener: Shape,
    owner: Shape,
    data: Shape,
    data_bytes: u32,
    emitters: Local,
    /// The owners that are active, by number modulo how many these may be.
    active: Local,
}

impl Page {
    fn new(heap: &mut Heap, parameters: &LeakListeners) -> Result<Self, HeapFull> {
        let emitter = heap.register("Emitter", Layout::Fixed { slots: EMITTER_SLOTS, bytes: 0 });
        let table = heap.register("Table", Layout::Slots);
        let page = Page {
            listener: heap.register("Listener", Layout::Fixed { slots: LISTENER_SLOTS, bytes: 0 }),
            owner: heap.register("Owner", Layout::Fixed { slots: OWNER_SLOTS, bytes: 0 }),
            data: heap.register("Data", Layout::Bytes),
            data_bytes: parameters.data_bytes,
            emitters: heap.alloc_array(table, parameters.emitters)?,
            active: heap.alloc_array(table, parameters.active)?,
        };
        for index in 0..parameters.emitters {
            heap.scope(|heap| {
                let made = heap.alloc(emitter)?;
                heap.store(made, PREVIOUS, Some(made));
                heap.store(made, NEXT, Some(made));
                heap.store(page.emitters, index, Some(made));
                Ok(())
            })?;
        }
        Ok(page)
    }

    /// Makes an owner, active in place of another, and registers its listener as the last of an emitter.
    fn make_owner(&self, heap: &mut Heap, number: u32, emitter: u32) -> Result<(), HeapFull> {
        let data = heap.alloc_array(self.data, self.data_bytes)?;
        content::write(heap.bytes_mut(data), number.into());
        let owner = heap.alloc_with(self.owner, [None, Some(data)])?;
        let emitter = heap.load(self.emitters, emitter).expect("all emitters are there");
        let last = heap.load(emitter, PREVIOUS).expect("the ring is closed");
        let listener = heap.alloc_with(self.listener, [Some(last), Some(emitter), Some(owner)])?;
        heap.store(last, NEXT, Some(listener));
        heap.store(emitter, PREVIOUS, Some(listener));
        heap.store(owner, LISTENER, Some(listener));
        let active = heap.view(self.active).len();
        heap.store(self.active, number % active, Some(owner));
        Ok(())
    }

    /// Removes the listener of the active owner at `index`, if there is one.
    fn remove_listener(&self, heap: &mut Heap, index: u32) {
        let owner = heap.load(self.active, index);
        let Some(listener) = owner.and_then(|owner| heap.load(owner, LISTENER)) else { return };
        let [previous, next] = [PREVIOUS, NEXT].map(|slot| heap.load(listener, slot));
        let (previous, next) = previous.zip(next).expect("the ring is closed");
        heap.store(previous, NEXT, Some(next));
        heap.store(next, PREVIOUS, Some(previous));
    }

    /// The data of all owners that listen to an emitter, the first registered first.
    fn owners_listening<'h>(&self, heap: &'h Heap, emitter: u32) -> impl Iterator<Item = View<'h>> {
        let emitter = heap.view(self.emitters).slot(emitter).expect("all emitters are there");
        let listeners = std::iter::successors(emitter.slot(NEXT), |listener| listener.slot(NEXT));
        let listeners = listeners.take_while(move |listener| !listener.same(emitter));
        listeners.filter_map(|listener| listener.slot(OWNER)?.slot(DATA))
    }
}

#[cfg(test)]
mod tests {
    use super::LeakListeners;
    use crate::Workload;

    const LISTENERS: LeakListeners = LeakListeners {
        owners: 5_000,
        active: 10,
        emitters: 4,
        data_bytes: 8,
        events_permille: 100,
        is_cured: false,
        seed: 1,
    };

    #[test]
    fn there_are_as_many_events_as_were_asked_for() {
        let events = LISTENERS.turns().filter(|turn| turn.event.is_some()).count();
        assert!((400..600).contains(&events), "{events}");
    }

    #[test]
    fn owners_that_all_stay_active_need_no_cure() {
        let active = LeakListeners { active: 5_000, ..LISTENERS };
        let cured = LeakListeners { is_cured: true, ..active };
        assert_eq!(cured.expected_checksum(), active.expected_checksum());
        let cured = LeakListeners { is_cured: true, ..LISTENERS };
        assert_ne!(cured.expected_checksum(), LISTENERS.expected_checksum());
    }
}
