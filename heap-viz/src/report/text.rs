//! Reports for people: what hurts first.

use super::histogram::{bar, histogram};
use super::layout::{HEADING, NAME, Sheet, columns, heading, list, paragraph, row};
use super::sparkline::sparkline;
use super::style::{Paint, Style};
use super::treatment::treatment;
use super::{Compaction, PauseReport, Resizes, Tally};
use crate::collector::Figure;
use crate::diagnosis::{Advice, Diagnosis, Severity};
use crate::latency::PausesInLatencies;
use crate::live::LiveSum;
use crate::percentiles::Percentiles;
use crate::quantity::counted;
use crate::quantity::{Bytes, Count, Share, Time};
use crate::run::{MachineMemory, Origin, Setting, SettingValue, Verdict};
use crate::type_names::without_paths;
use crate::utilisation::WorstWindow;
use crate::worker::WorkerReport;
use gc_core::event::{MAX_AGE, Nanos, PauseKind, Phase};
use std::cmp::Reverse;
use std::fmt::{self, Display, Formatter, Write};

/// How many replacements of a worker are told by the job.
const REPLACEMENTS: usize = 5;

/// Writes a report as text, in 80 columns and without colours: what hurts first, then the figures.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a>(pub &'a PauseReport);

/// Writes a report as [`Text`] does, in a style.
#[derive(Clone, Copy, Debug)]
pub struct StyledText<'a> {
    /// The report.
    pub report: &'a PauseReport,
    /// How it looks.
    pub style: Style,
}

/// Writes what a doctor says of a run, and none of the figures: what hurts, what was tried, and what to change.
#[derive(Clone, Copy, Debug)]
pub struct Examination<'a> {
    /// The report.
    pub report: &'a PauseReport,
    /// How it looks.
    pub style: Style,
}

impl Display for Examination<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (report, f) = (self.report, &mut Sheet { out: f, style: self.style });
        title(f, report)?;
        verdict(f, report)?;
        treatment(f, report)
    }
}

impl Display for Text<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        StyledText { report: self.0, style: Style::PLAIN }.fmt(f)
    }
}

impl Display for StyledText<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (report, f) = (self.report, &mut Sheet { out: f, style: self.style });
        title(f, report)?;
        verdict(f, report)?;
        treatment(f, report)?;
        throughput(f, report)?;
        utilisation(f, report)?;
        idle_time(f, report)?;
        pauses(f, report)?;
        phases(f, report)?;
        lengths(f, report)?;
        collections(f, report)?;
        compactions(f, report)?;
        if report.tells_memory() {
            survival(f, report)?;
            heap(f, report)?;
        }
        by_type(f, report)?;
        latencies(f, report)?;
        workers(f, report)?;
        unread_lines(f, report)?;
        report.end.machine.iter().try_for_each(|machine| memory(f, report, machine))
    }
}

fn title(f: &mut Sheet<'_, '_>, report: &PauseReport) -> fmt::Result {
    let name = &report.run.workload;
    // One blank at least.
    let width = f.style.width.saturating_sub(name.chars().count() + 1);
    if report.run.collector.is_some() {
        return writeln!(f, "{name} {:>width$}", "read from a log");
    }
    match &report.end.verdict {
        Verdict::Passed { checksum } => {
            writeln!(f, "{name} {:>width$}", format!("passed, checksum {checksum:016x}"))?;
        }
        Verdict::Failed { reason } => writeln!(f, "{name} FAILED: {reason}")?,
    }
    if !report.run.parameters.is_empty() {
        list(f, "parameters", report.run.parameters.iter().map(assignment))?;
    }
    list(f, "settings", settings(&report.run.settings))
}

/// What hurts, the evidence, and what to try.
fn verdict(f: &mut Sheet<'_, '_>, report: &PauseReport) -> fmt::Result {
    let diagnosis = Diagnosis::of(report);
    if diagnosis.findings.is_empty() {
        return paragraph(f, Paint::Good, "verdict", &[diagnosis.headline().into()]);
    }
    diagnosis.findings.iter().try_for_each(|finding| {
        let (paint, name) = match finding.severity {
            Severity::Failure => (Paint::Failure, "failure"),
            Severity::Problem => (Paint::Problem, "problem"),
            Severity::Notice => (Paint::Notice, "notice"),
        };
        let sentences = [finding.what.clone(), finding.evidence.clone()];
        let advice = ["Try", "Or"].iter().zip(&finding.advice).map(|(word, one)| advice(word, one));
        paragraph(f, paint, name, &sentences.into_iter().chain(advice).collect::<Vec<_>>())
    })
}

