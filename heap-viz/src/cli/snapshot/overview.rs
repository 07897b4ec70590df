//! What a snapshot holds.

use super::Told;
use heap_viz::graph::{Dominators, ObjectGraph, TypeSize, TypeSizes};
use heap_viz::quantity::{Bytes, Share};
use serde_json::{Value, json};
use std::fmt::{self, Display, Formatter};
use std::path::Path;

/// The figures of a snapshot.
pub(super) struct Overview<'a> {
    pub(super) file: &'a Path,
    pub(super) dominators: &'a Dominators<'a>,
    pub(super) sizes: &'a TypeSizes,
    /// How many types to list.
    pub(super) top: usize,
}

impl Overview<'_> {
    fn graph(&self) -> &ObjectGraph {
        self.dominators.graph()
    }

    /// The types that are listed, and how many others there are.
    fn types(&self) -> (Vec<(&str, TypeSize)>, usize) {
        let ranking = self.sizes.ranking(self.graph());
        let listed = ranking.iter().take(self.top).map(|of| {
            let of = *of as usize;
            (self.graph().types()[of].name.as_str(), self.sizes.types[of])
        });
        (listed.collect(), ranking.len().saturating_sub(self.top))
    }

    fn unreached(&self) -> u32 {
        self.graph().len() - self.dominators.reached()
    }
}

impl Told for Overview<'_> {
    /// Schema `tenure.snapshot/1`.
    fn to_json(&self) -> Value {
        let total = self.sizes.total(self.graph());
        let types = self.types().0.into_iter().map(|(name, size)| {
            json!({
                "name": name,
                "objects": size.objects,
                "shallow_bytes": size.shallow_bytes,
                "retained_bytes": size.retained_bytes,
            })
        });
        let largest = self.sizes.largest.iter().map(|it| {
            json!({
                "id": self.graph().object(it.object).id,
                "type": self.graph().type_of(it.object).name,
                "shallow_bytes": self.graph().shallow_bytes(it.object),
                "retained_bytes": it.retained_bytes,
            })
        });
        json!({
            "schema": "tenure.snapshot/1",
            "version": env!("CARGO_PKG_VERSION"),
            "objects": total.objects,
            "object_bytes": total.shallow_bytes,
            "references": self.graph().edge_count(),
            "weak_references": self.graph().weak_edge_count(),
            "unreached_objects": self.unreached(),
            "types": types.collect::<Value>(),
            "largest": largest.collect::<Value>(),
        })
    }
}

impl Display for Overview<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (graph, total) = (self.graph(), self.sizes.total(self.graph()));
        writeln!(f, "{}", self.file.display())?;
        writeln!(f, "  objects     {} of {:#}", total.objects, Bytes(total.shallow_bytes))?;
        writeln!(f, "  references  {}, {} weak ones besides", graph.edge_count(), graph.weak_edge_count())?;
        if self.unreached() > 0 {
            writeln!(
                f,
                "  not alive   {} objects, which nothing holds but weak references",
                self.unreached()
            )?;
        }
        self.fmt_types(f)?;
        self.fmt_largest(f)
    }
}

impl Overview<'_> {
    fn fmt_types(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (types, others) = self.types();
        writeln!(f, "\n  {:>10} {:>11} {:>11} {:>8}  type", "objects", "shallow", "retained", "share")?;
        for (name, size) in types {
            write!(f, "  {:>10}", size.objects)?;
            self.fmt_row(size.shallow_bytes, size.retained_bytes, name, f)?;
        }
        if others > 0 {
            let types = if others == 1 { "type" } else { "types" };
            writeln!(f, "  {:>43}  and {others} other {types}", "")?;
        }
        Ok(())
    }

    fn fmt_largest(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let graph = self.graph();
        writeln!(f, "\n  {:>10} {:>11} {:>11} {:>8}  object", "", "shallow", "retained", "share")?;
        for it in &self.sizes.largest {
            let name = format!("{} @{}", graph.type_of(it.object).name, graph.object(it.object).id);
            write!(f, "  {:>10}", "")?;
            self.fmt_row(graph.shallow_bytes(it.object), it.retained_bytes, &name, f)?;
        }
        Ok(())
    }

    fn fmt_row(&self, shallow: u64, retained: u64, name: &str, f: &mut Formatter<'_>) -> fmt::Result {
        let share = Share::of(retained, self.sizes.total(self.graph()).shallow_bytes).to_string();
        let [shallow, retained] = [shallow, retained].map(|bytes| Bytes(bytes).to_string());
        writeln!(f, " {shallow:>11} {retained:>11} {share:>8}  {name}")
    }
}
