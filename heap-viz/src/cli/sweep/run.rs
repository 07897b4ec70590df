//! `tenure sweep run`.

use super::super::failure::Failure;
use super::super::parallel;
use super::super::printable::printable;
use super::batch;
use super::build::own_build;
use super::cell::Ready;
use super::content::Contents;
use super::progress::CellProgress;
use super::turns::Turn;
use super::{RunArgs, folder_of, read_plan, results_of};
use gc_core::event::Nanos;
use heap_viz::ClockKind;
use heap_viz::quantity::{Time, counted};
use heap_viz::sweep::{CellResult, CellStore, Hash, Plan, PlannedCell, Shard, Wall};
use std::io::ErrorKind;
use std::num::NonZero;
use std::path::Path;
use std::time::Instant;

/// Runs those cells of a shard that are not done.
pub(super) fn run(args: &RunArgs) -> Result<(), Failure> {
    let plan = read_plan(&args.plan)?;
    let own_build = own_build()?;
    if own_build != plan.header.build && !args.any_build {
        return Err(Failure::OtherBuild { path: args.plan.clone() });
    }
    let shard = shard(args, &plan)?;
    let store = store(args)?;
    let cells = shard.cells(&plan);
    if args.resume {
        let ids: Vec<_> = cells.iter().map(|cell| &cell.id).collect();
        store
            .remove_partial(&ids)
            .map_err(|source| Failure::Write { path: store.folder().into(), source })?;
    }
    let to_do = to_do(&store, &cells)?;
    let shift = Shift {
        store: &store,
        folder: folder_of(&args.plan),
        contents: Contents::new(plan.header.build.clone()),
        own_build,
        threads: args.threads.map_or_else(parallel::cores, NonZero::get),
        host: sysinfo::System::host_name().unwrap_or_default(),
    };
    let start = Instant::now();
    let failed = shift.run(&to_do, &CellProgress::new(&shard.to_string(), to_do.len()))?;
    let took = Time(Nanos(start.elapsed().as_nanos() as u64));
    let (all, before, now) = (counted(cells.len() as u64, "cell"), cells.len() - to_do.len(), to_do.len());
    eprintln!("shard {shard}: {all}, {before} done before, {now} run in {took}, {failed} of them failed");
    Ok(())
}

/// Where what comes out is kept: a folder, if it is there yet.
fn store(args: &RunArgs) -> Result<CellStore, Failure> {
    let folder = args.results.clone().unwrap_or_else(|| results_of(&args.plan));
    match folder.exists() && !folder.is_dir() {
        true => Err(Failure::Write { path: folder, source: ErrorKind::NotADirectory.into() }),
        false => Ok(CellStore::new(folder)),
    }
}

/// The shard that was asked for, by the command line or by the system that started it; all of the plan if by nobody.
fn shard(args: &RunArgs, plan: &Plan) -> Result<Shard, Failure> {
    match args.shard {
        Some(shard) => Ok(shard),
        None => {
            let variable = |name: &str| Some(std::env::var_os(name)?.to_string_lossy().into_owned());
            Ok(batch::shard(variable, plan.header.shards)?.unwrap_or(Shard::ALL))
        }
    }
}

/// Those cells that are not done.
fn to_do<'p>(store: &CellStore, cells: &[&'p PlannedCell]) -> Result<Vec<&'p PlannedCell>, Failure> {
    let mut to_do = Vec::new();
    for cell in cells {
        if !is_done(store, cell)? {
            to_do.push(*cell);
        }
    }
    Ok(to_do)
}

/// Whether a cell's file is there and whole. One that is damaged is made again; a folder cannot be.
fn is_done(store: &CellStore, cell: &PlannedCell) -> Result<bool, Failure> {
    match store.read(&cell.id) {
        Ok(result) => Ok(result.is_some()),
        Err(error) if error.path.is_dir() => Err(Failure::Cell(error)),
        Err(error) => {
            eprintln!("note: {}: it is made again", printable(&error.to_string()));
            Ok(false)
        }
    }
}

/// What it takes to run cells.
struct Shift<'a> {
    store: &'a CellStore,
    folder: &'a Path,
    contents: Contents,
    own_build: Hash,
    threads: usize,
    host: String,
}

impl Shift<'_> {
    /// Runs cells: those of the modelled clock side by side, and then the others, each alone on the machine. How many
    /// have failed.
    fn run(&self, cells: &[&PlannedCell], progress: &CellProgress) -> Result<usize, Failure> {
        let (modelled, measured): (Vec<_>, Vec<_>) =
            cells.iter().partition(|cell| cell.clock == ClockKind::Modelled);
        let mut passed = Vec::new();
        if !modelled.is_empty() {
            let _turn = Turn::with_others();
            let threads = self.threads.min(modelled.len());
            let run = |cell: &&PlannedCell| self.run_cell(cell, threads);
            passed = parallel::map(&modelled, threads, run, |done| progress.show(done))?;
        }
        for cell in measured {
            let _turn = Turn::alone();
            passed.push(self.run_cell(cell, 1)?);
            progress.show(passed.len());
        }
        Ok(passed.iter().filter(|passed| !**passed).count())
    }

    /// Runs one cell and keeps what comes out; whether it passed.
    fn run_cell(&self, cell: &PlannedCell, side_by_side: usize) -> Result<bool, Failure> {
        let start = Instant::now();
        let figures = Ready::new(cell, self.folder, &self.contents)?.run()?;
        let wall = Wall {
            run_ns: start.elapsed().as_nanos() as u64,
            side_by_side: side_by_side as u32,
            host: self.host.clone(),
            build: self.own_build.clone(),
        };
        let passed = figures.passed();
        let result = match cell.clock {
            ClockKind::Modelled => CellResult::modelled(cell.id.clone(), figures, wall),
            ClockKind::Measured => CellResult::measured(cell.id.clone(), figures, wall),
        };
        let written = self.store.write(&result);
        written.map_err(|source| Failure::Write { path: self.store.path(&cell.id), source })?;
        Ok(passed)
    }
}
