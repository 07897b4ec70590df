//! The reservation: one range of address space a heap.
//!
//! ```text
//! base, aligned to 2 MiB
//! | granule 0 ...                    2^32 granules = 32 GiB | guard, 16 GiB |
//! ```
//!
//! Nothing is committed until it is touched. In a *full* region every [`Address`] and every [`WordAddress`] lies
//! inside the mapping by construction. A host that refuses it gets a smaller one, where that does not hold; so every
//! place is confined with a mask: all ones in a full region, the size of a smaller one less one, a power of two. The
//! memory outside the heap is out of reach in both. (A mask and not a compare: `docs/decisions/0002-confined-memory.md`
//! has the figures.) Debug builds also panic at an address that the mask would change.

use super::address::{Address, GRANULE_BYTES, Granules, WORDS_PER_GRANULE, WordAddress};
use super::prefault::Prefaulter;
use super::sanitize;
use memmap2::{Advice, MmapOptions, MmapRaw, UncheckedAdvice};
use std::mem::MaybeUninit;
use std::ops::Range;
use std::ptr::NonNull;
use std::sync::Arc;
use std::{io, slice};

/// Granules of a full region: every `u32` is one of them.
const FULL_GRANULES: u64 = 1 << 32;
/// Words of the object furthest up may lie this far behind the last granule.
const GUARD_BYTES: u64 = 16 << 30;
/// Behind a smaller region: what [`Memory::store_all`] may reach past a masked address.
const SMALL_GUARD_BYTES: u64 = 64 << 10;
/// Regions to try in turn where a full one is refused, in granules: 8 GiB, 2 GiB, 512 MiB, 128 MiB.
const SMALL_GRANULES: [u64; 4] = [1 << 30, 1 << 28, 1 << 26, 1 << 24];
/// Up to this size a loop moves an object faster than a call does.
const SLID_BY_LOOP: Granules = Granules(16);
/// Size of a word.
const WORD_BYTES: usize = 4;
/// Alignment of the region's start: one huge page.
pub(super) const ALIGNMENT_BYTES: usize = 2 << 20;

/// The memory of one heap.
#[derive(Debug)]
pub(crate) struct Memory {
    /// Start of granule 0. Valid for reads and writes of all granules and the guard for as long as `mapping` lives.
    base: NonNull<u8>,
    /// Confines the index of a granule to the region.
    granule_mask: u32,
    /// Confines the index of a word to the region and its guard.
    word_mask: u64,
    granules: u64,
    mapping: Arc<MmapRaw>,
    prefaulter: Prefaulter,
}

// SAFETY: `base` points into `mapping`, which is `Send` and moves with it; nobody else has the pointer.
#[expect(unsafe_code, reason = "a raw pointer into an owned mapping")]
unsafe impl Send for Memory {}

// SAFETY: through a shared reference the memory can only be read.
#[expect(unsafe_code, reason = "a raw pointer into an owned mapping")]
unsafe impl Sync for Memory {}

/// Asks the processor to fetch a cache line, wherever it is.
#[inline(always)]
#[expect(unsafe_code, reason = "an instruction that has no effect but speed")]
pub(crate) fn prefetch<T>(place: *const T) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: a prefetch reads nothing that a program can see, wherever it points.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(place.cast::<i8>()) }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = place;
}

/// Where a region starts, for those who need to know where an object lies in the process.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Base(NonNull<u8>);

impl Base {
    /// A pointer to a word of the region: valid for reads and writes of what lies there while the region lives.
    #[inline(always)]
    pub(crate) fn pointer_to(self, place: WordAddress) -> *mut u8 {
        self.0.as_ptr().wrapping_add(place.index() as usize * WORD_BYTES)
    }

    /// A pointer to a granule of the region, as [`Base::pointer_to`].
    #[inline(always)]
    pub(crate) fn granule(self, address: Address) -> *mut u64 {
        let place = self.0.as_ptr().wrapping_add(address.0 as usize * GRANULE_BYTES as usize);
        #[expect(clippy::cast_ptr_alignment, reason = "the base is aligned to 2 MiB, the offset to 8")]
        place.cast::<u64>()
    }
}

/// Why no region could be had.
#[derive(Debug)]
pub(crate) struct ReserveError {
    /// Bytes asked for last.
    pub(crate) requested_bytes: u64,
    /// The system's answer.
    pub(crate) error: io::Error,
}

