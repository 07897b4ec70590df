//! Settings of real runtimes, as far as they can be had here.

use super::config::{Config, MAX_OLD_BYTES, MAX_SMALL_BYTES};
use crate::event::MAX_AGE;
use crate::policy::{
    Compaction, Futility, Growth, InitialLimit, LimitTest, MarkingPacing, NewSpaceGrowth, NewSpaceSizing,
    OldPacing, PageLayout, PercentGrowth, Pretenuring, Promotion, Reducer, V8Growth,
};

/// A runtime whose policy a heap can be given.
///
/// The policy only: objects are laid out as everywhere in Tenure, so a program that is to be compared with one in that
/// runtime must allocate objects of the sizes that they have there. Each constant is cited where it is set.
///
/// ```
/// use gc_core::{Config, Heap, Preset};
///
/// let heap = Heap::new(Preset::V8Node20.config())?;
/// assert_eq!(heap.config().promotion.age, 1);
/// assert_eq!(Preset::named("ocaml"), Some(Preset::Ocaml));
/// # Ok::<(), gc_core::ConfigError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// V8 11.3 as Node.js 20 sets it up on a 64-bit machine with 16 GiB of memory and more. Which of its numbers come out as
    /// they do there, the page on validation says.
    V8Node20,
    /// The serial collector of the HotSpot JVM, 17 and later, on a machine with 8 GiB of memory.
    JvmSerial,
    /// OCaml 5, one domain.
    Ocaml,
}

impl Preset {
    /// Every preset.
    pub const ALL: [Preset; 3] = [Preset::V8Node20, Preset::JvmSerial, Preset::Ocaml];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Preset::V8Node20 => "v8-node20",
            Preset::JvmSerial => "jvm-serial",
            Preset::Ocaml => "ocaml",
        }
    }

    /// What it is, in one line.
    #[must_use]
    pub fn about(self) -> &'static str {
        match self {
            Preset::V8Node20 => "V8 11.3, as in Node.js 20",
            Preset::JvmSerial => "the serial collector of the HotSpot JVM, on a machine with 8 GiB",
            Preset::Ocaml => "OCaml 5, one domain",
        }
    }

    /// The preset called `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Preset> {
        Preset::ALL.into_iter().find(|preset| preset.name() == name)
    }

    /// The settings; those that are no matter of policy, such as the clock, are the default ones.
    #[must_use]
    pub fn config(self) -> Config {
        match self {
            Preset::V8Node20 => v8_node20(),
            Preset::JvmSerial => jvm_serial(),
            Preset::Ocaml => ocaml(),
        }
    }
}

const KIB: u64 = 1 << 10;
const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;

/// Pages of V8 in a mebibyte.
const V8_PAGES_PER_MIB: u64 = 4;

/// The capacity of a semispace of V8 of so many mebibytes: what objects may take of its pages.
const fn v8_semispace_bytes(mebibytes: u64) -> u64 {
    mebibytes * V8_PAGES_PER_MIB * PageLayout::V8.page_bytes
}

