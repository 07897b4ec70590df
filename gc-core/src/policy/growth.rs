//! How far the old generation may grow before it is collected again.

use super::speeds::Speeds;

/// The rule that sets the limit of the old generation after each marking.
///
/// With the limit M, the live bytes L and speeds that stay as they are, a cycle takes (M - L) / a of the program's time
/// and L / s of the collector's, a being the speed at which the program fills the old generation and s that at which it
/// is marked. A larger M costs memory and saves time; the rules differ in what they hold constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Growth {
    /// The same factor always.
    Percent(PercentGrowth),
    /// A factor by the speeds: the program gets a fixed share of the time.
    V8(V8Growth),
    /// Growth by the square root of what lives: a byte more saves the same time in every heap.
    SquareRoot(SquareRootGrowth),
}

/// M = L * growth_percent / 100, and at least `min_growth_bytes` more than L.
///
/// Marking costs in proportion to L, so it costs a constant share 1 / (F - 1) of promotion work however large the heap:
/// that is why the limit is a multiple and not a step. The least growth keeps small heaps from collecting at every
/// scavenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PercentGrowth {
    /// The next limit as a percentage of what lives. More than 100.
    pub growth_percent: u32,
    /// Least growth, in bytes.
    pub min_growth_bytes: u64,
}

impl Default for PercentGrowth {
    fn default() -> Self {
        PercentGrowth { growth_percent: 200, min_growth_bytes: 16 << 20 }
    }
}

/// V8's rule (`heap-controller.cc`: `MemoryController::GrowingFactor`, `CalculateAllocationLimit`).
///
/// The program is to have the share U of the time. In a cycle that ends at the limit M = F * L the collector runs for
/// G = M / s: V8 counts what is there at its start, not what lives. The program runs for (M - L) / a, which is to be
/// G * U / (1 - U). With R = s / a and both divided by L, (F - 1) * R * (1 - U) = F * U, so
///
/// F = R (1 - U) / (R (1 - U) - U).
///
/// If the collector is slow, R (1 - U) <= U, no factor would do and the largest is taken. To the limit V8 adds the
/// capacity of new space, all of which one scavenge can promote; and it goes no further than half-way to the maximum, so
/// that a heap that fills up is collected more and more often before it is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct V8Growth {
    /// U in percent (V8 `heap-controller.h`, `kTargetMutatorUtilization`: 0.97).
    pub utilisation_percent: u32,
    /// The least factor in percent (`kMinGrowingFactor`: 1.1).
    pub min_factor_percent: u32,
    /// The largest factor in percent. `None` is V8's own: 4.0 for a maximum of 2 GiB and more, and below that from
    /// 1.3 at 256 MiB to 2.0 at 2 GiB (`MaxGrowingFactor`).
    pub max_factor_percent: Option<u32>,
    /// Least growth in bytes, besides new space (`MinimumAllocationLimitGrowingStep`: 8 MB).
    pub min_growth_bytes: u64,
}

impl Default for V8Growth {
    fn default() -> Self {
        V8Growth {
            utilisation_percent: 97,
            min_factor_percent: 110,
            max_factor_percent: None,
            min_growth_bytes: 8 << 20,
        }
    }
}

/// The rule of MemBalancer (Kirisame, Shenoy and Panchekha: *Optimal Heap Limits for Reducing Browser Memory Use*,
/// OOPSLA 2022; in V8 `memory-balancer.cc`).
///
/// Per second of the program's time the collector takes a L / (s (M - L)). The derivative by M, a L / (s (M - L)^2), is
/// the time that one more byte saves. Among several heaps memory is best given so that it is the same number c in all,
/// or moving a byte from one to another would gain time. Solved for the limit:
///
/// M = L + sqrt(L * a / s / c).
///
/// A large heap grows by a smaller part of its size than a small one, and a busy one by more than a quiet one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SquareRootGrowth {
    /// 1 / c, in bytes: the larger, the more memory is used (V8's flag `memory_balancer_c_value`: c is 3e-10 a byte).
    pub inverse_c_bytes: u64,
    /// Least growth in bytes, besides new space (V8 `memory-balancer.cc`, `kMinHeapExtraSpace`: 2 MB).
    pub min_growth_bytes: u64,
}

impl Default for SquareRootGrowth {
    fn default() -> Self {
        SquareRootGrowth { inverse_c_bytes: 3_333_333_333, min_growth_bytes: 2 << 20 }
    }
}

