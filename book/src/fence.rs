//! Blocks of code on a page.

use std::path::PathBuf;

/// The languages of blocks that are run.
pub(crate) const RUN: [&str; 2] = ["sh", "console"];

/// Starts of lines that make a block look like one with commands.
const COMMANDS: [&str; 7] = ["$ ", "tenure ", "lox ", "cargo ", "bash ", "node ", "java "];

/// A block of code with what is written behind its first fence, as in ` ```console long measured`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fence {
    /// The line of the fence.
    pub(crate) line: usize,
    /// Empty if there is none, or for code that is only indented.
    pub(crate) language: String,
    /// `long`: takes more than some seconds.
    pub(crate) is_long: bool,
    /// `measured`: numbers in the output differ from run to run.
    pub(crate) is_measured: bool,
    /// `needs=PROGRAM`: what must be installed.
    pub(crate) needs: Option<String>,
    /// `file=PATH`: the file that the block is, or with the language `diff` the one that it changes.
    pub(crate) file: Option<PathBuf>,
    /// Words that say nothing here.
    pub(crate) others: Vec<String>,
    pub(crate) body: String,
}

impl Fence {
    /// A block whose fence says `info`.
    pub(crate) fn new(line: usize, info: &str) -> Self {
        let mut words = info.split([' ', ',']).filter(|word| !word.is_empty());
        let language = words.next().unwrap_or_default().into();
        let mut fence = Fence { line, language, ..Fence::default() };
        words.for_each(|word| fence.take(word));
        fence
    }

    fn take(&mut self, word: &str) {
        match word.split_once('=') {
            None if word == "long" => self.is_long = true,
            None if word == "measured" => self.is_measured = true,
            Some(("needs", program)) => self.needs = Some(program.into()),
            Some(("file", path)) => self.file = Some(path.into()),
            _ => self.others.push(word.into()),
        }
    }

    /// Whether it has commands that are run.
    pub(crate) fn is_run(&self) -> bool {
        RUN.contains(&self.language.as_str())
    }

    /// The lines of the body, numbered as on the page.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (self.line + 1..).zip(self.body.lines())
    }

    /// What is wrong with the block itself.
    pub(crate) fn mistake(&self) -> Option<(usize, String)> {
        if self.is_run() {
            let word = self.others.first()?;
            return Some((self.line, format!("`{word}` means nothing for a block of commands")));
        }
        let is_text = ["", "text"].contains(&self.language.as_str());
        let looks_run = |(_, line): &(usize, &str)| COMMANDS.iter().any(|start| line.starts_with(start));
        let (line, _) = self.lines().find(|line| is_text && looks_run(line))?;
        Some((line, "a command in a block that is not run: use `sh`, or `console` if output is shown".into()))
    }
}

#[cfg(test)]
mod tests {
    use super::Fence;

    #[test]
    fn words_behind_the_language_say_how_a_block_is_run() {
        let fence = Fence::new(7, "console long,measured needs=node");
        assert_eq!((fence.line, fence.language.as_str()), (7, "console"));
        assert!(fence.is_long && fence.is_measured && fence.others.is_empty());
        assert_eq!(fence.needs.as_deref(), Some("node"));
    }

    #[track_caller]
    fn check(info: &str, body: &str, mistake: Option<usize>) {
        let fence = Fence { body: body.into(), ..Fence::new(10, info) };
        assert_eq!(fence.mistake().map(|(line, _)| line), mistake, "{info}: {body}");
    }

    #[test]
    fn commands_belong_into_blocks_that_are_run() {
        check("text", "a | b\n$ tenure run\n", Some(12));
        check("", "tenure run ring\n", Some(11));
        check("text", "a tenure\n", None);
        check("sh", "tenure run ring\n", None);
        check("python", "lox = 1\nlox == 2\n", None);
    }

    #[test]
    fn a_word_that_is_not_known_is_no_wish_that_is_forgotten() {
        check("sh lnog", "tenure\n", Some(10));
        check("rust,no_run", "main();\n", None);
    }
}
