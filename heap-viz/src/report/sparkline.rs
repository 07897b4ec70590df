//! The size of the heap over time, in one line.

use crate::curve::CurvePoint;
use gc_core::event::Nanos;

/// Eighths of a line, from least to most.
const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// A bar for each of `columns` equal parts of the time to `run_end`: the most in use in it, or what was in use before,
/// where `peak_bytes` is a full bar.
pub(super) fn sparkline(points: &[CurvePoint], run_end: Nanos, peak_bytes: u64, columns: usize) -> String {
    let mut ahead = points.iter().peekable();
    let mut used_bytes = 0;
    let next_bar = |column| {
        let mut inside =
            std::iter::from_fn(|| ahead.next_if(|point| column_of(point.at, run_end, columns) <= column));
        if let Some(first) = inside.next() {
            used_bytes =
                inside.fold(first.used_before_bytes, |most, point| most.max(point.used_before_bytes));
        }
        bar(used_bytes, peak_bytes)
    };
    (0..columns).map(next_bar).collect()
}

/// The column that a time belongs to; of the end of the run, one past the last.
fn column_of(at: Nanos, run_end: Nanos, columns: usize) -> usize {
    let column = u128::from(at.0) * columns as u128 / u128::from(run_end.0.max(1));
    usize::try_from(column).unwrap_or(usize::MAX)
}

fn bar(used_bytes: u64, peak_bytes: u64) -> char {
    let highest = BARS.len() - 1;
    let height = used_bytes as f64 / peak_bytes.max(1) as f64 * highest as f64;
    BARS[(height.round() as usize).min(highest)]
}

#[cfg(test)]
mod tests {
    use super::sparkline;
    use crate::curve::CurvePoint;
    use gc_core::event::Nanos;

    #[track_caller]
    fn check(sizes: &[(u64, u64)], expected: &str) {
        let point = |&(at, used_before_bytes)| CurvePoint {
            at: Nanos(at),
            used_before_bytes,
            used_after_bytes: 0,
            total_bytes: 0,
        };
        let points: Vec<_> = sizes.iter().map(point).collect();
        assert_eq!(sparkline(&points, Nanos(4_800), 70, 48), expected);
    }

    #[test]
    fn bars_stand_where_the_time_says_and_last_until_the_next() {
        let expected = "▁".repeat(12) + &"▄".repeat(24) + &"█".repeat(12);
        check(&[(1_200, 30), (3_600, 70)], &expected);
    }

    #[test]
    fn of_several_sizes_in_one_column_the_largest_shows() {
        let expected = "█".to_owned() + &"▂".repeat(47);
        check(&[(0, 10), (10, 70), (20, 10), (100, 10)], &expected);
    }

    #[test]
    fn sizes_at_or_after_the_end_do_no_harm() {
        check(&[(4_800, 70), (u64::MAX, 70)], &"▁".repeat(48));
    }
}
