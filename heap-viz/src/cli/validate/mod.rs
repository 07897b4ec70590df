//! `tenure validate`: what the preset `v8-node20` predicts, beside what Node.js did.

mod comparison;
mod counts;
mod node_flags;
mod prediction;
mod reference;
mod start_up;
mod table;

use super::args::ValidateArgs;
use super::failure::Failure;
use super::progress::Progress;
use super::stdout::Stdout;
use comparison::Comparison;
use reference::{Reference, Row};
use table::{Heading, Share};

/// Predicts each row and prints it beside what happened.
pub(crate) fn validate(args: &ValidateArgs, stdout: &mut Stdout) -> Result<(), Failure> {
    let reference = Reference::read(args.reference.as_deref())?;
    let rows = reference.chosen(&args.rows)?;
    stdout.print(&Heading.to_string())?;
    let mut comparisons = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let comparison = compare(row, &Progress::new(&row.name, index + 1, rows.len()))?;
        stdout.print(&comparison.to_string())?;
        comparisons.push(comparison);
        if !stdout.is_open() {
            break;
        }
    }
    let share = Share::of(&comparisons);
    stdout.print(&share.to_string())?;
    share.check(args.min_share)
}

fn compare(row: &Row, progress: &Progress) -> Result<Comparison, Failure> {
    let predicted = prediction::predict(row, progress)?;
    Ok(Comparison { name: row.name.clone(), predicted, real: row.real })
}