/// Stops the program at a range outside the region: the heap is broken, but nothing has been touched.
#[cold]
#[inline(never)]
fn outside(offset: usize) -> ! {
    panic!("heap invariant broken: byte {offset:#x} lies outside the region")
}

#[expect(unsafe_code, reason = "the one module that turns an index into bytes")]
impl Memory {
    /// Reserves a full region or, where the system refuses that, the largest smaller one that it grants.
    pub(crate) fn reserve() -> Result<Memory, ReserveError> {
        Memory::map(FULL_GRANULES, GUARD_BYTES).or_else(|_| Memory::reserve_small())
    }

    /// Reserves the largest region that the system grants below a full one.
    pub(crate) fn reserve_small() -> Result<Memory, ReserveError> {
        let [first, rest @ ..] = SMALL_GRANULES;
        rest.iter().fold(Memory::map(first, SMALL_GUARD_BYTES), |got, granules| {
            got.or_else(|_| Memory::map(*granules, SMALL_GUARD_BYTES))
        })
    }

    fn map(granules: u64, guard_bytes: u64) -> Result<Memory, ReserveError> {
        let bytes = granules * GRANULE_BYTES + guard_bytes;
        let refused = |error| ReserveError { requested_bytes: bytes, error };
        let length = usize::try_from(bytes).map_err(|_| refused(io::ErrorKind::OutOfMemory.into()))?;
        let mapping = MmapOptions::new()
            .len(length + ALIGNMENT_BYTES)
            .no_reserve_swap()
            .map_anon()
            .map_err(refused)
            .map(MmapRaw::from)?;
        let padding = mapping.as_mut_ptr().align_offset(ALIGNMENT_BYTES);
        // SAFETY: the mapping is longer than `length` by one alignment, so the padding lies inside it.
        let base = unsafe { mapping.as_mut_ptr().add(padding) };
        let base = NonNull::new(base).expect("a mapping does not start at null");
        let (granule_mask, word_mask) = if granules == FULL_GRANULES {
            (u32::MAX, u64::MAX)
        } else {
            ((granules - 1) as u32, granules * u64::from(WORDS_PER_GRANULE) - 1)
        };
        let (mapping, prefaulter) = (Arc::new(mapping), Prefaulter::default());
        Ok(Memory { base, granule_mask, word_mask, granules, mapping, prefaulter })
    }

    /// A number that no other region has at the same time.
    pub(crate) fn id(&self) -> u32 {
        // Regions are aligned to 2 MiB and a process has 2^47 bytes of addresses: this fits.
        (self.base.addr().get() / ALIGNMENT_BYTES) as u32
    }

    /// Where the region starts.
    #[inline(always)]
    pub(crate) fn base(&self) -> Base {
        Base(self.base)
    }

    /// The number of granules in the region.
    pub(crate) fn granules(&self) -> u64 {
        self.granules
    }

    /// A pointer to a granule.
    #[inline(always)]
    fn granule(&self, address: Address) -> *mut u64 {
        debug_assert!(address.0 & self.granule_mask == address.0, "{address:?} lies outside the region");
        let offset = (address.0 & self.granule_mask) as usize * GRANULE_BYTES as usize;
        #[expect(clippy::cast_ptr_alignment, reason = "the base is aligned to 2 MiB, the offset to 8")]
        // SAFETY: masked, so that the granule lies inside the mapping.
        unsafe {
            self.base.as_ptr().add(offset).cast::<u64>()
        }
    }

    /// A pointer to a word.
    #[inline(always)]
    fn word(&self, place: WordAddress) -> *mut u32 {
        debug_assert!(place.index() & self.word_mask == place.index(), "{place:?} lies outside the region");
        let offset = (place.index() & self.word_mask) as usize * WORD_BYTES;
        #[expect(clippy::cast_ptr_alignment, reason = "the base is aligned to 2 MiB, the offset to 4")]
        // SAFETY: masked, so that the word lies inside the mapping: in a full region no place lies further than its
        // guard, in a smaller one the mask ends with the region.
        unsafe {
            self.base.as_ptr().add(offset).cast::<u32>()
        }
    }

    /// Reads a granule.
    #[inline(always)]
    pub(crate) fn load(&self, address: Address) -> u64 {
        // SAFETY: inside the mapping, aligned, initialised by the system with zeros.
        unsafe { self.granule(address).read() }
    }

