//! L3: the collectors, and what they start from.

mod awaited;
mod compact;
mod ephemeron;
mod evacuate;
mod finalize;
mod grey;
mod identities;
mod mark;
mod numbering;
mod pipeline;
mod relocate;
mod remembered;
mod roots;
mod scavenge;
mod sweep;
mod weak;
mod worklist;

pub(crate) use compact::slide;
pub(crate) use evacuate::Evacuation;
pub(crate) use mark::{Marker, Progress, Scope};
pub(crate) use numbering::{Known, Numbering};
pub(crate) use remembered::Remembered;
#[cfg(debug_assertions)]
pub(crate) use roots::stale;
pub(crate) use roots::{DropList, Handles, RootTable, Roots};
pub(crate) use scavenge::Scavenger;
pub(crate) use sweep::{begin_sweep, end_compacted, forget_marks, sweep_step};
pub(crate) use weak::{clear_weak, forget_dead};
