//! A large old generation of lists: what whole collections are measured on.
//!
//! Objects of 48 bytes (header, two slots, four words), joined to lists of 16 by their first slots, which one long
//! array holds by their heads. In address order a list lies in one piece; shuffled, every link is a jump.

use crate::settings::{MIB, Survival, fixed_semispaces, heap};
use crate::survivors::Order;
use gc_core::event::{Event, Pause, Phase, PhaseEnd, Recorder};
use gc_core::policy::{MarkingPacing, OldPacing};
use gc_core::{Config, Heap, HeapFull, Layout, Root};

/// Size of an object, header included.
const OBJECT_BYTES: u64 = 48;
/// Objects in a list.
const LIST: usize = 16;

/// A Tenure heap full of old lists.
#[derive(Debug)]
pub struct OldLists {
    heap: Heap,
    recorder: Recorder,
    /// Keeps the lists alive.
    _heads: Root,
}

impl OldLists {
    /// A heap with lists of so many bytes.
    ///
    /// # Panics
    /// If the system grants too little memory.
    #[must_use]
    pub fn new(live_bytes: u64, order: Order) -> Self {
        let mut heap = heap(config(live_bytes));
        let count = (live_bytes / OBJECT_BYTES) as u32;
        let heads = heap.scope(|heap| grow(heap, count, order)).expect("the heap has room for the lists");
        let recorder = Recorder::default();
        heap.set_sink(Box::new(recorder.clone()));
        OldLists { heap, recorder, _heads: heads }
    }

    /// Collects everything at once.
    pub fn collect(&mut self) -> Pause {
        self.pause_of(Heap::collect_full)
    }

    /// Collects everything and slides what is alive to one end.
    pub fn compact(&mut self) -> Pause {
        self.pause_of(Heap::compact)
    }

    /// Drops every second list and sweeps: half of old space is then holes.
    pub fn drop_every_second(&mut self) {
        self.heap.scope(|heap| {
            let heads = heap.get(&self._heads);
            let count = heap.view(heads).len();
            (0..count).step_by(2).for_each(|index| heap.store(heads, index, None));
        });
        self.collect();
    }

    fn pause_of(&mut self, collect: fn(&mut Heap)) -> Pause {
        drop(self.recorder.take());
        collect(&mut self.heap);
        let pauses = self.recorder.take().into_iter();
        let mut ended =
            pauses.filter_map(|event| if let Event::PauseEnded(pause) = event { Some(*pause) } else { None });
        ended.next().expect("it has paused")
    }
}

/// What a pause did in `phase`, where it has that once.
///
/// # Panics
/// If it does not have the phase.
#[must_use]
pub fn phase(pause: &Pause, phase: Phase) -> PhaseEnd {
    *pause.phases.iter().find(|end| end.phase == phase).expect("a pause of this kind has the phase")
}

/// Everything is promoted at once, and nothing is marked before it is asked for.
fn config(live_bytes: u64) -> Config {
    let pacing = OldPacing { initial_limit_bytes: 4 * live_bytes, ..OldPacing::default() };
    let marking = MarkingPacing { incremental: false, ..MarkingPacing::default() };
    let promotion = Survival::Promoted.promotion();
    Config { pacing, marking, promotion, max_old_bytes: 4 * live_bytes, ..fixed_semispaces(8 * MIB) }
}

/// Builds the lists: objects lie in the order of their numbers and are joined in `order`.
fn grow(heap: &mut Heap, count: u32, order: Order) -> Result<Root, HeapFull> {
    let object = heap.register("object", Layout::Fixed { slots: 2, bytes: 32 });
    let array = heap.register("array", Layout::Slots);
    let all = heap.alloc_array(array, count)?;
    for index in 0..count {
        heap.scope(|heap| heap.alloc(object).map(|made| heap.store(all, index, Some(made))))?;
    }
    let numbers = order.permutation(count as usize);
    let heads = heap.alloc_array(array, count / LIST as u32)?;
    for (list, members) in numbers.chunks_exact(LIST).enumerate() {
        heap.scope(|heap| {
            let members: Vec<_> = members.iter().map(|number| heap.load(all, *number as u32)).collect();
            for pair in members.windows(2) {
                heap.store(pair[0].expect("it was made"), 0, pair[1]);
            }
            heap.store(heads, list as u32, members[0]);
        });
    }
    Ok(heap.root(heads))
}
