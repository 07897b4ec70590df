//! What real programs did.

use super::super::failure::Failure;
use super::super::nearest::did_you_mean;
use super::super::text_file;
use super::counts::Counts;
use super::node_flags::{self, UnknownFlag};
use gc_core::Config;
use std::path::Path;
use workloads::Workload;

/// The rows that tenure has with it.
const BUILT_IN: &str = include_str!("../../../data/v8-node20.tsv");
/// Where they come from, in messages.
const BUILT_IN_NAME: &str = "v8-node20.tsv";

/// The columns of a row.
const COLUMNS: [&str; 7] =
    ["name", "flags", "workload", "scavenges", "mark_compacts", "copied_mib", "promoted_mib"];

/// Rows, from a file of tab-separated values with comments that start with `#`.
#[derive(Debug)]
pub(crate) struct Reference {
    rows: Vec<Row>,
}

/// One run of a program in Node.js, and the workload that stands for it.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) name: String,
    /// The preset with the flags that Node.js was given.
    pub(crate) config: Config,
    pub(crate) workload: Box<dyn Workload>,
    pub(crate) real: Counts,
}

impl Reference {
    /// The rows of a file, or those that tenure has with it.
    pub(crate) fn read(path: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = path else { return Reference::parse(BUILT_IN, BUILT_IN_NAME) };
        Reference::parse(&text_file::read(path)?, &path.display().to_string())
    }

    fn parse(text: &str, file: &str) -> Result<Self, Failure> {
        let numbered = (1..).zip(text.lines());
        let mut lines = numbered.filter(|(_, line)| !line.starts_with('#') && !line.trim().is_empty());
        let fail = |number: usize, problem: String| Failure::Reference {
            place: format!("{file}:{number}"),
            problem,
        };
        let (number, heading) = lines.next().unwrap_or((1, ""));
        if heading.split('\t').ne(COLUMNS) {
            return Err(fail(
                number,
                format!("the columns must be {}, separated by tabs", COLUMNS.join(", ")),
            ));
        }
        let row = |(number, line): (usize, &str)| Row::parse(line).map_err(|problem| fail(number, problem));
        Ok(Reference { rows: lines.map(row).collect::<Result<_, _>>()? })
    }

    /// The rows whose names start with one of `names`; all if there are none.
    pub(crate) fn chosen(&self, names: &[String]) -> Result<Vec<&Row>, Failure> {
        for name in names {
            if !self.rows.iter().any(|row| row.name.starts_with(&**name)) {
                let known: Vec<_> = self.rows.iter().map(|row| &*row.name).collect();
                return Err(Failure::UnknownRow {
                    name: name.clone(),
                    tip: did_you_mean(name, &known, "the rows"),
                });
            }
        }
        let is_chosen =
            |row: &&Row| names.is_empty() || names.iter().any(|name| row.name.starts_with(&**name));
        Ok(self.rows.iter().filter(is_chosen).collect())
    }
}

impl Row {
    fn parse(line: &str) -> Result<Row, String> {
        let fields: Vec<_> = line.split('\t').collect();
        let [name, flags, workload, scavenges, mark_compacts, copied_mib, promoted_mib] = fields[..] else {
            return Err(format!("a row has {} columns, not {}", COLUMNS.len(), fields.len()));
        };
        let real = Counts {
            scavenges: number(scavenges)?,
            mark_compacts: number(mark_compacts)?,
            copied_mib: number(copied_mib)?,
            promoted_mib: number(promoted_mib)?,
        };
        let config = node_flags::config(flags)
            .map_err(|UnknownFlag(flag)| format!("the preset has no answer to the flag `{flag}`"))?;
        config.validate().map_err(|error| error.to_string())?;
        Ok(Row { name: name.into(), config, workload: parse_workload(workload)?, real })
    }
}

fn number<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("`{text}` is no number"))
}

/// A workload by name and parameters, separated by blanks.
fn parse_workload(text: &str) -> Result<Box<dyn Workload>, String> {
    let mut words = text.split_whitespace();
    let name = words.next().unwrap_or_default();
    let entry = workloads::find(name).ok_or_else(|| format!("there is no workload `{name}`"))?;
    entry.workload(words).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::{COLUMNS, Reference};

    #[track_caller]
    fn check_refused(rows: &str, expected: &str) {
        let text = format!("# A comment.\n{}\n{rows}", COLUMNS.join("\t"));
        let failure = Reference::parse(&text, "rows.tsv").expect_err("there is a mistake");
        assert_eq!(failure.to_string(), expected);
    }

    #[test]
    fn the_rows_that_come_along_can_be_read() {
        let reference = Reference::read(None).expect("the rows are well formed");
        assert_eq!(reference.chosen(&[]).expect("all").len(), 46);
        assert_eq!(reference.chosen(&["w1".into(), "w8".into()]).expect("some").len(), 9);
    }

    #[test]
    fn mistakes_are_told_with_their_line() {
        check_refused("a\t-\twindow\t1\t2", "rows.tsv:3: a row has 7 columns, not 5");
        check_refused("a\t-\twindow\t1\tx\t3\t4", "rows.tsv:3: `x` is no number");
        check_refused("\na\t-\twindows\t1\t2\t3\t4", "rows.tsv:4: there is no workload `windows`");
        check_refused(
            "a\t--gc-global\twindow\t1\t2\t3\t4",
            "rows.tsv:3: the preset has no answer to the flag `--gc-global`",
        );
        let failure = Reference::parse("name\n", "rows.tsv").expect_err("columns are missing").to_string();
        assert!(failure.starts_with("rows.tsv:1: the columns must be name, flags, "), "{failure}");
    }

    #[test]
    fn a_row_that_is_not_there_is_told_with_the_nearest() {
        let reference = Reference::read(None).expect("the rows are well formed");
        let failure = reference.chosen(&["w5-nopt-semi-17".into()]).expect_err("there is none");
        assert_eq!(failure.to_string(), "there is no row `w5-nopt-semi-17`");
    }
}
