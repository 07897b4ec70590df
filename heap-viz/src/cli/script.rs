//! `tenure script` and `tenure explain`.

use super::args::{ExplainArgs, ScriptArgs};
use super::failure::Failure;
use super::figures::Figures;
use super::page::Page;
use super::stdout::Stdout;
use super::text_file;
use gc_core::Heap;
use heap_viz::Shared;
use heap_viz::picture::{Film, FilmPage, Sight};
use std::path::Path;
use workloads::teach::{Audience, Collected, Script, ScriptError, Stage, Summary};

/// Runs a script on a heap of its own.
pub(crate) fn script(args: &ScriptArgs, stdout: &mut Stdout) -> Result<(), Failure> {
    let source = Source::read(&args.file)?;
    let page = args.film.as_deref().map(Page::start).transpose()?;
    let mut lecture = Lecture::of(&source);
    let done = source.run(&mut lecture);
    // What has happened before a failure is what the reader wants to see.
    if args.trace {
        stdout.print(&lecture.trace)?;
    }
    if let Some(page) = page {
        lecture.write_film(page)?;
    }
    let summary = done.map_err(|problem| source.failure(problem))?;
    if let Some(folder) = &args.figures {
        lecture.write_figures(folder)?;
    }
    let (asserts, collections) = (summary.asserts, summary.collections);
    stdout.print(&format!("passed: {asserts} asserts held, {collections} pauses\n"))
}

/// Writes a page that steps through a script.
pub(crate) fn explain(args: &ExplainArgs) -> Result<(), Failure> {
    let source = Source::read(&args.file)?;
    let page = Page::start(&args.output)?;
    let mut lecture = Lecture::of(&source);
    let done = source.run(&mut lecture);
    lecture.write_film(page)?;
    done.map(drop).map_err(|problem| source.failure(problem))
}

/// A script and its text.
struct Source<'p> {
    path: &'p Path,
    lines: Vec<String>,
    script: Script,
}

impl<'p> Source<'p> {
    fn read(path: &'p Path) -> Result<Self, Failure> {
        let text = text_file::read(path)?;
        let script =
            Script::parse(&text).map_err(|problem| Failure::Script { path: path.into(), problem })?;
        Ok(Source { path, lines: text.lines().map(Into::into).collect(), script })
    }

    fn run(&self, lecture: &mut Lecture<'_>) -> Result<Summary, ScriptError> {
        let mut heap = Heap::new(self.script.config().clone()).expect("the settings were checked");
        heap.watch(Box::new(lecture.film.clone()));
        self.script.run_before(&mut heap, lecture)
    }

    fn failure(&self, problem: ScriptError) -> Failure {
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
struct Lecture<'s> {
    source: &'s Source<'s>,
    film: Shared<Film>,
    trace: String,
    figures: Figures,
}

impl<'s> Lecture<'s> {
    fn of(source: &'s Source<'s>) -> Self {
        let title = source.path.file_name().unwrap_or_default().to_string_lossy();
        let film = Shared::new(Film::new(&title, source.script.config().promotion.age));
        Lecture { source, film, trace: String::new(), figures: Figures::default() }
    }

    fn write_film(&self, page: Page) -> Result<(), Failure> {
        page.write("film", FilmPage(&[&*self.film.lock()]))
    }

    fn write_figures(&self, folder: &Path) -> Result<(), Failure> {
        self.figures.write(folder, self.source.path, &self.film.lock())
    }
}

impl Audience for Lecture<'_> {
    fn collected(&mut self, collected: &Collected) {
        self.trace += &format!("{collected}\n");
    }

    fn stepped(&mut self, stage: &Stage<'_>) {
        let names = stage.objects().map(|(name, view)| (view.place(), name.to_string()));
        let sight = || Sight::new(stage.heap.map_with_references()).with_names(names.collect());
        let (statements, comment) = self.source.line(stage.place.line);
        let title = format!("line {}: {statements}", stage.place.line);
        self.film.lock().add_still(&title, comment, sight);
        if !comment.is_empty() {
            self.figures.want(&title, comment);
        }
    }
}
