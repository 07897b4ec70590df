//! What must be there before a system can be measured: its programs, and what is built.

use super::invocation::last_line;
use super::peers_file::System;
use super::plan::Plan;
use heap_viz::matrix::Cell;
use std::collections::BTreeMap;
use std::env;
use std::fs;

/// A system that can be run, and what it says of its version; or why it cannot be.
pub(super) type Readiness = Result<Option<String>, Cell>;

/// Looks for what the systems need, and builds them, each folder's commands once.
pub(super) fn prepare(plan: &Plan) -> Vec<Readiness> {
    let mut built = BTreeMap::new();
    plan.systems
        .iter()
        .map(|system| {
            if let Some(missing) = system.missing() {
                return Err(Cell::NotInstalled { missing: missing.into() });
            }
            build(plan, system, &mut built).map_err(|why| Cell::Failed { why })?;
            Ok(version(plan, system))
        })
        .collect()
}

impl System {
    /// The first thing that it needs and that is not there.
    fn missing(&self) -> Option<&str> {
        self.needs.iter().map(String::as_str).find(|need| !self.has(need))
    }

    fn has(&self, need: &str) -> bool {
        if need.contains('/') {
            return self.folder.join(need).exists();
        }
        let path = env::var_os("PATH").unwrap_or_default();
        env::split_paths(&path).any(|folder| folder.join(need).is_file())
    }
}

/// Builds a system, unless that has been done.
fn build(
    plan: &Plan,
    system: &System,
    built: &mut BTreeMap<Vec<String>, Result<(), String>>,
) -> Result<(), String> {
    if system.build.is_empty() {
        return Ok(());
    }
    let command = plan.build(system);
    if let Some(outcome) = built.get(&command.words) {
        return outcome.clone();
    }
    eprintln!("building {}: {}", system.name, command.words.join(" "));
    let folder = plan.build_folder(system);
    let made =
        fs::create_dir_all(&folder).map_err(|error| format!("cannot make {}: {error}", folder.display()));
    let outcome =
        made.and_then(|()| command.run().map(drop).map_err(|problem| format!("it is not built: {problem}")));
    built.insert(command.words, outcome.clone());
    outcome
}

/// What a system says of its version: the first line that it prints.
fn version(plan: &Plan, system: &System) -> Option<String> {
    if system.version.is_empty() {
        return None;
    }
    let ended = plan.version(system).run().ok()?;
    // Java tells it on stderr.
    let told = if last_line(&ended.stdout).is_some() { ended.stdout } else { ended.stderr };
    told.lines().next().map(|line| line.trim().into())
}
