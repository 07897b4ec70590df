//! `tenure doctor`: what hurts in a run, what to change, and the proof that it helps.
//!
//! The run is made once by the modelled clock, then again and again with what the diagnosis advises. What helps most against
//! the worst is kept, and the rest is tried on top of it, until nothing more helps. Advice that does not help is told as refuted.

mod attempt;
mod course;
mod patient;

use super::args::{DoctorArgs, sets_anything};
use super::effective::Effective;
use super::failure::Failure;
use super::named::{Named, Target};
use super::page::Page;
use super::plan::{Format, RunPlan};
use super::report::print_all;
use super::stdout::Stdout;
use super::{input, text_file};
use course::Course;
use heap_viz::diagnosis::Treatment;
use heap_viz::report::{Examination, Html};
use heap_viz::{ClockKind, Collector, PauseReport};
use patient::Patient;
use std::path::Path;

/// Examines, treats and tells.
pub(crate) fn doctor(args: &DoctorArgs, stdout: &mut Stdout) -> Result<(), Failure> {
    if args.heap.clock == Some(super::args::ClockChoice::Measured) {
        return Err(Failure::NoProof);
    }
    if let Target::Log(path) = &args.target
        && sets_anything(args.seed, &args.set, &args.heap)
    {
        return Err(Failure::Recording { path: path.clone() });
    }
    let page = args.html.as_deref().map(Page::start).transpose()?;
    let (reports, cured) = match &args.target {
        Target::Program(program) => treat(args, program)?,
        Target::Log(file) => (read(file)?, None),
    };
    tell(args, &reports, stdout)?;
    page.map_or(Ok(()), |page| page.write("page", Html(&reports)))?;
    match (&args.output, cured) {
        (Some(path), Some(settings)) => text_file::write(path, &settings.to_toml()),
        (Some(_), None) => Err(Failure::NoCure),
        (None, _) => Ok(()),
    }
}

/// The run with its treatment, and the settings that help, if any do.
fn treat(args: &DoctorArgs, program: &Named) -> Result<(Vec<PauseReport>, Option<Effective>), Failure> {
    let plan = RunPlan::new(&args.as_run(program))?;
    let (given_clock, settings) = (plan.heap.clock(), plan.heap.by_clock(ClockKind::Modelled));
    let run = plan.runs.into_iter().next().expect("one program was named");
    let (patient, mut report) = Patient::examine(run, &settings)?;
    let mut course = Course::new(&patient, settings)?;
    course.run()?;
    let (treatment, cured) = course.finish();
    report.treatment = Some(Box::new(treatment));
    // The modelled clock was for the proof.
    Ok((vec![report], cured.map(|settings| settings.by_clock(given_clock))))
}

/// The runs in a file, of which nothing can be tried.
fn read(file: &Path) -> Result<Vec<PauseReport>, Failure> {
    let mut reports = input::reports(file)?;
    for report in &mut reports {
        report.treatment = Some(Box::new(Treatment::Untried { why: why_untried(report) }));
    }
    Ok(reports)
}

fn why_untried(report: &PauseReport) -> String {
    match &report.run.collector {
        Some(collector) => format!(
            "A log tells what the collector of {} did, not what the program did to its memory, and settings of Tenure are not \
             those of that runtime; {}",
            collector.name,
            instead(collector)
        ),
        None => "A file of events tells what the collector did, not what the program did to its memory; give the program itself, \
                 or its trace (`tenure run ... --record FILE`, then `tenure doctor trace:FILE`)"
            .into(),
    }
}

/// What can be treated of a program that another runtime ran.
fn instead(collector: &Collector) -> &'static str {
    if collector.name.starts_with("V8") {
        "a heap snapshot of the program can be treated (`tenure doctor snapshot:FILE`)"
    } else {
        "a scenario that allocates as the program does can be treated (`tenure doctor scenario:FILE`)"
    }
}

fn tell(args: &DoctorArgs, reports: &[PauseReport], stdout: &mut Stdout) -> Result<(), Failure> {
    let format = Format::new(args.json);
    if format == Format::Json {
        return print_all(reports, format, stdout);
    }
    let style = stdout.style();
    let texts: Vec<_> = reports.iter().map(|report| Examination { report, style }.to_string()).collect();
    stdout.print(&texts.join("\n"))
}
