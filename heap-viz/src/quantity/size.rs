//! Sizes as people write them.

use std::fmt;
use std::str::FromStr;

/// A number of bytes, written as `512KiB`, `16M`, `1.5GiB` or `4096`. Units are powers of 1024, whether they are
/// written `M`, `MB` or `MiB`, as the memory settings of language runtimes have it.
///
/// ```
/// use heap_viz::quantity::Size;
///
/// assert_eq!("1.5GiB".parse(), Ok(Size(3 << 29)));
/// assert_eq!(Size(3 << 29).to_string(), "1536MiB");
/// assert_eq!("12Q".parse::<Size>().unwrap_err().to_string(), "there is no unit `Q`: use KiB, MiB, GiB or TiB, or none for bytes");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size(pub u64);

/// Units as they are written, largest first, with the power of two that each stands for.
const UNITS: [(&str, u32); 4] = [("TiB", 40), ("GiB", 30), ("MiB", 20), ("KiB", 10)];

/// Digits after the point that count: more than tell bytes of the largest unit apart.
const MAX_FRACTION_DIGITS: usize = 15;

/// A text that is no size.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SizeError {
    /// It is no number with a unit.
    #[error("a size is a number with a unit, such as 512KiB, 16MiB or 1.5GiB, or a number of bytes")]
    NotASize,
    /// Its unit is none.
    #[error("there is no unit `{0}`: use KiB, MiB, GiB or TiB, or none for bytes")]
    UnknownUnit(String),
    /// The number does not fit 64 bits.
    #[error("that is more than 16 EiB")]
    TooLarge,
}

impl FromStr for Size {
    type Err = SizeError;

    fn from_str(text: &str) -> Result<Self, SizeError> {
        let text = text.trim();
        let end = text.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '_')).unwrap_or(text.len());
        let (number, unit) = text.split_at(end);
        let shift = shift_of(unit.trim_start())?;
        scaled(&number.replace('_', ""), shift)
    }
}

/// The power of two that a unit stands for.
fn shift_of(unit: &str) -> Result<u32, SizeError> {
    let lower = unit.to_ascii_lowercase();
    let binary = lower.strip_suffix("ib").filter(|letter| !letter.is_empty());
    match binary.or(lower.strip_suffix('b')).unwrap_or(&lower) {
        "" => Ok(0),
        "k" => Ok(10),
        "m" => Ok(20),
        "g" => Ok(30),
        "t" => Ok(40),
        letter if letter.starts_with(char::is_alphabetic) => Err(SizeError::UnknownUnit(unit.into())),
        _ => Err(SizeError::NotASize),
    }
}

/// The decimal `number` times two to the power of `shift`; what is left below a byte is dropped.
fn scaled(number: &str, shift: u32) -> Result<Size, SizeError> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    if whole.is_empty() || fraction.is_empty() || fraction.contains('.') {
        return Err(SizeError::NotASize);
    }
    let whole: u128 = whole.parse().map_err(|_| SizeError::TooLarge)?;
    let fraction = &fraction[..fraction.len().min(MAX_FRACTION_DIGITS)];
    let parts: u128 = fraction.parse().map_err(|_| SizeError::NotASize)?;
    let bytes = whole
        .checked_mul(1 << shift)
        .and_then(|bytes| bytes.checked_add((parts << shift) / 10_u128.pow(fraction.len() as u32)));
    bytes.and_then(|bytes| u64::try_from(bytes).ok()).map(Size).ok_or(SizeError::TooLarge)
}

/// Exact: in the largest unit that divides it.
impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let divides = |shift: u32| self.0 > 0 && self.0.trailing_zeros() >= shift;
        match UNITS.iter().find(|(_, shift)| divides(*shift)) {
            Some((unit, shift)) => write!(f, "{}{unit}", self.0 >> shift),
            None => write!(f, "{}", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Size, SizeError};
    use proptest::prelude::{any, prop_assert_eq, proptest};

    #[track_caller]
    fn check(text: &str, expected: Result<u64, SizeError>) {
        assert_eq!(text.parse::<Size>().map(|size| size.0), expected, "{text}");
    }

    #[test]
    fn sizes_are_read_with_any_spelling_of_their_unit() {
        check("4096", Ok(4096));
        check("4096B", Ok(4096));
        check("512KiB", Ok(512 << 10));
        check("16M", Ok(16 << 20));
        check("16mb", Ok(16 << 20));
        check(" 16 MiB ", Ok(16 << 20));
        check("1_024", Ok(1024));
        check("2t", Ok(2 << 40));
    }

    #[test]
    fn fractions_are_exact_to_the_byte() {
        check("1.5GiB", Ok(3 << 29));
        check("0.1KiB", Ok(102));
        check("0.0009765625M", Ok(1024));
    }

    #[test]
    fn what_is_no_size_is_refused() {
        for text in ["", "M", "-1M", ".5M", "1.M", "1.2.3M", "1..2", "%", "_", "_M"] {
            check(text, Err(SizeError::NotASize));
        }
        check("12Q", Err(SizeError::UnknownUnit("Q".into())));
        check("1 MiB!", Err(SizeError::UnknownUnit("MiB!".into())));
    }

    #[test]
    fn sizes_end_at_sixty_four_bits() {
        check("18446744073709551615", Ok(u64::MAX));
        check("18446744073709551616", Err(SizeError::TooLarge));
        check("16777216TiB", Err(SizeError::TooLarge));
        check(&"9".repeat(100), Err(SizeError::TooLarge));
    }

    #[test]
    fn sizes_are_written_in_the_largest_unit_that_divides_them() {
        let texts = [0, 1000, 1536, 1 << 20, 3 << 29].map(|bytes| Size(bytes).to_string());
        assert_eq!(texts, ["0", "1000", "1536", "1MiB", "1536MiB"]);
    }

    proptest! {
        #[test]
        fn sizes_survive_being_written_and_read(bytes in any::<u64>(), shift in 0_u32..64) {
            let size = Size(bytes >> shift << shift);
            prop_assert_eq!(size.to_string().parse(), Ok(size));
        }

        #[test]
        fn no_text_is_too_strange(text in ".*") {
            let _ = text.parse::<Size>();
        }
    }
}
