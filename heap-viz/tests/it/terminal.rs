//! A pseudo-terminal with the command on it, whose screen is read as people read it.

use pty_process::Size;
use pty_process::blocking::{Command, open};
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::process::{Child, ExitStatus};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};
use vt100::{Parser, Screen};

/// Nothing takes so long, unless it never comes.
const PATIENCE: Duration = Duration::from_secs(60);

/// The command on a terminal.
pub(crate) struct View {
    pty: File,
    child: Child,
    output: Receiver<Vec<u8>>,
    terminal: Parser,
}

impl View {
    /// Starts the command on a terminal of so many columns and rows.
    pub(crate) fn open(arguments: &[&str], (columns, rows): (u16, u16)) -> View {
        View::open_with(arguments, (columns, rows), &[])
    }

    /// The same, with variables of the environment.
    pub(crate) fn open_with(
        arguments: &[&str],
        (columns, rows): (u16, u16),
        variables: &[(&str, &str)],
    ) -> View {
        let (pty, pts) = open().expect("there are pseudo-terminals");
        pty.resize(Size::new(rows, columns)).expect("it has a size");
        let command = Command::new(env!("CARGO_BIN_EXE_tenure")).args(arguments);
        let command = command.env("TERM", "xterm-256color").env_remove("NO_COLOR");
        let command = command.envs(variables.iter().copied());
        let child = command.spawn(pts).expect("the command starts");
        let (sender, output) = channel();
        let pty = File::from(OwnedFd::from(pty));
        let mut reader = pty.try_clone().expect("it has two ends");
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            // Reading fails once the command has ended.
            while let Ok(count @ 1..) = reader.read(&mut bytes) {
                if sender.send(bytes[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        View { pty, child, output, terminal: Parser::new(rows, columns, 0) }
    }

    /// Waits until the screen shows a text, and gives all of it.
    #[track_caller]
    pub(crate) fn wait_for(&mut self, text: &str) -> String {
        let end = Instant::now() + PATIENCE;
        loop {
            let screen = self.terminal.screen().contents();
            if screen.contains(text) {
                return screen;
            }
            let left = end.saturating_duration_since(Instant::now());
            match self.output.recv_timeout(left) {
                Ok(bytes) => self.terminal.process(&bytes),
                Err(error) => panic!("`{text}` never comes ({error}):\n{screen}"),
            }
        }
    }

    /// What the screen shows, with colours.
    pub(crate) fn screen(&self) -> &Screen {
        self.terminal.screen()
    }

    /// The number of the process.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    /// Presses keys, one after the other.
    pub(crate) fn press(&mut self, keys: &str) {
        self.pty.write_all(keys.as_bytes()).expect("the command reads keys");
    }

    /// Waits for the command to end; what the screen shows then.
    pub(crate) fn end(mut self) -> (ExitStatus, String, Screen) {
        let status = self.child.wait().expect("the command ends");
        self.output.try_iter().for_each(|bytes| self.terminal.process(&bytes));
        while let Ok(bytes) = self.output.recv_timeout(Duration::from_millis(200)) {
            self.terminal.process(&bytes);
        }
        (status, self.terminal.screen().contents(), self.terminal.screen().clone())
    }
}

/// Whether the terminal is as it was: the first screen, with a cursor.
pub(crate) fn is_restored(screen: &Screen) -> bool {
    !screen.alternate_screen() && !screen.hide_cursor()
}
