//! A reader who types what a page says.

use crate::change::changed;
use crate::command::{self, Command};
use crate::copy::Copy;
use crate::failure::Failure;
use crate::fence::Fence;
use crate::page::Page;
use crate::shown::{Likeness, is_what_was_printed};
use crate::spelling::Names;
use std::env;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{self, Output, Stdio};

/// How many seconds a command may take, and one marked `long`: against those that hang, not those that are slow.
const LIMITS_S: (u32, u32) = (300, 3_600);

/// The exit code of `timeout` for what has taken too long.
const TOOK_TOO_LONG: i32 = 124;

/// Which commands are run. Of the others it is checked how they are spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// Those not marked as long.
    Short,
    All,
}

/// What pages are checked by.
#[derive(Debug)]
pub(crate) struct Session {
    top: PathBuf,
    /// The folder of `tenure` and `lox`.
    programs: PathBuf,
    names: Names,
    extent: Extent,
    /// Whether pages are changed to show what was printed.
    writes: bool,
}

/// How it goes on a page.
#[derive(Debug, Default)]
struct Progress {
    mistakes: Vec<String>,
    run: usize,
    spelled: usize,
    /// Lines of the page, and what is to stand there.
    corrections: Vec<(Range<usize>, String)>,
}

impl Session {
    /// One for the repository at `top`.
    pub(crate) fn new(top: &Path, programs: PathBuf, extent: Extent, writes: bool) -> Result<Self, Failure> {
        let missing =
            ["tenure", "lox"].map(|name| programs.join(name)).into_iter().find(|path| !path.exists());
        match missing {
            Some(path) => Err(Failure::NoProgram { path }),
            None => Ok(Session { top: top.into(), programs, names: Names::of(top)?, extent, writes }),
        }
    }

    /// Does what a page says, in a fresh copy of the repository, from its top. What is wrong with the page.
    pub(crate) fn run(&self, page: &Page) -> Result<Vec<String>, Failure> {
        let mut progress = Progress::default();
        self.spans(page, &mut progress)?;
        if page.fences.iter().any(|fence| fence.is_run() || fence.file.is_some()) {
            let copy = Copy::new(&self.top, self.programs.join("../book/copy"))?;
            for fence in &page.fences {
                self.fence(&copy, page, fence, &mut progress)?;
            }
        }
        self.correct(page, &progress)?;
        let Progress { mistakes, run, spelled, .. } = progress;
        if run + spelled > 0 {
            println!(
                "{}: {run} commands run, {spelled} spelled, {} mistakes",
                page.path.display(),
                mistakes.len()
            );
        }
        Ok(mistakes)
    }

    /// Commands within sentences are not run.
    fn spans(&self, page: &Page, progress: &mut Progress) -> Result<(), Failure> {
        let is_command = |text: &str| {
            ["tenure ", "lox ", "cargo "].iter().any(|start| text.starts_with(start)) && !text.contains("...")
        };
        for span in page.spans.iter().filter(|span| is_command(&span.text)) {
            self.spell(&page.at(span.line), &span.text, progress)?;
        }
        Ok(())
    }

    fn fence(&self, copy: &Copy, page: &Page, fence: &Fence, progress: &mut Progress) -> Result<(), Failure> {
        if let Some(path) = &fence.file {
            return write(copy, page, fence, path, progress);
        }
        for command in command::commands(fence).iter().filter(|_| fence.is_run()) {
            if self.is_run(fence) {
                self.command(copy, page, fence, command, progress)?;
            } else {
                self.spell(&page.at(command.line), &command.text, progress)?;
            }
        }
        Ok(())
    }

    fn is_run(&self, fence: &Fence) -> bool {
        let is_there = |program: &String| {
            let path = env::var_os("PATH").unwrap_or_default();
            env::split_paths(&path).any(|folder| folder.join(program).is_file())
        };
        (self.extent == Extent::All || !fence.is_long) && fence.needs.as_ref().is_none_or(is_there)
    }

