//! Lengths of time as people write them.

use gc_core::event::Nanos;
use std::fmt;
use std::str::FromStr;

/// A length of time, written as `500us`, `1.5ms` or `2s`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duration(pub Nanos);

/// Units as they are written, largest first, with the power of ten of nanoseconds that each stands for.
const UNITS: [(&str, u32); 4] = [("s", 9), ("ms", 6), ("us", 3), ("ns", 0)];

/// A text that is no length of time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DurationError {
    /// It is no number with a unit.
    #[error("a time is a number with a unit, such as 500us, 1.5ms or 2s")]
    NotATime,
    /// The number does not fit 64 bits.
    #[error("that is more than 500 years")]
    TooLong,
}

impl FromStr for Duration {
    type Err = DurationError;

    fn from_str(text: &str) -> Result<Self, DurationError> {
        let text = text.trim();
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (number, unit) = text.split_at(end);
        let unit = unit.trim_start().to_ascii_lowercase().replace('µ', "u");
        let (_, power) = UNITS.iter().find(|(name, _)| *name == unit).ok_or(DurationError::NotATime)?;
        scaled(number, *power)
    }
}

/// The decimal `number` times ten to the power of `power`; what is left below a nanosecond is dropped.
fn scaled(number: &str, power: u32) -> Result<Duration, DurationError> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    if whole.is_empty() || fraction.is_empty() || fraction.contains('.') {
        return Err(DurationError::NotATime);
    }
    let digits = power as usize;
    let parts: u64 = format!("{fraction:0<digits$}")[..digits].parse().unwrap_or(0);
    let whole: u64 = whole.parse().map_err(|_| DurationError::TooLong)?;
    let nanos = whole.checked_mul(10_u64.pow(power)).and_then(|nanos| nanos.checked_add(parts));
    nanos.map(|nanos| Duration(Nanos(nanos))).ok_or(DurationError::TooLong)
}

/// Exact: in the largest unit that divides it.
impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Nanos(nanos) = self.0;
        let divides = |power: u32| nanos.is_multiple_of(10_u64.pow(power));
        let (unit, power) = UNITS.into_iter().find(|(_, power)| divides(*power)).unwrap_or(("ns", 0));
        write!(f, "{}{unit}", nanos / 10_u64.pow(power))
    }
}

#[cfg(test)]
mod tests {
    use super::{Duration, DurationError};
    use gc_core::event::Nanos;
    use proptest::prelude::{any, prop_assert_eq, proptest};

    #[track_caller]
    fn check(text: &str, expected: Result<u64, DurationError>) {
        assert_eq!(text.parse::<Duration>().map(|time| time.0.0), expected, "{text}");
    }

    #[test]
    fn times_are_read_in_any_unit() {
        check("500us", Ok(500_000));
        check("500 µs", Ok(500_000));
        check(" 1.5ms ", Ok(1_500_000));
        check("2S", Ok(2_000_000_000));
        check("0.0000000019s", Ok(1));
        check("7ns", Ok(7));
        check("7.9ns", Ok(7));
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in ["", "ms", "1", "-1ms", ".5ms", "1.ms", "1.2.3ms", "1 minute", "%"] {
            check(text, Err(DurationError::NotATime));
        }
    }

    #[test]
    fn times_end_at_sixty_four_bits() {
        check("18446744073709551615ns", Ok(u64::MAX));
        check("18446744073709551616ns", Err(DurationError::TooLong));
        check("18446744074s", Err(DurationError::TooLong));
    }

    #[test]
    fn times_are_written_in_the_largest_unit_that_divides_them() {
        let texts = [0, 1, 1_500, 1_000_000, 60_000_000_000].map(|nanos| Duration(Nanos(nanos)).to_string());
        assert_eq!(texts, ["0s", "1ns", "1500ns", "1ms", "60s"]);
    }

    proptest! {
        #[test]
        fn times_survive_being_written_and_read(nanos in any::<u64>()) {
            let time = Duration(Nanos(nanos));
            prop_assert_eq!(time.to_string().parse(), Ok(time));
        }

        #[test]
        fn no_text_is_too_strange(text in ".*") {
            let _ = text.parse::<Duration>();
        }
    }
}
