//! Reports as one HTML page: charts to look into, and everything that they show also in words and tables.
//!
//! The page asks nothing of the network: style, script and the charting library are in it, and so are the figures, as
//! [`Page`] has them. Charts are drawn by uPlot (decision 18), the rest by `assets/report.js`.

mod charts;
mod page;
mod tables;

use super::{PauseReport, Text};
use crate::markup::{Escaped, STYLE, begin_page, end_page};
use page::Page;
use std::fmt::{self, Display, Formatter};

const CHART_STYLE: &str = include_str!("../../../assets/uPlot.min.css");
const CHARTS: &str = include_str!("../../../assets/uPlot.iife.min.js");
const SCRIPT: &str = include_str!("../../../assets/report.js");

/// Writes reports as one page, which shows one run at a time.
#[derive(Clone, Copy, Debug)]
pub struct Html<'a>(pub &'a [PauseReport]);

impl Display for Html<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        begin_page(f, &title(self.0), &[CHART_STYLE, STYLE])?;
        self.as_text(f)?;
        end_page(f, &Page::of(self.0), &[CHARTS, SCRIPT])
    }
}

impl Html<'_> {
    /// The reports as text, for a reader without scripts.
    fn as_text(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("<noscript>")?;
        for report in self.0 {
            writeln!(f, "<pre>{}</pre>", Escaped(&Text(report).to_string()))?;
        }
        f.write_str("</noscript>\n")
    }
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
