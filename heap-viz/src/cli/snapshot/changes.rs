//! What has changed between two snapshots.

use super::Told;
use heap_viz::graph::{Matching, SnapshotDiff, TypeChange, TypeSize};
use heap_viz::quantity::Bytes;
use serde_json::{Value, json};
use std::fmt::{self, Display, Formatter};
use std::path::PathBuf;

/// What has changed from one snapshot to another.
pub(super) struct Changes {
    pub(super) before: PathBuf,
    pub(super) after: PathBuf,
    pub(super) diff: SnapshotDiff,
    /// How many types to list.
    pub(super) top: usize,
}

impl Changes {
    /// The types that have changed.
    fn changed(&self) -> impl Iterator<Item = &TypeChange> {
        self.diff
            .types
            .iter()
            .filter(|of| of.before != of.after || of.change.is_some_and(|it| it != Default::default()))
    }
}

/// How single objects were told apart.
fn matching(matching: Matching) -> &'static str {
    match matching {
        Matching::ById => "objects are the same if they have the same number",
        Matching::NoIds => {
            "by type only: numbers in snapshots of Tenure count objects, and are not the same in another one"
        }
        Matching::OtherProcess => "by type only: the numbers of objects are those of two processes",
    }
}

fn size_to_json(size: &TypeSize) -> Value {
    json!({
        "objects": size.objects,
        "shallow_bytes": size.shallow_bytes,
        "retained_bytes": size.retained_bytes,
    })
}

fn change_to_json(of: &TypeChange) -> Value {
    let objects = of.change.map(|change| {
        json!({
            "new_objects": change.new_objects,
            "new_bytes": change.new_bytes,
            "freed_objects": change.freed_objects,
            "freed_bytes": change.freed_bytes,
            "grown_objects": change.grown_objects,
            "grown_bytes": change.grown_bytes,
        })
    });
    let (before, after) = (size_to_json(&of.before), size_to_json(&of.after));
    json!({ "name": of.name, "before": before, "after": after, "objects": objects })
}

impl Told for Changes {
    /// Schema `tenure.snapshot_diff/1`.
    fn to_json(&self) -> Value {
        let types = self.changed().map(change_to_json);
        json!({
            "schema": "tenure.snapshot_diff/1",
            "version": env!("CARGO_PKG_VERSION"),
            "before": self.before,
            "after": self.after,
            "matched_by_id": self.diff.matching == Matching::ById,
            "types": types.collect::<Value>(),
        })
    }
}

/// A number of bytes more, or fewer.
fn signed(bytes: i64) -> String {
    let sign = if bytes < 0 { "-" } else { "+" };
    format!("{sign}{}", Bytes(bytes.unsigned_abs()))
}

impl Display for Changes {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "from {} to {}", self.before.display(), self.after.display())?;
        writeln!(f, "  {}\n", matching(self.diff.matching))?;
        let objects = match self.diff.matching {
            Matching::ById => format!("{:>9} {:>9} {:>9} ", "new", "freed", "grown"),
            Matching::NoIds | Matching::OtherProcess => String::new(),
        };
        writeln!(f, "  {objects}{:>10} {:>12} {:>12}  type", "objects", "shallow", "retained")?;
        self.changed().take(self.top).try_for_each(|of| fmt_change(of, f))?;
        match self.changed().count() {
            0 => writeln!(f, "  nothing has changed"),
            count if count > self.top => writeln!(f, "  and {} other types", count - self.top),
            _ => Ok(()),
        }
    }
}

fn fmt_change(of: &TypeChange, f: &mut Formatter<'_>) -> fmt::Result {
    let objects =
        of.change.map(|it| format!("{:>9} {:>9} {:>9} ", it.new_objects, it.freed_objects, it.grown_objects));
    let [shallow, retained] = [of.shallow_growth_bytes(), of.retained_growth_bytes()].map(signed);
    let (objects, growth, name) = (objects.unwrap_or_default(), of.object_growth(), &of.name);
    writeln!(f, "  {objects}{growth:>+10} {shallow:>12} {retained:>12}  {name}")
}
