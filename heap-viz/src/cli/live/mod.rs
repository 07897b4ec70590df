//! `tenure live`.

mod subject;
mod watched;

use super::args::LiveArgs;
use super::console::{self, Console};
use super::failure::Failure;
use super::plan::{Format, PlannedRun};
use super::progress::Progress;
use super::report::print_one;
use super::stdout::Stdout;
use heap_viz::screen::{Gate, Order, Screen, Tap, Told, draw};
use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use subject::Subject;
pub(crate) use watched::Watched;

/// A picture lasts so long.
const FRAME: Duration = Duration::from_millis(33);

/// Shows a run, or a recording of one, while it goes on.
pub(crate) fn live(args: &LiveArgs, stdout: &mut Stdout) -> Result<(), Failure> {
    console::check()?;
    let subject = Subject::of(args)?;
    let speed = args.speed.unwrap_or_default();
    let gate = Gate::paced(speed);
    let mut screen = Screen::new(speed);
    if args.hold {
        screen.press(' ').into_iter().for_each(|order| gate.obey(order));
    }
    let mut show = Show::start(subject, gate, screen);
    show.go_on(&mut Console::open()?, args.exit)?;
    show.tell(stdout)
}

/// A run on a thread of its own, and what is shown of it.
struct Show {
    screen: Screen,
    gate: Gate,
    told: Receiver<Told>,
    progress: Progress,
    worker: Worker,
}

/// Who makes a run, or reads one.
enum Worker {
    Busy(JoinHandle<Result<Option<Box<PlannedRun>>, Failure>>),
    Done(Result<Option<Box<PlannedRun>>, Failure>),
}

impl Show {
    fn start(subject: Subject, gate: Gate, screen: Screen) -> Self {
        let (tap, told) = Tap::new(subject.source(), gate.clone());
        let progress = Progress::hidden();
        let shown = progress.clone();
        let worker = Worker::Busy(thread::spawn(move || subject.go(tap, &shown)));
        Show { screen, gate, told, progress, worker }
    }

    /// Shows what there is until somebody quits, or `exits` and the run is over. What has not ended by then ends with the
    /// process.
    fn go_on(&mut self, console: &mut Console, exits: bool) -> Result<(), Failure> {
        while !(exits && matches!(self.worker, Worker::Done(_))) {
            console.draw(|palette, frame| draw(&self.screen, palette, frame))?;
            self.listen();
            let orders: Vec<_> =
                console.keys().into_iter().filter_map(|key| self.screen.press(key)).collect();
            orders.iter().for_each(|order| self.gate.obey(*order));
            if orders.contains(&Order::Quit) {
                break;
            }
        }
        Ok(())
    }

    /// Hears what there is to hear for as long as a picture lasts.
    fn listen(&mut self) {
        let end = Instant::now() + FRAME;
        let left = || end.saturating_duration_since(Instant::now());
        while !left().is_zero() {
            match self.told.recv_timeout(left()) {
                Ok(told) => self.screen.take(told),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    self.end();
                    thread::sleep(left());
                }
            }
        }
        self.progress.share().into_iter().for_each(|share| self.screen.set_share_done(share));
    }

    /// Takes note of what has come of the run, which tells no more. Its panic is ours.
    fn end(&mut self) {
        self.worker = match std::mem::replace(&mut self.worker, Worker::Done(Ok(None))) {
            Worker::Busy(worker) => Worker::Done(worker.join().unwrap_or_else(|panic| resume_unwind(panic))),
            done => done,
        };
        if let Worker::Done(Err(failure)) = &self.worker {
            self.screen.break_off(&failure.to_string());
        }
    }

    /// What is left on the terminal when the view is gone: reports on the runs that have ended.
    fn tell(self, stdout: &mut Stdout) -> Result<(), Failure> {
        let reports = self.screen.into_reports();
        let mut reports_by_number = reports.iter().enumerate();
        reports_by_number.try_for_each(|(index, report)| print_one(index, report, Format::Text, stdout))?;
        let Worker::Done(done) = self.worker else { return Ok(()) };
        let failed = done?.and_then(|run| run.failure(reports.last()?));
        failed.map_or(Ok(()), |failed| Err(Failure::Runs(vec![failed])))
    }
}

#[cfg(test)]
mod tests;
