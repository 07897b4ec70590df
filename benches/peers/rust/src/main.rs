//! Tenure's workloads on other collectors for Rust programs: `peers-rust SYSTEM WORKLOAD [NAME=VALUE]...`.
//!
//! `programs/` has the workloads, each written once: what it does, and which objects it asks a system for. `systems/`
//! has the systems, each with those objects and with how its roots are kept. What is printed is told in `../README.md`.

mod latencies;
mod parameters;
mod programs;
mod systems;

use std::process::ExitCode;
use std::time::Instant;

#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match run(std::env::args().skip(1).collect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::from(2)
        }
    }
}

fn run(words: Vec<String>) -> Result<(), String> {
    let [system, workload, overrides @ ..] = &words[..] else {
        return Err("usage: peers-rust SYSTEM WORKLOAD [NAME=VALUE]...".into());
    };
    let parameters = parameters::parse(workload, overrides)?;
    let program = systems::program(system, workload)?;
    let start = Instant::now();
    let found = program(&parameters);
    let elapsed = start.elapsed();
    println!("checksum {:#018x}\nseconds {:.9}", found.checksum, elapsed.as_secs_f64());
    latencies::print(found.latencies);
    Ok(())
}
