//! When a marking starts, and how fast it must go.

/// The rules of incremental marking.
///
/// **Start.** Let L be what the last marking left alive and M the limit up to which the old generation may grow. The
/// next marking starts when it has grown by [`start_percent`](MarkingPacing::start_percent) of M - L.
///
/// **Pace.** The marking must end before the old generation reaches M, whatever the program does. Say that it starts
/// at U bytes. No more than U bytes can be reachable then, so there are at most W = U bytes to mark: what becomes old
/// later is born black. Between two scavenges the old generation does not grow; a scavenge adds at most what new space
/// and the allowance for young large objects hold, R bytes together (R is the *reserve*).
/// So the marking is asked to have done, after each scavenge, the share of W that the old generation has used up of
/// M - 2 R - U, and to catch up by the next scavenge, in equal steps of
/// [`step_bytes`](MarkingPacing::step_bytes) of allocation. The scavenge that takes the old generation past M - 2 R, where
/// all of W is due, leaves it below M - R; by the next one all of W is done, and that one adds at most R. So the marking
/// ends below M.
///
/// A step marks at most W / (M - 2 R - U) bytes for each byte that it waits for: the dearest step is bounded by the
/// settings, and the program cannot make it dearer by allocating faster or by promoting everything at once, which only
/// makes all steps as dear as the dearest.
///
/// A program that promotes nothing would never finish a marking, so each scavenge asks for at least one
/// [`max_minor_collections`](MarkingPacing::max_minor_collections)-th of W besides.
///
/// Where a heap is small beside its new space, M - 2 R may lie below U. Then M is raised to U + 3 R for this marking, if
/// the maximum of the heap allows it; if not, the marking is done at once, in one pause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarkingPacing {
    /// Mark in steps. Otherwise full collections stop the program.
    pub incremental: bool,
    /// Share of the growth from what is alive to the limit at which a marking starts, in percent.
    pub start_percent: u8,
    /// The same for a marking that starts in idle time: earlier, since idle time costs nothing.
    pub idle_start_percent: u8,
    /// Allocation between two steps, in bytes (V8, `incremental-marking.cc`: 64 KiB).
    pub step_bytes: u64,
    /// Scavenges after which a marking is done at the latest.
    pub max_minor_collections: u32,
}

impl Default for MarkingPacing {
    fn default() -> Self {
        MarkingPacing {
            incremental: true,
            start_percent: 60,
            idle_start_percent: 40,
            step_bytes: 64 << 10,
            max_minor_collections: 64,
        }
    }
}

/// An amount in bytes that grows from where a marking started towards where it must have ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Course {
    /// The amount when the marking started.
    pub from_bytes: u64,
    /// The amount at which all of the marking is due.
    pub until_bytes: u64,
}

/// The pace of one marking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarkingPace {
    old: Course,
    external: Course,
    /// Most that there can be to mark, in bytes.
    work_bytes: u64,
    max_minor_collections: u32,
}

impl Course {
    /// The share of `work` that is due once the amount is `now_bytes`.
    fn due(self, work: u64, now_bytes: u64) -> u64 {
        let (gone, way) =
            (now_bytes.saturating_sub(self.from_bytes), self.until_bytes.saturating_sub(self.from_bytes));
        if gone >= way { work } else { (u128::from(work) * u128::from(gone) / u128::from(way)) as u64 }
    }
}

impl MarkingPacing {
    /// The amount at which a marking starts: `percent` of the way from what was alive to the limit.
    #[must_use]
    pub fn start_bytes(live_bytes: u64, limit_bytes: u64, percent: u8) -> u64 {
        let growth = limit_bytes.saturating_sub(live_bytes);
        live_bytes + growth / 100 * u64::from(percent)
    }

    /// The limit of an old generation of `old_bytes` while it is marked: as it is, or raised so that there is room
    /// for a marking. `None` if the maximum leaves no such room.
    #[must_use]
    pub fn limit_while_marking(
        &self,
        old_bytes: u64,
        limit_bytes: u64,
        reserve_bytes: u64,
        max_bytes: u64,
    ) -> Option<u64> {
        let limit = limit_bytes.max(old_bytes + 3 * reserve_bytes).min(max_bytes);
        (limit > old_bytes + 2 * reserve_bytes).then_some(limit)
    }

