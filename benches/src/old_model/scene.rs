//! Old space as a marking leaves it.

use super::{MarkBits, PAGE};
use std::iter;
use workloads::Random;

/// Mean length, in objects, of a cluster of objects that live or die together: of the dead while most live, of the
/// living while most are dead.
const CLUSTER: u32 = 4;
/// Granules in a page that is cut into cells: 32 KiB, as small as in collectors that do this, so that every class has
/// some pages.
const CELL_PAGE: u32 = (32 << 10) / 8;
/// Sizes drawn in advance, so that drawing them is no part of an allocation's time. A power of two.
const DRAWN_SIZES: usize = 1 << 16;
/// Seed of everything random.
const SEED: u64 = 1;

/// Sizes of objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mix {
    /// 16 to 64 bytes, all multiples of 8 alike.
    Small,
    /// 16 to 512 bytes, as many between 16 and 32 as between 256 and 512.
    Mixed,
}

impl Mix {
    /// The size classes of this mix, in granules.
    pub(super) fn classes(self) -> &'static [u32] {
        const CLASSES: [u32; 19] = [2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 56, 64];
        match self {
            Mix::Small => &CLASSES[..7],
            Mix::Mixed => &CLASSES,
        }
    }

    /// Draws a size in granules.
    fn draw(self, random: &mut Random) -> u32 {
        match self {
            Mix::Small => 2 + random.below(7),
            Mix::Mixed => {
                let least = 2 << random.below(5);
                least + random.below(least + 1)
            }
        }
    }
}

/// Old space after marking, and the sizes of the objects to come.
#[derive(Clone, Debug)]
pub struct Scene {
    granules: u32,
    pub(super) marks: MarkBits,
    pub(super) mix: Mix,
    /// For each page the size class that it is given to, if pages have one.
    pub(super) class_of_page: Vec<u32>,
    free_granules: u32,
    sizes: Vec<u8>,
}

impl Scene {
    /// Objects of mixed sizes side by side, `live_percent` of them alive, in random clusters.
    #[must_use]
    pub fn new(granules: u32, mix: Mix, live_percent: u32) -> Self {
        let mut random = Random::new(SEED);
        let sizes = draw_sizes(mix, &mut random);
        let mut lives = Lives { live_percent, is_live: false, random };
        let mut marks = MarkBits::new(granules);
        let mut place = 0;
        for size in sizes.iter().cycle().map(|size| u32::from(*size)) {
            if place + size > granules {
                break;
            }
            if lives.next() && place / PAGE == (place + size - 1) / PAGE {
                marks.mark(place, size);
            }
            place += size;
        }
        let free_granules = granules - marks.count();
        Scene { granules, marks, mix, class_of_page: Vec::new(), free_granules, sizes }
    }

    /// Pages of cells of one size, `live_percent` of them alive, in random clusters.
    #[must_use]
    pub fn in_cells(granules: u32, mix: Mix, live_percent: u32) -> Self {
        let mut random = Random::new(SEED);
        let sizes = draw_sizes(mix, &mut random);
        let class_of_page = assign_classes(granules / CELL_PAGE, mix, &sizes);
        let mut lives = Lives { live_percent, is_live: false, random };
        let mut marks = MarkBits::new(granules);
        let mut free_granules = 0;
        for (page, class) in class_of_page.iter().enumerate() {
            for place in cells(page as u32, *class) {
                if lives.next() {
                    marks.mark(place, *class);
                } else {
                    free_granules += class;
                }
            }
        }
        Scene { granules, marks, mix, class_of_page, free_granules, sizes }
    }

    /// Granules of old space.
    #[must_use]
    pub fn granules(&self) -> u32 {
        self.granules
    }

    /// Granules that are free.
    #[must_use]
    pub fn free_granules(&self) -> u32 {
        self.free_granules
    }

    /// Whether a granule belongs to a live object.
    #[must_use]
    pub fn is_live(&self, place: u32) -> bool {
        self.marks.is_marked(place)
    }

    /// The sizes of the objects to come, in granules, without end.
    pub fn sizes(&self) -> impl Iterator<Item = u32> {
        let mut next = 0;
        iter::from_fn(move || {
            let size = self.sizes[next % DRAWN_SIZES];
            next += 1;
            Some(u32::from(size))
        })
    }
}

/// The starts of the cells of a page.
pub(super) fn cells(page: u32, class: u32) -> impl Iterator<Item = u32> {
    (0..CELL_PAGE / class).map(move |cell| page * CELL_PAGE + cell * class)
}

fn draw_sizes(mix: Mix, random: &mut Random) -> Vec<u8> {
    (0..DRAWN_SIZES).map(|_| mix.draw(random) as u8).collect()
}

/// Gives each class its share of the pages, by the bytes that objects of the class take, and shuffles them.
fn assign_classes(pages: u32, mix: Mix, sizes: &[u8]) -> Vec<u32> {
    let class_of =
        |size: u32| *mix.classes().iter().find(|class| size <= **class).expect("classes cover the mix");
    let mut classes: Vec<_> = sizes.iter().map(|size| class_of(u32::from(*size))).collect();
    classes.sort_unstable();
    let total: u64 = classes.iter().map(|class| u64::from(*class)).sum();
    let (mut assigned, mut before) = (Vec::new(), 0);
    for class in classes {
        before += u64::from(class);
        let due = before * u64::from(pages) / total;
        assigned.resize(due as usize, class);
    }
    let mut random = Random::new(SEED);
    for last in (1..assigned.len()).rev() {
        assigned.swap(last, random.below(last as u32 + 1) as usize);
    }
    assigned
}

/// Decides which objects live: a chain of two states that stays in each for a random number of objects.
struct Lives {
    live_percent: u32,
    is_live: bool,
    random: Random,
}

impl Lives {
    /// Whether the next object lives.
    fn next(&mut self) -> bool {
        let (live, dead) = (self.live_percent, 100 - self.live_percent);
        let share = if self.is_live { live } else { dead };
        // The rarer state lasts for CLUSTER objects on average, the other one for as many times more as it is more
        // common.
        let mean = CLUSTER * share / live.min(dead);
        self.is_live ^= self.random.below(mean) == 0;
        self.is_live
    }
}

#[cfg(test)]
mod tests {
    use super::{Mix, Scene};

    #[test]
    fn as_much_lives_as_is_asked_for() {
        for live_percent in [10, 50, 80, 95] {
            for scene in [
                Scene::new(1 << 22, Mix::Small, live_percent),
                Scene::in_cells(1 << 22, Mix::Small, live_percent),
            ] {
                let live = (scene.granules() - scene.free_granules()) as f64 / f64::from(scene.granules());
                assert!((live * 100.0 - f64::from(live_percent)).abs() < 1.5, "{live} of {live_percent} %");
            }
        }
    }
}