fn advice(word: &str, advice: &Advice) -> String {
    match advice.doses.first() {
        Some(dose) => format!("{word}: {} ({dose}).", advice.what),
        None => format!("{word}: {}.", advice.what),
    }
}

/// The settings that are not as by default: the others are known.
fn settings(all: &[Setting]) -> Vec<String> {
    let changed: Vec<_> =
        all.iter().filter(|setting| setting.origin == Origin::Changed).map(assignment).collect();
    if changed.is_empty() { vec!["all as by default".into()] } else { changed }
}

fn assignment(setting: &Setting) -> String {
    match setting.value {
        SettingValue::Integer(bytes) if setting.name.ends_with("_bytes") => {
            format!("{}={:#}", setting.name, Bytes(bytes))
        }
        _ => format!("{}={}", setting.name, setting.value),
    }
}

fn throughput(f: &mut Sheet<'_, '_>, report: &PauseReport) -> fmt::Result {
    let end = &report.end;
    heading(f, "time")?;
    writeln!(f, "{} on the {} clock", Time(end.at), report.run.clock.name())?;
    let Some(bytes) = report.allocated_bytes_per_second() else { return Ok(()) };
    heading(f, "throughput")?;
    if let Some(operations) = report.operations_per_second().map(Count) {
        write!(f, "{operations} operations/s (operation: {}), ", end.operation)?;
    }
    writeln!(f, "{}/s allocated", Bytes(bytes as u64))
}

fn utilisation(f: &mut Sheet<'_, '_>, report: &PauseReport) -> fmt::Result {
    heading(f, "utilisation")?;
    let (program, pauses) = (Share(report.mutator_share), Share(1.0 - report.mutator_share));
    writeln!(f, "{program} of the time for the program, {pauses} for pauses")?;
    let windows = &report.worst_windows;
    windows.iter().filter_map(|(_, worst)| worst.as_ref()).try_for_each(|worst| worst_window(f, worst))?;
    let too_long = windows.iter().filter(|(_, worst)| worst.is_none()).map(|(window, _)| *window);
    match too_long.min() {
        Some(window) => writeln!(f, "{:HEADING$}the run was shorter than {:#}", "", Time(window)),
        None => Ok(()),
    }
}

fn worst_window(f: &mut Sheet<'_, '_>, worst: &WorstWindow) -> fmt::Result {
    let (share, window, start) = (Share(worst.mutator_share()), Time(worst.window), Time(worst.start));
    writeln!(f, "{:HEADING$}{share:>7} of the worst {window:#}, from {start} on", "")
}

/// What idle time took off the program's hands. Its pauses are among those that utilisation counts.
fn idle_time(f: &mut Sheet<'_, '_>, report: &PauseReport) -> fmt::Result {
    let idle = &report.idle;
    if idle.idle.pauses.count == 0 {
        return Ok(());
    }
    let share_of = |share: Option<f64>, whole| share.map(|share| format!("{} of {whole}", Share(share)));
    let shares =
        [share_of(idle.time_share(), "the time for pauses"), share_of(idle.marked_share(), "marking")];
    let pauses = counted(idle.idle.pauses.count, "pause");
    list(f, "idle time", [pauses].into_iter().chain(shares.into_iter().flatten()))
}

fn pauses(f: &mut Sheet<'_, '_>, report: &PauseReport) -> fmt::Result {
    if report.pauses.count == 0 {
        heading(f, "pauses")?;
        let why =
            if report.run.collector.is_none() { ": the run ended before new space was full" } else { "" };
        return writeln!(f, "none{why}");
    }
    columns(f, "pauses", &["count", "p50", "p90", "p99", "p99.9", "max", "total"])?;
    for (kind, percentiles) in &report.pauses_by_kind {
        percentile_row(f, kind.name(), percentiles)?;
    }
    percentile_row(f, "all", &report.pauses)
}