    /// The pace of a marking of an old generation, as large as it is now, on its way to `limit_bytes`.
    #[must_use]
    pub fn pace(
        &self,
        old_bytes: u64,
        limit_bytes: u64,
        reserve_bytes: u64,
        external: Course,
    ) -> MarkingPace {
        let until_bytes = limit_bytes.saturating_sub(2 * reserve_bytes);
        let old = Course { from_bytes: old_bytes, until_bytes };
        MarkingPace {
            old,
            external,
            work_bytes: old_bytes,
            max_minor_collections: self.max_minor_collections,
        }
    }
}

impl MarkingPace {
    /// Bytes that must have been marked by the end of the current interval between scavenges, the `minors`-th since the
    /// marking started.
    #[must_use]
    pub fn due_bytes(&self, old_bytes: u64, external_bytes: u64, minors: u64) -> u64 {
        let by_growth =
            self.old.due(self.work_bytes, old_bytes).max(self.external.due(self.work_bytes, external_bytes));
        let by_time = Course { from_bytes: 0, until_bytes: self.max_minor_collections.into() };
        by_growth.max(by_time.due(self.work_bytes, minors))
    }

    /// Whether so many bytes due are all that there can be.
    #[must_use]
    pub fn is_all(&self, due_bytes: u64) -> bool {
        due_bytes >= self.work_bytes
    }
}

#[cfg(test)]
mod tests {
    use super::{Course, MarkingPacing};

    const MIB: u64 = 1 << 20;
    const PACING: MarkingPacing = MarkingPacing {
        incremental: true,
        start_percent: 50,
        idle_start_percent: 30,
        step_bytes: 64 << 10,
        max_minor_collections: 10,
    };
    const STILL: Course = Course { from_bytes: 0, until_bytes: MIB };

    #[test]
    fn a_marking_starts_on_the_way_to_the_limit() {
        assert_eq!(MarkingPacing::start_bytes(100 * MIB, 200 * MIB, 50), 150 * MIB);
        assert_eq!(MarkingPacing::start_bytes(100 * MIB, 100 * MIB, 50), 100 * MIB);
    }

    #[test]
    fn the_share_due_is_the_share_of_the_growth_used_up() {
        let pace = PACING.pace(100, 220, 10, STILL);
        assert_eq!([100, 125, 150, 200, 900].map(|old| pace.due_bytes(old, 0, 0)), [0, 25, 50, 100, 100]);
    }

    #[test]
    fn external_memory_hurries_a_marking_too() {
        let pace = PACING.pace(1_000, 9_000, 0, Course { from_bytes: 0, until_bytes: 10 });
        assert_eq!(pace.due_bytes(1_000, 5, 0), 500);
    }

    #[test]
    fn a_marking_ends_even_if_nothing_grows() {
        let pace = PACING.pace(1_000, 9_000, 0, STILL);
        assert_eq!([0, 1, 9, 10].map(|minors| pace.due_bytes(1_000, 0, minors)), [0, 100, 900, 1_000]);
    }

    #[test]
    fn a_small_heap_is_given_room_to_be_marked_in() {
        let limit = |old, max| PACING.limit_while_marking(old, 10 * MIB, 2 * MIB, max);
        assert_eq!(limit(MIB, 100 * MIB), Some(10 * MIB));
        assert_eq!(limit(9 * MIB, 100 * MIB), Some(15 * MIB));
        assert_eq!(limit(9 * MIB, 14 * MIB), Some(14 * MIB));
        assert_eq!(limit(9 * MIB, 13 * MIB), None);
    }

    /// A program that promotes as much as it can, after having promoted next to nothing for a while.
    #[test]
    fn a_marking_that_keeps_its_pace_ends_below_the_limit() {
        let (start, limit) = (100 * MIB, 200 * MIB);
        for (lazy, reserve) in [(0, 8 * MIB), (3, 7 * MIB), (40, 13 * MIB)] {
            let pace =
                MarkingPacing { max_minor_collections: 1_000, ..PACING }.pace(start, limit, reserve, STILL);
            let (mut old, mut marked, mut minors) = (start, 0, 0);
            while marked < start {
                marked = pace.due_bytes(old, 0, minors);
                minors += 1;
                old += if minors > lazy { reserve } else { 1 };
            }
            assert!(old <= limit, "{lazy}: {old}");
        }
    }
}
