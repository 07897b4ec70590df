//! Where links lead.

use crate::failure::Failure;
use crate::page::{FOLDER, Page, Placed};
use crate::summary;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// What is wrong with the pages at `top` without running anything, each with its place.
pub(crate) fn mistakes(top: &Path, pages: &[Page]) -> Vec<String> {
    let mut mistakes = summary::mistakes(pages);
    for page in pages {
        let fences = page.fences.iter().filter_map(|fence| fence.mistake());
        let dead = page.links.iter().filter_map(|link| Some((link.line, mistake(top, pages, page, link)?)));
        mistakes.extend(
            fences.chain(unnamed(page)).chain(dead).map(|(line, says)| format!("{}: {says}", page.at(line))),
        );
    }
    mistakes
}

/// Files that a page shows without a word before that says which file it is.
fn unnamed(page: &Page) -> impl Iterator<Item = (usize, String)> {
    let files = page.fences.iter().filter_map(|fence| Some((fence.line, fence.file.as_ref()?)));
    let is_named = |line: usize, file: &Path| {
        page.spans.iter().any(|span| span.line < line && Path::new(&span.text) == file)
    };
    let unnamed = files.filter(move |(line, file)| !is_named(*line, file));
    unnamed
        .map(|(line, file)| (line, format!("which file this is, must stand before it: `{}`", file.display())))
}

/// Copies every file that a page links to, but that is no part of the book, to `site`, where it lies as in the
/// repository: links need not be changed if the book is in the folder `docs` of it.
pub(crate) fn copy_sources(top: &Path, pages: &[Page], site: &Path) -> Result<(), Failure> {
    for path in sources(pages) {
        let to = site.join(&path);
        let folder = to.parent().expect("a file lies in a folder");
        let copied = fs::create_dir_all(folder).and_then(|()| fs::copy(top.join(&path), &to));
        copied.map_err(|source| Failure::Write { path: to, source })?;
    }
    Ok(())
}

fn sources(pages: &[Page]) -> BTreeSet<PathBuf> {
    let leads = pages.iter().flat_map(|page| page.links.iter().filter_map(|link| target(page, &link.text)));
    leads.map(|(path, _)| path).filter(|path| !path.starts_with(FOLDER)).collect()
}

/// The file that a link leads to, from the top of the repository, and what follows `#`. None if it leads out of here.
fn target<'a>(page: &Page, link: &'a str) -> Option<(PathBuf, Option<&'a str>)> {
    if link.contains("://") || link.starts_with("mailto:") {
        return None;
    }
    let (path, anchor) = link.split_once('#').map_or((link, None), |(path, anchor)| (path, Some(anchor)));
    let folder = page.path.parent().expect("a page lies in a folder");
    let path = if path.is_empty() { page.path.clone() } else { without_dots(&folder.join(path)) };
    Some((path, anchor))
}

fn without_dots(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => drop(plain.pop()),
            Component::CurDir => {}
            other => plain.push(other),
        }
    }
    plain
}

fn mistake(top: &Path, pages: &[Page], page: &Page, link: &Placed) -> Option<String> {
    let (path, anchor) = target(page, &link.text)?;
    let found = pages.iter().find(|page| page.path == path);
    let text = &link.text;
    match (found, anchor) {
        (Some(found), Some(anchor)) if !found.anchors.contains(anchor) => {
            let known: Vec<_> = found.anchors.iter().map(String::as_str).collect();
            Some(format!("`{text}` leads to no heading; there are: {}", known.join(", ")))
        }
        (Some(_), _) => None,
        (None, _) if !top.join(&path).exists() => Some(format!("`{text}` leads nowhere")),
        (None, _) if top.join(&path).is_dir() => {
            Some(format!("`{text}` leads to a folder, which a built book cannot show: name a file in it"))
        }
        (None, _) if path.extension().is_some_and(|extension| extension == "md") => {
            Some(format!("`{text}` leads to a page that is not in the book: name it without a link"))
        }
        (None, Some(_)) => Some(format!("`{text}` leads to a place in a file that has none")),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{mistake, sources, unnamed};
    use crate::page::{Page, Placed};
    use std::path::{Path, PathBuf};

    fn page(path: &str, text: &str) -> Page {
        Page::new(path.into(), text.into())
    }

    #[track_caller]
    fn check(link: &str, expected: Option<&str>) {
        let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let pages = [page("docs/a.md", "# One\n"), page("docs/decisions/b.md", "# Two\n")];
        let found = mistake(&top, &pages, &pages[1], &Placed { line: 1, text: link.into() });
        match expected {
            None => assert_eq!(found, None, "{link}"),
            Some(part) => {
                assert!(found.as_ref().is_some_and(|text| text.contains(part)), "{link}: {found:?}");
            }
        }
    }

    #[test]
    fn a_link_leads_to_a_page_a_heading_or_a_file() {
        for link in ["../a.md", "../a.md#one", "#two", "../../Cargo.toml", "https://www.rust-lang.org"] {
            check(link, None);
        }
    }

    #[test]
    fn links_that_lead_nowhere_are_found() {
        check("a.md", Some("nowhere"));
        check("../a.md#three", Some("no heading; there are: one"));
        check("#one", Some("no heading"));
        check("../../lox", Some("folder"));
        check("../../README.md", Some("not in the book"));
        check("../../Cargo.toml#L3", Some("has none"));
    }

    #[test]
    fn a_reader_is_told_which_file_is_shown() {
        let shown = "```toml file=a.toml\n```\n";
        let unnamed =
            |text: String| unnamed(&page("docs/a.md", &text)).map(|(line, _)| line).collect::<Vec<_>>();
        assert_eq!(unnamed(format!("As `a.toml`:\n\n{shown}")), [0; 0]);
        assert_eq!(unnamed(format!("As `b.toml`:\n\n{shown}\nThis was `a.toml`.\n")), [3]);
    }

    #[test]
    fn files_outside_of_the_book_belong_to_the_site() {
        let pages = [page("docs/a.md", "[x](../lox/Cargo.toml) [y](figures/z.svg) [z](../lox/Cargo.toml)")];
        assert_eq!(sources(&pages).into_iter().collect::<Vec<_>>(), [PathBuf::from("lox/Cargo.toml")]);
    }
}