fn percentile_row(f: &mut Sheet<'_, '_>, name: &str, found: &Percentiles) -> fmt::Result {
    let times = [found.p50, found.p90, found.p99, found.p99_9, found.max, found.total];
    let times = times.map(|time| Time(time).to_string());
    row(f, name, [found.count.to_string()].into_iter().chain(times))
}

/// Where the time of pauses goes, largest share first; what rounds to nothing is left out.
fn phases(f: &mut Sheet<'_, '_>, report: &PauseReport) -> fmt::Result {
    for (kind, percentiles) in &report.pauses_by_kind {
        let mut tallies: Vec<_> = of_kind(&report.phases, *kind).collect();
        tallies.sort_by_key(|(_, tally)| Reverse(tally.total));
        let shares =
            tallies.iter().map(|(phase, tally)| (phase, Share::of(tally.total.0, percentiles.total.0)));
        let shown = shares.filter(|(_, share)| share.0 >= 0.0005);
        let words: Vec<_> = shown.map(|(phase, share)| format!("{} {share}", phase.name())).collect();
        if !words.is_empty() {
            list(f, &format!("{} pauses", kind.name()), words)?;
        }
    }
    Ok(())
}

/// How many pauses there were of each length. Steps of the lengths are logarithmic, since most pauses are short.
fn lengths(f: &mut Sheet<'_, '_>, report: &PauseReport) -> fmt::Result {
    let rows = histogram(report.durations_by_kind.iter().map(|(_, durations)| durations));
    let Some(most) = rows.iter().map(|(_, count)| *count).max() else { return Ok(()) };
    columns(f, "lengths", &["pauses"])?;
    let columns = f.body_width() - 9 - 2;
    rows.iter().try_for_each(|(name, count)| {
        row(f, name, [count.to_string(), format!("  {:<7}", bar(*count, most, columns))])
    })
}

fn of_kind(
    phases: &[((PauseKind, Phase), Tally)],
    wanted: PauseKind,
) -> impl Iterator<Item = (Phase, Tally)> {
    phases.iter().filter(move |((kind, _), _)| *kind == wanted).map(|&((_, phase), tally)| (phase, tally))
}

fn collections(f: &mut Sheet<'_, '_>, report: &PauseReport) -> fmt::Result {
    if report.collections.is_empty() {
        return Ok(());
    }
    columns(f, "collections", &["count", "total", "    cause"])?;
    for ((kind, cause), tally) in &report.collections {
        let cause = format!("    {}", cut(cause.name(), f.style.width - HEADING - 2 * 9 - 4));
        let figures = [tally.count.to_string(), Time(tally.total).to_string(), cause];
        row(f, kind.name(), figures)?;
    }
    Ok(())
}

fn compactions(f: &mut Sheet<'_, '_>, report: &PauseReport) -> fmt::Result {
    let ways = [("slides", report.compactions.slides), ("evacuations", report.compactions.evacuations)];
    let mut ways = ways.iter().filter(|(_, way)| way.tally.count > 0).peekable();
    if ways.peek().is_some() {
        columns(f, "compaction", &["count", "total", "moved", "before", "after", "    fragmentation"])?;
    }
    ways.try_for_each(|(name, way)| compaction(f, name, way))
}

fn compaction(f: &mut Sheet<'_, '_>, name: &str, way: &Compaction) -> fmt::Result {
    let Compaction { tally, moved_bytes, before, after, .. } = way;
    let moved = [tally.count.to_string(), Time(tally.total).to_string(), Bytes(*moved_bytes).to_string()];
    let fragmentation = [before, after].map(|pages| Share(pages.fragmentation_share().unwrap_or(0.0)));
    row(f, name, moved.into_iter().chain(fragmentation.map(|share| share.to_string())))
}