fn v8_node20() -> Config {
    Config {
        new_space: NewSpaceSizing {
            // `heap.h`: `initial_semispace_size_`, 1 MB (`kMinSemiSpaceSize` 512 KB by a pointer multiplier of 2).
            initial_bytes: v8_semispace_bytes(1),
            // `heap.h`: `kMaxSemiSpaceSize`, 8 MB by the same multiplier.
            max_bytes: v8_semispace_bytes(16),
            // `heap.cc`, `Heap::CheckNewSpaceExpansionCriteria`: growth asks what has survived, not whether it will last.
            max_growth_survival_percent: None,
            max_minor_pause: None,
            // `heap.cc`, `Heap::HasLowYoungGenerationAllocationRate`, with `kLowAllocationThroughput`.
            idle_bytes_per_ms: 1_000,
            // The same function is called when a collection starts, with what had survived until then.
            growth: NewSpaceGrowth::NextCollection,
        },
        promotion: Promotion {
            // `heap-inl.h`, `Heap::ShouldBePromoted`: what lies below the age mark, which is set to the top of to-space
            // after each scavenge.
            age: 1,
            // The rule of 25 % was dropped by version 6.1.
            to_space_percent: None,
            // `flag-definitions.h`: `always_promote_young_mc`.
            all_at_full: true,
        },
        pacing: OldPacing {
            // `heap.h`: `kMaxInitialOldGenerationSize`, 256 MB by the pointer multiplier.
            initial_limit_bytes: 512 * MIB,
            initial_limit: InitialLimit::BySurvival,
            // `heap-controller.cc`, constants at the type.
            growth: Growth::V8(V8Growth::default()),
            // `heap.h`: `kExternalAllocationSoftLimit`.
            external_growth_bytes: 64 * MIB,
            // `heap.cc`, `Heap::AllocateExternalBackingStore`: twice `kMaxSemiSpaceSize`.
            young_external_bytes: 32 * MIB,
            young_external_survivors: true,
            limit_test: LimitTest::AfterScavenge,
        },
        marking: MarkingPacing {
            // V8 marks on other threads while the program runs, and new objects keep nothing alive that is dead when it
            // ends. Steps on the program's own thread would end later, and keep what died meanwhile. A collection in one
            // pause is nearer to both. The figures below are for a heap that is told to mark in steps.
            incremental: false,
            // `heap.cc`, `Heap::IncrementalMarkingLimitReached`: the hard limit, at once, when nothing is available.
            start_percent: 100,
            // The soft limit, in a task, when less is available than new space holds: of a heap of 64 MiB with the
            // largest new space, whose limit is 272 MiB, that is 92 percent of the way.
            idle_start_percent: 92,
            // `incremental-marking.h`: `kYoungGenerationAllocatedThreshold`.
            step_bytes: 64 * KIB,
            // V8 has marking end by the clock, after half a second; scavenges that find much alive take up to 10 ms.
            max_minor_collections: 64,
        },
        compaction: Compaction {
            // V8 does not slide.
            slide_percent: 101,
            // `mark-compact.cc`, `ComputeEvacuationHeuristics`: pages of which 70 percent are free, 4 MB of objects at most,
            // however little is free in all.
            fragmented_percent: 0,
            sparse_percent: 30,
            evacuate_bytes: 4 * MIB,
        },
        // `memory-reducer.h`, of 11.3: the times are those at the type, and three collections at most.
        reducer: Reducer { max_runs: 3, ..Reducer::default() },
        // `heap.cc`, `Heap::HeapSizeFromPhysicalMemory`: 4 GB where there are 15 GB of memory or more.
        max_old_bytes: 4 * GIB,
        // `globals.h`: `kMaxRegularHeapObjectSize`, half a page.
        large_object_bytes: MAX_SMALL_BYTES,
        pages: Some(PageLayout::V8),
        pretenuring: Some(Pretenuring::default()),
        futility: Some(Futility::default()),
        ..Config::default()
    }
}

/// The initial heap of the JVM: a 64th of the memory of the machine (`gc_globals.hpp`: `InitialRAMPercentage`, 1.5625).
const JVM_INITIAL_BYTES: u64 = 8 * GIB / 64;
/// The young generation: a third of it (`gc_globals.hpp`: `NewRatio`, 2).
const JVM_YOUNG_BYTES: u64 = JVM_INITIAL_BYTES / 3;

