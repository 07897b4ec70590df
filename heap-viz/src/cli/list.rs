//! `tenure list`.

use super::args::ListArgs;
use super::failure::Failure;
use super::stdout::Stdout;
use serde::Serialize;
use std::fmt::{self, Display, Formatter};
use workloads::{Entry, Parameter, SEED};

/// Columns of the list.
const WIDTH: usize = 80;

/// Lists the workloads.
pub(crate) fn list(args: &ListArgs, stdout: &mut Stdout) -> Result<(), Failure> {
    let list = List::of(workloads::registry());
    if args.json {
        let json = serde_json::to_string_pretty(&list).expect("a list of texts and numbers");
        return stdout.print(&format!("{json}\n"));
    }
    stdout.print(&list.to_string())
}

/// The workloads as they are listed: schema `tenure.workloads/1`.
#[derive(Serialize)]
struct List {
    schema: &'static str,
    version: &'static str,
    workloads: Vec<Listed>,
}

#[derive(Serialize)]
struct Listed {
    name: &'static str,
    about: &'static str,
    stresses: &'static str,
    by_default: bool,
    parameters: Vec<ListedParameter>,
}

#[derive(Serialize)]
struct ListedParameter {
    name: &'static str,
    about: &'static str,
    unit: &'static str,
    default: u64,
    min: u64,
    max: u64,
}

impl List {
    fn of(registry: &[Entry]) -> Self {
        List {
            schema: "tenure.workloads/1",
            version: env!("CARGO_PKG_VERSION"),
            workloads: registry.iter().map(Listed::of).collect(),
        }
    }
}

impl Listed {
    fn of(entry: &Entry) -> Self {
        let parameters = entry.parameters.iter().chain([&SEED]);
        Listed {
            name: entry.name,
            about: entry.about,
            stresses: entry.stresses,
            by_default: entry.by_default,
            parameters: parameters.map(ListedParameter::of).collect(),
        }
    }
}

impl ListedParameter {
    fn of(&Parameter { name, unit, about, default, min, max }: &Parameter) -> Self {
        ListedParameter { name, about, unit, default, min, max }
    }
}

impl Display for List {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.workloads.iter().try_for_each(|workload| writeln!(f, "{workload}"))?;
        writeln!(f, "Run one with `tenure run NAME --set parameter=value`.")?;
        writeln!(f, "A program in Lox is run with `tenure run lox:FILE`, a scenario with")?;
        writeln!(f, "`tenure run scenario:FILE`.")
    }
}

impl Display for Listed {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.name)?;
        writeln!(f, "  {}", wrapped(self.about, 2))?;
        writeln!(f, "  {}", wrapped(&format!("Stresses {}", self.stresses), 2))?;
        if !self.by_default {
            writeln!(f, "  Not part of the default set: runs only if it is named.")?;
        }
        self.parameters.iter().try_for_each(|parameter| write!(f, "{parameter}"))
    }
}

impl Display for ListedParameter {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let assignment = format!("{}={}", self.name, self.default);
        writeln!(f, "    {assignment:<22}{}", wrapped(&format!("{}: {}", self.unit, self.about), 26))
    }
}

/// `text` as a paragraph that starts in column `indent` of its first line, and of all others.
fn wrapped(text: &str, indent: usize) -> String {
    let mut paragraph = String::new();
    let mut column = indent;
    for word in text.split_whitespace() {
        if column > indent && column + 1 + word.len() > WIDTH {
            paragraph += &format!("\n{:indent$}", "");
            column = indent;
        } else if column > indent {
            paragraph.push(' ');
            column += 1;
        }
        paragraph += word;
        column += word.len();
    }
    paragraph
}

#[cfg(test)]
mod tests {
    use super::{List, WIDTH, wrapped};

    #[test]
    fn the_list_fits_eighty_columns() {
        let list = List::of(workloads::registry()).to_string();
        list.lines().for_each(|line| assert!(line.chars().count() <= WIDTH, "{line}"));
    }

    #[test]
    fn workloads_outside_the_default_set_say_so() {
        let list = List::of(workloads::registry()).to_string();
        let outside = workloads::registry().iter().filter(|entry| !entry.by_default).count();
        assert_eq!(list.matches("Not part of the default set").count(), outside);
    }

    #[test]
    fn paragraphs_are_indented_from_the_second_line_on() {
        let word = "x".repeat(30);
        let text = format!("{word} {word} {word}");
        assert_eq!(wrapped(&text, 4), format!("{word} {word}\n    {word}"));
        assert_eq!(wrapped("", 4), "");
    }
}
