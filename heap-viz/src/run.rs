//! What is known of a run besides its events.

use crate::collector::{Collector, Figure, UnreadLines};
use crate::latency::PausesInLatencies;
use crate::leak::LeakReport;
use crate::live::LiveHeap;
use crate::percentiles::Percentiles;
use crate::record::mirror::{NanosDef, UsageDef};
use crate::worker::WorkerReport;
use gc_core::event::{Nanos, Usage};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A run as it starts: everything that is needed to do it again.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RunInfo {
    /// Name of the workload.
    pub workload: String,
    /// Its parameters, the seed of its random numbers among them.
    pub parameters: Vec<Setting>,
    /// Where the heap took its time from.
    pub clock: ClockKind,
    /// The settings of the heap.
    pub settings: Vec<Setting>,
    /// The collector, where it is not Tenure's: the run was read from a log of another runtime.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collector: Option<Collector>,
}

impl RunInfo {
    /// Whether a figure is known.
    #[must_use]
    pub fn tells(&self, figure: Figure) -> bool {
        self.collector.as_ref().is_none_or(|collector| !collector.untold.contains(&figure))
    }
}

/// Where a heap takes its time from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockKind {
    /// The machine's clock: times are facts of the machine and differ from run to run.
    #[default]
    Measured,
    /// Work times cost: times are the same on every machine.
    Modelled,
}

impl ClockKind {
    /// A stable name for reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            ClockKind::Measured => "measured",
            ClockKind::Modelled => "modelled",
        }
    }
}

/// One setting of a heap or parameter of a workload.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Setting {
    /// Name with its unit, such as `new_space.max_bytes`.
    pub name: String,
    /// Its value.
    pub value: SettingValue,
    /// Where the value comes from.
    pub origin: Origin,
}

/// Where the value of a setting comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// It is the default.
    Default,
    /// Somebody asked for another one.
    Changed,
}

/// The value of a setting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum SettingValue {
    /// Off.
    Absent,
    /// Yes or no.
    Flag(bool),
    /// A number.
    Integer(u64),
    /// A word.
    Word(String),
}

impl SettingValue {
    /// The number, if it is one.
    #[must_use]
    pub fn as_integer(&self) -> Option<u64> {
        match self {
            SettingValue::Integer(number) => Some(*number),
            _ => None,
        }
    }
}

impl SettingValue {
    /// The value that a word stands for, such as `true`, `30` or `8MiB`.
    #[must_use]
    pub fn of_word(word: &str) -> Self {
        if let Ok(flag) = word.parse() {
            return SettingValue::Flag(flag);
        }
        word.parse().map_or_else(|_| SettingValue::Word(word.into()), SettingValue::Integer)
    }
}

impl Setting {
    /// A setting whose value comes from where comparing it with the `default` says.
    #[must_use]
    pub fn new(name: &str, value: SettingValue, default: &SettingValue) -> Self {
        let origin = if value == *default { Origin::Default } else { Origin::Changed };
        Setting { name: name.into(), value, origin }
    }
}

impl fmt::Display for SettingValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SettingValue::Absent => f.pad("off"),
            SettingValue::Flag(flag) => flag.fmt(f),
            SettingValue::Integer(number) => number.fmt(f),
            SettingValue::Word(word) => f.pad(word),
        }
    }
}

/// A run as it ended.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RunEnd {
    /// When, on the heap's clock: how long the run took, from the making of the heap.
    #[serde(rename = "at_ns", with = "NanosDef")]
    pub at: Nanos,
    /// How it went.
    pub verdict: Verdict,
    /// Operations that the workload has done.
    pub operations: u64,
    /// What one operation is, such as `push`; empty if operations are not counted.
    pub operation: String,
    /// Bytes that the workload has allocated, headers included.
    pub allocated_bytes: u64,
    /// Memory that the heap had in use.
    #[serde(with = "UsageDef")]
    pub usage: Usage,
    /// Memory that the heap had made the system commit: pages written to and not given back, and what lies off
    /// the heap. Counted, not measured.
    pub committed_bytes: u64,
    /// What was alive, if somebody looked: files of events from before there was this field do not tell.
    #[serde(default)]
    pub live: Option<LiveHeap>,
    /// What a watch for leaks has found, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leaks: Option<LeakReport>,
    /// How long single operations took, pauses in them included, if the workload has measured it.
    pub latencies: Option<Percentiles>,
    /// How much of that is due to pauses: files of events from before there was this field do not tell.
    #[serde(default)]
    pub pauses_in_latencies: Option<Box<PausesInLatencies>>,
    /// Its workers with heaps of their own, whose collections are in nothing else that is reported: files of events from
    /// before there was this field have none.
    #[serde(default)]
    pub workers: Box<[WorkerReport]>,
    /// Memory of the process and of its machine; none under a modelled clock, which knows no machine.
    pub machine: Option<MachineMemory>,
    /// Lines of the log that were not understood, where the run was read from one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unread_lines: Option<UnreadLines>,
}

impl RunEnd {
    /// Whether operations are counted.
    #[must_use]
    pub fn counts_operations(&self) -> bool {
        !self.operation.is_empty()
    }
}

/// How a run went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Verdict {
    /// The workload has checked its result and found it right.
    Passed {
        /// A digest of the result: the same under every configuration. Written in hexadecimal, since not every
        /// reader of JSON knows whole numbers beyond 53 bits.
        #[serde(with = "hexadecimal")]
        checksum: u64,
    },
    /// The workload found its result wrong, or ran out of memory.
    Failed {
        /// What went wrong.
        reason: String,
    },
}

impl Default for Verdict {
    fn default() -> Self {
        Verdict::Passed { checksum: 0 }
    }
}

/// Memory of the process and of its machine at the end of a run, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MachineMemory {
    /// The process's resident set, as `process.memoryUsage().rss`.
    pub process_rss_bytes: u64,
    /// Memory of the machine.
    pub system_total_bytes: u64,
    /// Memory of the machine that nobody uses.
    pub system_free_bytes: u64,
}

mod hexadecimal {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(number: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{number:016x}"))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        let digits = String::deserialize(deserializer)?;
        u64::from_str_radix(&digits, 16).map_err(D::Error::custom)
    }
}