fn jvm_serial() -> Config {
    // Eden takes eight tenths of the young generation, and each survivor space one (`gc_globals.hpp`: `SurvivorRatio`, 8).
    // A scavenge comes when eden is full. Here what has survived takes its room from the same semispace: the more
    // survives, up to an eighth of it, the earlier the next scavenge comes, which the JVM's does not.
    let semispace_bytes = JVM_YOUNG_BYTES / 10 * 8;
    Config {
        new_space: NewSpaceSizing {
            // The JVM changes it only with the heap, in full collections (`defNewGeneration.cpp`, `compute_new_size`);
            // here it keeps its initial size.
            initial_bytes: semispace_bytes,
            max_bytes: semispace_bytes,
            max_growth_survival_percent: None,
            max_minor_pause: None,
            // It does not shrink while the program is idle.
            idle_bytes_per_ms: 0,
            growth: NewSpaceGrowth::AtOnce,
        },
        promotion: Promotion {
            // `gc_globals.hpp`: `MaxTenuringThreshold` is 15. Objects have no more than MAX_AGE here. The JVM also lowers the
            // threshold where survivors take more than half of a survivor space (`TargetSurvivorRatio`).
            age: MAX_AGE,
            // One survivor space is an eighth of eden.
            to_space_percent: Some(12),
            all_at_full: false,
        },
        pacing: OldPacing {
            // The old generation is collected when it is full, and is two thirds of the initial heap at first.
            initial_limit_bytes: JVM_INITIAL_BYTES - JVM_YOUNG_BYTES,
            initial_limit: InitialLimit::Least,
            // `gc_globals.hpp`: `MinHeapFreeRatio`, 40: after a full collection at least so much is free, so the next one
            // comes at 100 / 60 of what lives. `MinHeapDeltaBytes`: `-XX:+PrintFlagsFinal` of 17 prints 196608.
            // `MaxHeapFreeRatio`, by which a heap shrinks again, is not modelled.
            growth: Growth::Percent(PercentGrowth { growth_percent: 167, min_growth_bytes: 192 * KIB }),
            // Direct buffers make the JVM collect at `MaxDirectMemorySize` only. That is not modelled: the limits of external
            // memory are Tenure's own.
            ..OldPacing::default()
        },
        // Full collections stop the program and slide (`genMarkSweep.cpp`, `serialFullGC.cpp`).
        marking: MarkingPacing { incremental: false, ..MarkingPacing::default() },
        compaction: Compaction { slide_percent: 0, fragmented_percent: 101, ..Compaction::default() },
        reducer: Reducer { max_runs: 0, ..Reducer::default() },
        // `gc_globals.hpp`: `MaxRAMPercentage`, 25; two thirds of it are the old generation.
        max_old_bytes: 8 * GIB / 4 / 3 * 2,
        ..Config::default()
    }
}

fn ocaml() -> Config {
    Config {
        new_space: NewSpaceSizing {
            // `runtime/caml/config.h`: `Minor_heap_def`, 256 Ki words. It changes only if the program asks for it.
            initial_bytes: 2 * MIB,
            max_bytes: 2 * MIB,
            max_growth_survival_percent: None,
            max_minor_pause: None,
            idle_bytes_per_ms: 0,
            growth: NewSpaceGrowth::AtOnce,
        },
        // `runtime/minor_gc.c`, `oldify_one`: what survives is promoted at once.
        promotion: Promotion { age: 0, to_space_percent: None, all_at_full: true },
        pacing: OldPacing {
            // `runtime/caml/config.h`: `Percent_free_def`, 120: the major heap is collected so fast that garbage takes no
            // more than 120 percent of what lives.
            growth: Growth::Percent(PercentGrowth { growth_percent: 220, min_growth_bytes: 2 * MIB }),
            // Nothing is known before the first cycle: as much as the least growth, one minor heap.
            initial_limit_bytes: 2 * MIB,
            // `Custom_major_ratio_def` and `Custom_minor_ratio_def`, by which blocks with memory outside of the heap speed
            // the collector up, are not modelled: the limits of external memory are Tenure's own.
            ..OldPacing::default()
        },
        // `runtime/major_gc.c`: a slice of marking and sweeping follows each minor collection, and a new cycle starts when
        // one has ended.
        marking: MarkingPacing {
            incremental: true,
            start_percent: 0,
            idle_start_percent: 0,
            ..MarkingPacing::default()
        },
        // OCaml 5 compacts only if the program asks for it (`Gc.compact`, since 5.2).
        compaction: Compaction { slide_percent: 101, fragmented_percent: 101, ..Compaction::default() },
        reducer: Reducer { max_runs: 0, ..Reducer::default() },
        // `Max_young_wosize`, 256 words, is not modelled: longer blocks are born in the major heap there, and here only from
        // `MAX_SMALL_BYTES` on. Large objects take pages of their own in Tenure, too much for blocks of 2 KiB.
        // The heap has no maximum.
        max_old_bytes: MAX_OLD_BYTES,
        ..Config::default()
    }
}

#[cfg(test)]
mod tests {
    use super::{Preset, v8_semispace_bytes};

    #[test]
    fn every_preset_is_a_valid_configuration_and_has_its_own_name() {
        for preset in Preset::ALL {
            assert_eq!(preset.config().validate(), Ok(()), "{}", preset.name());
            assert_eq!(Preset::named(preset.name()), Some(preset));
        }
        assert_eq!(Preset::named("v8"), None);
    }

    #[test]
    fn a_semispace_is_as_large_as_node_20_says() {
        assert_eq!(v8_semispace_bytes(1), 1_030_880);
    }
}
