//! What is told of an imported file.

use heap_viz::quantity::{Bytes, Count, Share};
use std::fmt::Write as _;
use std::path::Path;
use workloads::graph::{HeapGraph, NodeKind};
use workloads::import::lifetimes::{BirthPlace, Coverage};
use workloads::import::memray::PythonAllocators;
use workloads::import::{Allocated, HeapSnapshot, Imported, Lifetimes, Memray, Memtrace};
use workloads::trace::{Evidence, Part, TraceHeader};

/// Columns of the name of a line.
const NAME: usize = 16;

/// What a file is, and lines with names.
pub(super) struct Account {
    kind: &'static str,
    lines: Vec<(&'static str, String)>,
}

/// What a file is.
pub(super) fn kind(imported: &Imported) -> &'static str {
    match imported {
        Imported::HeapSnapshot(snapshot) if snapshot.timeline.is_empty() => "V8 heap snapshot",
        Imported::HeapSnapshot(_) => "V8 allocation timeline",
        Imported::HeapProfile(_) => "V8 sampling profile",
        Imported::Memtrace(_) => "OCaml memtrace",
        Imported::Memray(_) => "memray capture of CPython",
    }
}

/// How much of what the program did is in a file.
pub(super) fn coverage(imported: &Imported) -> String {
    match imported {
        Imported::HeapSnapshot(_) => "objects alive at the end".into(),
        Imported::HeapProfile(profile) => coverage_of(&profile.lifetimes),
        Imported::Memtrace(trace) => coverage_of(&trace.lifetimes),
        Imported::Memray(capture) => coverage_of(&capture.lifetimes),
    }
}

fn coverage_of(lifetimes: &Lifetimes) -> String {
    match lifetimes.coverage {
        Coverage::Whole => "all allocations that its tool sees".into(),
        Coverage::Sampled { rate } => format!("a sample: each word with probability {rate}, not scaled up"),
        Coverage::Survivors => "a sample of what was alive at the end".into(),
    }
}

impl Account {
    pub(super) fn of(imported: &Imported) -> Self {
        let mut account = Account { kind: kind(imported), lines: vec![("coverage", coverage(imported))] };
        match imported {
            Imported::HeapSnapshot(snapshot) => account.add_snapshot(snapshot),
            Imported::HeapProfile(profile) => {
                account.add_lifetimes(&profile.lifetimes);
                account.add(
                    "blind to",
                    "deaths; sizes of objects: a sample stands for all it was drawn for".into(),
                );
            }
            Imported::Memtrace(trace) => account.add_memtrace(trace),
            Imported::Memray(capture) => account.add_memray(capture),
        }
        account
    }

    fn add(&mut self, name: &'static str, text: String) {
        self.lines.push((name, text));
    }

    fn add_snapshot(&mut self, snapshot: &HeapSnapshot) {
        let HeapSnapshot { graph, left_out, timeline, allocated, edge_names: _ } = snapshot;
        let references = Count(graph.reference_count().into());
        let on_heap = sizes(graph, |kind| matches!(kind, NodeKind::Object | NodeKind::Shape));
        self.add("objects", format!("{}, {references} references", amount(on_heap)));
        self.add("off the heap", amount(sizes(graph, |kind| kind == NodeKind::Native)));
        self.add("left out", format!("{} weak references, {} shortcuts", left_out.weak, left_out.shortcuts));
        if let (Some(first), Some(last)) = (timeline.first(), timeline.last()) {
            let seconds = last.at_us.saturating_sub(first.at_us) as f64 / 1e6;
            let born = (0..graph.len()).filter(|number| graph.node(*number).id > first.last_id).count();
            self.add("timeline", format!("{seconds:.1} s in which {born} of the objects were allocated"));
        }
        if let Some(allocated) = allocated {
            self.add("allocated", format!("{}, dead ones included, while recording", amount(*allocated)));
        }
    }

    fn add_memtrace(&mut self, Memtrace { info, lifetimes, promotions }: &Memtrace) {
        self.add("program", format!("{}, format v{:03}", info.executable, info.version));
        self.add_lifetimes(lifetimes);
        self.add("promoted", format!("{promotions} by OCaml's own collector"));
        if let Coverage::Sampled { rate } = lifetimes.coverage {
            let estimate = Bytes((lifetimes.samples as f64 / rate * f64::from(info.word_bits / 8)) as u64);
            self.add(
                "estimate",
                format!("{estimate} were allocated in all, by {} samples", lifetimes.samples),
            );
        }
    }

    fn add_memray(&mut self, Memray { info, lifetimes }: &Memray) {
        let (major, minor) = info.python;
        self.add("program", format!("CPython {major}.{minor}"));
        self.add_lifetimes(lifetimes);
        self.add(
            "blind to",
            match info.python_allocators {
                PythonAllocators::Traced => "objects on free lists of CPython".into(),
                PythonAllocators::Hidden => {
                    "objects of Python: it was made without --trace-python-allocators".into()
                }
            },
        );
    }

    fn add_lifetimes(&mut self, lifetimes: &Lifetimes) {
        self.add("objects", amount(lifetimes.allocated_at(BirthPlace::Heap)));
        self.add("off the heap", amount(lifetimes.allocated_at(BirthPlace::External)));
        let (deaths, births) = (lifetimes.deaths(), lifetimes.allocated().objects);
        self.add("died", format!("{deaths}, {}", Share::of(deaths, births)));
        self.add_ages(&lifetimes.ages());
        for (what, count) in &lifetimes.left_out {
            self.add("left out", format!("{count} {what}"));
        }
    }

    /// How old objects became, in what was allocated meanwhile: given from the least up.
    fn add_ages(&mut self, ages: &[u64]) {
        if ages.is_empty() {
            return;
        }
        let at = |percent: usize| Bytes(ages[(ages.len() - 1) * percent / 100]);
        let text = format!("p50 {}, p90 {}, p99 {}, allocated meanwhile", at(50), at(90), at(99));
        self.add("age at death", text);
    }

    /// As text, with what a trace with this header holds.
    pub(super) fn text(&self, file: &Path, header: &TraceHeader, output: Option<&Path>) -> String {
        let mut text = format!("{}: {}\n", file.display(), self.kind);
        for (name, line) in &self.lines {
            let _ = writeln!(text, "  {name:<NAME$}{line}");
        }
        if let Some(output) = output {
            let _ = writeln!(text, "\n{}: a trace", output.display());
            for evidence in [Evidence::Recorded, Evidence::Synthetic, Evidence::Absent] {
                let parts = Part::ALL.into_iter().filter(|part| header.evidence(*part) == evidence);
                let parts: Vec<_> = parts.map(Part::name).collect();
                let _ = writeln!(text, "  {:<NAME$}{}", evidence.name(), parts.join(", "));
            }
        }
        text
    }
}

fn sizes(graph: &HeapGraph, counts: impl Fn(NodeKind) -> bool) -> Allocated {
    let of_kind = (0..graph.len()).filter(|number| counts(graph.type_of(*number).kind));
    of_kind.fold(Allocated::default(), |sum, number| Allocated {
        objects: sum.objects + 1,
        bytes: sum.bytes + u64::from(graph.node(number).size_bytes),
    })
}

fn amount(Allocated { objects, bytes }: Allocated) -> String {
    format!("{objects} of {}", Bytes(bytes))
}