fn survival(f: &mut Sheet<'_, '_>, report: &PauseReport) -> fmt::Result {
    let allocated = report.end.allocated_bytes;
    let survival = &report.survival;
    columns(f, "survival", &["bytes", "share"])?;
    let of_allocated = |f: &mut Sheet<'_, '_>, name: &str, bytes, note: &str| {
        row(f, name, [Bytes(bytes).to_string(), Share::of(bytes, allocated).to_string(), note.to_string()])
    };
    of_allocated(f, "allocated", allocated, "")?;
    for (age, (bytes, before)) in ages(&survival.survived_bytes_by_age) {
        if age == usize::from(MAX_AGE) {
            // Ages are not counted further: these bytes come again with every scavenge, and are no share of anything.
            let note = "    more, each time again: they could not become old";
            row(f, &format!("{} and more", age + 1), [Bytes(bytes).to_string(), String::new(), note.into()])?;
            continue;
        }
        let note = match before {
            None => "    survived it".into(),
            Some(before) => format!("    survived them, {} of the line above", Share::of(bytes, before)),
        };
        of_allocated(f, &counted(age as u64 + 1, "scavenge"), bytes, &note)?;
    }
    if !report.run.tells(Figure::Promotion) {
        return Ok(());
    }
    of_allocated(f, "promoted", survival.promoted_bytes, "    became old")
}

/// Each age up to the last that anything survived, with its bytes and those of the age before.
fn ages(survived_bytes_by_age: &[u64]) -> impl Iterator<Item = (usize, (u64, Option<u64>))> {
    let ages = survived_bytes_by_age.iter().rposition(|&bytes| bytes > 0).map_or(0, |last| last + 1);
    (0..ages).map(|age| {
        let before = age.checked_sub(1).map(|before| survived_bytes_by_age[before]);
        (age, (survived_bytes_by_age[age], before))
    })
}

fn heap(f: &mut Sheet<'_, '_>, report: &PauseReport) -> fmt::Result {
    let (heap, usage) = (&report.heap, &report.end.usage);
    columns(f, "heap", &["used", "total", "external"])?;
    let told =
        |figure, bytes| if report.run.tells(figure) { Bytes(bytes).to_string() } else { String::new() };
    let sizes = |used, total, external| {
        [Bytes(used).to_string(), told(Figure::Capacity, total), told(Figure::External, external)]
    };
    row(f, "peak", sizes(heap.peak.used_bytes, heap.peak.total_bytes, heap.peak.external_bytes))?;
    row(f, "at the end", sizes(usage.heap_used(), usage.heap_total(), usage.external))?;
    if report.run.tells(Figure::Spaces) {
        spaces(f, report)?;
    }
    if report.run.tells(Figure::Committed) {
        row(f, "committed", [String::new(), Bytes(report.end.committed_bytes).to_string()])?;
    }
    over_time(f, report)?;
    notes(f, report)
}

fn spaces(f: &mut Sheet<'_, '_>, report: &PauseReport) -> fmt::Result {
    let usage = &report.end.usage;
    for (space, used, total) in [
        ("  new", usage.new_used, usage.new_total),
        ("  old", usage.old_used, usage.old_total),
        ("  large", usage.large_used, usage.large_total),
    ] {
        row(f, space, [used, total].map(|bytes| Bytes(bytes).to_string()))?;
    }
    Ok(())
}

fn over_time(f: &mut Sheet<'_, '_>, report: &PauseReport) -> fmt::Result {
    let (points, peak_bytes) = (report.heap.curve.points(), report.heap.peak.used_bytes);
    if points.len() < 2 || peak_bytes == 0 {
        return Ok(());
    }
    let columns = f.body_width() - " to 1023 MiB".len() - 4;
    let bars = sparkline(points, report.end.at, peak_bytes, columns);
    writeln!(f, "{:<HEADING$}{bars} to {}", "    over time", Bytes(peak_bytes))
}

