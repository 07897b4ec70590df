//! Encoding on a thread of its own, so that the program that is recorded need not wait for it.

use super::encoder::Encoder;
use super::header::TraceHeader;
use super::window::{OpenWindow, Window};
use std::io::{self, Write};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::{self, JoinHandle};

/// Windows that may wait to be encoded: with more of them a program that is faster than the encoder would take memory
/// without bounds.
const WAITING: usize = 1;

/// An encoder at work.
#[derive(Debug)]
pub(super) struct Encoding<W> {
    windows: SyncSender<Window>,
    /// Windows that have been encoded, to be filled again.
    empty: Receiver<Window>,
    thread: JoinHandle<Encoder<W>>,
}

impl<W: Write + Send + 'static> Encoding<W> {
    /// Starts a file.
    ///
    /// # Panics
    /// If the system has no thread to give.
    pub(super) fn start(out: W, header: &TraceHeader) -> Self {
        let mut encoder = Encoder::new(out, header);
        let (windows, waiting) = sync_channel(WAITING);
        let (done, empty) = channel();
        let thread = thread::Builder::new().name("trace".into()).spawn(move || {
            encode(&mut encoder, &waiting, &done);
            encoder
        });
        Encoding { windows, empty, thread: thread.expect("the system gives a thread") }
    }

    /// Has a window encoded, when all before it are.
    pub(super) fn write(&mut self, window: &mut OpenWindow) {
        let empty = self.empty.try_recv().unwrap_or_default();
        self.windows.send(window.take(empty)).expect("the encoder waits for windows");
    }

    /// Ends the file, and gives back what was written to.
    pub(super) fn finish(self) -> io::Result<W> {
        drop(self.windows);
        let encoder = self.thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        encoder.finish()
    }
}

fn encode<W: Write>(encoder: &mut Encoder<W>, waiting: &Receiver<Window>, done: &Sender<Window>) {
    for mut window in waiting {
        encoder.write(&mut window);
        window.clear();
        // Nobody takes it if there is nothing more to come.
        let _ = done.send(window);
    }
}
