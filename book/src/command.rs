//! What readers are told to type.

use crate::fence::Fence;
use std::ops::Range;

/// How a command says which exit code it has, if that is not 0.
const EXIT_CODE: &str = "# exit code ";

/// A command, and what is shown below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Command {
    /// Its line on the page.
    pub(crate) line: usize,
    /// As a shell takes it.
    pub(crate) text: String,
    pub(crate) exit_code: i32,
    /// The lines of the page that show its output. Empty if none is shown.
    pub(crate) shown: Range<usize>,
}

/// The commands of a block: of `sh` every line but comments, of `console` the lines that start with `$`.
pub(crate) fn commands(fence: &Fence) -> Vec<Command> {
    let mut commands = Vec::new();
    let mut is_open = false;
    for (line, text) in fence.lines() {
        let started = if fence.language == "console" { text.strip_prefix("$ ") } else { in_script(text) };
        match (started, commands.last_mut()) {
            (_, Some(command)) if is_open => continued(command, line, text),
            (Some(text), _) => commands.push(command(line, text)),
            (None, Some(command)) if fence.language == "console" => command.shown.end = line + 1,
            (None, _) => {}
        }
        is_open = commands.last().is_some_and(|command| command.shown.is_empty()) && text.ends_with('\\');
    }
    commands
}

/// A line of a script, if it is a command.
fn in_script(line: &str) -> Option<&str> {
    Some(line).filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
}

fn command(line: usize, text: &str) -> Command {
    Command { line, text: text.into(), exit_code: exit_code(text), shown: line + 1..line + 1 }
}

fn continued(command: &mut Command, line: usize, text: &str) {
    command.text = format!("{}\n{text}", command.text);
    command.exit_code = exit_code(text);
    command.shown = line + 1..line + 1;
}

fn exit_code(text: &str) -> i32 {
    let said = text.rsplit_once(EXIT_CODE).and_then(|(_, code)| code.trim().parse().ok());
    said.unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{Command, commands};
    use crate::fence::Fence;

    #[track_caller]
    fn check(language: &str, body: &str, expected: &[(usize, &str, i32, usize)]) {
        let found = commands(&Fence { body: body.into(), ..Fence::new(1, language) });
        let seen =
            |command: &Command| (command.line, command.text.clone(), command.exit_code, command.shown.len());
        let expected: Vec<_> = expected.iter().map(|(a, b, c, d)| (*a, (*b).to_owned(), *c, *d)).collect();
        assert_eq!(found.iter().map(seen).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn every_line_of_a_script_is_a_command() {
        check(
            "sh",
            "# a\none\n\ntwo   # exit code 3\n",
            &[(3, "one", 0, 0), (5, "two   # exit code 3", 3, 0)],
        );
    }

    #[test]
    fn what_follows_a_command_on_a_console_is_its_output() {
        let body = "$ one\n# a\n\nb \\\n$ two\n";
        check("console", body, &[(2, "one", 0, 3), (6, "two", 0, 0)]);
    }

    #[test]
    fn a_command_may_go_on_in_the_next_line() {
        check("sh", "one \\\n  two\nthree\n", &[(2, "one \\\n  two", 0, 0), (4, "three", 0, 0)]);
        check(
            "console",
            "$ one \\\n  two  # exit code 1\nout\n",
            &[(2, "one \\\n  two  # exit code 1", 1, 1)],
        );
    }
}
