//! A page, as far as its commands and its links go.

use crate::failure::Failure;
use crate::fence::Fence;
use pulldown_cmark::{CodeBlockKind, CowStr, Event, Options, Parser, Tag, TagEnd};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The folder of the book.
pub(crate) const FOLDER: &str = "docs";

/// A page of the book.
#[derive(Clone, Debug, Default)]
pub(crate) struct Page {
    /// Where it lies, from the top of the repository.
    pub(crate) path: PathBuf,
    pub(crate) text: String,
    pub(crate) fences: Vec<Fence>,
    /// Code within sentences.
    pub(crate) spans: Vec<Placed>,
    /// Where links and images lead.
    pub(crate) links: Vec<Placed>,
    /// What follows `#` in links to headings of the page.
    pub(crate) anchors: BTreeSet<String>,
}

/// A text, with the line that it begins in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Placed {
    pub(crate) line: usize,
    pub(crate) text: String,
}

/// Every page in the folder of the book and in the folders in it, the summary too, by path.
pub(crate) fn all(top: &Path) -> Result<Vec<Page>, Failure> {
    let mut paths = Vec::new();
    find(&top.join(FOLDER), &mut paths)?;
    paths.sort();
    paths.iter().map(|path| read(top, path)).collect()
}

fn find(folder: &Path, paths: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let failed = |source| Failure::Read { path: folder.into(), source };
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() {
            find(&path, paths)?;
        } else if path.extension().is_some_and(|extension| extension == "md") {
            paths.push(path);
        }
    }
    Ok(())
}

fn read(top: &Path, path: &Path) -> Result<Page, Failure> {
    let text = fs::read_to_string(path).map_err(|source| Failure::Read { path: path.into(), source })?;
    Ok(Page::new(path.strip_prefix(top).expect("it was found there").into(), text))
}

impl Page {
    /// A page with that text.
    pub(crate) fn new(path: PathBuf, text: String) -> Self {
        let mut page = Page { path, ..Page::default() };
        let mut reading = Reading::default();
        for (event, range) in Parser::new_ext(&text, Options::ENABLE_TABLES).into_offset_iter() {
            let line = 1 + text[..range.start].matches('\n').count();
            reading.event(&mut page, line, event);
        }
        Page { text, ..page }
    }

    /// A place on it, for messages.
    pub(crate) fn at(&self, line: usize) -> String {
        format!("{}:{line}", self.path.display())
    }
}

/// What is being read.
#[derive(Debug, Default)]
struct Reading {
    is_in_fence: bool,
    heading: Option<String>,
}

impl Reading {
    fn event(&mut self, page: &mut Page, line: usize, event: Event<'_>) {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                self.is_in_fence = true;
                page.fences.push(fence(line, &kind));
            }
            Event::End(TagEnd::CodeBlock) => self.is_in_fence = false,
            Event::Start(Tag::Heading { .. }) => self.heading = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => add_anchor(page, &self.heading.take().unwrap_or_default()),
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                page.links.push(Placed { line, text: dest_url.into_string() });
            }
            Event::Text(text) => self.text(page, &text),
            Event::Code(text) => {
                self.text(page, &text);
                page.spans.push(Placed { line, text: text.into_string() });
            }
            _ => {}
        }
    }

    fn text(&mut self, page: &mut Page, text: &CowStr<'_>) {
        if let Some(heading) = &mut self.heading {
            heading.push_str(text);
        } else if let Some(fence) = page.fences.last_mut().filter(|_| self.is_in_fence) {
            fence.body.push_str(text);
        }
    }
}

fn fence(line: usize, kind: &CodeBlockKind<'_>) -> Fence {
    match kind {
        CodeBlockKind::Fenced(info) => Fence::new(line, info),
        // Its first line is its text.
        CodeBlockKind::Indented => Fence::new(line - 1, ""),
    }
}

/// As mdBook and code hosts make them: letters and digits in lower case, spaces as hyphens, a second one with `-1`.
fn add_anchor(page: &mut Page, heading: &str) {
    let kept = |c: char| c.is_alphanumeric() || ['-', '_', ' '].contains(&c);
    let name = heading.trim().to_lowercase().replace(|c| !kept(c), "").replace(' ', "-");
    let numbered = (1..).map(|number| format!("{name}-{number}"));
    let mut names = [name.clone()].into_iter().chain(numbered);
    page.anchors.extend(names.find(|name| !page.anchors.contains(name)));
}

#[cfg(test)]
mod tests {
    use super::{Page, Placed};

    const TEXT: &str = "# On *pages*\n\nA `tenure run` of [it](a.md#b).\n\n## Two: `x`!\n\n```sh long\n# a\nls\n```\n\n\
        - ![x](p.svg)\n\n## Two: x\n\n    indented\n";

    #[test]
    fn a_page_is_read() {
        let page = Page::new("docs/a.md".into(), TEXT.into());
        let placed = |line, text: &str| Placed { line, text: text.into() };
        assert_eq!(page.links, [placed(3, "a.md#b"), placed(12, "p.svg")]);
        assert_eq!(page.spans, [placed(3, "tenure run"), placed(5, "x")]);
        assert_eq!(page.anchors.iter().collect::<Vec<_>>(), ["on-pages", "two-x", "two-x-1"]);
        let fences: Vec<_> = page.fences.iter().flat_map(|fence| fence.lines()).collect();
        assert_eq!(fences, [(8, "# a"), (9, "ls"), (16, "indented")]);
    }
}
