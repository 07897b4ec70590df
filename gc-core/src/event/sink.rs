//! Receivers of events.

use super::{Event, Shared};

/// Receives events. Sinks compose with [`Tee`]; none can reach the heap.
pub trait EventSink: Send {
    /// Takes note of one event. Called while the program is stopped: the time spent here adds to the pause.
    fn event(&mut self, event: &Event);
}

impl<S: EventSink + ?Sized> EventSink for Box<S> {
    fn event(&mut self, event: &Event) {
        (**self).event(event);
    }
}

/// Gives every event to two sinks, the first one first.
#[derive(Debug)]
pub struct Tee<A, B>(pub A, pub B);

impl<A: EventSink, B: EventSink> EventSink for Tee<A, B> {
    fn event(&mut self, event: &Event) {
        self.0.event(event);
        self.1.event(event);
    }
}

/// Keeps every event. Clones share one list, so that a program can give one clone to the heap and read the other.
///
/// ```
/// use gc_core::{Config, Heap, event::{Event, Recorder}};
///
/// let recorder = Recorder::default();
/// let mut heap = Heap::new(Config::default())?;
/// heap.set_sink(Box::new(recorder.clone()));
/// heap.collect_minor();
/// assert!(matches!(recorder.take().last(), Some(Event::PauseEnded(_))));
/// # Ok::<(), gc_core::ConfigError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Recorder {
    events: Shared,
}

impl Recorder {
    /// Takes the events recorded so far, leaving none.
    ///
    /// # Panics
    /// If a thread panicked while it recorded an event.
    #[must_use]
    pub fn take(&self) -> Vec<Event> {
        std::mem::take(&mut *self.events.lock().expect("no recorder panicked"))
    }
}

impl EventSink for Recorder {
    fn event(&mut self, event: &Event) {
        self.events.lock().expect("no recorder panicked").push(event.clone());
    }
}
