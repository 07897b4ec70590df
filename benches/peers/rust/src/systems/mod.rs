//! The systems: each has the objects of the programs, and how its roots are kept.

#[macro_use]
mod like_rc;
mod boa;
mod boxed;
mod bump;
mod dumpster;
mod gc_arena;
mod rc;
mod rust_gc;
mod safe_gc;
mod tenure;

use crate::programs::Program;

/// A system: its name, and its programs by the names of the workloads.
struct System {
    name: &'static str,
    programs: &'static [(&'static str, Program)],
}

const SYSTEMS: [System; 9] = [
    System { name: "tenure-arena", programs: &tenure::PROGRAMS },
    System { name: "gc-arena", programs: &gc_arena::PROGRAMS },
    System { name: "gc", programs: &rust_gc::PROGRAMS },
    System { name: "boa_gc", programs: &boa::PROGRAMS },
    System { name: "dumpster", programs: &dumpster::PROGRAMS },
    System { name: "safe-gc", programs: &safe_gc::PROGRAMS },
    System { name: "rc", programs: &rc::PROGRAMS },
    System { name: "box", programs: &boxed::PROGRAMS },
    System { name: "bumpalo", programs: &bump::PROGRAMS },
];

/// The program of a system for a workload.
pub(crate) fn program(system: &str, workload: &str) -> Result<Program, String> {
    let names = || SYSTEMS.iter().map(|system| system.name).collect::<Vec<_>>().join(", ");
    let found = SYSTEMS.iter().find(|one| one.name == system);
    let found = found.ok_or_else(|| format!("there is no system `{system}`; there are {}", names()))?;
    let program = found.programs.iter().find(|(name, _)| *name == workload);
    program.map(|(_, program)| *program).ok_or_else(|| format!("{system} has no program for `{workload}`"))
}