    /// Writes a granule.
    #[inline(always)]
    pub(crate) fn store(&mut self, address: Address, value: u64) {
        // SAFETY: inside the mapping and aligned; `&mut self` means that no slice of the region is borrowed.
        unsafe { self.granule(address).write(value) }
    }

    /// Writes the first granules of a small object at once.
    #[inline(always)]
    pub(crate) fn store_all<const N: usize>(&mut self, start: Address, values: [u64; N]) {
        const { assert!(N as u64 * GRANULE_BYTES <= SMALL_GUARD_BYTES) }
        // SAFETY: the first granule lies inside the mapping, the others there or in the guard.
        unsafe { self.granule(start).cast::<[u64; N]>().write(values) }
    }

    /// Reads a 32-bit word.
    #[inline(always)]
    pub(crate) fn load_word(&self, place: WordAddress) -> u32 {
        // SAFETY: inside the mapping, aligned, initialised by the system with zeros.
        unsafe { self.word(place).read() }
    }

    /// Writes a 32-bit word.
    #[inline(always)]
    pub(crate) fn store_word(&mut self, place: WordAddress, value: u32) {
        // SAFETY: inside the mapping and aligned; `&mut self` means that no slice of the region is borrowed.
        unsafe { self.word(place).write(value) }
    }

    /// The byte range of `count` granules from `start`, checked once for all of them.
    #[inline(always)]
    fn range(&self, start: Address, count: Granules) -> Range<usize> {
        let end = u64::from(start.0) + u64::from(count.0);
        if end > self.granules {
            outside(end as usize * GRANULE_BYTES as usize);
        }
        start.0 as usize * GRANULE_BYTES as usize..end as usize * GRANULE_BYTES as usize
    }

    /// A pointer to the byte at `offset`, which [`Memory::range`] has checked.
    #[inline(always)]
    fn byte(&self, offset: usize) -> *mut u8 {
        debug_assert!(offset as u64 <= self.granules * GRANULE_BYTES);
        // SAFETY: at most at the end of the granules, which lie inside the mapping.
        unsafe { self.base.as_ptr().add(offset) }
    }

    /// Copies `count` granules; the two places may not overlap.
    #[inline(always)]
    pub(crate) fn copy(&mut self, from: Address, to: Address, count: Granules) {
        // Most objects are small, and a call or a loop takes longer than to copy them.
        match count.0 {
            0 => {}
            1 => self.copy_array::<1>(from, to),
            2 => self.copy_array::<2>(from, to),
            3 => self.copy_array::<3>(from, to),
            4 => self.copy_array::<4>(from, to),
            5 => self.copy_array::<5>(from, to),
            6 => self.copy_array::<6>(from, to),
            7 => self.copy_array::<7>(from, to),
            _ => self.copy_many(from, to, count),
        }
    }

    #[inline(always)]
    fn copy_array<const N: usize>(&mut self, from: Address, to: Address) {
        const { assert!(N as u64 * GRANULE_BYTES <= SMALL_GUARD_BYTES) }
        let source = self.granule(from).cast::<[MaybeUninit<u64>; N]>();
        let target = self.granule(to).cast::<[MaybeUninit<u64>; N]>();
        // SAFETY: the first granule lies inside the mapping, the others there or in the guard. They may hold values with
        // padding, which counts as not initialised.
        let values = unsafe { source.read() };
        // SAFETY: as above; `&mut self` means that no slice of the region is borrowed.
        unsafe { target.write(values) }
    }

    fn copy_many(&mut self, from: Address, to: Address, count: Granules) {
        let (from, to) = (self.range(from, count), self.range(to, count));
        debug_assert!(from.end <= to.start || to.end <= from.start, "copied places overlap");
        let (source, target) = (self.byte(from.start), self.byte(to.start));
        // SAFETY: both ranges lie inside the mapping. `copy` and not `copy_nonoverlapping`: a broken caller must not
        // become undefined behaviour, and both are the same call.
        unsafe { std::ptr::copy(source, target, from.len()) }
    }

    /// Moves `count` granules down; the two places may overlap.
    #[inline(always)]
    pub(crate) fn slide(&mut self, from: Address, to: Address, count: Granules) {
        debug_assert!(to <= from, "what slides moves down");
        if count <= SLID_BY_LOOP {
            for offset in 0..count.0 {
                self.copy_array::<1>(from + Granules(offset), to + Granules(offset));
            }
            return;
        }
        let (from, to) = (self.range(from, count), self.range(to, count));
        let (source, target) = (self.byte(from.start), self.byte(to.start));
        // SAFETY: both ranges lie inside the mapping; `copy` allows overlap.
        unsafe { std::ptr::copy(source, target, from.len()) }
    }

