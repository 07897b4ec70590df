//! `tenure convert`.

use super::args::{ConvertArgs, ExportFormat};
use super::failure::Failure;
use super::input::{self, STANDARD};
use heap_viz::{
    ChromeTraceWriter, CsvWriter, EventsWriter, HdrLogWriter, OpenMetricsWriter, ParquetWriter, RunSink,
    WholeFile,
};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::Path;

/// Where an export goes.
type Out = Box<dyn Write + Send>;

/// The ends of file names, and the format that each stands for.
const ENDINGS: [(&str, ExportFormat); 7] = [
    ("csv", ExportFormat::Csv),
    ("parquet", ExportFormat::Parquet),
    ("prom", ExportFormat::Openmetrics),
    ("om", ExportFormat::Openmetrics),
    ("hlog", ExportFormat::Hlog),
    ("json", ExportFormat::Chrome),
    ("jsonl", ExportFormat::Events),
];

/// Writes the runs in a file in another format.
pub(crate) fn convert(args: &ConvertArgs) -> Result<(), Failure> {
    let format = args.to.map_or_else(|| format_of(&args.output), Ok)?;
    if args.output == Path::new(STANDARD) {
        return to_stdout(args, format);
    }
    let failed = |source| Failure::Write { path: args.output.clone(), source };
    let (file, out) = WholeFile::create(&args.output).map_err(failed)?;
    write(&args.file, format, Box::new(out))?.and_then(|()| file.commit()).map_err(failed)
}

/// Whoever reads standard output may have seen enough, and that is no failure.
fn to_stdout(args: &ConvertArgs, format: ExportFormat) -> Result<(), Failure> {
    match write(&args.file, format, Box::new(BufWriter::new(io::stdout())))? {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::Stdout(error)),
        _ => Ok(()),
    }
}

fn format_of(output: &Path) -> Result<ExportFormat, Failure> {
    let ending = output.extension().unwrap_or_default().to_ascii_lowercase();
    let found = ENDINGS.iter().find(|(known, _)| ending == *known);
    found.map(|(_, format)| *format).ok_or_else(|| Failure::NoFormat {
        path: output.into(),
        endings: ENDINGS.map(|(ending, _)| format!(".{ending}")).join(", "),
    })
}

/// Reads and writes. The inner failure is one to write.
fn write(file: &Path, format: ExportFormat, out: Out) -> Result<io::Result<()>, Failure> {
    match format {
        ExportFormat::Csv => pass(file, CsvWriter::new(out), CsvWriter::finish),
        ExportFormat::Parquet => pass(file, ParquetWriter::new(out), ParquetWriter::finish),
        ExportFormat::Openmetrics => pass(file, OpenMetricsWriter::new(out), OpenMetricsWriter::finish),
        ExportFormat::Hlog => pass(file, HdrLogWriter::new(out), HdrLogWriter::finish),
        ExportFormat::Chrome => pass(file, ChromeTraceWriter::new(out), ChromeTraceWriter::finish),
        ExportFormat::Events => pass(file, EventsWriter::new(out), EventsWriter::finish),
    }
}

fn pass<S: RunSink>(
    file: &Path,
    mut sink: S,
    finish: impl FnOnce(S) -> io::Result<Out>,
) -> Result<io::Result<()>, Failure> {
    input::runs(file, &mut sink)?;
    Ok(finish(sink).and_then(|mut out| out.flush()))
}
