//! The table of contents.

use crate::page::{FOLDER, Page};
use std::collections::BTreeMap;
use std::path::Path;

/// Its name in the folder of the book.
const NAME: &str = "SUMMARY.md";

/// Whether a page is the table of contents.
pub(crate) fn is_summary(page: &Page) -> bool {
    page.path == Path::new(FOLDER).join(NAME)
}

/// Pages that the table of contents leaves out, or has twice.
pub(crate) fn mistakes(pages: &[Page]) -> Vec<String> {
    let mut entries: BTreeMap<&str, usize> = BTreeMap::new();
    for link in pages.iter().filter(|page| is_summary(page)).flat_map(|page| &page.links) {
        *entries.entry(&link.text).or_default() += 1;
    }
    let within =
        |page: &Page| page.path.strip_prefix(FOLDER).expect("a page of the book").display().to_string();
    let others = pages.iter().filter(|page| !is_summary(page)).map(within);
    let counted = others.map(|name| (entries.get(name.as_str()).copied().unwrap_or_default(), name));
    counted.filter(|(count, _)| *count != 1).map(|(count, name)| mistake(&name, count)).collect()
}

fn mistake(name: &str, count: usize) -> String {
    format!("{FOLDER}/{NAME}: `{name}` is there {count} times, and not once")
}

#[cfg(test)]
mod tests {
    use super::mistakes;
    use crate::page::Page;

    #[test]
    fn every_page_is_there_once() {
        let page = |name: &str, text: &str| Page::new(format!("docs/{name}").into(), text.into());
        let summary = page("SUMMARY.md", "- [a](a.md)\n- [b](b.md)\n  - [b](b.md)\n");
        let pages = [summary, page("a.md", ""), page("b.md", ""), page("c/d.md", "")];
        let says = |name, count| format!("docs/SUMMARY.md: `{name}` is there {count} times, and not once");
        assert_eq!(mistakes(&pages), [says("b.md", 2), says("c/d.md", 0)]);
    }
}
