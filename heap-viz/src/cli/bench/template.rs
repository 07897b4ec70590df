//! Words of commands with names in braces, which are put in when the command is run.

use std::collections::BTreeMap;

/// What can be put into commands that build a system or ask for its version.
pub(super) const OF_BUILDS: [&str; 2] = ["build", "tenure"];
/// What can be put into commands that run a program.
pub(super) const OF_RUNS: [&str; 5] = ["build", "tenure", "heap", "workload", "parameters"];
/// What can be put into what stands for one parameter.
pub(super) const OF_PARAMETERS: [&str; 2] = ["name", "value"];
/// What can be put into what stands for the size of the heap.
pub(super) const OF_HEAPS: [&str; 3] = ["heap_mib", "heap_kib", "heap_bytes"];

/// A word of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Template(String);

/// What is wrong with the names in a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TemplateError {
    /// There is nothing of this name to put in.
    Unknown(String),
    /// A name is not closed.
    Open(String),
}

/// What is put in, by name: words, of which there may be none or several where the name is all of a word.
#[derive(Clone, Debug, Default)]
pub(crate) struct Values(BTreeMap<&'static str, Vec<String>>);

impl Template {
    /// Reads a word that has only `known` names in braces.
    pub(super) fn parse(word: &str, known: &[&str]) -> Result<Self, TemplateError> {
        for (index, _) in word.match_indices('{') {
            let (before, rest) = (&word[..index], &word[index + 1..]);
            check_name(before.ends_with('$'), rest, known)?;
        }
        Ok(Template(word.into()))
    }

    /// A word whose names are known.
    pub(super) fn literal(word: &str) -> Self {
        Template(word.into())
    }

    /// Whether the word is nothing but a name in braces.
    pub(super) fn is_of(&self, name: &str) -> bool {
        self.0.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) == Some(name)
    }

    /// The words that come of it.
    pub(super) fn filled(&self, values: &Values) -> Vec<String> {
        if let Some((_, words)) = values.0.iter().find(|(name, _)| self.is_of(name)) {
            return words.clone();
        }
        let mut word = self.0.clone();
        for (name, words) in &values.0 {
            word = word.replace(&format!("{{{name}}}"), &words.join(" "));
        }
        vec![word]
    }
}

impl Values {
    /// These, and one more.
    pub(super) fn with(mut self, name: &'static str, words: Vec<String>) -> Self {
        self.0.insert(name, words);
        self
    }

    /// The words of a command.
    pub(super) fn fill(&self, command: &[Template]) -> Vec<String> {
        command.iter().flat_map(|template| template.filled(self)).collect()
    }
}

/// Checks what stands behind a brace, which is left alone unless a name seems to be meant: one that is closed, one that
/// the word ends with, or one that is known. Variables of a shell, `${NAME}`, have the shell's own names.
fn check_name(is_variable: bool, rest: &str, known: &[&str]) -> Result<(), TemplateError> {
    let is_of_name = |char: char| char.is_ascii_alphanumeric() || "_-".contains(char);
    let end = rest.find(|char| !is_of_name(char)).unwrap_or(rest.len());
    let (name, behind) = rest.split_at(end);
    if name.is_empty() || (is_variable && !known.contains(&name)) {
        return Ok(());
    }
    match behind.chars().next() {
        Some('}') if known.contains(&name) => Ok(()),
        Some('}') => Err(TemplateError::Unknown(name.into())),
        Some(_) if !known.contains(&name) => Ok(()),
        _ => Err(TemplateError::Open(name.into())),
    }
}

#[cfg(test)]
mod tests {
    use super::{Template, TemplateError, Values};

    #[track_caller]
    fn check(word: &str, filled: &[&str]) {
        let values = Values::default()
            .with("heap", vec![])
            .with("workload", vec!["ring".into()])
            .with("parameters", vec!["a=1".into(), "b=2".into()]);
        let template =
            Template::parse(word, &["heap", "workload", "parameters"]).expect("all names are known");
        assert_eq!(template.filled(&values), filled, "of {word}");
    }

    #[test]
    fn a_name_alone_becomes_as_many_words_as_it_stands_for() {
        check("{parameters}", &["a=1", "b=2"]);
        check("{heap}", &[]);
        check("plain", &["plain"]);
    }

    #[test]
    fn a_name_within_a_word_stays_one_word() {
        check("--run={workload}", &["--run=ring"]);
        check("'{parameters}'", &["'a=1 b=2'"]);
        check("{workload}-{workload}", &["ring-ring"]);
    }

    #[test]
    fn braces_that_hold_no_name_are_left_alone() {
        for word in ["awk {print $1}", "{}", "[ ${HEAP:-99} = ${HEAP} ]", "f() { echo; }", "{"] {
            check(word, &[word]);
        }
    }

    #[test]
    fn names_that_are_unknown_or_open_are_told() {
        let parse = |word: &str| Template::parse(word, &["workload"]);
        for name in ["wrokload", "Workload", "work-load"] {
            assert_eq!(parse(&format!("a {{{name}}}")), Err(TemplateError::Unknown(name.into())));
        }
        for (word, name) in [("{workload", "workload"), ("{workload ring}", "workload"), ("x {wrok", "wrok")]
        {
            assert_eq!(parse(word), Err(TemplateError::Open(name.into())), "{word}");
        }
    }
}
