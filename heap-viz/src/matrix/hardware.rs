//! What the machine can do at most, and how near to that Tenure comes.

use serde::Serialize;

/// What the machine can do at most with one thread, by the best of several tries.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Hardware {
    /// Bytes a second that are copied from one large array into another.
    pub copy_bytes_per_second: f64,
    /// Bytes a second that are read of a large array from its start to its end.
    pub read_bytes_per_second: f64,
    /// Bytes a second that are written into a large array that is resident.
    pub write_bytes_per_second: f64,
    /// The time of a load that no cache can answer, in nanoseconds, each load depending on the one before.
    pub miss_ns: f64,
    /// The time until a page of 4 KiB that was not there can be written to, in nanoseconds.
    pub fault_ns: f64,
    /// How near single phases of the collector come.
    pub reaches: Vec<Reach>,
}

/// How near something comes to what the machine can do at most.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reach {
    /// What of the collector.
    pub what: String,
    /// What it takes.
    pub measured: f64,
    /// What of the machine it is compared with.
    pub limit_is: String,
    /// What that takes.
    pub limit: f64,
    /// The unit of both.
    pub unit: Unit,
}

/// A unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// More is better.
    BytesPerSecond,
    /// Less is better.
    NanosecondsPerObject,
}

impl Reach {
    /// How many times longer it takes than the machine would.
    #[must_use]
    pub fn distance(&self) -> f64 {
        match self.unit {
            Unit::BytesPerSecond => self.limit / self.measured,
            Unit::NanosecondsPerObject => self.measured / self.limit,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Reach, Unit};

    #[test]
    fn a_distance_is_of_times() {
        let reach =
            |unit| Reach { what: "copy".into(), measured: 2.0, limit_is: "memcpy".into(), limit: 8.0, unit };
        assert_eq!(reach(Unit::BytesPerSecond).distance(), 4.0);
        assert_eq!(reach(Unit::NanosecondsPerObject).distance(), 0.25);
    }
}
