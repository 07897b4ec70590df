//! The keys of a sweep's file, which `docs/sweeps.md` tells too.

use super::super::scenario::keys::{Default, Key, Legal, Section};

/// Most cells of a plan.
pub(super) const MAX_CELLS: u64 = 1_000_000;

/// The words for how a sweep is drawn, by their places.
pub(super) const SAMPLES: [&str; 3] = ["grid", "random", "latin-hypercube"];
/// The words for what a heap is given, by their places.
pub(super) const USES: [&str; 2] = ["as-paced", "all"];
/// The words for the steps of a range, by their places.
pub(super) const SCALES: [&str; 2] = ["linear", "log"];

const fn key(name: &'static str, legal: Legal, default: Default) -> Key {
    Key { name, legal, default }
}

pub(super) const TOP: Section = Section {
    name: "outside of any section",
    keys: &[
        key("seeds", Legal::Other("whole numbers"), Default::Other("[1]")),
        key(
            "clocks",
            Legal::Other("\"modelled\" and \"measured\", or one of them"),
            Default::Other("[\"modelled\"]"),
        ),
        key(
            "cost_model",
            Legal::Other("a file, beside this one"),
            Default::Other("the costs of the configurations"),
        ),
        key("sample", Legal::Other("a section [sample]"), Default::Other("a grid")),
        key(
            "heap",
            Legal::Other("a section [heap]"),
            Default::Other("the heap limits of the configurations"),
        ),
        key("workload", Legal::Other("sections [[workload]]"), Default::Required),
        key("config", Legal::Other("sections [[config]]"), Default::Other("one, with the default settings")),
    ],
};

pub(super) const SAMPLE: Section = Section {
    name: "[sample]",
    keys: &[
        key("kind", Legal::Word(&SAMPLES), Default::Other("grid")),
        key("cells", Legal::Whole(1, MAX_CELLS), Default::Required),
        key("seed", Legal::Whole(0, u64::MAX >> 11), Default::Number(1.0)),
    ],
};

pub(super) const HEAP: Section = Section {
    name: "[heap]",
    keys: &[
        key(
            "sizes",
            Legal::Other("sizes, or multiples of the least heap, such as \"1.5x\""),
            Default::Required,
        ),
        key("use", Legal::Word(&USES), Default::Other("as-paced")),
        key("tolerance", Legal::Number(0.001, 0.5), Default::Number(0.05)),
    ],
};

pub(super) const WORKLOAD: Section = Section {
    name: "[[workload]]",
    keys: &[
        key("name", Legal::Other("what `tenure run` takes"), Default::Required),
        key("set", Legal::Other("a section of parameters"), Default::Other("their defaults")),
    ],
};

pub(super) const CONFIG: Section = Section {
    name: "[[config]]",
    keys: &[
        key("name", Legal::Other("a text"), Default::Required),
        key("preset", Legal::Other("the name of a preset"), Default::Other("the default settings")),
        key("file", Legal::Other("a config file, beside this one"), Default::Other("none")),
        key("set", Legal::Other("sections of settings"), Default::Other("nothing is changed")),
    ],
};

pub(super) const RANGE: Section = Section {
    name: "a range",
    keys: &[
        key("from", Legal::Other("a value"), Default::Required),
        key("to", Legal::Other("a value"), Default::Required),
        key("steps", Legal::Whole(2, 10_000), Default::Other("needed in a grid")),
        key("scale", Legal::Word(&SCALES), Default::Other("linear")),
    ],
};