impl Default for Growth {
    fn default() -> Self {
        Growth::Percent(PercentGrowth::default())
    }
}

/// How freely the old generation grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// As the rule has it.
    Usual,
    /// By no more than 30 percent, or the least growth: the program was idle, and memory has been reduced (V8
    /// `heap-controller.h`, `kConservativeGrowingFactor`: 1.3).
    Slow,
}

/// What a marking has left, and what is known of the heap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marked {
    /// Bytes alive in the old generation.
    pub live_bytes: u64,
    /// Most that the old generation may take, in bytes.
    pub max_bytes: u64,
    /// Capacity of a semispace, in bytes.
    pub new_space_bytes: u64,
    /// The speeds measured so far.
    pub speeds: Speeds,
    /// How freely to grow.
    pub pace: Pace,
}

/// The factor of [`Pace::Slow`], in percent.
const SLOW_PERCENT: u32 = 130;

/// One, in parts per million.
const ONE_PPM: u64 = 1_000_000;
/// A percent, in parts per million.
const PERCENT_PPM: u64 = ONE_PPM / 100;

impl Growth {
    /// Least growth between two full collections, in bytes.
    pub(super) fn min_growth_bytes(&self) -> u64 {
        match self {
            Growth::Percent(rule) => rule.min_growth_bytes,
            Growth::V8(rule) => rule.min_growth_bytes,
            Growth::SquareRoot(rule) => rule.min_growth_bytes,
        }
    }

    /// The size of the old generation at which the next full collection is due, at most the maximum.
    #[must_use]
    pub fn limit_after(&self, marked: &Marked) -> u64 {
        let limit_bytes = match self {
            Growth::Percent(rule) => rule.limit(marked),
            Growth::V8(rule) => rule.limit(marked),
            Growth::SquareRoot(rule) => rule.limit(marked),
        };
        limit_bytes.min(marked.max_bytes)
    }
}

impl Pace {
    /// A factor in percent, held down if growth is to be slow.
    fn hold(self, percent: u32) -> u32 {
        match self {
            Pace::Usual => percent,
            Pace::Slow => percent.min(SLOW_PERCENT),
        }
    }
}

impl PercentGrowth {
    fn limit(&self, marked: &Marked) -> u64 {
        let factor_ppm = u64::from(marked.pace.hold(self.growth_percent)) * PERCENT_PPM;
        scaled(marked.live_bytes, factor_ppm).max(marked.live_bytes.saturating_add(self.min_growth_bytes))
    }
}

impl V8Growth {
    fn limit(&self, marked: &Marked) -> u64 {
        let live_bytes = marked.live_bytes;
        let grown = scaled(live_bytes, self.factor_ppm(marked));
        let least = live_bytes.saturating_add(self.min_growth_bytes);
        let half_way = live_bytes + marked.max_bytes.saturating_sub(live_bytes) / 2;
        grown.max(least).saturating_add(marked.new_space_bytes).min(half_way)
    }

    fn factor_ppm(&self, marked: &Marked) -> u64 {
        let max_percent = self.max_factor_percent.unwrap_or_else(|| v8_max_factor_percent(marked.max_bytes));
        let max_ppm = u64::from(marked.pace.hold(max_percent)) * PERCENT_PPM;
        let min_ppm = u64::from(self.min_factor_percent) * PERCENT_PPM;
        self.wanted_factor_ppm(&marked.speeds).unwrap_or(max_ppm).min(max_ppm).max(min_ppm)
    }

    /// F; none if the speeds are not known yet or no factor is large enough.
    fn wanted_factor_ppm(&self, speeds: &Speeds) -> Option<u64> {
        let program = u128::from(self.utilisation_percent.min(100));
        let collection = u128::from(speeds.collection.bytes_per_second()?) * (100 - program);
        let allocation = u128::from(speeds.allocation.bytes_per_second()?) * program;
        let surplus = collection.checked_sub(allocation).filter(|surplus| *surplus > 0)?;
        u64::try_from(collection.saturating_mul(ONE_PPM.into()) / surplus).ok()
    }
}

/// V8's largest factor in percent for an old generation of up to `max_bytes`.
fn v8_max_factor_percent(max_bytes: u64) -> u32 {
    const LOW: u64 = 256 << 20;
    const HIGH: u64 = 2 << 30;
    if max_bytes >= HIGH {
        return 400;
    }
    130 + ((200 - 130) * max_bytes.saturating_sub(LOW) / (HIGH - LOW)) as u32
}

