//! External memory: byte buffers off the heap, each owned by an object on it.
//!
//! Small buffers share slabs of 8 KiB, as in Node.js: each starts at the next multiple of 8 behind the one before
//! it, and one that does not fit the rest of the current slab starts a new slab and wastes that rest. A larger
//! buffer has a slab of its own. A slab lives as long as any buffer in it, so one small buffer can keep 8 KiB.
//!
//! ```text
//! slab     | buffer | buffer  |pad| buffer | free           |
//!                                          used
//! ```

use super::owned::Owned;
use crate::memory::{Granules, Memory};
use crate::object::ObjectRef;
use std::ops::Range;

/// Size of a slab that small buffers share; the largest small buffer.
pub(crate) const SLAB_BYTES: u32 = 8 << 10;
/// Small buffers start at multiples of this.
const BUFFER_ALIGNMENT_BYTES: u32 = 8;

/// How much of a slab is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SlabState {
    /// No buffer lies in it.
    Empty,
    /// There are buffers, and room behind them.
    Partial,
    /// Buffers take it up to the end.
    Full,
}

#[derive(Debug)]
struct Slab {
    bytes: Box<[u8]>,
    used: u32,
    buffers: u32,
}

impl Slab {
    fn new(size: u32) -> Slab {
        Slab { bytes: vec![0; size as usize].into(), used: 0, buffers: 0 }
    }

    fn state(&self) -> SlabState {
        match self.buffers {
            0 => SlabState::Empty,
            _ if (self.used as usize) < self.bytes.len() => SlabState::Partial,
            _ => SlabState::Full,
        }
    }

    /// The start of a new buffer of `size` bytes, if it fits.
    fn place(&mut self, size: u32) -> Option<u32> {
        let start = self.used.next_multiple_of(BUFFER_ALIGNMENT_BYTES);
        let end = start.checked_add(size).filter(|end| *end as usize <= self.bytes.len())?;
        self.used = end;
        self.buffers += 1;
        Some(start)
    }
}

/// The number of a buffer, kept in its owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct BufferId(u32);

impl BufferId {
    /// The number that `owner`, a buffer object, keeps.
    pub(crate) fn of(memory: &Memory, owner: ObjectRef) -> BufferId {
        BufferId(memory.load(owner.address() + Granules(1)) as u32)
    }

    /// Writes the number into `owner`, a buffer object.
    pub(crate) fn write(self, memory: &mut Memory, owner: ObjectRef) {
        memory.store(owner.address() + Granules(1), self.0.into());
    }
}

/// One buffer: where its bytes are.
#[derive(Clone, Debug)]
struct Buffer {
    slab: u32,
    start: u32,
    size: u32,
}

impl Buffer {
    fn range(&self) -> Range<usize> {
        self.start as usize..self.start as usize + self.size as usize
    }
}

/// All buffers of a heap.
#[derive(Debug, Default)]
pub(crate) struct External {
    buffers: Owned<Buffer>,
    slabs: Vec<Option<Slab>>,
    free_slabs: Vec<u32>,
    /// The slab that small buffers are placed in.
    current: Option<u32>,
    bytes: u64,
    allocated_since_scavenge: u64,
    young_survivor_bytes: u64,
}

impl External {
    /// Bytes of all slabs.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Bytes of buffers allocated since the last scavenge.
    pub(crate) fn young_bytes(&self) -> u64 {
        self.allocated_since_scavenge
    }

    /// Bytes of buffers of young objects that have survived the last scavenge.
    pub(crate) fn young_survivor_bytes(&self) -> u64 {
        self.young_survivor_bytes
    }

    /// Makes a zeroed buffer for `owner`, a young object.
    pub(crate) fn allocate(&mut self, owner: ObjectRef, size: u32) -> BufferId {
        let (slab, start) = self.place(size);
        let buffer = Buffer { slab, start, size };
        self.allocated_since_scavenge += u64::from(size);
        self.slab_mut(slab).bytes[buffer.range()].fill(0);
        BufferId(self.buffers.add(owner, true, buffer))
    }

