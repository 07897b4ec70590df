//! The keys of a scenario: one table that reads, checks and documents each.

use std::fmt;
use workloads::scenario::{ARRAY_SLOTS, BYTES, NODE_BYTES, NODE_SLOTS};

/// A part of a file that has keys of its own.
#[derive(Debug)]
pub(in crate::cli) struct Section {
    /// As it is called in messages and in `docs/scenarios.md`.
    pub(in crate::cli) name: &'static str,
    pub(in crate::cli) keys: &'static [Key],
}

impl Section {
    /// Where its keys are, in messages.
    pub(in crate::cli) fn place(&self) -> String {
        if self.name == TOP.name { self.name.into() } else { format!("in {}", self.name) }
    }
}

/// One key.
#[derive(Debug)]
pub(in crate::cli) struct Key {
    pub(in crate::cli) name: &'static str,
    pub(in crate::cli) legal: Legal,
    /// What an absent one means.
    pub(in crate::cli) default: Default,
}

/// What an absent key means.
#[derive(Clone, Copy, Debug)]
pub(in crate::cli) enum Default {
    /// A mistake.
    Required,
    /// This number.
    Number(f64),
    /// What is said here.
    Other(&'static str),
}

/// What a key may be.
#[derive(Clone, Copy, Debug)]
pub(in crate::cli) enum Legal {
    /// A number.
    Number(f64, f64),
    /// A whole number.
    Whole(u64, u64),
    /// A length of time, in the scenario's unit.
    Time(u64, u64),
    /// A length of time by the clock.
    Duration,
    /// One of these words.
    Word(&'static [&'static str]),
    /// Something else.
    Other(&'static str),
}

/// Longest time: a petabyte, or as many objects.
const MAX_TIME: u64 = 1 << 50;
/// Greatest weight, and least.
const WEIGHT: Legal = Legal::Number(0.0, 1e9);
/// Most operations for each object made.
const RATE: Legal = Legal::Number(0.0, 1_000.0);
const REPEAT: Key = key("repeat", Legal::Whole(1, 1_000_000), Default::Number(1.0));

const NULL: Default = Default::Number(0.0);

const fn key(name: &'static str, legal: Legal, default: Default) -> Key {
    Key { name, legal, default }
}

pub(in crate::cli) const TOP: Section = Section {
    name: "outside of any section",
    keys: &[
        key("time", Legal::Word(&["bytes", "objects"]), Default::Other("bytes")),
        REPEAT,
        key("object", Legal::Other("sections [[object]], 1 to 1000"), Default::Required),
        key("phase", Legal::Other("sections [[phase]], 1 to 1000"), Default::Required),
        key("graph", Legal::Other("a section [graph]"), Default::Other("its defaults")),
        key("initial", Legal::Other("a section [initial]"), Default::Other("nothing")),
    ],
};

pub(in crate::cli) const INITIAL: Section = Section {
    name: "[initial]",
    keys: &[key("snapshot", Legal::Other("a file, beside this one"), Default::Required)],
};

pub(in crate::cli) const GRAPH: Section = Section {
    name: "[graph]",
    keys: &[
        key("recent", WEIGHT, Default::Other("0, but 1 if no weight is given")),
        key("random", WEIGHT, NULL),
        key("tree", WEIGHT, NULL),
        key("null", WEIGHT, NULL),
        key("window", Legal::Whole(1, 1_000_000), Default::Number(1_000.0)),
        key("old_age", Legal::Time(0, MAX_TIME), Default::Number(1_048_576.0)),
    ],
};

pub(in crate::cli) const OBJECT: Section = Section {
    name: "[[object]]",
    keys: &[
        key("name", Legal::Other("a text"), Default::Required),
        key("kind", Legal::Word(&["node", "array", "bytes", "buffer"]), Default::Required),
        key("share", WEIGHT, Default::Number(1.0)),
        key("slots", Legal::Other("a law"), Default::Other("0")),
        key("bytes", Legal::Other("a law"), Default::Other("0")),
        key("lifetime", Legal::Other("a law, \"immortal\" or \"phase\""), Default::Required),
    ],
};

pub(in crate::cli) const PHASE: Section = Section {
    name: "[[phase]]",
    keys: &[
        key("name", Legal::Other("a text"), Default::Other("its number")),
        key("length", Legal::Time(1, MAX_TIME), Default::Required),
        REPEAT,
        key("ramp", Legal::Number(0.0, 1.0), NULL),
        key("shares", Legal::Other("a section of weights"), Default::Other("those of the objects")),
        key("lifetimes", Legal::Other("a section of laws"), Default::Other("those of the objects")),
        key("stores", RATE, NULL),
        key("old_to_young", Legal::Number(0.0, 1.0), NULL),
        key("reads", RATE, NULL),
        key("idle", Legal::Duration, Default::Other("none")),
        key("idle_every", Legal::Time(1, MAX_TIME), Default::Other("once, at the end")),
    ],
};

pub(in crate::cli) const LAW: Section = Section {
    name: "a law",
    keys: &[
        key("constant", Legal::Other("a value"), Default::Other("one law is given")),
        key("uniform", Legal::Other("[least, greatest]"), Default::Other("one law is given")),
        key("exponential", Legal::Other("a value: the mean"), Default::Other("one law is given")),
        key("weibull", Legal::Other("{ scale, shape }"), Default::Other("one law is given")),
        key("log_normal", Legal::Other("{ median, sigma }"), Default::Other("one law is given")),
        key("table", Legal::Other("[[value, weight], ...]"), Default::Other("one law is given")),
        key("histogram", Legal::Other("[[from, to, weight], ...]"), Default::Other("one law is given")),
        key("min", Legal::Other("a value"), Default::Other("the least that is legal")),
        key("max", Legal::Other("a value"), Default::Other("the greatest that is legal")),
        key("share", WEIGHT, Default::Number(1.0)),
    ],
};

pub(in crate::cli) const WEIBULL: Section = Section {
    name: "weibull",
    keys: &[
        key("scale", Legal::Other("a value"), Default::Required),
        key("shape", Legal::Number(0.05, 100.0), Default::Required),
    ],
};

pub(in crate::cli) const LOG_NORMAL: Section = Section {
    name: "log_normal",
    keys: &[
        key("median", Legal::Other("a value"), Default::Required),
        key("sigma", Legal::Number(0.0, 20.0), Default::Required),
    ],
};

/// What a law's values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Measure {
    /// How many references a node has.
    NodeSlots,
    /// How many raw bytes a node has.
    NodeBytes,
    /// How many references an array has.
    ArraySlots,
    /// How many bytes an object of bytes or a buffer has.
    Bytes,
    /// A length of time in bytes.
    TimeInBytes,
    /// A length of time in objects.
    TimeInObjects,
}