    fn spell(&self, place: &str, command: &str, progress: &mut Progress) -> Result<(), Failure> {
        progress.spelled += 1;
        let mistake = self.names.mistake(command, &self.programs)?;
        progress.mistakes.extend(mistake.map(|mistake| format!("{place}: `{command}`: {mistake}")));
        Ok(())
    }

    fn command(
        &self,
        copy: &Copy,
        page: &Page,
        fence: &Fence,
        command: &Command,
        progress: &mut Progress,
    ) -> Result<(), Failure> {
        let output = self.output(copy, fence, &command.text)?;
        let printed = String::from_utf8_lossy(&output.stdout);
        let mut mistakes = Vec::from_iter(wrong_exit(command, output.status.code()));
        if !is_shown(page, fence, command, &printed) {
            mistakes.push("prints something else".into());
            progress.corrections.push((command.shown.clone(), printed.trim_end().into()));
        }
        let place = page.at(command.line);
        let told =
            mistakes.iter().map(|mistake| format!("{place}: `{}` {mistake}:\n{printed}", command.text));
        progress.mistakes.extend(told);
        progress.run += 1;
        Ok(())
    }

    /// Runs a command in a shell, its errors in the midst of its output, as a terminal shows them.
    fn output(&self, copy: &Copy, fence: &Fence, command: &str) -> Result<Output, Failure> {
        let limit_s = if fence.is_long { LIMITS_S.1 } else { LIMITS_S.0 };
        let mut shell = process::Command::new("timeout");
        shell.args(["--kill-after=5", &limit_s.to_string(), "sh", "-c", &format!("exec 2>&1\n{command}")]);
        let path = env::var_os("PATH").unwrap_or_default();
        let programs = fs::canonicalize(&self.programs).expect("our programs have been found there");
        let folders = [programs.clone()].into_iter().chain(env::split_paths(&path));
        shell.env("PATH", env::join_paths(folders).expect("folders that were in it"));
        shell.env("CARGO_TARGET_DIR", programs.join("../book/target"));
        shell.env_remove("COLUMNS").env("NO_COLOR", "1");
        shell.current_dir(&copy.top).stdin(Stdio::null());
        shell.output().map_err(|source| Failure::Run { command: "timeout".into(), source })
    }

    /// Writes the page with what was printed, if that is wished for.
    fn correct(&self, page: &Page, progress: &Progress) -> Result<(), Failure> {
        if !self.writes || progress.corrections.is_empty() {
            return Ok(());
        }
        let mut lines: Vec<_> = page.text.lines().map(str::to_owned).collect();
        for (shown, printed) in progress.corrections.iter().rev() {
            lines.splice(shown.start - 1..shown.end - 1, printed.lines().map(str::to_owned));
        }
        let path = self.top.join(&page.path);
        fs::write(&path, lines.join("\n") + "\n").map_err(|source| Failure::Write { path, source })
    }
}

/// What is wrong with how a command has ended.
fn wrong_exit(command: &Command, code: Option<i32>) -> Option<String> {
    match code {
        Some(code) if code == command.exit_code => None,
        Some(TOOK_TOO_LONG) => Some("takes too long".into()),
        Some(code) => Some(format!("exits with {code}, not {}", command.exit_code)),
        None => Some("is ended by a signal".into()),
    }
}

/// Whether the page shows what a command has printed, if it shows any of it.
fn is_shown(page: &Page, fence: &Fence, command: &Command, printed: &str) -> bool {
    let lines = page.text.lines().skip(command.shown.start - 1);
    let shown: Vec<_> = lines.take(command.shown.len()).collect();
    let likeness = if fence.is_measured { Likeness::Words } else { Likeness::Exact };
    let printed: Vec<_> = printed.lines().collect();
    shown.is_empty() || is_what_was_printed(&shown, &printed, likeness)
}

