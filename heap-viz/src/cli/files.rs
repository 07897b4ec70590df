//! The files that a command reads and writes.

use super::args::{Command, RunArgs};
use super::failure::Failure;
use super::input::STANDARD;
use super::named::{Named, Target};
use std::path::{Path, PathBuf};

/// The files that a command reads and those that it writes, as far as they are named on the command line.
#[derive(Debug, Default)]
pub(crate) struct Files<'a> {
    read: Vec<&'a Path>,
    written: Vec<&'a Path>,
}

impl<'a> Files<'a> {
    /// Those of a command.
    pub(crate) fn of(command: &'a Command) -> Self {
        let files = Files::default();
        match command {
            Command::Run(args) => files.of_run(args),
            Command::Script(args) => files.reads([&args.file]).writes(&args.film),
            Command::Explain(args) if args.text => files,
            Command::Explain(args) => files.reads([&args.file]).writes([&args.output]),
            Command::Report(args) => files.reads([&args.file]).writes(&args.html),
            Command::Compare(args) => {
                files.reads(args.files.iter().map(|file| &file.path)).writes(&args.html)
            }
            Command::Convert(args) => files.reads([&args.file]).writes([&args.output]),
            Command::Import(args) => files.reads([&args.file]).reads(&args.edges).writes(&args.output),
            Command::Predict(args) => {
                files.reads(args.program.file()).reads(&args.heap.config).writes(&args.output)
            }
            Command::Doctor(args) => {
                let target = match &args.target {
                    Target::Program(program) => program.file(),
                    Target::Log(path) => Some(&**path),
                };
                files.reads(target).reads(&args.heap.config).writes(&args.html).writes(&args.output)
            }
            Command::Bench(args) => {
                files.reads([&args.peers]).writes(&args.html).writes(&args.csv).writes(&args.parquet)
            }
            _ => files,
        }
    }

    fn of_run(self, args: &'a RunArgs) -> Self {
        let written = [&args.events, &args.html, &args.film, &args.record, &args.alloc_sites, &args.snapshot];
        self.reads(args.workloads.iter().filter_map(Named::file))
            .reads(&args.heap.config)
            .reads(&args.heap.cost_model)
            .writes(written.into_iter().flatten())
    }

    fn reads<P: AsRef<Path> + ?Sized + 'a>(mut self, paths: impl IntoIterator<Item = &'a P>) -> Self {
        self.read.extend(paths.into_iter().map(AsRef::as_ref));
        self
    }

    fn writes(mut self, paths: impl IntoIterator<Item = &'a PathBuf>) -> Self {
        self.written.extend(paths.into_iter().map(PathBuf::as_path).filter(|path| can_be_replaced(path)));
        self
    }

    /// Whether each keeps what is written to it, and what is read is left alone.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        for (index, path) in self.written.iter().enumerate() {
            if self.read.iter().any(|other| is_same(path, other)) {
                return Err(Failure::Overwrites { path: path.into() });
            }
            if self.written[..index].iter().any(|other| is_same(path, other)) {
                return Err(Failure::WrittenTwice { path: path.into() });
            }
        }
        Ok(())
    }
}

/// Pipes, devices and standard output take whatever comes.
fn can_be_replaced(path: &Path) -> bool {
    path != Path::new(STANDARD) && (path.is_file() || !path.exists())
}

/// Whether both are the path of one file, which need not be there yet.
pub(crate) fn is_same(one: &Path, other: &Path) -> bool {
    one == other || resolved(one).is_some_and(|one| resolved(other) == Some(one))
}

fn resolved(path: &Path) -> Option<PathBuf> {
    path.canonicalize().ok().or_else(|| {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Some(folder.canonicalize().ok()?.join(path.file_name()?))
    })
}
