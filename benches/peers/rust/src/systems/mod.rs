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

#[cfg(test)]
mod tests {
    use super::SYSTEMS;
    use crate::parameters;

    /// Small parameters of each workload, with which it does all that it does.
    const SMALL: [(&str, &[&str]); 8] = [
        ("binary_trees", &["depth=8"]),
        ("gcbench", &["stretch_depth=8", "long_lived_depth=6", "max_depth=6", "array_length=100"]),
        ("ring", &["window=50", "message=16", "pushes=1_000"]),
        ("window", &["window=50", "objects=1_000"]),
        ("splay", &["size=50", "runs=10", "modifications=20", "payload_depth=1"]),
        ("lru_cache", &["capacity=50", "keys=500", "lookups=2_000", "value=16"]),
        ("big_heap", &["live=64", "operations=200"]),
        ("big_heap", &["live=64", "operations=200", "order=1", "seed=7"]),
    ];

    #[test]
    fn all_programs_find_what_the_workloads_do() {
        for (workload, overrides) in SMALL {
            let overrides: Vec<_> = overrides.iter().map(|word| (*word).to_owned()).collect();
            let parameters = parameters::parse(workload, &overrides).expect("they are legal");
            let entry = workloads::find(workload).expect("it is registered");
            let expected = entry.make(&parameters).expected_checksum();
            let mut programs = 0;
            for system in &SYSTEMS {
                for (_, program) in system.programs.iter().filter(|(name, _)| *name == workload) {
                    assert_eq!(program(&parameters).checksum, expected, "{} on {workload}", system.name);
                    programs += 1;
                }
            }
            assert!(programs >= SYSTEMS.len() - 1, "only Box may have no program for {workload}");
        }
    }
}