/// Writes or changes the file that a block shows.
fn write(
    copy: &Copy,
    page: &Page,
    fence: &Fence,
    path: &Path,
    progress: &mut Progress,
) -> Result<(), Failure> {
    if fence.language != "diff" {
        return copy.write(path, &fence.body);
    }
    let mistake =
        |message| format!("{}: {} cannot be changed so: {message}", page.at(fence.line), path.display());
    match changed(&copy.read(path)?, &fence.body) {
        Ok(text) => return copy.write(path, &text),
        Err(message) => progress.mistakes.push(mistake(message)),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Extent, Session};
    use crate::page::Page;
    use crate::spelling::Names;
    use std::fs;
    use std::path::{Path, PathBuf};

    /// A session whose repository is a folder of the test's own.
    fn session(test: &str, extent: Extent) -> Session {
        let folder = std::env::temp_dir().join(format!("book-{test}-{}", std::process::id()));
        let (top, programs) = (folder.join("top"), folder.join("programs"));
        [top.join("docs"), programs.clone()]
            .iter()
            .for_each(|path| fs::create_dir_all(path).expect("a folder"));
        fs::write(top.join("list.txt"), "one\ntwo\n").expect("a file");
        let names = Names::of(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("cargo knows the workspace");
        Session { top, programs, names, extent, writes: true }
    }

    /// What is wrong with a page of this text, and the page as it then is.
    fn checked(test: &str, extent: Extent, text: &str) -> (Vec<String>, String) {
        let session = session(test, extent);
        let page = Page::new(PathBuf::from("docs/a.md"), text.into());
        let path = session.top.join(&page.path);
        fs::write(&path, text).expect("a file");
        let mistakes = session.run(&page).expect("a shell is there");
        let text = fs::read_to_string(path).expect("the page is there");
        fs::remove_dir_all(session.top.parent().expect("its folder")).expect("the folder is ours");
        (mistakes, text)
    }

    #[test]
    fn commands_are_run_in_order_in_a_copy() {
        let text = "```sh\necho three >> list.txt\n```\n\n\
                    ```console\n$ cat list.txt\none\n...\nthree\n$ false  # exit code 1\n```\n";
        assert_eq!(checked("order", Extent::Short, text), (vec![], text.into()));
    }

    #[test]
    fn what_is_not_so_is_found_and_written_as_it_is() {
        let text = "```console\n$ cat list.txt\none\n$ cat no.txt\n```\n\n`lox`\n";
        let (mistakes, corrected) = checked("rot", Extent::Short, text);
        assert_eq!(corrected, text.replace("one\n", "one\ntwo\n"));
        let starts: Vec<_> = mistakes.iter().filter_map(|mistake| mistake.lines().next()).collect();
        let wrong = [
            "docs/a.md:2: `cat list.txt` prints something else:",
            "docs/a.md:4: `cat no.txt` exits with 1, not 0:",
        ];
        assert_eq!(starts, wrong);
        assert!(mistakes[1].contains("No such file"), "errors are shown: {mistakes:?}");
    }

    #[test]
    fn long_commands_and_those_that_need_something_are_run_only_where_they_can() {
        let text = "```sh long\nfalse\n```\n\n```sh needs=no-such-program\nfalse\n```\n";
        assert_eq!(checked("short", Extent::Short, text).0.len(), 0);
        assert_eq!(checked("all", Extent::All, text).0.len(), 1);
    }

    #[test]
    fn files_are_written_and_changed() {
        let text = "```toml file=new/a.toml\na = 1\n```\n\n```diff file=list.txt\n-one\n+eins\n two\n```\n\n\
                    ```console\n$ cat new/a.toml list.txt\na = 1\neins\ntwo\n```\n";
        assert_eq!(checked("files", Extent::Short, text), (vec![], text.into()));
        let (mistakes, _) = checked("misfit", Extent::Short, "```diff file=list.txt\n-three\n```\n");
        assert!(mistakes[0].starts_with("docs/a.md:1: list.txt cannot be changed so: "), "{mistakes:?}");
    }
}
