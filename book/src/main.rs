//! Checks the book in `docs`.
//!
//! `book links` finds pages that the summary leaves out, and links that lead nowhere; `book commands` runs what the pages
//! tell their readers to type, and compares what is shown below a command with what it prints; `book sources` puts the
//! files that pages link to beside the built book. `docs/contributing.md` tells how pages are written for that.

mod change;
mod command;
mod copy;
mod failure;
mod fence;
mod links;
mod page;
mod session;
mod shown;
mod spelling;
mod summary;

use clap::{Parser, Subcommand};
use failure::Failure;
use page::Page;
use session::{Extent, Session};
use std::env;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Checks the book in `docs`, from the top of the repository.
#[derive(Debug, Parser)]
#[command(name = "book", version)]
struct Args {
    #[command(subcommand)]
    check: Check,
}

#[derive(Debug, Subcommand)]
enum Check {
    /// Find pages that the summary leaves out, links that lead nowhere, and commands that are not marked as such
    Links,
    /// Copy the files that pages link to, but that are no part of the book, to FOLDER, the top of the built site
    Sources {
        /// The folder that has the built book in its `docs`
        folder: PathBuf,
    },
    /// Run the commands of pages, in their order, each page in a fresh copy of the repository
    Commands {
        /// Pages; if none is named, all
        pages: Vec<PathBuf>,
        /// Run the commands marked `long`, too
        #[arg(long)]
        all: bool,
        /// Write what commands have printed in the place of what is shown below them, if that differs
        #[arg(long)]
        write: bool,
    },
}

fn main() -> ExitCode {
    match check(&Args::parse().check) {
        Ok(mistakes) if mistakes.is_empty() => ExitCode::SUCCESS,
        Ok(mistakes) => {
            mistakes.iter().for_each(|mistake| eprintln!("{mistake}"));
            eprintln!("book: mistakes: {}", mistakes.len());
            ExitCode::FAILURE
        }
        Err(failure) => {
            eprintln!("book: {failure}");
            ExitCode::from(2)
        }
    }
}

/// What is wrong with the book, each with its place.
fn check(check: &Check) -> Result<Vec<String>, Failure> {
    let top = Path::new(".");
    let pages = page::all(top)?;
    match check {
        Check::Links => Ok(links::mistakes(top, &pages)),
        Check::Sources { folder } => links::copy_sources(top, &pages, folder).map(|()| Vec::new()),
        Check::Commands { pages: named, all, write } => {
            let extent = if *all { Extent::All } else { Extent::Short };
            commands(&Session::new(top, programs()?, extent, *write)?, &chosen(pages, named)?)
        }
    }
}

fn commands(session: &Session, pages: &[Page]) -> Result<Vec<String>, Failure> {
    let mut mistakes = Vec::new();
    for page in pages {
        mistakes.extend(session.run(page)?);
    }
    Ok(mistakes)
}

/// The pages that were named, or all.
fn chosen(pages: Vec<Page>, named: &[PathBuf]) -> Result<Vec<Page>, Failure> {
    if let Some(unknown) = named.iter().find(|path| !pages.iter().any(|page| page.path == **path)) {
        return Err(Failure::NoPage { path: unknown.clone() });
    }
    let is_chosen = |page: &Page| named.is_empty() || named.contains(&page.path);
    Ok(pages.into_iter().filter(is_chosen).collect())
}

/// Where `tenure` and `lox` lie: beside this program, since they are built together.
fn programs() -> Result<PathBuf, Failure> {
    let failed = |source| Failure::Read { path: "this program".into(), source };
    let own = env::current_exe().map_err(failed)?;
    Ok(own.parent().expect("a program lies in a folder").to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Page, links, page};
    use std::fs;
    use std::path::{Path, PathBuf};

    fn top() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
    }

    #[test]
    fn every_page_of_the_book_is_in_the_summary_and_every_link_leads_somewhere() {
        let pages = page::all(&top()).expect("the pages can be read");
        assert!(pages.len() > 30);
        let mistakes = links::mistakes(&top(), &pages);
        assert!(mistakes.is_empty(), "\n{}", mistakes.join("\n"));
    }

    /// Pages with programs in Rust, and who sees to it that they are right. `.ci/book --all` builds those of walk-throughs.
    const TESTED: [(&str, &str); 4] = [
        ("docs/guide.md", "gc-core/src/lib.rs"),
        ("docs/typed-objects.md", "gc-core/src/lib.rs"),
        ("docs/guide-small-vm.md", "gc-core/tests/it/tiny_vm.rs"),
        ("docs/putting-a-vm-on-tenure.md", "lox/tests/chapter.rs"),
    ];

    #[test]
    fn programs_in_rust_are_tested() {
        let has_programs = |page: &Page| {
            let is_rust = |language: &str| ["rust", "compile_fail"].contains(&language);
            page.fences.iter().any(|fence| is_rust(&fence.language) && fence.file.is_none())
        };
        for page in page::all(&top()).expect("the pages can be read").iter().filter(|page| has_programs(page))
        {
            let found = TESTED.iter().find(|(path, _)| page.path == Path::new(path));
            let (path, tester) = found.unwrap_or_else(|| panic!("who tests {}?", page.path.display()));
            let tester = fs::read_to_string(top().join(tester)).expect("the test is there");
            assert!(tester.contains(path), "{path}");
        }
    }
}