/// What is worth a word only where it happened.
fn notes(f: &mut Sheet<'_, '_>, report: &PauseReport) -> fmt::Result {
    let heap = &report.heap;
    let remembered = Some(heap.peak_remembered_entries).filter(|&entries| entries > 0);
    let told = report.run.tells(Figure::Fragmentation);
    let refused = Some(heap.refused_allocations).filter(|&allocations| allocations > 0);
    for (name, note) in [
        ("new space", heap.new_space.map(resized)),
        ("old space", heap.fragmentation_ppm.filter(|_| told).map(fragmentation)),
        ("old limit", heap.old_limit_bytes.map(|limit| format!("full collection due at {:#}", Bytes(limit)))),
        ("maximum", heap.max_old_raised_to_bytes.map(|maximum| format!("raised to {:#}", Bytes(maximum)))),
        ("remembered", remembered.map(|entries| format!("{} at most", counted(entries, "object")))),
        ("heap full", refused.map(|count| format!("{} could not be met", counted(count, "allocation")))),
    ] {
        note.iter().try_for_each(|note| list(f, name, [note.clone()]))?;
    }
    Ok(())
}

fn resized(Resizes { count, first_bytes, last_bytes }: Resizes) -> String {
    let steps = counted(count, "step");
    format!("semispaces went from {:#} to {:#} in {steps}", Bytes(first_bytes), Bytes(last_bytes))
}

fn fragmentation(ppm: u32) -> String {
    format!("{} of its pages holds no object", Share::of(ppm.into(), 1_000_000))
}

/// What is alive at the end, the largest types by their names.
fn by_type(f: &mut Sheet<'_, '_>, report: &PauseReport) -> fmt::Result {
    let Some(live) = &report.end.live else { return Ok(()) };
    let all = live.sum();
    if all.objects == 0 {
        writeln!(f)?;
        return list(f, "by type", ["nothing is alive at the end of the run".into()]);
    }
    columns(f, "by type", &["objects", "bytes", "share", "    alive at the end of the run"])?;
    let figures = |objects: u64, bytes| {
        [objects.to_string(), Bytes(bytes).to_string(), Share::of(bytes, all.size_bytes).to_string()]
    };
    for of in live.largest() {
        row(f, &shortened(&without_paths(&of.name)), figures(of.objects, of.size_bytes))?;
    }
    let LiveSum { types, objects, size_bytes } = live.others();
    if types > 0 {
        row(f, &format!("{types} others"), figures(objects, size_bytes))?;
    }
    row(f, "all", figures(all.objects, all.size_bytes))
}

/// A text that fits into so many columns: of a longer one its beginning.
fn cut(text: &str, columns: usize) -> String {
    if text.chars().count() <= columns {
        return text.into();
    }
    text.chars().take(columns - 1).chain(['…']).collect()
}

/// A name that fits before the figures: of a longer one its end, which tells more than the path before it.
fn shortened(name: &str) -> String {
    match name.chars().count().checked_sub(NAME) {
        None | Some(0) => name.into(),
        Some(excess) => ['…'].into_iter().chain(name.chars().skip(excess + 1)).collect(),
    }
}

fn latencies(f: &mut Sheet<'_, '_>, report: &PauseReport) -> fmt::Result {
    let Some(latencies) = &report.end.latencies else { return Ok(()) };
    columns(f, "latency", &["count", "p50", "p90", "p99", "p99.9", "worst", "total"])?;
    percentile_row(f, &report.end.operation, latencies)?;
    report.end.pauses_in_latencies.iter().try_for_each(|pauses| pauses_in_latencies(f, pauses))
}

/// What the latencies would have been without pauses, unless there was none in any of them.
fn pauses_in_latencies(f: &mut Sheet<'_, '_>, pauses: &PausesInLatencies) -> fmt::Result {
    if pauses.share == 0.0 {
        return Ok(());
    }
    percentile_row(f, "less pauses", &pauses.without)?;
    let (all, slowest) = (Share(pauses.share), Share(pauses.slowest_hundredth_share));
    writeln!(f, "{:HEADING$}pauses are {all} of all, {slowest} of the slowest hundredth", "")
}

/// The heaps of workers, a row each, and when they were replaced.
fn workers(f: &mut Sheet<'_, '_>, report: &PauseReport) -> fmt::Result {
    if report.end.workers.is_empty() {
        return Ok(());
    }
    columns(f, "workers", &["jobs", "heaps", "pauses", "longest", "total", "peak", "start"])?;
    (1..).zip(&report.end.workers).try_for_each(|(number, it)| worker(f, number, it))
}

