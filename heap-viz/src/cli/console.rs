//! The terminal, while it shows one screen after the other.

use super::failure::Failure;
use heap_viz::screen::Palette;
use ratatui::crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::{DefaultTerminal, Frame};
use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

/// The terminal, which is as it was before once this is dropped, or once anything panics.
pub(crate) struct Console {
    terminal: DefaultTerminal,
    palette: Palette,
    keys: Receiver<char>,
    /// Whether the process has been told to end.
    is_told_to_end: Arc<AtomicBool>,
}

/// Checks that there is a terminal.
pub(crate) fn check() -> Result<(), Failure> {
    let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    if io::stdout().is_terminal() && !is_dumb { Ok(()) } else { Err(Failure::NoTerminal) }
}

impl Console {
    /// Takes the terminal.
    pub(crate) fn open() -> Result<Self, Failure> {
        let is_told_to_end = Arc::default();
        listen_to_signals(&is_told_to_end).map_err(Failure::Terminal)?;
        let terminal = ratatui::try_init().map_err(|error| {
            // Some of it may have been done.
            ratatui::restore();
            Failure::Terminal(error)
        })?;
        Ok(Console { terminal, palette: Palette::of_user(), keys: read_keys(), is_told_to_end })
    }

    /// Shows what is drawn.
    pub(crate) fn draw(&mut self, draw: impl FnOnce(Palette, &mut Frame<'_>)) -> Result<(), Failure> {
        let drawn = self.terminal.draw(|frame| draw(self.palette, frame));
        drawn.map(drop).map_err(Failure::Terminal)
    }

    /// Waits a little for keys.
    pub(crate) fn next_keys(&self) -> Vec<char> {
        let first = self.keys.recv_timeout(LOOK_EVERY).ok();
        first.into_iter().chain(self.keys()).collect()
    }

    /// The keys that have been pressed since this was last asked.
    pub(crate) fn keys(&self) -> Vec<char> {
        let end = self.is_told_to_end.load(Ordering::Relaxed).then_some(QUIT);
        self.keys.try_iter().chain(end).collect()
    }
}

/// Reads keys on a thread of its own, which ends with the process: of a terminal that is gone crossterm reads for ever.
fn read_keys() -> Receiver<char> {
    let (sender, keys) = channel();
    thread::spawn(move || {
        while let Ok(event) = event::read() {
            let key = if let Event::Key(key) = event { meaning(key) } else { None };
            if key.is_some_and(|key| sender.send(key).is_err()) {
                break;
            }
        }
    });
    keys
}

impl Drop for Console {
    fn drop(&mut self) {
        ratatui::restore();
    }
}

/// Signals are looked for so often.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// The key that ends the view.
const QUIT: char = 'q';

/// The character of a key. In raw mode the terminal makes no signal of Ctrl-C.
fn meaning(key: KeyEvent) -> Option<char> {
    if key.kind == KeyEventKind::Release {
        return None;
    }
    let is_control = key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
    match key.code {
        KeyCode::Char('c' | 'd') if is_control => Some(QUIT),
        KeyCode::Char(_) if is_control => None,
        KeyCode::Esc => Some(QUIT),
        KeyCode::Char(letter) => Some(letter),
        KeyCode::Right | KeyCode::Down | KeyCode::Enter => Some('n'),
        KeyCode::Left | KeyCode::Up => Some('b'),
        _ => None,
    }
}

/// A process that is told to end leaves the terminal as it was, too.
#[cfg(unix)]
fn listen_to_signals(is_told_to_end: &Arc<AtomicBool>) -> io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    [SIGHUP, SIGINT, SIGTERM]
        .into_iter()
        .try_for_each(|signal| signal_hook::flag::register(signal, Arc::clone(is_told_to_end)).map(drop))
}

#[cfg(not(unix))]
fn listen_to_signals(_: &Arc<AtomicBool>) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{KeyCode, KeyEvent, KeyModifiers, QUIT, meaning};

    #[test]
    fn ctrl_c_quits_and_c_alone_does_not() {
        let control = |letter| KeyEvent::new(KeyCode::Char(letter), KeyModifiers::CONTROL);
        assert_eq!([control('c'), control('d'), KeyCode::Esc.into()].map(meaning), [Some(QUIT); 3]);
        assert_eq!(meaning(KeyCode::Char('c').into()), Some('c'));
        assert_eq!(meaning(control(' ')), None);
        assert_eq!(meaning(KeyCode::F(1).into()), None);
    }
}