impl SquareRootGrowth {
    fn limit(&self, marked: &Marked) -> u64 {
        let live_bytes = marked.live_bytes;
        // Before anything is known, as much again as lives: the default of the simplest rule.
        let extra_bytes = self.extra_bytes(live_bytes, &marked.speeds).unwrap_or(live_bytes);
        let extra_bytes = match marked.pace {
            Pace::Usual => extra_bytes,
            Pace::Slow => extra_bytes.min(scaled(live_bytes, u64::from(SLOW_PERCENT - 100) * PERCENT_PPM)),
        };
        let grown = live_bytes.saturating_add(extra_bytes.max(self.min_growth_bytes));
        grown.saturating_add(marked.new_space_bytes)
    }

    /// The square root; none if the speeds are not known yet.
    fn extra_bytes(&self, live_bytes: u64, speeds: &Speeds) -> Option<u64> {
        let allocation = u128::from(speeds.allocation.bytes_per_second()?);
        let collection = u128::from(speeds.collection.bytes_per_second()?);
        let square =
            u128::from(live_bytes).saturating_mul(allocation).saturating_mul(self.inverse_c_bytes.into());
        u64::try_from((square / collection).isqrt()).ok()
    }
}

/// `bytes` times a factor in parts per million.
fn scaled(bytes: u64, factor_ppm: u64) -> u64 {
    let scaled = u128::from(bytes) * u128::from(factor_ppm) / u128::from(ONE_PPM);
    u64::try_from(scaled).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Growth, Marked, Pace, PercentGrowth, SquareRootGrowth, V8Growth};
    use crate::event::Nanos;
    use crate::policy::{Rate, Speeds};

    const KIB: u64 = 1 << 10;
    const MIB: u64 = 1 << 20;
    const GIB: u64 = 1 << 30;

    /// The collector's speed over the program's, as a fraction.
    fn speeds(collection: u64, allocation: u64) -> Speeds {
        let rate = |bytes| Rate { bytes, time: Nanos(1_000_000) };
        Speeds { allocation: rate(allocation), collection: rate(collection) }
    }

    fn marked(live_bytes: u64, max_bytes: u64) -> Marked {
        let (new_space_bytes, pace) = (16 * MIB, Pace::Usual);
        Marked { live_bytes, max_bytes, new_space_bytes, speeds: Speeds::default(), pace }
    }

    #[test]
    fn the_limit_is_a_multiple_of_what_lives() {
        assert_eq!(Growth::default().limit_after(&marked(100 * MIB, 1_000 * MIB)), 200 * MIB);
    }

    #[test]
    fn a_small_heap_may_grow_by_a_step_before_it_is_collected() {
        assert_eq!(Growth::default().limit_after(&marked(MIB, 1_000 * MIB)), 17 * MIB);
    }

    #[test]
    fn no_rule_exceeds_the_maximum() {
        let (v8, square_root) = (V8Growth::default(), SquareRootGrowth::default());
        for growth in [Growth::default(), Growth::V8(v8), Growth::SquareRoot(square_root)] {
            for speeds in [speeds(1, 1), speeds(u64::MAX, 1), speeds(1, u64::MAX), Speeds::default()] {
                for (live_bytes, max_bytes) in [(900 * MIB, 1_000 * MIB), (u64::MAX, u64::MAX), (0, 0)] {
                    let limit = growth.limit_after(&Marked { speeds, ..marked(live_bytes, max_bytes) });
                    assert!((live_bytes..=max_bytes).contains(&limit), "{growth:?}: {limit}");
                }
            }
        }
    }

    #[test]
    fn slow_growth_is_30_percent() {
        let slow = Marked { pace: Pace::Slow, speeds: speeds(1, 1), ..marked(100 * MIB, 4 * GIB) };
        assert_eq!(Growth::default().limit_after(&slow), 130 * MIB);
        assert_eq!(Growth::V8(V8Growth::default()).limit_after(&slow), 146 * MIB);
        let square_root = SquareRootGrowth { inverse_c_bytes: GIB, ..SquareRootGrowth::default() };
        assert_eq!(Growth::SquareRoot(square_root).limit_after(&slow), 146 * MIB);
    }

    /// V8's factor in thousandths.
    #[track_caller]
    fn check_factor(speeds: Speeds, max_bytes: u64, expected: u64) {
        let factor_ppm = V8Growth::default().factor_ppm(&Marked { speeds, ..marked(0, max_bytes) });
        assert_eq!(factor_ppm / 1_000, expected);
    }

    #[test]
    fn v8_gives_the_program_97_percent_of_the_time() {
        // R = 97: F = 97 * 0.03 / (97 * 0.03 - 0.97) = 1.5.
        check_factor(speeds(97, 1), 4 * GIB, 1_500);
        // R = 64 2/3: F = 1.94 / 0.97 = 2.
        check_factor(speeds(194, 3), 4 * GIB, 2_000);
    }

    #[test]
    fn v8_clamps_the_factor() {
        check_factor(speeds(1_000, 1), 4 * GIB, 1_100);
        check_factor(speeds(40, 1), 4 * GIB, 4_000);
        // Here R (1 - U) < U: no factor is large enough.
        check_factor(speeds(10, 1), 4 * GIB, 4_000);
        check_factor(Speeds::default(), 4 * GIB, 4_000);
    }

    #[test]
    fn v8_holds_the_factor_of_small_heaps_down() {
        check_factor(Speeds::default(), 2 * GIB, 4_000);
        check_factor(Speeds::default(), 2 * GIB - 1, 1_990);
        check_factor(Speeds::default(), (2 * GIB + 256 * MIB) / 2, 1_650);
        check_factor(Speeds::default(), 256 * MIB, 1_300);
        check_factor(Speeds::default(), MIB, 1_300);
    }

    #[test]
    fn v8_limits_are_those_that_node_20_printed() {
        let v8 = Growth::V8(V8Growth::default());
        // With a maximum of 2 GiB: 42.5 MiB -> 42.5 * 4 + 16, and 638 -> half-way.
        assert_eq!(v8.limit_after(&marked(42_500 * KIB, 2 * GIB)), 4 * 42_500 * KIB + 16 * MIB);
        assert_eq!(v8.limit_after(&marked(638 * MIB, 2 * GIB)), 1_343 * MIB);
        assert_eq!(v8.limit_after(&marked(MIB, 2 * GIB)), 25 * MIB);
    }

    #[test]
    fn v8_can_be_pinned_to_a_factor() {
        let pinned =
            V8Growth { min_factor_percent: 200, max_factor_percent: Some(200), ..V8Growth::default() };
        let limit =
            Growth::V8(pinned).limit_after(&Marked { speeds: speeds(97, 1), ..marked(100 * MIB, 4 * GIB) });
        assert_eq!(limit, 216 * MIB);
    }

    fn square_root(live_bytes: u64, speeds: Speeds, inverse_c_bytes: u64) -> u64 {
        let rule = SquareRootGrowth { inverse_c_bytes, ..SquareRootGrowth::default() };
        Growth::SquareRoot(rule).limit_after(&Marked { speeds, ..marked(live_bytes, 4 * GIB) })
    }

    #[test]
    fn the_square_root_is_that_of_live_bytes_by_speeds() {
        // sqrt(64 MiB * 1/4 * 1 GiB) = 128 MiB.
        assert_eq!(square_root(64 * MIB, speeds(4, 1), GIB), (64 + 128 + 16) * MIB);
    }

    #[test]
    fn four_times_the_live_bytes_double_the_growth() {
        let growth = |live| square_root(live, speeds(4, 1), GIB) - live - 16 * MIB;
        assert_eq!(growth(256 * MIB), 2 * growth(64 * MIB));
    }

    #[test]
    fn a_quiet_heap_keeps_the_least_growth() {
        assert_eq!(square_root(64 * MIB, speeds(1 << 40, 1), GIB), (64 + 2 + 16) * MIB);
    }

    #[test]
    fn without_speeds_the_square_root_rule_doubles() {
        assert_eq!(square_root(64 * MIB, Speeds::default(), GIB), (64 + 64 + 16) * MIB);
    }

    #[test]
    fn a_percentage_ignores_the_speeds() {
        let growth = Growth::Percent(PercentGrowth { growth_percent: 150, min_growth_bytes: 0 });
        for speeds in [speeds(1, 1), speeds(1_000, 1)] {
            assert_eq!(growth.limit_after(&Marked { speeds, ..marked(10 * MIB, GIB) }), 15 * MIB);
        }
    }
}