fn worker(f: &mut Sheet<'_, '_>, number: u32, worker: &WorkerReport) -> fmt::Result {
    let counts = [worker.jobs, worker.heaps.into(), worker.pauses].map(|count| count.to_string());
    let times = [worker.longest, worker.total].map(|time| Time(time).to_string());
    let start = worker.slowest_start_ns.map(|ns| Time(Nanos(ns)).to_string());
    let rest = [Bytes(worker.peak_total_bytes).to_string(), start.unwrap_or_default()];
    row(f, &number.to_string(), counts.into_iter().chain(times).chain(rest))?;
    match replaced(&worker.replaced_at_jobs) {
        Some(words) => list(f, "", words),
        None => Ok(()),
    }
}

/// At which jobs a worker was replaced, the first few by number.
fn replaced(at_jobs: &[u64]) -> Option<Vec<String>> {
    let (first, others) = at_jobs.split_at(at_jobs.len().min(REPLACEMENTS));
    let (earliest, later) = first.split_first()?;
    let mut words = vec![format!("out of memory and replaced at job {earliest}")];
    words.extend(later.iter().map(ToString::to_string));
    if !others.is_empty() {
        words.push(format!("and {} more", others.len()));
    }
    Some(words)
}

/// The lines of a log that say nothing to us, with examples.
fn unread_lines(f: &mut Sheet<'_, '_>, report: &PauseReport) -> fmt::Result {
    let Some(unread) = &report.end.unread_lines else { return Ok(()) };
    writeln!(f)?;
    heading(f, "log")?;
    writeln!(f, "{} not understood, such as", counted(unread.count, "line"))?;
    unread.examples.iter().try_for_each(|line| {
        let text: String = line.text.chars().map(|char| if char.is_control() { '�' } else { char }).collect();
        let place = format!("line {}: ", line.number);
        writeln!(f, "{:HEADING$}{place}{}", "", cut(&text, f.style.width - HEADING - place.len()))
    })
}

/// As `process.memoryUsage()`, with the machine's memory beside it.
fn memory(f: &mut Sheet<'_, '_>, report: &PauseReport, machine: &MachineMemory) -> fmt::Result {
    let usage = &report.end.usage;
    let named = |name, bytes| format!("{name} {}", Bytes(bytes));
    writeln!(f)?;
    let process = [
        named("rss", machine.process_rss_bytes),
        named("heapTotal", usage.heap_total()),
        named("heapUsed", usage.heap_used()),
        named("external", usage.external),
    ];
    list(f, "process", process)?;
    let system = [named("total", machine.system_total_bytes), named("free", machine.system_free_bytes)];
    list(f, "system", system)
}

#[cfg(test)]
mod tests {
    use super::{StyledText, Text};
    use crate::live::LiveHeap;
    use crate::report::PauseReport;
    use crate::report::style::Style;
    use crate::report::tests::{eventful_report, report_with_workers, sample_report};
    use crate::run::{RunEnd, RunInfo, Verdict};
    use crate::timeline::Timeline;

    #[test]
    fn a_report_fits_eighty_columns() {
        let text = Text(&eventful_report()).to_string();
        text.lines().for_each(|line| assert!(line.chars().count() <= Style::PLAIN.width, "{line}"));
    }

    #[test]
    fn lists_and_sentences_fit_the_width_that_is_asked_for() {
        let mut report = eventful_report();
        report.mutator_share = 0.5;
        for width in [60, 100] {
            let text = StyledText { report: &report, style: Style::PLAIN.with_width(width) }.to_string();
            let finding = text.split("\n  time ").next().expect("there is a beginning");
            let longest = finding.lines().map(|line| line.chars().count()).max();
            assert!(longest <= Some(width), "{text}");
        }
    }

    #[test]
    fn colours_are_for_headings_and_verdicts_only() {
        let report = sample_report();
        let style = Style { colour: true, ..Style::PLAIN };
        let colourful = StyledText { report: &report, style }.to_string();
        assert!(colourful.contains("\x1b[1;31mfailure\x1b[0m") && colourful.contains("\x1b[1mpauses\x1b[0m"));
        let codes = ["\x1b[1m", "\x1b[1;31m", "\x1b[1;32m", "\x1b[1;33m", "\x1b[1;35m", "\x1b[0m"];
        let plain = codes.iter().fold(colourful, |text, code| text.replace(code, ""));
        assert_eq!(plain, Text(&report).to_string());
    }

