//! The typed face against the other collector libraries for Rust programs, and `Rc`.

use super::{Limit, Measured, Report, Unit};
use crate::contest::Contest;
use crate::typed::{Program, Resident, System};
use std::cell::Cell;
use std::process::{Command, Stdio};
use std::{env, io};

/// How many times slower gc-arena is at least.
const GC_ARENA_LIMIT: f64 = 6.0;

/// Each program on each system in turn, in a process of its own each time.
pub(super) fn measure(repetitions: usize, report: &mut Report) {
    for program in Program::ALL {
        measure_program(program, repetitions, report);
    }
}

fn measure_program(program: Program, repetitions: usize, report: &mut Report) {
    report.note(program.name());
    let systems = System::ALL.into_iter().filter(|system| system.can_run(program));
    let runners: Vec<_> = systems.map(|system| Runner::new(system, program)).collect();
    let expected = runners[0].run().run.checksum;
    let mut contest = Contest::default();
    for runner in &runners {
        contest = contest.with(runner.system.name(), move || {
            let run = runner.run().run;
            assert_eq!(run.checksum, expected, "all systems find the same");
            run.elapsed.as_secs_f64()
        });
    }
    let results = contest.run(repetitions);
    report.rows(&results, Unit::Seconds);
    let ratio = |of: System, by: System| {
        let get = |system: System| results.get(system.name()).expect("it took part");
        Measured::ratio(get(of), get(by))
    };
    report.row(
        "gc-arena / Tenure",
        ratio(System::GcArena, System::Tenure),
        Unit::Times,
        Limit::AtLeast(GC_ARENA_LIMIT),
    );
    let limit = if program == Program::Trees { Limit::AtMost(1.0) } else { Limit::None };
    report.row("Tenure / Rc", ratio(System::Tenure, System::Rc), Unit::Times, limit);
    let peaks =
        runners.iter().map(|runner| format!("{} {}", runner.system.name(), runner.peak_kib.get() / 1024));
    report.note(format!("most memory resident, in MiB: {}", peaks.collect::<Vec<_>>().join(", ")));
}

/// Runs a program on a system in a process of its own.
struct Runner {
    system: System,
    program: Program,
    /// The most memory of all runs.
    peak_kib: Cell<u64>,
}

impl Runner {
    fn new(system: System, program: Program) -> Runner {
        Runner { system, program, peak_kib: Cell::new(0) }
    }

    fn run(&self) -> Resident {
        let run = self.run_apart().expect("this program runs once more");
        self.peak_kib.set(self.peak_kib.get().max(run.peak_kib));
        run
    }

    fn run_apart(&self) -> io::Result<Resident> {
        let child = Command::new(env::current_exe()?)
            .args(["--typed", self.system.name(), self.program.name()])
            .stderr(Stdio::inherit())
            .output()?;
        String::from_utf8_lossy(&child.stdout).trim().parse().map_err(io::Error::other)
    }
}