impl Measure {
    /// The least and the greatest value.
    pub(in crate::cli) fn range(self) -> (f64, f64) {
        let range = match self {
            Measure::NodeSlots => NODE_SLOTS,
            Measure::NodeBytes => NODE_BYTES,
            Measure::ArraySlots => ARRAY_SLOTS,
            Measure::Bytes => BYTES,
            Measure::TimeInBytes | Measure::TimeInObjects => 0..=MAX_TIME,
        };
        (*range.start() as f64, *range.end() as f64)
    }

    /// Whether values may be written as sizes, with a unit.
    pub(in crate::cli) fn is_in_bytes(self) -> bool {
        matches!(self, Measure::NodeBytes | Measure::Bytes | Measure::TimeInBytes)
    }
}

impl fmt::Display for Legal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Legal::Number(min, max) => write!(f, "{min} to {max}"),
            Legal::Whole(min, max) => write!(f, "whole, {min} to {max}"),
            Legal::Time(min, max) => write!(f, "time, {min} to {max}"),
            Legal::Duration => f.write_str("such as \"5ms\""),
            Legal::Word(words) => write!(f, "\"{}\"", words.join("\", \"")),
            Legal::Other(text) => f.write_str(text),
        }
    }
}

impl fmt::Display for Default {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Default::Required => f.write_str("required"),
            Default::Number(number) => write!(f, "{number}"),
            Default::Other(text) => f.write_str(text),
        }
    }
}
