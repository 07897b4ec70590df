//! Numbers with units.

use gc_core::event::Nanos;

/// Units, each with the number of bytes or nanoseconds that it is.
const BYTE_UNITS: [(&str, u64); 4] = [("B", 1), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)];
const TIME_UNITS: [(&str, u64); 4] = [("ns", 1), ("us", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000)];

/// A number with its unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Amount {
    /// Without one.
    Plain(u64),
    Bytes(u64),
    Time(Nanos),
    /// The word instead of a number.
    Off,
}

impl Amount {
    /// So many of a unit, which may be empty; or what is wrong with it.
    pub(super) fn of(value: u64, unit: &str) -> Result<Amount, String> {
        let one_in =
            |units: &[(&str, u64)]| units.iter().find(|(name, _)| *name == unit).map(|(_, one)| *one);
        let times =
            |one| value.checked_mul(one).ok_or_else(|| format!("`{value}{unit}` does not fit 64 bits"));
        if unit.is_empty() {
            Ok(Amount::Plain(value))
        } else if let Some(one) = one_in(&BYTE_UNITS) {
            times(one).map(Amount::Bytes)
        } else if let Some(one) = one_in(&TIME_UNITS) {
            times(one).map(|nanos| Amount::Time(Nanos(nanos)))
        } else {
            let known: Vec<_> = BYTE_UNITS.iter().chain(&TIME_UNITS).map(|(name, _)| *name).collect();
            Err(format!("there is no unit `{unit}`: use {}", known.join(", ")))
        }
    }
}
