//! Decisions, apart from the mechanisms that carry them out.
//!
//! A policy is a plain value; its functions take numbers and return a decision. None of them sees the heap, so
//! each can be tested, swept over and shared with a simulation without one.

mod compaction;
mod forecast;
mod futility;
mod growth;
mod marking;
mod pacing;
mod page_layout;
mod pretenuring;
mod promotion;
mod reducer;
mod sizing;
mod speeds;

pub use compaction::{Compaction, Occupancy};
pub use forecast::Forecast;
pub use futility::{Futility, FutilityAccount};
pub use growth::{Growth, Marked, Pace, PercentGrowth, SquareRootGrowth, V8Growth};
pub use marking::{Course, MarkingPace, MarkingPacing};
pub use pacing::{InitialLimit, LimitTest, OldPacing, Pressure};
pub use page_layout::PageLayout;
pub use pretenuring::{Pretenuring, SiteDecision, SiteFeedback};
pub use promotion::{Fate, Promotion};
pub use reducer::{Reducer, ReducerEvent, ReducerState};
pub use sizing::{NewSpaceGrowth, NewSpaceSizing, Scavenge, Survival, Survivors};
pub use speeds::{Rate, SpeedAccount, Speeds};
