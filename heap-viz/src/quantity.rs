//! Quantities as people read them: three digits and a unit that fits. `{:#}` leaves out zeros that say nothing.

mod duration;
mod size;

pub use duration::{Duration, DurationError};
use gc_core::event::Nanos;
pub use size::{Size, SizeError};
use std::fmt;

/// A number of bytes, in units of 1024: `1.50 MiB`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bytes(pub u64);

/// A length of time: `1.50 ms`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time(pub Nanos);

/// A number of things, which need not be whole: `1.50 M`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Count(pub f64);

/// A part of a whole, from 0 to 1: `15.0 %`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share(pub f64);

/// So many of something: `1 cell`, `2 cells`.
#[must_use]
pub fn counted(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

impl Share {
    /// `part` as a share of `whole`; zero of nothing.
    #[must_use]
    pub fn of(part: u64, whole: u64) -> Self {
        Share(if whole == 0 { 0.0 } else { part as f64 / whole as f64 })
    }
}

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        scaled(f, self.0 as f64, 1024.0, &[" B", " KiB", " MiB", " GiB", " TiB", " PiB"])
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        scaled(f, self.0.0 as f64, 1000.0, &[" ns", " µs", " ms", " s"])
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        scaled(f, self.0, 1000.0, &["", " k", " M", " G"])
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = self.0 * 100.0;
        let digits = if percent >= 99.95 { 0 } else { 1 };
        f.pad(&format!("{percent:.digits$} %"))
    }
}

/// Writes `value` in the first unit, each `step` times the one before, in which it stays below `step`.
fn scaled(f: &mut fmt::Formatter<'_>, mut value: f64, step: f64, units: &[&str]) -> fmt::Result {
    let mut unit = 0;
    // Half a unit less: 999.7 would be written as 1000.
    while value >= step - 0.5 && unit + 1 < units.len() {
        value /= step;
        unit += 1;
    }
    let digits = match value {
        _ if unit == 0 && value.fract() == 0.0 => 0,
        v if v < 9.995 => 2,
        v if v < 99.95 => 1,
        _ => 0,
    };
    let mut number = format!("{value:.digits$}");
    if f.alternate() && digits > 0 {
        number.truncate(number.trim_end_matches('0').trim_end_matches('.').len());
    }
    f.pad(&(number + units[unit]))
}

#[cfg(test)]
mod tests {
    use super::{Bytes, Count, Share, Time};
    use gc_core::event::Nanos;

    #[track_caller]
    fn check(quantities: &[(&dyn ToString, &str)]) {
        quantities.iter().for_each(|(quantity, text)| assert_eq!(quantity.to_string(), *text));
    }

    #[test]
    fn units_adapt() {
        check(&[
            (&Bytes(0), "0 B"),
            (&Bytes(1023), "1023 B"),
            (&Bytes(1536), "1.50 KiB"),
            (&Bytes(16 << 20), "16.0 MiB"),
            (&Bytes(28 << 30), "28.0 GiB"),
            (&Bytes(u64::MAX), "16384 PiB"),
            (&Time(Nanos(999)), "999 ns"),
            (&Time(Nanos(1_500)), "1.50 µs"),
            (&Time(Nanos(123_456_789)), "123 ms"),
            (&Time(Nanos(90_000_000_000)), "90.0 s"),
            (&Count(7.0), "7"),
            (&Count(0.25), "0.25"),
            (&Count(1_234_567.0), "1.23 M"),
        ]);
    }

    #[test]
    fn rounding_up_takes_the_next_unit() {
        check(&[
            (&Time(Nanos(999_700)), "1.00 ms"),
            (&Time(Nanos(9_999)), "10.0 µs"),
            (&Bytes((1 << 20) - 1), "1.00 MiB"),
        ]);
    }

    #[test]
    fn shares_are_percentages() {
        check(&[
            (&Share::of(1, 8), "12.5 %"),
            (&Share::of(0, 0), "0.0 %"),
            (&Share(1.0), "100 %"),
            (&Share(0.9994), "99.9 %"),
            (&Share(0.9996), "100 %"),
        ]);
    }

    #[test]
    fn zeros_that_say_nothing_can_be_left_out() {
        let texts = [0, 100, 1 << 20, 3 << 19, 100 << 20].map(|bytes| format!("{:#}", Bytes(bytes)));
        assert_eq!(texts, ["0 B", "100 B", "1 MiB", "1.5 MiB", "100 MiB"]);
    }

    #[test]
    fn quantities_line_up() {
        assert_eq!(format!("[{:>8}]", Bytes(1536)), "[1.50 KiB]");
        assert_eq!(format!("[{:>9}]", Time(Nanos(1_500))), "[  1.50 µs]");
    }
}
