//! `tenure sweep merge`.

use super::super::failure::Failure;
use super::super::page::Page;
use super::super::stdout::Stdout;
use super::{MergeArgs, read_plan, results_of};
use heap_viz::WholeFile;
use heap_viz::sweep::{CellStore, Sweep, SweepHtml, SweepText, TABLES, Table};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The name of the page.
const PAGE: &str = "sweep.html";

/// Puts together what has come out of a plan's cells.
pub(super) fn merge(args: &MergeArgs, stdout: &mut Stdout) -> Result<(), Failure> {
    let plan = read_plan(&args.plan)?;
    let sweep = Sweep::merge(plan, &stores(args)?).map_err(Failure::Unmerged)?;
    let folder = args.output.clone().unwrap_or_else(|| args.plan.with_extension("merged"));
    fs::create_dir_all(&folder).map_err(|source| Failure::Write { path: folder.clone(), source })?;
    for table in TABLES {
        let path = folder.join(format!("{}.parquet", table.name()));
        write(table, &sweep, &path).map_err(|source| Failure::Write { path, source })?;
    }
    let name = args.plan.file_stem().unwrap_or_default().to_string_lossy();
    Page::start(&folder.join(PAGE))?.write("page", SweepHtml { name: &name, sweep: &sweep })?;
    eprintln!("tables: {}", folder.display());
    stdout.print(&SweepText(&sweep).to_string())
}

/// The stores that were named, or that of `run`. Each must be there: one that is not is a slip of the pen.
fn stores(args: &MergeArgs) -> Result<Vec<CellStore>, Failure> {
    let folders = if args.results.is_empty() { vec![results_of(&args.plan)] } else { args.results.clone() };
    folders.into_iter().map(store).collect()
}

fn store(folder: PathBuf) -> Result<CellStore, Failure> {
    match fs::read_dir(&folder) {
        Ok(_) => Ok(CellStore::new(folder)),
        Err(source) => Err(Failure::Read { path: folder, source }),
    }
}

fn write(table: Table, sweep: &Sweep, path: &Path) -> io::Result<()> {
    let (file, out) = WholeFile::create(path)?;
    table.write(sweep, out)?.flush()?;
    file.commit()
}
