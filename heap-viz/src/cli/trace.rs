//! `tenure trace`.

use super::args::TraceArgs;
use super::failure::Failure;
use super::mapped_file::MappedFile;
use super::stdout::Stdout;
use heap_viz::quantity::Bytes;
use serde_json::{Map, Value, json};
use std::fmt::{self, Display, Formatter};
use workloads::trace::{Form, Part, Totals, TraceBytes, TraceError, TraceFile, TraceHeader, TraceOp};

/// Says what is in a trace. All of it is read, so that whatever is damaged is found.
pub(crate) fn trace(args: &TraceArgs, stdout: &mut Stdout) -> Result<(), Failure> {
    let file = MappedFile::open(&args.file)?;
    let read = Contents::read(&file);
    let contents = read.map_err(|problem| Failure::Trace { path: args.file.clone(), problem })?;
    match args.json {
        true => stdout.print(&format!("{:#}\n", contents.to_json())),
        false => stdout.print(&contents.to_string()),
    }
}

/// What is in a trace.
struct Contents {
    header: TraceHeader,
    totals: Totals,
    file_bytes: u64,
    shapes: Vec<ShapeTotal>,
}

/// The objects of one shape.
struct ShapeTotal {
    name: String,
    form: Form,
    objects: u64,
    bytes: u64,
}

impl Contents {
    fn read(file: &MappedFile) -> Result<Contents, TraceError> {
        let trace = TraceFile::open(file)?;
        let mut reader = trace.reader();
        let mut shapes: Vec<ShapeTotal> = Vec::new();
        while let Some(op) = reader.next()? {
            let TraceOp::Allocate { shape, length, .. } = op else { continue };
            for new in &reader.shapes()[shapes.len()..] {
                shapes.push(ShapeTotal { name: new.name.clone(), form: new.form, objects: 0, bytes: 0 });
            }
            let total = &mut shapes[shape as usize];
            total.objects += 1;
            total.bytes += total.form.object_bytes(length);
        }
        shapes.retain(|shape| shape.objects > 0);
        shapes.sort_by(|a, b| b.bytes.cmp(&a.bytes).then_with(|| a.name.cmp(&b.name)));
        let (header, totals) = (trace.header().clone(), *trace.totals());
        Ok(Contents { header, totals, file_bytes: file.bytes().len() as u64, shapes })
    }

    /// The operations by kind.
    fn operations(&self) -> [(&'static str, u64); 6] {
        let totals = &self.totals;
        [
            ("allocations", totals.allocations),
            ("stores", totals.stores),
            ("roots", totals.roots),
            ("deaths", totals.deaths),
            ("requests", totals.requests),
            ("points", totals.points),
        ]
    }

    fn parts(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        Part::ALL.into_iter().map(|part| (part.name(), self.header.evidence(part).name()))
    }

    /// Schema `tenure.trace/1`.
    fn to_json(&self) -> Value {
        let object = |pairs: &mut dyn Iterator<Item = (&str, Value)>| -> Map<String, Value> {
            pairs.map(|(name, value)| (name.to_owned(), value)).collect()
        };
        let shapes = self
            .shapes
            .iter()
            .map(|shape| json!({ "name": shape.name, "objects": shape.objects, "bytes": shape.bytes }));
        json!({
            "schema": "tenure.trace/1",
            "version": env!("CARGO_PKG_VERSION"),
            "source": self.header.source,
            "made_by": self.header.made_by,
            "parameters": object(&mut self.header.parameters.iter().map(|(name, value)| (name.as_str(), json!(value)))),
            "parts": object(&mut self.parts().map(|(name, how)| (name, json!(how)))),
            "file_bytes": self.file_bytes,
            "operations": object(&mut self.operations().into_iter().map(|(name, count)| (name, json!(count)))),
            "named_objects": self.totals.named,
            "object_bytes": self.totals.object_bytes,
            "external_bytes": self.totals.external_bytes,
            "peak_bytes": self.totals.peak_bytes,
            "shapes": shapes.collect::<Value>(),
        })
    }
}

impl Display for Contents {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (header, totals) = (&self.header, &self.totals);
        writeln!(f, "{}, recorded by {}", header.source, header.made_by)?;
        let parameters: Vec<_> =
            header.parameters.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !parameters.is_empty() {
            writeln!(f, "  {}", parameters.join(" "))?;
        }
        let parts: Vec<_> = self.parts().map(|(name, how)| format!("{name} {how}")).collect();
        writeln!(f, "  parts       {}", parts.join(", "))?;
        writeln!(f, "  file        {:#}", Bytes(self.file_bytes))?;
        writeln!(
            f,
            "  objects     {} of {:#}, {} with names",
            totals.allocations,
            Bytes(totals.object_bytes),
            totals.named
        )?;
        writeln!(f, "  external    {:#}", Bytes(totals.external_bytes))?;
        writeln!(f, "  at most     {:#} not known to be dead", Bytes(totals.peak_bytes))?;
        for (name, count) in self.operations() {
            writeln!(f, "  {name:<11} {count}")?;
        }
        if !self.shapes.is_empty() {
            writeln!(f, "\n  by shape {:>32} {:>14}", "objects", "size")?;
        }
        for shape in &self.shapes {
            writeln!(
                f,
                "    {:<24} {:>12} {:>14}",
                shape.name,
                shape.objects,
                format!("{:#}", Bytes(shape.bytes))
            )?;
        }
        Ok(())
    }
}
