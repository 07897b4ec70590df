//! A sink, or a watcher, in two hands.

use gc_core::event::{Event, EventSink};
use gc_core::{Glimpse, Watcher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A sink, or a watcher, that the heap fills through one clone while the program reads it through another.
#[derive(Debug, Default)]
pub struct Shared<S>(Arc<Mutex<S>>);

impl<S> Clone for Shared<S> {
    fn clone(&self) -> Self {
        Shared(Arc::clone(&self.0))
    }
}

impl<S> Shared<S> {
    /// Shares `sink`.
    pub fn new(sink: S) -> Self {
        Shared(Arc::new(Mutex::new(sink)))
    }

    /// The sink itself. While the guard lives, the heap waits at its next event.
    pub fn lock(&self) -> MutexGuard<'_, S> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The sink, if this is the last clone of it.
    pub fn into_inner(self) -> Option<S> {
        let sink = Arc::into_inner(self.0)?;
        Some(sink.into_inner().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<S: EventSink> EventSink for Shared<S> {
    fn event(&mut self, event: &Event) {
        self.lock().event(event);
    }
}

impl<S: Watcher> Watcher for Shared<S> {
    fn look(&mut self, glimpse: &Glimpse<'_>) {
        self.lock().look(glimpse);
    }

    fn wants_moves(&self) -> bool {
        self.lock().wants_moves()
    }
}
