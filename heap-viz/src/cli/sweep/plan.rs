//! `tenure sweep plan`.

use super::super::failure::Failure;
use super::super::files::is_same;
use super::PlanArgs;
use super::build::own_build;
use super::cell::Limit;
use super::content::Contents;
use super::draw::{TooMany, Wanted, draw};
use super::file::{self, HeapSize, SweepFile};
use super::keys::MAX_CELLS;
use super::minimum::{PAGE, minimum_heaps, program};
use heap_viz::WholeFile;
use heap_viz::quantity::{Size, counted};
use heap_viz::sweep::{MinimumHeap, Plan};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Makes a plan of what a file lets one choose.
pub(super) fn plan(args: &PlanArgs) -> Result<(), Failure> {
    let output = args.output.clone().unwrap_or_else(|| args.file.with_extension("plan"));
    if is_same(&output, &args.file) {
        return Err(Failure::Overwrites { path: output });
    }
    let file = file::read(&args.file)?;
    let too_many = |TooMany(cells)| Failure::TooManyCells { path: args.file.clone(), cells, most: MAX_CELLS };
    let wanted = draw(&file).map_err(too_many)?;
    let minimum_heaps = minimum_heaps(&file, &wanted)?;
    let (contents, names) = (Contents::new(own_build()?), Names::of(&output, &args.file));
    let cell = |wanted: &Wanted<'_>| {
        let limit = limit(&file, wanted, &minimum_heaps);
        wanted.cell(&file, &names.name(wanted), limit.as_ref(), &contents)
    };
    let cells = wanted.iter().map(cell).collect::<Result<_, _>>()?;
    let least = told(&wanted, &minimum_heaps, &names);
    let plan = Plan::new(contents.build, file.sample.name(), args.shards, least, cells);
    write(&plan, &output).map_err(|source| Failure::Write { path: output.clone(), source })?;
    tell(&plan, &output, wanted.len());
    Ok(())
}

fn tell(plan: &Plan, output: &Path, wanted: usize) {
    let (cells, shards) = (plan.cells.len() as u64, u64::from(plan.header.shards));
    let twice = match wanted as u64 - cells {
        0 => String::new(),
        1 => ", after 1 that is the same as another".into(),
        twice => format!(", after {twice} that are the same as others"),
    };
    let shared = match plan.shared() {
        0 => String::new(),
        1 => ", 1 of which is the same run as another, called otherwise".into(),
        shared => format!(", {shared} of which are the same runs as others, called otherwise"),
    };
    let (cells, shards) = (counted(cells, "cell"), counted(shards, "shard"));
    eprintln!("plan: {} ({cells}{twice}{shared}; {shards})", output.display());
}

fn write(plan: &Plan, path: &Path) -> io::Result<()> {
    let (file, mut out) = WholeFile::create(path)?;
    plan.write(&mut out)?;
    out.flush()?;
    file.commit()
}

/// Most that the old generation of a cell may take, if the sweep says so.
fn limit(file: &SweepFile, wanted: &Wanted<'_>, minimum_heaps: &[MinimumHeap]) -> Option<Limit> {
    let (size, heap) = (wanted.heap?, file.heap.as_ref()?);
    let max_old_bytes = match size {
        HeapSize::Bytes(bytes) => bytes,
        HeapSize::Multiple(multiple) => {
            let (workload, parameters) = program(wanted);
            let of_it = |found: &&MinimumHeap| found.workload == workload && found.parameters == parameters;
            let least =
                minimum_heaps.iter().find(of_it).expect("every program has a least heap").max_old_bytes;
            ((least as f64 * multiple) as u64).max(1).next_multiple_of(PAGE)
        }
    };
    let words = match size {
        HeapSize::Bytes(_) => format!("{}: `heap.sizes` is {}", heap.place, size.label()),
        HeapSize::Multiple(_) => {
            format!("{}: `heap.sizes` is {}, which is {}", heap.place, size.label(), Size(max_old_bytes))
        }
    };
    Some(Limit { max_old_bytes, words, used: heap.used })
}

/// The least heaps, with all parameters of the programs, as cells have them.
fn told(wanted: &[Wanted<'_>], minimum_heaps: &[MinimumHeap], names: &Names) -> Vec<MinimumHeap> {
    let told = |found: &MinimumHeap| {
        let is_it = |one: &&Wanted<'_>| program(one) == (found.workload.clone(), found.parameters.clone());
        let one = wanted.iter().find(is_it).expect("it was found for one that is wanted");
        MinimumHeap { workload: names.name(one), parameters: all_parameters(one), ..found.clone() }
    };
    minimum_heaps.iter().map(told).collect()
}

/// All parameters but for the seed, defaults too, by name.
fn all_parameters(wanted: &Wanted<'_>) -> String {
    let declared = wanted.workload.named.parameters().unwrap_or_default();
    let value =
        |name: &str| wanted.parameters.iter().find(|(own, _)| own.name == name).map(|(_, value)| *value);
    let mut told: Vec<_> =
        declared.iter().map(|one| (one.name, value(one.name).unwrap_or(one.default))).collect();
    told.sort_unstable();
    told.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ")
}

/// What workloads are called in a plan: files as in the file of the sweep if the plan lies beside that, so that both
/// can be moved together; else by their whole paths.
struct Names {
    beside: bool,
}

impl Names {
    fn of(plan: &Path, file: &Path) -> Self {
        let folder = |path: &Path| {
            let folder =
                path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            folder.canonicalize().ok()
        };
        Names { beside: folder(plan) == folder(file) }
    }

    fn name(&self, wanted: &Wanted<'_>) -> String {
        let name = &wanted.workload.name;
        let whole = |path: &Path| path.canonicalize().unwrap_or_else(|_| PathBuf::from(path));
        match wanted.workload.named.file() {
            Some(path) if !self.beside => {
                let kind = name.split_once(':').map_or("", |(kind, _)| kind);
                format!("{kind}:{}", whole(path).display())
            }
            _ => name.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::all_parameters;
    use crate::cli::sweep::draw::draw;
    use crate::cli::sweep::file::tests::parse;

    #[test]
    fn least_heaps_are_told_with_all_parameters() {
        let file = parse("[[workload]]\nname = \"ring\"\n[workload.set]\nwindow = 2000").expect("no mistake");
        let wanted = draw(&file).expect("there is one").remove(0);
        assert!(all_parameters(&wanted).contains("window=2000"));
        assert!(all_parameters(&wanted).contains("pushes="));
    }
}
