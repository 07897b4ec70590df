//! Allocation in old space after a marking, in a model: bumping through holes against lists of free cells.
//!
//! **Measured:** the time of an allocation that writes the object's header and body, on 256 MiB of which 10, 50, 80 or
//! 95 % live in random clusters, until half of the free memory is taken. What each allocator must sweep is part of
//! the time: mark bits walked, cells threaded. Every pass starts unswept and finds most of the memory out of cache.
//! `holes` is what Tenure's old space does, a second run for objects of more than 256 bytes included; `lists` splits the
//! smallest hole that fits; `cells` keeps a page to each size class. Before the figures, the program prints how much of
//! the free memory each of them can use before it needs another page, and how much fresh memory `holes` takes
//! meanwhile.
//!
//! **Not shown:** how well objects that are used together lie together, marking (cells need one mark bit an object,
//! holes one a granule), and what fragmentation does over many cycles: every pass starts from a random heap, where a
//! real one is shaped by its own allocator.
//!
//! **Floor:** `bump`, the same writes with a pointer bumped through the same amount of memory, nothing in the way.
//! `malloc` is no ceiling here: its time depends on the order of earlier frees more than on anything that is modelled.

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use gc_benches::old_model::{Allocator, Cells, FittingLists, Holes, Memory, Mix, Scene, fill, use_up};
use std::time::{Duration, Instant};

/// 256 MiB.
const GRANULES: u32 = (256 << 20) / 8;
const OCCUPANCIES: [u32; 4] = [10, 50, 80, 95];
const MIXES: [(Mix, &str); 2] = [(Mix::Small, "16-64 B"), (Mix::Mixed, "16-512 B")];

/// Makes `allocations` allocations; each time that half of the free memory is taken, starts with a new allocator,
/// outside the time measured.
fn time_allocations<A: Allocator>(
    allocations: u64,
    memory: &mut Memory,
    scene: &Scene,
    fresh: impl Fn() -> A,
) -> Duration {
    let mut left = allocations;
    let mut elapsed = Duration::ZERO;
    while left > 0 {
        let mut allocator = fresh();
        let sizes = scene.sizes().take(usize::try_from(left).unwrap_or(usize::MAX));
        let start = Instant::now();
        left -= fill(&mut allocator, memory, sizes, scene.free_granules() / 2);
        elapsed += start.elapsed();
    }
    elapsed
}

/// The floor: nothing lives.
#[derive(Default)]
struct Bump(u32);

impl Allocator for Bump {
    #[inline(always)]
    fn allocate(&mut self, _memory: &mut Memory, size: u32) -> Option<u32> {
        let place = self.0 % GRANULES;
        self.0 = place + size;
        Some(place)
    }
}

fn print_use() {
    let mut memory = Memory::new(2 * GRANULES);
    println!(
        "share of the free memory that is used before a page is needed (in brackets: fresh pages, as a share)"
    );
    for (mix, mix_name) in MIXES {
        for live in OCCUPANCIES {
            let (scene, cell_scene) = (Scene::new(GRANULES, mix, live), Scene::in_cells(GRANULES, mix, live));
            let share =
                |granules, scene: &Scene| 100.0 * f64::from(granules) / f64::from(scene.free_granules());
            let holes = use_up(&mut Holes::new(&scene), &mut memory, &scene);
            let lists = use_up(&mut FittingLists::new(&scene), &mut memory, &scene);
            let cells = use_up(&mut Cells::new(&cell_scene), &mut memory, &cell_scene);
            println!(
                "  {mix_name}, {live} % live: holes {:.1} % ({:.1} %), lists {:.1} %, cells {:.1} %",
                share(holes.reused, &scene),
                share(holes.fresh, &scene),
                share(lists.reused, &scene),
                share(cells.reused, &cell_scene),
            );
        }
    }
}

fn old_allocation(c: &mut Criterion) {
    print_use();
    let mut memory = Memory::new(2 * GRANULES);
    for (mix, mix_name) in MIXES {
        let mut group = c.benchmark_group(format!("old allocation, {mix_name}"));
        for live in OCCUPANCIES {
            let (scene, cell_scene) = (Scene::new(GRANULES, mix, live), Scene::in_cells(GRANULES, mix, live));
            group.bench_function(BenchmarkId::new("holes", live), |b| {
                b.iter_custom(|n| time_allocations(n, &mut memory, &scene, || Holes::new(&scene)));
            });
            group.bench_function(BenchmarkId::new("lists", live), |b| {
                b.iter_custom(|n| time_allocations(n, &mut memory, &scene, || FittingLists::new(&scene)));
            });
            group.bench_function(BenchmarkId::new("cells", live), |b| {
                b.iter_custom(|n| time_allocations(n, &mut memory, &cell_scene, || Cells::new(&cell_scene)));
            });
        }
        let scene = Scene::new(GRANULES, mix, OCCUPANCIES[0]);
        group.bench_function("bump", |b| {
            b.iter_custom(|n| time_allocations(n, &mut memory, &scene, Bump::default));
        });
        group.finish();
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(1));
    targets = old_allocation
}
criterion_main!(benches);
