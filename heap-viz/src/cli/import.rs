//! `tenure import`, and what else is made of files of other runtimes.

mod account;

use self::account::Account;
use super::args::ImportArgs;
use super::failure::Failure;
use super::machine::machine_memory;
use super::stdout::Stdout;
use heap_viz::WholeFile;
use heap_viz::quantity::Bytes;
use std::fs::File;
use std::io::{self, BufReader};
use std::path::Path;
use workloads::graph::Placement;
use workloads::import::{
    EdgeStatistics, HeapSnapshot, ImportError, Imported, Lifetimes, Order, SnapshotTrace, Synthesis,
};
use workloads::trace::{TraceHeader, TraceWriter};

/// What makes a trace, in its header.
const MADE_BY: &str = concat!("tenure ", env!("CARGO_PKG_VERSION"));

/// Reads a file of another runtime, tells what is in it, and writes a trace of it if one is asked for.
pub(crate) fn import(args: &ImportArgs, stdout: &mut Stdout) -> Result<(), Failure> {
    if args.statistics {
        return stdout.print(&format!("{}\n", statistics(&args.file)?.to_json()));
    }
    let imported = read(&args.file)?;
    let account = Account::of(&imported);
    let trace = Trace::of(imported, args)?;
    if let Some(path) = &args.output {
        trace.write(path).map_err(|source| Failure::Write { path: path.clone(), source })?;
    }
    stdout.print(&account.text(&args.file, &trace.header, args.output.as_deref()))
}

/// Reads a heap snapshot that is to be laid out on a heap.
pub(crate) fn read_placement(path: &Path) -> Result<Placement, Failure> {
    let objects = placement(snapshot(read(path)?, path)?);
    check_external(&objects).map_err(|problem| Failure::Import { path: path.into(), problem })?;
    Ok(objects)
}

/// Sees that the machine can hold what lies off the heap. What lies on it has a limit of its own.
fn check_external(objects: &Placement) -> Result<(), ImportError> {
    let (needed, total) = (objects.external_bytes(), machine_memory().system_total_bytes);
    // A system that does not tell has none.
    if total == 0 || needed <= total {
        return Ok(());
    }
    let (needed, total) = (Bytes(needed), Bytes(total));
    Err(ImportError::Content(format!("it holds {needed} off the heap, and this machine has {total}")))
}

/// What the references of a heap snapshot are like.
fn statistics(path: &Path) -> Result<EdgeStatistics, Failure> {
    Ok(EdgeStatistics::of(&placement(snapshot(read(path)?, path)?)))
}

fn read(path: &Path) -> Result<Imported, Failure> {
    let read = || Imported::read(BufReader::with_capacity(1 << 16, File::open(path)?));
    read().map_err(|problem| Failure::Import { path: path.into(), problem })
}

pub(super) fn snapshot(imported: Imported, path: &Path) -> Result<HeapSnapshot, Failure> {
    match imported {
        Imported::HeapSnapshot(snapshot) => Ok(snapshot),
        other => {
            let kind = account::kind(&other);
            let problem = format!("not a heap snapshot: its format is {kind}, which has no references");
            Err(Failure::Import { path: path.into(), problem: ImportError::Content(problem) })
        }
    }
}

fn placement(snapshot: HeapSnapshot) -> Placement {
    Placement::new(snapshot.graph)
}

/// A trace that can be written.
struct Trace {
    header: TraceHeader,
    content: Content,
}

enum Content {
    Snapshot(Box<Placement>, Order),
    Lifetimes(Box<Lifetimes>, Box<Synthesis>),
}

impl Trace {
    fn of(imported: Imported, args: &ImportArgs) -> Result<Self, Failure> {
        let (kind, coverage) = (account::kind(&imported).to_owned(), account::coverage(&imported));
        let mut header = TraceHeader {
            source: format!("import:{}", args.file.display()),
            made_by: MADE_BY.into(),
            parameters: vec![("format".into(), kind), ("coverage".into(), coverage)],
            ..TraceHeader::default()
        };
        let lifetimes = match imported {
            Imported::HeapSnapshot(_) if args.edges.is_some() => {
                let problem = "a heap snapshot has references of its own: leave `--edges` out";
                return Err(Failure::Import {
                    path: args.file.clone(),
                    problem: ImportError::Content(problem.into()),
                });
            }
            Imported::HeapSnapshot(snapshot) => return Ok(Trace::of_snapshot(snapshot, header)),
            Imported::HeapProfile(profile) => profile.lifetimes,
            Imported::Memtrace(trace) => trace.lifetimes,
            Imported::Memray(capture) => capture.lifetimes,
        };
        let synthesis = synthesis(args)?;
        let edges = args.edges.as_ref().map_or_else(|| "default".into(), |path| path.display().to_string());
        header.parameters.extend([("edges".into(), edges), ("seed".into(), synthesis.seed.to_string())]);
        let header = Synthesis::header(&lifetimes, header);
        Ok(Trace { header, content: Content::Lifetimes(Box::new(lifetimes), Box::new(synthesis)) })
    }

    fn of_snapshot(snapshot: HeapSnapshot, header: TraceHeader) -> Self {
        let order = Order::of(&snapshot);
        let objects = placement(snapshot);
        let header = SnapshotTrace::new(&objects, order).header(header);
        Trace { header, content: Content::Snapshot(Box::new(objects), order) }
    }

    fn write(&self, path: &Path) -> io::Result<()> {
        let (file, out) = WholeFile::create(path)?;
        let writer = TraceWriter::new(out, &self.header);
        let out = match &self.content {
            Content::Snapshot(objects, order) => SnapshotTrace::new(objects, *order).write(writer)?,
            Content::Lifetimes(lifetimes, synthesis) => synthesis.write(lifetimes, writer)?,
        };
        out.into_inner()?;
        file.commit()
    }
}

/// How references are made up.
fn synthesis(args: &ImportArgs) -> Result<Synthesis, Failure> {
    let edges = args.edges.as_deref().map(statistics).transpose()?;
    Ok(Synthesis { edges: edges.unwrap_or_default(), seed: args.seed })
}
