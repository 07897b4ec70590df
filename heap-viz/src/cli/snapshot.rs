//! `tenure snapshot`.

mod changes;
mod file;
mod overview;
mod reason;
mod subject;

use self::changes::Changes;
use self::file::read_graph;
use self::overview::Overview;
use self::reason::Reason;
use super::args::SnapshotArgs;
use super::failure::Failure;
use super::stdout::Stdout;
use heap_viz::graph::{Dominators, SnapshotDiff, TypeSizes};
use serde_json::Value;
use std::fmt::Display;
use std::path::Path;

/// Tells what a snapshot holds, or why an object in it is alive, or what has changed since another one.
pub(crate) fn snapshot(args: &SnapshotArgs, stdout: &mut Stdout) -> Result<(), Failure> {
    let graph = read_graph(&args.file)?;
    let dominators = Dominators::of(&graph);
    let sizes = TypeSizes::of(&dominators, args.top);
    if let Some(subject) = &args.why {
        let object = subject::find(subject, &dominators, &args.file)?;
        return print(&Reason::new(&dominators, object, args.top), args.json, stdout);
    }
    if let Some(since) = &args.since {
        return print(&changes(since, (&dominators, &sizes), args)?, args.json, stdout);
    }
    print(
        &Overview { file: &args.file, dominators: &dominators, sizes: &sizes, top: args.top },
        args.json,
        stdout,
    )
}

fn changes(
    since: &Path,
    after: (&Dominators<'_>, &TypeSizes),
    args: &SnapshotArgs,
) -> Result<Changes, Failure> {
    let graph = read_graph(since)?;
    let dominators = Dominators::of(&graph);
    let sizes = TypeSizes::of(&dominators, 0);
    let diff = SnapshotDiff::of((&dominators, &sizes), after);
    Ok(Changes { before: since.into(), after: args.file.clone(), diff, top: args.top })
}

/// What is told, for people and for programs.
trait Told: Display {
    fn to_json(&self) -> Value;
}

fn print(told: &impl Told, json: bool, stdout: &mut Stdout) -> Result<(), Failure> {
    match json {
        true => stdout.print(&format!("{:#}\n", told.to_json())),
        false => stdout.print(&told.to_string()),
    }
}