    /// Copies `count` words; the two places may overlap.
    pub(crate) fn copy_words(&mut self, from: WordAddress, to: WordAddress, count: u32) {
        let last = from.index().max(to.index()) + u64::from(count);
        if last > self.granules * u64::from(WORDS_PER_GRANULE) {
            outside(last as usize * WORD_BYTES);
        }
        // SAFETY: both places lie inside the mapping; `copy` allows overlap.
        unsafe { std::ptr::copy(self.word(from), self.word(to), count as usize) }
    }

    /// Sets `count` granules to `value`.
    #[inline]
    pub(crate) fn fill(&mut self, start: Address, count: Granules, value: u64) {
        self.granules_mut(start, count).fill(value);
    }

    /// The granules as numbers.
    pub(crate) fn granules_at(&self, start: Address, count: Granules) -> &[u64] {
        self.range(start, count);
        // SAFETY: inside the mapping, aligned, initialised; `&self` keeps writers away.
        unsafe { slice::from_raw_parts(self.granule(start), count.0 as usize) }
    }

    fn granules_mut(&mut self, start: Address, count: Granules) -> &mut [u64] {
        self.range(start, count);
        // SAFETY: inside the mapping, aligned, initialised; `&mut self` keeps everybody else away.
        unsafe { slice::from_raw_parts_mut(self.granule(start), count.0 as usize) }
    }

    /// `length` bytes from the start of a granule.
    pub(crate) fn bytes(&self, start: Address, length: usize) -> &[u8] {
        let range = self.range(start, Granules::holding(length as u64));
        // SAFETY: inside the mapping, initialised; `&self` keeps writers away.
        unsafe { slice::from_raw_parts(self.byte(range.start), length) }
    }

    /// `length` bytes from the start of a granule, to write to.
    pub(crate) fn bytes_mut(&mut self, start: Address, length: usize) -> &mut [u8] {
        let range = self.range(start, Granules::holding(length as u64));
        // SAFETY: inside the mapping, initialised; `&mut self` keeps everybody else away.
        unsafe { slice::from_raw_parts_mut(self.byte(range.start), length) }
    }

    /// Asks the processor to fetch the cache line of `address`.
    #[inline(always)]
    pub(crate) fn prefetch(&self, address: Address) {
        prefetch(self.granule(address));
    }

    /// Gives the memory back to the system: it reads as zero until it is written again.
    pub(crate) fn release(&mut self, start: Address, count: Granules) {
        let range = self.range(start, count);
        if cfg!(target_os = "linux") {
            // SAFETY: private anonymous memory in the mapping reads as zero afterwards, and `&mut self` keeps
            // everybody else away.
            let released = unsafe {
                self.mapping.unchecked_advise_range(
                    UncheckedAdvice::DontNeed,
                    self.padding() + range.start,
                    range.len(),
                )
            };
            released.expect("the system takes back memory that it gave");
        } else {
            self.fill(start, count, 0);
        }
    }

    /// No object lies there from now on. Checked where AddressSanitizer runs, and nowhere else.
    #[inline]
    pub(crate) fn forbid(&self, start: Address, count: Granules) {
        let range = self.range(start, count);
        sanitize::forbid(self.byte(range.start), range.len());
    }

    /// Objects may lie there again.
    #[inline]
    pub(crate) fn permit(&self, start: Address, count: Granules) {
        let range = self.range(start, count);
        sanitize::permit(self.byte(range.start), range.len());
    }

    /// Asks the system to back the memory with huge pages. A refusal costs speed, nothing else.
    pub(crate) fn prefer_huge_pages(&mut self, start: Address, count: Granules) {
        let range = self.range(start, count);
        #[cfg(target_os = "linux")]
        let _ = self.mapping.advise_range(Advice::HugePage, self.padding() + range.start, range.len());
    }

    /// Has the memory committed before it is touched, some time, by another thread.
    pub(crate) fn populate(&self, start: Address, count: Granules) {
        let range = self.range(start, count);
        let padding = self.padding();
        self.prefaulter.request(&self.mapping, padding + range.start..padding + range.end);
    }

