//! How much of what operations waited for was pauses.

use crate::percentiles::Percentiles;
use serde::{Deserialize, Serialize};

/// What collections add to latencies.
///
/// An operation that a pause fell into took that much longer. One that had to wait for others is later by all the pauses
/// that these have not made good, also where none fell into its own time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PausesInLatencies {
    /// The latencies that there would have been, had no pause taken any time.
    pub without: Percentiles,
    /// Share of all latencies together that is due to pauses, from 0 to 1.
    pub share: f64,
    /// The same of the slowest hundredth of them.
    pub slowest_hundredth_share: f64,
}
