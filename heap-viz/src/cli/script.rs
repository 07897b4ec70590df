//! `tenure script`.

use super::args::ScriptArgs;
use super::failure::Failure;
use super::stdout::Stdout;
use std::fs;
use workloads::teach::Script;

/// Runs a script on a heap of its own.
pub(crate) fn script(args: &ScriptArgs, stdout: &mut Stdout) -> Result<(), Failure> {
    let path = || args.file.clone();
    let text = fs::read_to_string(&args.file).map_err(|source| Failure::Read { path: path(), source })?;
    let mut trace = String::new();
    let done = Script::parse(&text).and_then(|script| {
        script.run(&mut |collected| {
            if args.trace {
                trace += &format!("{collected}\n");
            }
        })
    });
    // What has happened before a failure is what the reader wants to see.
    stdout.print(&trace)?;
    let summary = done.map_err(|problem| Failure::Script { path: path(), problem })?;
    let (asserts, collections) = (summary.asserts, summary.collections);
    stdout.print(&format!("passed: {asserts} asserts held, {collections} pauses\n"))
}
