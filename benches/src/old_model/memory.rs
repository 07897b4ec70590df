//! The memory of old space: a plain array of granules.

use memmap2::MmapMut;

/// Old space, on huge pages where the system grants them, as the collector's own.
#[derive(Debug)]
pub struct Memory {
    mapping: MmapMut,
}

/// The bytes of a granule.
type Granule = [u8; 8];

impl Memory {
    /// Memory of so many granules, all committed.
    ///
    /// # Panics
    /// If the system grants none.
    #[must_use]
    pub fn new(granules: u32) -> Self {
        let bytes = granules as usize * size_of::<Granule>();
        let mut mapping = MmapMut::map_anon(bytes).expect("the system grants memory");
        #[cfg(target_os = "linux")]
        // A refusal costs speed, to all allocators alike.
        let _ = mapping.advise(memmap2::Advice::HugePage);
        mapping.fill(1);
        Memory { mapping }
    }

    /// Reads a granule.
    #[inline(always)]
    pub(super) fn load(&self, place: u32) -> u64 {
        u64::from_ne_bytes(self.mapping.as_chunks().0[place as usize])
    }

    /// Writes a granule.
    #[inline(always)]
    pub(super) fn store(&mut self, place: u32, value: u64) {
        self.mapping.as_chunks_mut().0[place as usize] = value.to_ne_bytes();
    }

    /// Writes the header and the body of an object.
    #[inline(always)]
    pub fn write_object(&mut self, place: u32, size: u32) {
        let granules = &mut self.mapping.as_chunks_mut::<8>().0[place as usize..][..size as usize];
        granules.fill(u64::from(size).to_ne_bytes());
    }
}
