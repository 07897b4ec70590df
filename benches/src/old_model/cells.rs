//! Pages of cells of one size.

use super::scene::cells;
use super::{Allocator, Memory, Scene};

/// The end of a list.
const NIL: u32 = u32::MAX;
/// Granules of the largest class.
const LARGEST: usize = 64;

/// Allocates from the list of the class that an object falls into.
///
/// A free cell holds the next cell of its list.
#[derive(Debug)]
pub struct Cells<'s> {
    scene: &'s Scene,
    /// For each size its class, as an index.
    class_of: [u8; LARGEST + 1],
    heads: Vec<u32>,
    /// For each class the pages that have not been swept, next one last.
    unswept: Vec<Vec<u32>>,
}

impl<'s> Cells<'s> {
    /// An allocator that has not swept anything.
    #[must_use]
    pub fn new(scene: &'s Scene) -> Self {
        let classes = scene.mix.classes();
        let class_of =
            std::array::from_fn(|size| classes.partition_point(|class| (*class as usize) < size) as u8);
        let mut unswept = vec![Vec::new(); classes.len()];
        for (page, class) in scene.class_of_page.iter().enumerate().rev() {
            unswept[usize::from(class_of[*class as usize])].push(page as u32);
        }
        Cells { scene, class_of, heads: vec![NIL; classes.len()], unswept }
    }

    /// Threads the free cells of the next page of a class; whether there is a page.
    #[cold]
    fn sweep_page(&mut self, memory: &mut Memory, class: usize) -> bool {
        let Some(page) = self.unswept[class].pop() else { return false };
        let mut head = self.heads[class];
        for place in cells(page, self.scene.mix.classes()[class]) {
            if !self.scene.marks.is_marked(place) {
                memory.store(place, u64::from(head));
                head = place;
            }
        }
        self.heads[class] = head;
        true
    }
}

impl Allocator for Cells<'_> {
    #[inline(always)]
    fn allocate(&mut self, memory: &mut Memory, size: u32) -> Option<u32> {
        let class = usize::from(self.class_of[size as usize]);
        while self.heads[class] == NIL {
            if !self.sweep_page(memory, class) {
                return None;
            }
        }
        let place = self.heads[class];
        self.heads[class] = memory.load(place) as u32;
        Some(place)
    }
}
