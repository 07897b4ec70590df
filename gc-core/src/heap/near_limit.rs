//! The program's say when old space is about to overflow.

use std::fmt;

/// What the near-limit callback is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NearLimit {
    /// The maximum of the old generation, in bytes.
    pub max_old_bytes: u64,
    /// Size of the allocation that finds no room, in bytes.
    pub requested_bytes: u64,
}

/// Asked after a last-resort collection, before an allocation is refused.
type Callback = Box<dyn FnMut(NearLimit) -> Option<u64> + Send>;

/// The callback, if the program has set one.
#[derive(Default)]
pub(super) struct NearLimitCallback(Option<Callback>);

impl fmt::Debug for NearLimitCallback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "set" } else { "none" })
    }
}

impl NearLimitCallback {
    pub(super) fn set(&mut self, callback: Callback) {
        self.0 = Some(callback);
    }

    /// The new maximum, if the program gives one that is higher.
    pub(super) fn ask(&mut self, max_old_bytes: u64, requested_bytes: u64) -> Option<u64> {
        let callback = self.0.as_mut()?;
        callback(NearLimit { max_old_bytes, requested_bytes }).filter(|raised| *raised > max_old_bytes)
    }
}
