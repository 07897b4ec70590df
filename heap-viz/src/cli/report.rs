//! `tenure report` and the writing of reports.

use super::args::ReportArgs;
use super::failure::Failure;
use super::gate;
use super::input;
use super::page::Page;
use super::plan::Format;
use super::stdout::Stdout;
use heap_viz::PauseReport;
use heap_viz::report::{Html, Json, StyledText, Summary};

/// Reports on a file of events.
pub(crate) fn report(args: &ReportArgs, stdout: &mut Stdout) -> Result<(), Failure> {
    let page = args.html.as_deref().map(Page::start).transpose()?;
    let reports = input::reports(&args.file)?;
    let format = Format::new(args.json);
    reports.iter().enumerate().try_for_each(|(index, report)| print_one(index, report, format, stdout))?;
    print_all(&reports, format, stdout)?;
    page.map_or(Ok(()), |page| page.write("page", Html(&reports)))?;
    gate::check_runs(&args.gate.thresholds, &reports)
}

/// Prints what is told of the run number `index` as soon as it has ended.
pub(crate) fn print_one(
    index: usize,
    report: &PauseReport,
    format: Format,
    stdout: &mut Stdout,
) -> Result<(), Failure> {
    if format == Format::Json {
        return Ok(());
    }
    let distance = if index > 0 { "\n" } else { "" };
    let text = StyledText { report, style: stdout.style() };
    stdout.print(&format!("{distance}{text}"))
}

/// Prints what is told when all runs have ended.
pub(crate) fn print_all(reports: &[PauseReport], format: Format, stdout: &mut Stdout) -> Result<(), Failure> {
    match format {
        Format::Text if reports.len() > 1 => stdout.print(&format!("\n{}", Summary(reports))),
        Format::Text => Ok(()),
        Format::Json => stdout.print(&format!("{}\n", Json(reports))),
    }
}
