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

/// What is put in, by name: words, of which there may be none or several where the name is all of a word.
#[derive(Clone, Debug, Default)]
pub(crate) struct Values(BTreeMap<&'static str, Vec<String>>);

impl Template {
    /// Reads a word that has only `known` names in braces; an unknown one otherwise.
    pub(super) fn parse(word: &str, known: &[&str]) -> Result<Self, String> {
        match names(word).find(|name| !known.contains(name)) {
            Some(unknown) => Err(unknown.into()),
            None => Ok(Template(word.into())),
        }
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

/// The names in braces: letters and underscores, so that other braces are left alone.
fn names(word: &str) -> impl Iterator<Item = &str> {
    let ends = word.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
    let is_name =
        |name: &&str| !name.is_empty() && name.chars().all(|char| char.is_ascii_lowercase() || char == '_');
    ends.map(|(name, _)| name).filter(is_name)
}

#[cfg(test)]
mod tests {
    use super::{Template, Values};

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
        check("awk {print $1}", &["awk {print $1}"]);
        check("{}", &["{}"]);
    }

    #[test]
    fn an_unknown_name_is_told() {
        assert_eq!(Template::parse("{wrokload}", &["workload"]), Err("wrokload".into()));
    }
}
