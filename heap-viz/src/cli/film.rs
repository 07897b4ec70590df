//! The film of `--film`.

use super::failure::Failure;
use super::page::Page;
use gc_core::{Config, Watcher};
use heap_viz::Shared;
use heap_viz::picture::{Film, FilmPage};
use std::path::Path;

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

    /// The watcher that films the next run, of a heap of this configuration.
    pub(crate) fn film(&mut self, title: &str, config: &Config) -> Box<dyn Watcher> {
        let film = Shared::new(Film::new(title, config.promotion.age));
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
