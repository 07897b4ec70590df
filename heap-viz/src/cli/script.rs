//! `tenure script`, and what `tenure explain` has in common with it.

use super::args::ScriptArgs;
use super::failure::Failure;
use super::figures::{FigureFormat, Figures};
use super::page::Page;
use super::stdout::Stdout;
use super::text_file;
use gc_core::{Heap, Watcher};
use heap_viz::Shared;
use heap_viz::picture::{Film, FilmPage, FilmStep, Sight};
use heap_viz::quantity::counted;
use std::path::Path;
use workloads::teach::{Audience, Collected, Script, ScriptError, Stage, Summary};

/// Runs a script on a heap of its own.
pub(crate) fn script(args: &ScriptArgs, stdout: &mut Stdout) -> Result<(), Failure> {
    let source = Source::read(&args.file)?;
    let page = args.film.as_deref().map(Page::start).transpose()?;
    let mut lecture = Lecture::of(&source);
    let done = source.run(&mut lecture);
    // What has happened before a failure is what the reader wants to see.
    stdout.print(if args.trace { &lecture.trace } else { &lecture.answers })?;
    if let Some(page) = page {
        lecture.write_film(page)?;
    }
    let summary = done.map_err(|problem| source.failure(problem))?;
    if let Some(folder) = &args.figures {
        lecture.write_figures(folder, FigureFormat::of(args))?;
    }
    let asserts = counted(summary.asserts, "assert");
    let collections = counted(summary.collections, "pause");
    stdout.print(&format!("passed: {asserts} held, {collections}\n"))
}

/// A script and its text.
pub(crate) struct Source<'p> {
    path: &'p Path,
    lines: Vec<String>,
    script: Script,
}

impl<'p> Source<'p> {
    pub(crate) fn read(path: &'p Path) -> Result<Self, Failure> {
        let text = text_file::read(path)?;
        let script =
            Script::parse(&text).map_err(|problem| Failure::Script { path: path.into(), problem })?;
        Ok(Source { path, lines: text.lines().map(Into::into).collect(), script })
    }

    pub(crate) fn run(&self, lecture: &mut Lecture<'_>) -> Result<Summary, ScriptError> {
        let mut heap = Heap::new(self.script.config().clone()).expect("the settings were checked");
        self.script.run_before(&mut heap, lecture)
    }

    /// Asks, when all else is done, what has become of an object.
    pub(crate) fn ask_why(&mut self, name: &str) {
        self.script.ask_why(name);
    }

    pub(crate) fn failure(&self, problem: ScriptError) -> Failure {
        Failure::Script { path: self.path.into(), problem }
    }

    /// The statements of a line, and the comment behind them.
    fn line(&self, number: u32) -> (&str, &str) {
        let line = &self.lines[number as usize - 1];
        let (statements, comment) = line.split_once('#').unwrap_or((line, ""));
        (statements.trim(), comment.trim())
    }
}

/// What is told of a script while it runs.
pub(crate) struct Lecture<'s> {
    source: &'s Source<'s>,
    film: Shared<Film>,
    trace: String,
    answers: String,
    figures: Figures,
}

impl<'s> Lecture<'s> {
    pub(crate) fn of(source: &'s Source<'s>) -> Self {
        let title = source.path.file_name().unwrap_or_default().to_string_lossy();
        let film = Shared::new(Film::new(&title));
        Lecture { source, film, trace: String::new(), answers: String::new(), figures: Figures::default() }
    }

    pub(crate) fn write_film(&self, page: Page) -> Result<(), Failure> {
        page.write("film", FilmPage(&[&*self.film.lock()]))
    }

    /// What was asked about objects, and answered.
    pub(crate) fn answers(&self) -> &str {
        &self.answers
    }

    /// All steps of the film.
    pub(crate) fn steps(&self) -> Result<Vec<FilmStep>, Failure> {
        let problem = "its heap has too many objects to show each";
        self.film.lock().steps().ok_or_else(|| Failure::Steps { path: self.source.path.into(), problem })
    }

    fn write_figures(&self, folder: &Path, format: FigureFormat) -> Result<(), Failure> {
        self.figures.write(folder, self.source.path, &self.film.lock(), format)
    }
}

impl Audience for Lecture<'_> {
    fn collected(&mut self, collected: &Collected) {
        self.trace += &format!("{collected}\n");
    }

    fn answered(&mut self, answer: &str) {
        self.trace += answer;
        self.answers += answer;
    }

    fn watcher(&mut self) -> Option<Box<dyn Watcher>> {
        Some(Box::new(self.film.clone()))
    }

    fn stepped(&mut self, stage: &Stage<'_>) {
        let names = stage.objects().map(|(name, view)| (view.place(), name.to_string()));
        let sight = || Sight::new(stage.heap.map_with_references()).with_names(names.collect());
        let (statements, comment) = self.source.line(stage.place.line);
        let title = format!("line {}: {statements}", stage.place.line);
        let allocated_bytes = stage.heap.stats().work.allocated_bytes;
        self.film.lock().add_still(&title, comment, allocated_bytes, sight);
        if !comment.is_empty() {
            self.figures.want(&title, comment);
        }
    }
}