    /// Has [`Memory::populate`] ask for huge pages.
    pub(crate) fn populate_huge_pages(&mut self) {
        self.prefaulter.prefer_huge_pages();
    }

    /// Takes back what [`Memory::populate`] has asked for and not got yet.
    pub(crate) fn cancel_populating(&self) {
        self.prefaulter.cancel();
    }

    /// Bytes between the start of the mapping and granule 0.
    fn padding(&self) -> usize {
        self.base.addr().get() - self.mapping.as_ptr().addr()
    }
}

#[cfg(test)]
mod tests {
    use super::{Address, FULL_GRANULES, Granules, Memory};
    use std::fs;
    use std::os::unix::fs::FileExt;

    /// Resident bytes of a range, asked page by page: what other tests of the process touch does not count.
    fn resident_bytes(memory: &Memory, start: Address, size: Granules) -> u64 {
        const PAGE_BYTES: u64 = 4096;
        const ENTRY_BYTES: u64 = 8;
        let first_page = memory.granule(start).addr() as u64 / PAGE_BYTES;
        let mut entries = vec![0; (size.bytes() / PAGE_BYTES * ENTRY_BYTES) as usize];
        let page_map = fs::File::open("/proc/self/pagemap").expect("a Linux system");
        page_map.read_exact_at(&mut entries, first_page * ENTRY_BYTES).expect("an entry for each page");
        // Bit 63 of an entry tells that the page is present.
        let is_present = |entry: &&[u8]| entry[7] & 0x80 != 0;
        entries.chunks(ENTRY_BYTES as usize).filter(is_present).count() as u64 * PAGE_BYTES
    }

    fn each_region(check: impl Fn(Memory)) {
        check(Memory::reserve().expect("a region"));
        check(Memory::reserve_small().expect("a small region"));
    }

    #[test]
    fn untouched_memory_reads_as_zero() {
        each_region(|memory| assert_eq!(memory.load(Address(12_345_678)), 0));
    }

    #[test]
    fn what_is_stored_is_loaded_again() {
        each_region(|mut memory| {
            let address = Address(9_999_999);
            memory.store(address, 0x1122_3344_5566_7788);
            assert_eq!(memory.load_word(address.word(0)), 0x5566_7788);
            assert_eq!(memory.load_word(address.word(1)), 0x1122_3344);
            memory.store_word(address.word(3), 7);
            assert_eq!(memory.load(address + Granules(1)), 7 << 32);
            memory.copy(address, address + Granules(10), Granules(2));
            assert_eq!(memory.bytes(address + Granules(10), 2), [0x88, 0x77]);
        });
    }

    #[test]
    fn the_last_word_that_can_be_named_lies_in_a_full_region() {
        let memory = Memory::reserve().expect("a region");
        assert_eq!(memory.granules(), FULL_GRANULES, "this host grants the full region");
        assert_eq!(memory.load(Address(u32::MAX)), 0);
        assert_eq!(memory.load_word(Address(u32::MAX).word(u32::MAX)), 0);
    }

    #[test]
    #[should_panic(expected = "outside the region")]
    #[cfg(debug_assertions)]
    fn an_address_outside_a_small_region_is_refused() {
        Memory::reserve_small().expect("a small region").load(Address(u32::MAX));
    }

    #[test]
    #[should_panic(expected = "outside the region")]
    #[cfg(debug_assertions)]
    fn a_word_outside_a_small_region_is_refused() {
        Memory::reserve_small().expect("a small region").load_word(Address(0).word(u32::MAX));
    }

    #[test]
    fn memory_is_resident_once_touched_and_no_longer_once_released() {
        let mut memory = Memory::reserve().expect("a region");
        let (start, size) = (Address(1 << 28), Granules(16 << 20));
        assert_eq!(resident_bytes(&memory, start, size), 0);
        memory.fill(start, size, 1);
        assert_eq!(resident_bytes(&memory, start, size), size.bytes());
        memory.release(start, size);
        assert_eq!(resident_bytes(&memory, start, size), 0);
        assert_eq!(memory.load(start), 0);
    }

    #[test]
    fn many_regions_live_side_by_side() {
        let mut regions: Vec<_> = (0..64).map(|_| Memory::reserve().expect("a region")).collect();
        for (value, memory) in regions.iter_mut().enumerate() {
            memory.store(Address(1), value as u64);
        }
        assert!(regions.iter().enumerate().all(|(value, memory)| memory.load(Address(1)) == value as u64));
    }
}