    /// Finds a place for a buffer: slab and offset.
    fn place(&mut self, size: u32) -> (u32, u32) {
        if size > SLAB_BYTES {
            let slab = self.add_slab(size);
            let start = self.slab_mut(slab).place(size).expect("a slab of its own has room");
            return (slab, start);
        }
        if let Some(slab) = self.current
            && let Some(start) = self.slab_mut(slab).place(size)
        {
            return (slab, start);
        }
        let slab = self.add_slab(SLAB_BYTES);
        self.current = Some(slab);
        (slab, self.slab_mut(slab).place(size).expect("an empty slab has room"))
    }

    fn add_slab(&mut self, size: u32) -> u32 {
        self.bytes += u64::from(size);
        let index = self.free_slabs.pop().unwrap_or_else(|| {
            self.slabs.push(None);
            self.slabs.len() as u32 - 1
        });
        self.slabs[index as usize] = Some(Slab::new(size));
        index
    }

    fn slab(&self, index: u32) -> &Slab {
        self.slabs[index as usize].as_ref().expect("a buffer keeps its slab")
    }

    fn slab_mut(&mut self, index: u32) -> &mut Slab {
        self.slabs[index as usize].as_mut().expect("a buffer keeps its slab")
    }

    /// All buffers and who owns them, by number.
    pub(crate) fn owners(&self) -> impl Iterator<Item = (BufferId, ObjectRef)> {
        self.buffers.iter().map(|(number, owner, _)| (BufferId(number), owner))
    }

    fn buffer(&self, id: BufferId) -> &Buffer {
        self.buffers.get(id.0).expect("a live owner keeps its buffer")
    }

    /// The bytes of a buffer.
    ///
    /// # Panics
    /// If it has been freed.
    pub(crate) fn bytes_of(&self, id: BufferId) -> &[u8] {
        let buffer = self.buffer(id);
        &self.slab(buffer.slab).bytes[buffer.range()]
    }

    /// The bytes of a buffer, to write to.
    ///
    /// # Panics
    /// If it has been freed.
    pub(crate) fn bytes_of_mut(&mut self, id: BufferId) -> &mut [u8] {
        let buffer = self.buffer(id).clone();
        &mut self.slab_mut(buffer.slab).bytes[buffer.range()]
    }

    /// After a scavenge: frees the buffers of those young owners that died by [`Owned::take_dead_young`]'s `fate`.
    pub(crate) fn update_young(&mut self, fate: impl FnMut(ObjectRef) -> Option<(ObjectRef, bool)>) {
        self.allocated_since_scavenge = 0;
        let dead = self.buffers.take_dead_young(fate);
        self.young_survivor_bytes = self.buffers.young().map(|buffer| u64::from(buffer.size)).sum();
        dead.into_iter().for_each(|buffer| self.free(buffer));
    }

    /// After a marking: frees every buffer whose owner is not `live`.
    pub(crate) fn sweep(&mut self, live: impl Fn(ObjectRef) -> bool) {
        let dead = self.buffers.take_dead(live);
        dead.into_iter().for_each(|buffer| self.free(buffer));
    }

    /// Makes all buffers belong to where their owners are now.
    pub(crate) fn update_owners(&mut self, new_place: impl Fn(ObjectRef) -> ObjectRef) {
        self.buffers.update_owners(new_place);
    }

    fn free(&mut self, buffer: Buffer) {
        let is_current = self.current == Some(buffer.slab);
        let slab = self.slab_mut(buffer.slab);
        slab.buffers -= 1;
        match slab.state() {
            SlabState::Partial | SlabState::Full => {}
            SlabState::Empty if is_current => slab.used = 0,
            SlabState::Empty => {
                self.bytes -= slab.bytes.len() as u64;
                self.slabs[buffer.slab as usize] = None;
                self.free_slabs.push(buffer.slab);
            }
        }
    }

