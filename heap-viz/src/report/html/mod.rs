//! Reports as one HTML page: charts to look into, and everything that they show also in words and tables.
//!
//! The page asks nothing of the network: style, script and the charting library are in it, and so are the figures, as
//! [`Page`] has them. Charts are drawn by uPlot (decision 18), the rest by `assets/report.js`.

mod charts;
mod overlay;
mod page;
mod tables;

use super::{PauseReport, Text};
use crate::compare::{Comparison, ComparisonText};
use crate::markup::{Escaped, STYLE, begin_page, end_page};
use page::Page;
use std::fmt::{self, Display, Formatter};

pub(crate) const CHART_STYLE: &str = include_str!("../../../assets/uPlot.min.css");
pub(crate) const CHARTS: &str = include_str!("../../../assets/uPlot.iife.min.js");
/// What the scripts of all pages with charts use.
pub(crate) const DRAWING: &str = include_str!("../../../assets/drawing.js");
const SCRIPT: &str = include_str!("../../../assets/report.js");

/// Writes reports as one page, which shows one run at a time.
#[derive(Clone, Copy, Debug)]
pub struct Html<'a>(pub &'a [PauseReport]);

impl Display for Html<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let texts: Vec<_> = self.0.iter().map(|report| Text(report).to_string()).collect();
        write_page(f, &title(self.0), &Page::of(self.0), &texts)
    }
}

/// Writes comparisons as one page: tables and overlaid curves, and every run as [`Html`] shows it.
#[derive(Clone, Copy, Debug)]
pub struct ComparisonHtml<'a>(pub &'a [Comparison]);

impl Display for ComparisonHtml<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let texts: Vec<_> = self.0.iter().map(|comparison| ComparisonText(comparison).to_string()).collect();
        let samples = self.0.iter().flat_map(|comparison| &comparison.samples);
        let names: Vec<_> = samples.map(|sample| &sample.name[..]).collect();
        write_page(f, &format!("{} · Tenure", names.join(" / ")), &Page::of_comparisons(self.0), &texts)
    }
}

/// `texts` are for a reader without scripts.
fn write_page(f: &mut Formatter<'_>, title: &str, page: &Page<'_>, texts: &[String]) -> fmt::Result {
    begin_page(f, title, &[CHART_STYLE, STYLE])?;
    f.write_str("<noscript>")?;
    texts.iter().try_for_each(|text| writeln!(f, "<pre>{}</pre>", Escaped(text)))?;
    f.write_str("</noscript>\n")?;
    end_page(f, page, &[CHARTS, DRAWING, SCRIPT])
}

fn title(reports: &[PauseReport]) -> String {
    match reports {
        [report] => format!("{} · Tenure", report.run.workload),
        reports => format!("{} runs · Tenure", reports.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::Html;
    use crate::report::PauseReport;
    use crate::report::tests::sample_report;
    use serde_json::Value;

    fn figures(reports: &[PauseReport]) -> Value {
        let page = Html(reports).to_string();
        let start = page.find("id=\"figures\">").expect("the page has figures") + "id=\"figures\">".len();
        let end = start + page[start..].find("</script>").expect("the script ends");
        serde_json::from_str(&page[start..end]).expect("the figures are JSON")
    }

    #[test]
    fn the_page_asks_nothing_of_the_network() {
        let page = Html(&[sample_report()]).to_string();
        for word in ["<link", "src=", "@import", "fetch(", "XMLHttpRequest"] {
            assert!(!page.contains(word), "{word}");
        }
    }

    #[test]
    fn every_run_has_its_figures() {
        let figures = figures(&[sample_report(), sample_report()]);
        let runs = figures["runs"].as_array().expect("a list");
        assert_eq!(runs.len(), 2);
        assert_eq!(runs[0]["charts"]["pauses"]["start_ns"].as_array().map(Vec::len), Some(50));
    }

    #[test]
    fn what_programs_name_cannot_become_markup() {
        let mut report = sample_report();
        report.run.workload = "</script><script>alert(1)</script>".into();
        let page = Html(&[report.clone()]).to_string();
        assert!(!page.contains("<script>alert"), "the name is part of the page's markup");
        assert_eq!(figures(&[report.clone()])["runs"][0]["name"], report.run.workload);
    }
}
