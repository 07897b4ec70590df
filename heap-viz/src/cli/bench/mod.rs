//! `tenure bench`: systems side by side, as a table tells them.

mod answer;
mod curves;
mod invocation;
mod machine_limits;
mod measure;
mod peers_file;
mod plan;
mod preparation;
mod smallest_heap;
mod template;
mod turns;

use super::args::BenchArgs;
use super::failure::Failure;
use super::machine::machine_memory;
use super::page::Page;
use super::progress::Progress;
use super::stdout::Stdout;
use heap_viz::WholeFile;
use heap_viz::matrix::{
    Case, Machine, Matrix, MatrixHtml, MatrixJson, MatrixText, Protocol, System, write_csv, write_parquet,
};
use peers_file::PeersFile;
use plan::{Plan, PlannedCase};
use preparation::Readiness;
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// Measures what was asked for, and tells it.
pub(crate) fn bench(args: &BenchArgs, stdout: &mut Stdout) -> Result<(), Failure> {
    let file = PeersFile::read(&args.peers).map_err(|failure| without_table(failure, args))?;
    let plan = Plan::new(
        args,
        file,
        args.peers.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new(".")),
    )?;
    if cfg!(debug_assertions) {
        eprintln!("note: this is an unoptimised build: times of Tenure mean little, take a `--release` one");
    }
    let page = args.html.as_deref().map(Page::start).transpose()?;
    let matrix = measure(&plan, args)?;
    let text =
        if args.json { MatrixJson(&matrix).to_string() + "\n" } else { MatrixText(&matrix).to_string() };
    stdout.print(&text)?;
    page.map_or(Ok(()), |page| page.write("page", MatrixHtml(&matrix)))?;
    args.csv.as_deref().map_or(Ok(()), |path| write(path, |out| write_csv(&matrix, out)))?;
    args.parquet.as_deref().map_or(Ok(()), |path| write(path, |out| write_parquet(&matrix, out)))?;
    verdict(&matrix, args)
}

/// A table that is not there may lie elsewhere.
fn without_table(failure: Failure, args: &BenchArgs) -> Failure {
    match failure {
        Failure::Read { path, source } if path == args.peers => Failure::NoPeers { path, source },
        failure => failure,
    }
}

fn measure(plan: &Plan, args: &BenchArgs) -> Result<Matrix, Failure> {
    let mut machine = machine();
    let ready = preparation::prepare(plan);
    let numbered = plan.cases.iter().zip(1..);
    let cases = numbered.map(|(case, number)| measure_case(plan, case, number, &ready, args)).collect();
    let hardware = if args.no_machine { None } else { Some(machine_limits::measure()?) };
    machine.load[1] = load();
    Ok(Matrix {
        machine,
        protocol: Protocol {
            repetitions: plan.repetitions,
            time_limit_seconds: plan.time_limit.as_secs_f64(),
            is_unoptimised: cfg!(debug_assertions),
        },
        systems: plan.systems.iter().zip(ready).map(|(system, ready)| told(system, ready)).collect(),
        base: plan.base,
        cases,
        hardware,
    })
}

fn measure_case(
    plan: &Plan,
    case: &PlannedCase,
    number: usize,
    ready: &[Readiness],
    args: &BenchArgs,
) -> Case {
    // A bar is for terminals; a log has a line for each case.
    if !io::stderr().is_terminal() {
        eprintln!("{number}/{} {}", plan.cases.len(), case.name);
    }
    let progress = Progress::new(&case.name, number, plan.cases.len());
    let cells = measure::cells(plan, case, ready, &progress);
    drop(progress);
    let curves = if args.space {
        let progress = Progress::new(&format!("{} by heap", case.name), number, plan.cases.len());
        curves::curves(plan, case, &cells, &progress)
    } else {
        Vec::new()
    };
    Case {
        name: case.name.clone(),
        workload: case.workload_name.into(),
        parameters: case.parameters.to_string(),
        live_bytes: case.workload.live_bytes(),
        cells,
        curves,
    }
}

fn told(system: &peers_file::System, ready: Readiness) -> System {
    System {
        name: system.name.clone(),
        about: system.about.clone(),
        version: ready.ok().flatten(),
        is_floor: system.is_floor,
    }
}

fn machine() -> Machine {
    let name = |name: Option<String>| name.unwrap_or_else(|| "unknown".into());
    let mut system = sysinfo::System::new();
    system.refresh_cpu_list(sysinfo::CpuRefreshKind::nothing());
    let processor = system.cpus().first().map(|processor| processor.brand().trim().to_owned());
    Machine {
        processor: name(processor.filter(|brand| !brand.is_empty())),
        cores: std::thread::available_parallelism().map_or(1, usize::from),
        memory_bytes: machine_memory().system_total_bytes,
        system: name(sysinfo::System::long_os_version()),
        load: [load(); 2],
    }
}

/// Processes that want to run, on the average of the last minute.
fn load() -> f64 {
    sysinfo::System::load_average().one
}

/// Writes a file whole or not at all.
fn write(path: &Path, content: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> Result<(), Failure> {
    let written = WholeFile::create(path).and_then(|(file, mut out)| {
        content(&mut out)?;
        out.flush()?;
        file.commit()
    });
    written.map_err(|source| Failure::Write { path: PathBuf::from(path), source })
}

/// Fails if a system that is there has not got through, and that is to be a failure.
fn verdict(matrix: &Matrix, args: &BenchArgs) -> Result<(), Failure> {
    let failed: Vec<_> =
        matrix.failures().map(|(system, case, why)| format!("{system} on {case}: {why}")).collect();
    if failed.is_empty() || !args.strict { Ok(()) } else { Err(Failure::Peers(failed)) }
}