    #[test]
    fn a_report_reads_like_this() {
        assert_eq!(Text(&sample_report()).to_string(), include_str!("sample.txt"));
    }

    #[test]
    fn idle_time_and_compaction_are_told_where_there_was_any() {
        let text = Text(&eventful_report()).to_string();
        let expected = "
  idle time     1 pause, 1.0 % of the time for pauses, 50.0 % of marking
";
        assert!(text.contains(expected), "{text}");
        let expected = "
  compaction        count    total    moved   before    after    fragmentation
    slides              1  50.0 µs 1.00 MiB   60.0 %   20.0 %
    evacuations         1  50.0 µs 1.00 MiB   60.0 %   20.0 %
";
        assert!(text.contains(expected), "{text}");
    }

    #[test]
    fn a_heap_that_ends_empty_is_said_to() {
        let mut report = sample_report();
        report.end.live = Some(LiveHeap::default());
        let text = Text(&report).to_string();
        assert!(text.contains("\n\n  by type       nothing is alive at the end of the run\n"), "{text}");
        report.end.live = None;
        assert!(!Text(&report).to_string().contains("by type"), "nobody has looked");
    }

    #[test]
    fn workers_have_a_row_each() {
        let text = Text(&report_with_workers()).to_string();
        text.lines().for_each(|line| assert!(line.chars().count() <= 80, "{line}"));
        let expected = "
  workers            jobs    heaps   pauses  longest    total     peak    start
    1                 500        3       90  1.20 ms  9.00 ms 10.0 MiB  40.0 µs
                out of memory and replaced at job 120, 371
    2                 500        1       90  1.20 ms  9.00 ms 10.0 MiB
";
        assert!(text.contains(expected), "{text}");
        assert!(!Text(&sample_report()).to_string().contains("workers"));
    }

    #[test]
    fn of_many_replacements_some_are_told() {
        let words = super::replaced(&[3, 5, 8, 13, 21, 34, 55]).expect("there are some");
        assert_eq!(words.join(", "), "out of memory and replaced at job 3, 5, 8, 13, 21, and 2 more");
        assert_eq!(super::replaced(&[]), None);
    }

    #[test]
    fn latencies_without_pauses_are_told_where_there_was_a_pause_in_any() {
        let mut report = sample_report();
        report.end.pauses_in_latencies.as_mut().expect("the sample has some").share = 0.0;
        assert!(!Text(&report).to_string().contains("less pauses"));
        report.end.pauses_in_latencies = None;
        assert!(!Text(&report).to_string().contains("less pauses"));
    }

    #[test]
    fn bytes_that_survive_for_ever_are_no_share_of_what_was_allocated() {
        let mut report = sample_report();
        report.survival.survived_bytes_by_age = [1 << 20; 16];
        report.survival.survived_bytes_by_age[15] = 9 << 30;
        let text = Text(&report).to_string();
        let expected = "
    16 and more  9.00 GiB             more, each time again: they could not become old
";
        assert!(text.contains(expected), "{text}");
    }

    #[test]
    fn long_names_lose_their_beginning() {
        for (name, shown) in [
            ("", ""),
            ("twelve chars", "twelve chars"),
            ("core::option", "core::option"),
            ("my_crate::Node", "…crate::Node"),
        ] {
            assert_eq!(super::shortened(name), shown);
        }
    }

    #[test]
    fn a_run_without_pauses_is_no_trouble() {
        let end = RunEnd::default();
        let text = Text(&PauseReport::new(RunInfo::default(), &Timeline::default(), end)).to_string();
        assert!(text.contains("100 % of the time for the program"), "{text}");
    }

    #[test]
    fn a_failure_stands_in_the_first_line() {
        let mut report = sample_report();
        report.end.verdict = Verdict::Failed { reason: "the heap is full".into() };
        assert_eq!(Text(&report).to_string().lines().next(), Some("ring FAILED: the heap is full"));
    }
}
