//! A model of old space after marking: three ways to find room for an object among the live ones.
//!
//! - [`Holes`] bumps a pointer through the holes between live objects, found in the mark bits as it goes. Tenure's
//!   old space does this.
//! - [`FittingLists`] threads the holes of a page into lists by size and splits the smallest that fits.
//! - [`Cells`] gives each page to one size class, and threads its free cells into the list of the class.
//!
//! All three sweep lazily, a page or a hole at a time, and the time of an allocation includes that. The model is
//! memory, mark bits and an allocator, nothing else: no collector runs, so what shows is the allocator's share alone.
//! Behind the pages of old space lies as much fresh memory.

mod cells;
mod fitting_lists;
mod holes;
mod marks;
mod memory;
mod scene;

pub use cells::Cells;
pub use fitting_lists::FittingLists;
pub use holes::Holes;
pub use marks::MarkBits;
pub use memory::Memory;
pub use scene::{Mix, Scene};

/// Granules in a page: 256 KiB.
const PAGE: u32 = (256 << 10) / 8;

/// Something that finds room in old space.
pub trait Allocator {
    /// Takes `size` granules; the first of them, or `None` if it finds no room.
    fn allocate(&mut self, memory: &mut Memory, size: u32) -> Option<u32>;
}

/// What became of free memory when all of it had been offered, in granules.
#[derive(Clone, Copy, Debug, Default)]
pub struct Use {
    /// Taken by objects in what a marking had left free.
    pub reused: u32,
    /// Taken by objects in fresh pages.
    pub fresh: u32,
}

/// Allocates until there is no room.
pub fn use_up(allocator: &mut impl Allocator, memory: &mut Memory, scene: &Scene) -> Use {
    let mut used = Use::default();
    for size in scene.sizes() {
        match allocator.allocate(memory, size) {
            Some(place) if place < scene.granules() => used.reused += size,
            Some(_) => used.fresh += size,
            None => break,
        }
    }
    used
}

/// Allocates and writes objects of these sizes until `granules` are taken or there is no room; the number of objects.
pub fn fill(
    allocator: &mut impl Allocator,
    memory: &mut Memory,
    sizes: impl Iterator<Item = u32>,
    granules: u32,
) -> u64 {
    let (mut objects, mut taken) = (0, 0);
    for size in sizes {
        if taken >= granules {
            break;
        }
        let Some(place) = allocator.allocate(memory, size) else { break };
        memory.write_object(place, size);
        taken += size;
        objects += 1;
    }
    objects
}

#[cfg(test)]
mod tests {
    use super::{Allocator, Cells, FittingLists, Holes, Memory, Mix, Scene};

    /// Allocates all that fits and checks that no two objects, live or new, share a granule.
    fn check(scene: &Scene, allocator: &mut impl Allocator) {
        let mut memory = Memory::new(2 * scene.granules());
        let is_live = |place| place < scene.granules() && scene.is_live(place);
        let mut taken: Vec<bool> = (0..2 * scene.granules()).map(is_live).collect();
        let mut placed = 0;
        for size in scene.sizes() {
            let Some(place) = allocator.allocate(&mut memory, size) else { break };
            memory.write_object(place, size);
            for granule in &mut taken[place as usize..(place + size) as usize] {
                assert!(!std::mem::replace(granule, true), "{place} is taken twice");
            }
            placed += size;
        }
        assert!(placed > scene.free_granules() / 2, "{placed} of {}", scene.free_granules());
    }

    #[test]
    fn no_granule_is_handed_out_twice() {
        for mix in [Mix::Small, Mix::Mixed] {
            for live_percent in [10, 50, 80] {
                let scene = Scene::new(1 << 20, mix, live_percent);
                check(&scene, &mut Holes::new(&scene));
                check(&scene, &mut FittingLists::new(&scene));
                let scene = Scene::in_cells(1 << 20, mix, live_percent);
                check(&scene, &mut Cells::new(&scene));
            }
        }
    }
}
