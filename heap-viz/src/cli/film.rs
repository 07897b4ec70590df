//! The film of `--film`.

use super::args::{ClockChoice, HeapArgs, RunArgs};
use super::failure::Failure;
use super::named::Named;
use super::page::Page;
use super::plan::RunPlan;
use super::progress::Progress;
use super::recording::Recording;
use gc_core::Watcher;
use heap_viz::Shared;
use heap_viz::picture::{Film, FilmPage};
use std::path::Path;

/// Where the film of a command without arguments goes: beside whoever asked for it.
const DEFAULT_FILM: &str = "tenure-film.html";
/// What it shows: a tree whose nodes become old and are replaced, so that everything there is happens.
const EXAMPLE: &str = "splay";
/// A small one: to film it takes a second.
const EXAMPLE_PARAMETERS: [&str; 1] = ["size=2000"];

/// Films an example in a run of its own: filming would have taken time from those that are reported on.
pub(crate) fn film_example() -> Result<(), Failure> {
    let mut projector = Projector::start(Path::new(DEFAULT_FILM))?;
    let plan = RunPlan::new(&RunArgs {
        workloads: vec![Named::Workload(workloads::find(EXAMPLE).expect("it is registered"))],
        set: EXAMPLE_PARAMETERS.map(Into::into).into(),
        heap: HeapArgs { clock: Some(ClockChoice::Modelled), ..HeapArgs::default() },
        ..RunArgs::default()
    })?;
    let recording = Recording::start(&plan)?;
    for run in &plan.runs {
        run.make(&plan, &recording, Some(&mut projector), None, &Progress::hidden())?;
    }
    projector.finish()
}

/// Films runs, and writes them as one page.
#[derive(Debug)]
pub(crate) struct Projector {
    page: Page,
    films: Vec<Shared<Film>>,
}

impl Projector {
    /// Begins the page at `path`: that it cannot be written had better be known before the runs.
    pub(crate) fn start(path: &Path) -> Result<Self, Failure> {
        Ok(Projector { page: Page::start(path)?, films: Vec::new() })
    }

    /// The watcher that films the next run.
    pub(crate) fn film(&mut self, title: &str) -> Box<dyn Watcher> {
        let film = Shared::new(Film::new(title));
        self.films.push(film.clone());
        Box::new(film)
    }

    /// Writes the page, and tells where it is.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        let films: Vec<_> = self.films.iter().map(Shared::lock).collect();
        let films: Vec<_> = films.iter().map(|film| &**film).collect();
        self.page.write("film", FilmPage(&films))
    }
}
