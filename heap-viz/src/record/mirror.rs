//! The collector's types as they are written, field by field: the collector itself knows no format.
//!
//! A field added there and not here does not compile.

use gc_core::event::{
    Cause, Event, MAX_AGE, Nanos, Pause, PauseKind, PauseStart, Phase, PhaseEnd, Usage, Work,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[derive(Serialize, Deserialize)]
#[serde(remote = "Nanos", transparent)]
pub(crate) struct NanosDef(u64);

#[derive(Serialize, Deserialize)]
#[serde(remote = "Event", tag = "type", rename_all = "snake_case")]
pub(crate) enum EventDef {
    PauseStarted(#[serde(with = "PauseStartDef")] PauseStart),
    PhaseEnded(#[serde(with = "PhaseEndDef")] PhaseEnd),
    PauseEnded(#[serde(with = "pause_within")] Box<Pause>),
    NewSpaceResized {
        #[serde(rename = "at_ns", with = "NanosDef")]
        at: Nanos,
        from_bytes: u64,
        to_bytes: u64,
    },
    OldLimitSet {
        #[serde(rename = "at_ns", with = "NanosDef")]
        at: Nanos,
        limit_bytes: u64,
    },
    MaximumRaised {
        #[serde(rename = "at_ns", with = "NanosDef")]
        at: Nanos,
        from_bytes: u64,
        to_bytes: u64,
    },
    HeapFull {
        #[serde(rename = "at_ns", with = "NanosDef")]
        at: Nanos,
        requested_bytes: u64,
        limit_bytes: u64,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "PauseStart")]
pub(crate) struct PauseStartDef {
    id: u64,
    #[serde(with = "PauseKindDef")]
    kind: PauseKind,
    #[serde(with = "CauseDef")]
    cause: Cause,
    #[serde(rename = "at_ns", with = "NanosDef")]
    at: Nanos,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "PhaseEnd")]
pub(crate) struct PhaseEndDef {
    pause: u64,
    #[serde(with = "PhaseDef")]
    phase: Phase,
    #[serde(rename = "start_ns", with = "NanosDef")]
    start: Nanos,
    #[serde(rename = "duration_ns", with = "NanosDef")]
    duration: Nanos,
    #[serde(with = "WorkDef")]
    work: Work,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Pause")]
pub(crate) struct PauseDef {
    id: u64,
    #[serde(with = "PauseKindDef")]
    kind: PauseKind,
    #[serde(with = "CauseDef")]
    cause: Cause,
    #[serde(rename = "start_ns", with = "NanosDef")]
    start: Nanos,
    #[serde(rename = "duration_ns", with = "NanosDef")]
    duration: Nanos,
    #[serde(with = "phases")]
    phases: Vec<PhaseEnd>,
    #[serde(with = "WorkDef")]
    work: Work,
    allocated_bytes_before: u64,
    #[serde(with = "UsageDef")]
    before: Usage,
    #[serde(with = "UsageDef")]
    after: Usage,
    survived_bytes_by_age: [u64; MAX_AGE as usize + 1],
    remembered_entries: u64,
    fragmentation_ppm: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "PauseKind", rename_all = "snake_case")]
pub(crate) enum PauseKindDef {
    Minor,
    Full,
    Step,
    Finish,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Cause", rename_all = "snake_case")]
pub(crate) enum CauseDef {
    NewSpaceFull,
    NewSpaceCrowded,
    YoungLargeFull,
    YoungExternal,
    OldLimit,
    ExternalPressure,
    Fragmentation,
    LastResort,
    Requested,
    Stress,
    MarkingDue,
    SweepingDue,
    Idle,
    MemoryReducer,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Phase", rename_all = "snake_case")]
pub(crate) enum PhaseDef {
    Roots,
    Remembered,
    Copy,
    Mark,
    Weak,
    Sweep,
    Resize,
    Snapshot,
    Ephemerons,
    Finalize,
    Evacuate,
    Compact,
}

/// Most counts of most phases are zero: those are left out.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Work")]
pub(crate) struct WorkDef {
    #[serde(default, skip_serializing_if = "is_zero")]
    allocated_bytes: u64,
    #[serde(default, skip_serializing_if = "is_zero")]
    roots: u64,
    #[serde(default, skip_serializing_if = "is_zero")]
    remembered: u64,
    #[serde(default, skip_serializing_if = "is_zero")]
    slots: u64,
    #[serde(default, skip_serializing_if = "is_zero")]
    copied_objects: u64,
    #[serde(default, skip_serializing_if = "is_zero")]
    copied_bytes: u64,
    #[serde(default, skip_serializing_if = "is_zero")]
    promoted_objects: u64,
    #[serde(default, skip_serializing_if = "is_zero")]
    promoted_bytes: u64,
    #[serde(default, skip_serializing_if = "is_zero")]
    marked_objects: u64,
    #[serde(default, skip_serializing_if = "is_zero")]
    marked_bytes: u64,
    #[serde(default, skip_serializing_if = "is_zero")]
    swept_pages: u64,
    #[serde(default, skip_serializing_if = "is_zero")]
    freed_bytes: u64,
    #[serde(default, skip_serializing_if = "is_zero")]
    moved_objects: u64,
    #[serde(default, skip_serializing_if = "is_zero")]
    moved_bytes: u64,
    #[serde(default, skip_serializing_if = "is_zero")]
    pauses: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Usage")]
pub(crate) struct UsageDef {
    #[serde(rename = "new_used_bytes")]
    new_used: u64,
    #[serde(rename = "new_total_bytes")]
    new_total: u64,
    #[serde(rename = "old_used_bytes")]
    old_used: u64,
    #[serde(rename = "old_total_bytes")]
    old_total: u64,
    #[serde(rename = "large_used_bytes")]
    large_used: u64,
    #[serde(rename = "large_total_bytes")]
    large_total: u64,
    #[serde(rename = "external_bytes")]
    external: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes fields by reference")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// One account of a phase within a list.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct PhaseInList(#[serde(with = "PhaseEndDef")] PhaseEnd);

mod phases {
    use super::{Deserialize, Deserializer, PhaseEnd, PhaseInList, Serializer};

    pub(super) fn serialize<S: Serializer>(phases: &[PhaseEnd], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(phases.iter().copied().map(PhaseInList))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<PhaseEnd>, D::Error> {
        let list = Vec::<PhaseInList>::deserialize(deserializer)?;
        Ok(list.into_iter().map(|phase| phase.0).collect())
    }
}

/// A pause in a place that shares or owns it.
pub(super) mod pause_within {
    use super::{Deserializer, Pause, PauseDef, Serializer};

    pub(crate) fn serialize<S: Serializer>(pause: &Pause, serializer: S) -> Result<S::Ok, S::Error> {
        PauseDef::serialize(pause, serializer)
    }

    pub(crate) fn deserialize<'de, P: Within, D: Deserializer<'de>>(deserializer: D) -> Result<P, D::Error> {
        PauseDef::deserialize(deserializer).map(P::within)
    }

    pub(crate) trait Within {
        fn within(pause: Pause) -> Self;
    }

    impl Within for Box<Pause> {
        fn within(pause: Pause) -> Self {
            Box::new(pause)
        }
    }

    impl Within for std::borrow::Cow<'_, Pause> {
        fn within(pause: Pause) -> Self {
            std::borrow::Cow::Owned(pause)
        }
    }
}
