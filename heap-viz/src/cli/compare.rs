//! `tenure compare`.

use super::args::{CompareArgs, NamedFile};
use super::failure::Failure;
use super::page::Page;
use super::stdout::Stdout;
use super::{gate, input};
use heap_viz::PauseReport;
use heap_viz::compare::{Comparison, ComparisonJson, ComparisonMarkdown, ComparisonText, Sample, samples};
use heap_viz::report::ComparisonHtml;

/// Compares the runs in files.
pub(crate) fn compare(args: &CompareArgs, stdout: &mut Stdout) -> Result<(), Failure> {
    let page = args.html.as_deref().map(Page::start).transpose()?;
    let comparisons = comparisons(&args.files)?;
    stdout.print(&written(args, &comparisons))?;
    page.map_or(Ok(()), |page| page.write("page", ComparisonHtml(&comparisons)))?;
    gate::check_comparisons(&args.gate.thresholds, &comparisons)
}

fn written(args: &CompareArgs, comparisons: &[Comparison]) -> String {
    if args.json {
        return format!("{}\n", ComparisonJson(comparisons));
    }
    if args.markdown {
        return ComparisonMarkdown(comparisons).to_string();
    }
    let text = |comparison| with_heading(comparison, comparisons.len());
    comparisons.iter().map(text).collect::<Vec<_>>().join("\n")
}

fn comparisons(files: &[NamedFile]) -> Result<Vec<Comparison>, Failure> {
    let mut runs = Vec::new();
    for file in files {
        let source = source(file);
        runs.extend(input::reports(&file.path)?.into_iter().map(|report| (source.clone(), report)));
    }
    let groups = samples(&runs, files.iter().any(|file| file.name.is_some()));
    if let [group] = &groups[..]
        && group.len() < 2
    {
        return Err(Failure::OneSample { found: found(&runs, group) });
    }
    Ok(groups.into_iter().map(Comparison::new).collect())
}

/// The name that was given, or that of the file without its ending.
fn source(file: &NamedFile) -> String {
    let stem = || file.path.file_stem().unwrap_or(file.path.as_os_str()).to_string_lossy().into_owned();
    file.name.clone().unwrap_or_else(stem)
}

fn found(runs: &[(String, PauseReport)], group: &[Sample]) -> String {
    let workload = group.first().map_or("", |sample| &sample.runs[0].run.workload);
    match runs.len() {
        1 => format!("there is one run, of {workload}"),
        runs => format!("all {runs} runs are of {workload} under the same settings, in one file"),
    }
}

/// Where there are several, each with the workload that it is about.
fn with_heading(comparison: &Comparison, comparisons: usize) -> String {
    let heading = if comparisons > 1 { format!("{}\n\n", comparison.workloads()) } else { String::new() };
    format!("{heading}{}", ComparisonText(comparison))
}
