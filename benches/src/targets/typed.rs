//! The typed face against the other collector libraries for Rust programs, and `Rc`.

use super::{Limit, Measured, Report, Unit};
use crate::contest::{Contest, Figures};
use crate::settings::MIB;
use crate::typed::{Footprint, Program, Resident, System};
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
    let tenure = runners.iter().find(|runner| runner.system == System::Tenure).expect("it took part");
    judge_memory(tenure, report);
}

/// Whether Tenure keeps to its limit, in the run that took most. What the process had before it started is not the heap's.
fn judge_memory(tenure: &Runner, report: &mut Report) {
    if tenure.peak_kib.get() == 0 {
        return report.note("this system does not tell how much memory is resident");
    }
    let footprint = Footprint::of(tenure.program);
    let mib = |bytes: u64| bytes as f64 / MIB as f64;
    report.row(
        "most memory of Tenure, less the process before it",
        &[mib(tenure.own_kib.get() * 1024)].into_iter().collect::<Figures>(),
        Unit::Mebibytes,
        Limit::AtMost(mib(footprint.limit_bytes())),
    );
    let (live, new_space) = (mib(footprint.live_bytes), mib(footprint.new_space_bytes));
    report.note(format!(
        "the limit: 1.5 times the {live:.1} MiB that live, and {new_space:.1} MiB of new space"
    ));
}

/// Runs a program on a system in a process of its own.
struct Runner {
    system: System,
    program: Program,
    /// The most memory of all runs.
    peak_kib: Cell<u64>,
    /// The same, less what the process had before the run.
    own_kib: Cell<u64>,
}

impl Runner {
    fn new(system: System, program: Program) -> Runner {
        Runner { system, program, peak_kib: Cell::new(0), own_kib: Cell::new(0) }
    }

    fn run(&self) -> Resident {
        let run = self.run_apart().expect("this program runs once more");
        self.peak_kib.set(self.peak_kib.get().max(run.peak_kib));
        self.own_kib.set(self.own_kib.get().max(run.peak_kib - run.started_kib));
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