    /// Bytes of all slabs, counted anew.
    pub(crate) fn slab_bytes(&self) -> u64 {
        self.slabs.iter().flatten().map(|slab| slab.bytes.len() as u64).sum()
    }

    /// Slabs by state: empty, partial, full.
    pub(crate) fn slabs_by_state(&self) -> [usize; 3] {
        let count = |state| self.slabs.iter().flatten().filter(|slab| slab.state() == state).count();
        [SlabState::Empty, SlabState::Partial, SlabState::Full].map(count)
    }
}

#[cfg(test)]
mod tests {
    use super::{External, SLAB_BYTES};
    use crate::memory::Address;
    use crate::object::ObjectRef;

    fn owner(address: u32) -> ObjectRef {
        ObjectRef::at(Address(address))
    }

    fn allocate(external: &mut External, sizes: &[u32]) {
        for (index, size) in sizes.iter().enumerate() {
            external.allocate(owner(index as u32 + 1), *size);
        }
    }

    #[track_caller]
    fn check_slabs(sizes: &[u32], bytes: u64, by_state: [usize; 3]) {
        let mut external = External::default();
        allocate(&mut external, sizes);
        assert_eq!(external.bytes(), bytes, "{sizes:?}");
        assert_eq!(external.slabs_by_state(), by_state, "{sizes:?}");
    }

    #[test]
    fn small_buffers_share_a_slab() {
        check_slabs(&[1, 100, 4000], 8192, [0, 1, 0]);
        check_slabs(&[8192], 8192, [0, 0, 1]);
        check_slabs(&[4096, 4096], 8192, [0, 0, 1]);
    }

    #[test]
    fn each_buffer_starts_at_a_multiple_of_8() {
        let mut external = External::default();
        allocate(&mut external, &[1, 9, 3]);
        let starts: Vec<u32> = external.buffers.iter().map(|(_, _, buffer)| buffer.start).collect();
        assert_eq!(starts, [0, 8, 24]);
    }

    #[test]
    fn a_buffer_that_does_not_fit_the_rest_starts_a_slab_and_wastes_the_rest() {
        check_slabs(&[5000, 5000], 2 * 8192, [0, 2, 0]);
        check_slabs(&[1, 8191], 2 * 8192, [0, 2, 0]);
        check_slabs(&[5000, 5000, 3000], 2 * 8192, [0, 2, 0]);
    }

    #[test]
    fn a_large_buffer_has_a_slab_of_its_own() {
        check_slabs(&[100, SLAB_BYTES + 1, 100], 8192 + 8193, [0, 1, 1]);
    }

    #[test]
    fn one_small_buffer_keeps_its_slab() {
        let mut external = External::default();
        allocate(&mut external, &[10, 8000, 8192]);
        external.sweep(|object| object == owner(1));
        assert_eq!((external.bytes(), external.slabs_by_state()), (2 * 8192, [1, 1, 0]));
        external.sweep(|_| false);
        assert_eq!((external.bytes(), external.slabs_by_state()), (8192, [1, 0, 0]));
    }

    #[test]
    fn a_new_buffer_is_zeroed_also_in_a_slab_used_before() {
        let mut external = External::default();
        let id = external.allocate(owner(1), 16);
        external.bytes_of_mut(id).fill(0xff);
        external.update_young(|_| None);
        let id = external.allocate(owner(2), 16);
        assert_eq!(external.bytes_of(id), [0; 16]);
    }

    #[test]
    fn an_owner_that_moved_keeps_its_buffer() {
        let mut external = External::default();
        let id = external.allocate(owner(1), 3);
        external.bytes_of_mut(id).copy_from_slice(b"abc");
        external.update_young(|_| Some((owner(9), false)));
        external.sweep(|object| object == owner(9));
        assert_eq!(external.bytes_of(id), b"abc");
    }
}
