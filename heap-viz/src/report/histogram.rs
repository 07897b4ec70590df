//! How many pauses there were of each length, in rows.

use crate::percentiles::{Durations, LENGTHS};
use crate::quantity::Time;

/// Eighths of a block, from least to most.
const EIGHTHS: [char; 8] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];

/// A row for each step of the lengths, from the first to the last that there were pauses of.
pub(super) fn histogram<'a>(durations: impl Iterator<Item = &'a Durations>) -> Vec<(String, u64)> {
    let mut all = Durations::default();
    durations.for_each(|some| all.add(some));
    let counts = all.counts();
    let Some(first) = counts.iter().position(|&count| count > 0) else { return Vec::new() };
    let last = counts.iter().rposition(|&count| count > 0).unwrap_or(first);
    (first..=last).map(|step| (name(step), counts[step])).collect()
}

fn name(step: usize) -> String {
    match LENGTHS.get(step) {
        Some(&bound) => format!("to {:#}", Time(bound)),
        None => "longer".into(),
    }
}

/// A bar that takes all `columns` if there are the `most`; what there is at all shows.
pub(super) fn bar(count: u64, most: u64, columns: usize) -> String {
    let eighths = (count as f64 / most.max(1) as f64 * (columns * 8) as f64).round() as usize;
    let eighths = eighths.max(usize::from(count > 0));
    let rest = (eighths % 8).checked_sub(1).map(|rest| EIGHTHS[rest]);
    "█".repeat(eighths / 8).chars().chain(rest).collect()
}

#[cfg(test)]
mod tests {
    use super::{bar, histogram};
    use crate::percentiles::Durations;
    use gc_core::event::Nanos;

    #[test]
    fn rows_go_from_the_shortest_to_the_longest_pause() {
        let mut durations = Durations::default();
        [150_000, 160_000, 900_000].into_iter().for_each(|ns| durations.record(Nanos(ns)));
        let rows = histogram([&durations].into_iter());
        let rows: Vec<_> = rows.iter().map(|(name, count)| (&name[..], *count)).collect();
        assert_eq!(rows, [("to 200 µs", 2), ("to 500 µs", 0), ("to 1 ms", 1)]);
        assert_eq!(histogram(std::iter::empty()), []);
    }

    #[test]
    fn pauses_beyond_all_steps_are_counted_too() {
        let mut durations = Durations::default();
        [0, 11_000_000_000].into_iter().for_each(|ns| durations.record(Nanos(ns)));
        let rows = histogram([&durations].into_iter());
        assert_eq!((rows[0].1, rows[22].1, &rows[22].0[..]), (1, 1, "longer"));
    }

    #[test]
    fn whatever_there_is_shows() {
        for (count, expected) in [(0, ""), (1, "▏"), (500, "██"), (1_000, "████"), (563, "██▎")]
        {
            assert_eq!(bar(count, 1_000, 4), expected, "{count}");
        }
    }
}
