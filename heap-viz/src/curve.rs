//! The size of the heap over time, in a fixed number of points.

use crate::record::mirror::NanosDef;
use crate::thinned::{Absorb, Thinned};
use gc_core::event::{Nanos, Pause};
use serde::Serialize;

/// Points that a curve keeps at most: more than a page is wide.
const MAX_POINTS: usize = 256;

/// The size of the heap at its pauses. Once there are more pauses than points, a point stands for several.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeapCurve(Thinned<CurvePoint, MAX_POINTS>);

/// The size of the heap around one pause, or around several in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct CurvePoint {
    /// When the first of them started.
    #[serde(rename = "at_ns", with = "NanosDef")]
    pub at: Nanos,
    /// Bytes of objects when the program was stopped: the most.
    pub used_before_bytes: u64,
    /// Bytes of objects when it went on: the least.
    pub used_after_bytes: u64,
    /// Bytes that all spaces took: the most.
    pub total_bytes: u64,
}

impl HeapCurve {
    /// The points, in order of time.
    #[must_use]
    pub fn points(&self) -> &[CurvePoint] {
        self.0.elements()
    }

    /// Appends a pause.
    pub fn push(&mut self, pause: &Pause) {
        self.0.push(CurvePoint::of(pause));
    }
}

impl CurvePoint {
    fn of(pause: &Pause) -> Self {
        CurvePoint {
            at: pause.start,
            used_before_bytes: pause.before.heap_used(),
            used_after_bytes: pause.after.heap_used(),
            total_bytes: pause.before.heap_total().max(pause.after.heap_total()),
        }
    }
}

impl Absorb for CurvePoint {
    fn absorb(&mut self, later: CurvePoint) {
        self.used_before_bytes = self.used_before_bytes.max(later.used_before_bytes);
        self.used_after_bytes = self.used_after_bytes.min(later.used_after_bytes);
        self.total_bytes = self.total_bytes.max(later.total_bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::{Absorb, CurvePoint, HeapCurve, MAX_POINTS};
    use crate::record::sample;
    use gc_core::event::Nanos;

    fn curve(pauses: u64) -> HeapCurve {
        let mut curve = HeapCurve::default();
        (0..pauses).for_each(|n| curve.push(&sample::pause(n)));
        curve
    }

    #[test]
    fn few_pauses_have_a_point_each() {
        let starts: Vec<_> = curve(3).points().iter().map(|point| point.at).collect();
        assert_eq!(starts, [0, 1, 2].map(|n| sample::pause(n).start));
    }

    #[test]
    fn many_pauses_share_points() {
        for pauses in [257, 1_000, 100_000] {
            let curve = curve(pauses);
            let points = curve.points();
            assert!((MAX_POINTS / 2..=MAX_POINTS).contains(&points.len()), "{} points", points.len());
            assert!(points.is_sorted_by_key(|point| point.at));
        }
    }

    #[test]
    fn no_peak_is_lost_where_points_are_merged() {
        let mut curve = curve(100);
        let mut high = sample::pause(100);
        high.before.old_used = 1 << 40;
        curve.push(&high);
        (101..10_000).for_each(|n| curve.push(&sample::pause(n)));
        assert!(curve.points().iter().any(|point| point.used_before_bytes == high.before.heap_used()));
    }

    #[test]
    fn a_merged_point_spans_the_extremes_of_both() {
        let point = |at, before, after, total| CurvePoint {
            at: Nanos(at),
            used_before_bytes: before,
            used_after_bytes: after,
            total_bytes: total,
        };
        let mut merged = point(1, 10, 5, 20);
        merged.absorb(point(2, 9, 6, 30));
        assert_eq!(merged, point(1, 10, 5, 30));
    }
}
