//! Two programs on collector libraries for Rust programs, with objects that are Rust values.
//!
//! - [`Program::Ring`]: ten million objects of two words, each stored into a slot chosen at random out of 100,000: most
//!   objects live for a while and die in no order.
//! - [`Program::Trees`]: a tree of depth 18 that stays, and 400 of depth 12 that are built, counted and dropped.
//!
//! Every system runs in a process of its own, which says how long it took and how much memory was resident at most.

#[macro_use]
mod like_rc;

mod boa;
mod dumpster;
mod gc_arena;
mod rc;
mod rust_gc;
mod tenure;

use crate::resident::peak_kib;
use crate::trees::Run;
use std::fmt;
use std::str::FromStr;

/// Objects that the ring is given.
const RING_OBJECTS: u64 = 10_000_000;
/// Slots of the ring.
const RING_SLOTS: usize = 100_000;
/// Objects between two chances to collect.
const RING_CLOSURE: u64 = 1_000;
/// Depth of the tree that stays.
const KEPT_DEPTH: u32 = 18;
/// Depth of those that are dropped.
const DROPPED_DEPTH: u32 = 12;
/// How many are dropped.
const DROPPED_TREES: u32 = 400;

/// A program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    /// Objects stored at random.
    Ring,
    /// Trees.
    Trees,
}

impl Program {
    /// Both programs.
    pub const ALL: [Program; 2] = [Program::Ring, Program::Trees];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Program::Ring => "ring",
            Program::Trees => "trees",
        }
    }
}

/// What runs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    /// Tenure's typed face.
    Tenure,
    /// gc-arena 0.7: incremental mark-sweep.
    GcArena,
    /// `Rc`: counted references, no cycles.
    Rc,
    /// dumpster 2.1: counted references, cycles found at times.
    Dumpster,
    /// boa_gc 0.21: mark-sweep.
    Boa,
    /// gc 0.5: mark-sweep.
    RustGc,
}

impl System {
    /// All systems.
    pub const ALL: [System; 6] =
        [System::Tenure, System::GcArena, System::Rc, System::Dumpster, System::Boa, System::RustGc];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            System::Tenure => "Tenure",
            System::GcArena => "gc-arena",
            System::Rc => "Rc",
            System::Dumpster => "dumpster",
            System::Boa => "boa_gc",
            System::RustGc => "gc",
        }
    }

    /// Whether it can run `program` in reasonable time. The collector of `gc` goes through the whole ring at every store
    /// into it: that would take half an hour.
    #[must_use]
    pub fn can_run(self, program: Program) -> bool {
        (self, program) != (System::RustGc, Program::Ring)
    }

    /// Runs `program` in this process.
    #[must_use]
    pub fn run(self, program: Program) -> Resident {
        let run: fn() -> u64 = match (self, program) {
            (System::Tenure, Program::Ring) => tenure::ring,
            (System::Tenure, Program::Trees) => tenure::trees,
            (System::GcArena, Program::Ring) => gc_arena::ring,
            (System::GcArena, Program::Trees) => gc_arena::trees,
            (System::Rc, Program::Ring) => rc::ring,
            (System::Rc, Program::Trees) => rc::trees,
            (System::Dumpster, Program::Ring) => dumpster::ring,
            (System::Dumpster, Program::Trees) => dumpster::trees,
            (System::Boa, Program::Ring) => boa::ring,
            (System::Boa, Program::Trees) => boa::trees,
            (System::RustGc, _) => rust_gc::trees,
        };
        let started_kib = peak_kib("self");
        let run = Run::of(run);
        Resident { run, started_kib, peak_kib: peak_kib("self") }
    }
}

/// The system and the program with these names.
#[must_use]
pub fn named(system: &str, program: &str) -> Option<(System, Program)> {
    let system = System::ALL.into_iter().find(|it| it.name() == system)?;
    let program = Program::ALL.into_iter().find(|it| it.name() == program)?;
    Some((system, program))
}

/// What Tenure is given to run a program with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Footprint {
    /// Objects that are alive at the end, headers included, in bytes.
    pub live_bytes: u64,
    /// Both semispaces at their largest, in bytes.
    pub new_space_bytes: u64,
}

impl Footprint {
    /// Runs `program` on Tenure in this process, and looks at the heap.
    #[must_use]
    pub fn of(program: Program) -> Footprint {
        tenure::footprint(program)
    }

    /// The most memory that Tenure promises to take: half as much again as lives, and new space.
    #[must_use]
    pub fn limit_bytes(self) -> u64 {
        self.live_bytes * 3 / 2 + self.new_space_bytes
    }
}

/// A run, and how much memory was resident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resident {
    /// The run.
    pub run: Run,
    /// Most memory that the process had resident before the run, in KiB.
    pub started_kib: u64,
    /// Most memory that the process had resident, in KiB; 0 where the system does not tell.
    pub peak_kib: u64,
}

/// A line for another process to read.
impl fmt::Display for Resident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.started_kib, self.peak_kib, self.run)
    }
}

/// Reads what [`Resident`] displays.
impl FromStr for Resident {
    type Err = String;

    fn from_str(line: &str) -> Result<Self, String> {
        let not_a_run = || format!("not a run: {line:?}");
        let mut words = line.splitn(3, ' ');
        let mut kib = || words.next().and_then(|word| word.parse().ok()).ok_or_else(not_a_run);
        let (started_kib, peak_kib) = (kib()?, kib()?);
        let run = words.next().ok_or_else(not_a_run)?.parse()?;
        Ok(Resident { run, started_kib, peak_kib })
    }
}

/// Chooses slots: the same in every system (G. Marsaglia, "Xorshift RNGs", 2003).
struct Slots(u64);

impl Slots {
    fn new() -> Slots {
        Slots(0x9e37_79b9_7f4a_7c15)
    }

    #[inline]
    fn next(&mut self) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 20) as usize % RING_SLOTS
    }
}

#[cfg(test)]
mod tests {
    use super::{Footprint, Program, System, named};

    #[test]
    #[ignore = "takes seconds for each system: run by `targets typed`, which checks the same"]
    fn all_systems_find_the_same() {
        for program in Program::ALL {
            let expected = System::Tenure.run(program).run.checksum;
            for system in System::ALL.into_iter().filter(|system| system.can_run(program)) {
                assert_eq!(system.run(program).run.checksum, expected, "{system:?} {program:?}");
            }
        }
    }

    #[test]
    fn half_as_much_again_as_lives_may_be_taken_and_new_space() {
        let footprint = Footprint { live_bytes: 10, new_space_bytes: 4 };
        assert_eq!(footprint.limit_bytes(), 19);
    }

    #[test]
    fn a_run_is_read_as_it_was_written() {
        let line = "512 1024 1500 7";
        assert_eq!(line.parse::<super::Resident>().map(|run| run.to_string()), Ok(line.to_owned()));
        assert!("512 1024".parse::<super::Resident>().is_err());
        assert_eq!(named("boa_gc", "ring"), Some((System::Boa, Program::Ring)));
    }
}
