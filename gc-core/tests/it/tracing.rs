//! The tracing sink: each pause is a span, its phases are events inside, whatever the subscriber.

use crate::support::{at_once, each_config, heap, make_garbage, node};
use gc_core::event::TracingSink;
use gc_core::{Config, Layout, MIN_SEMISPACE_BYTES};
use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Writes down what it is told, one line each.
#[derive(Clone, Default)]
struct Notebook(Arc<Mutex<Vec<String>>>);

impl Notebook {
    fn note(&self, line: String) {
        self.0.lock().expect("no panic").push(line);
    }

    /// What has been written down since the last call.
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().expect("no panic"))
    }
}

/// The fields of a span or an event, as text.
struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {field}={value:?}").expect("a string takes everything");
    }
}

impl Subscriber for Notebook {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut fields = Fields(format!("new {}", span.metadata().name()));
        span.record(&mut fields);
        self.note(fields.0);
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields(event.metadata().level().to_string());
        event.record(&mut fields);
        self.note(fields.0);
    }

    fn enter(&self, _: &Id) {
        self.note("enter".to_owned());
    }

    fn exit(&self, _: &Id) {
        self.note("exit".to_owned());
    }

    fn try_close(&self, _: Id) -> bool {
        self.note("close".to_owned());
        true
    }
}

/// What the subscriber hears while a program runs on a heap with the tracing sink.
fn hear(config: Config, program: impl FnOnce(&mut gc_core::Heap)) -> Vec<String> {
    let notebook = Notebook::default();
    tracing::subscriber::with_default(notebook.clone(), || {
        let mut heap = heap(config);
        heap.set_sink(Box::new(TracingSink::default()));
        program(&mut heap);
    });
    notebook.take()
}

#[test]
fn a_pause_is_a_span_with_its_phases_inside() {
    each_config(|config| {
        let heard = hear(at_once(config), |heap| heap.collect_minor());
        assert_eq!(heard[0], r#"new pause id=0 kind="minor" cause="requested""#);
        let phases = ["roots", "remembered", "copy", "weak", "resize"];
        for (lines, phase) in heard[1..].chunks(3).zip(phases) {
            assert_eq!((&*lines[0], &*lines[2]), ("enter", "exit"));
            assert!(lines[1].starts_with("DEBUG message=phase "), "{}", lines[1]);
            assert!(lines[1].contains(&format!("phase=\"{phase}\"")), "{}", lines[1]);
        }
        let [.., enter, collected, exit, close] = &heard[..] else { panic!("{heard:?}") };
        assert_eq!((&**enter, &**exit, &**close), ("enter", "exit", "close"));
        assert!(collected.starts_with("INFO message=collected id=0 "), "{collected}");
        assert_eq!(heard.len(), 1 + 3 * phases.len() + 4);
    });
}

#[test]
fn a_full_heap_is_a_warning() {
    each_config(|config| {
        let heard = hear(Config { max_old_bytes: MIN_SEMISPACE_BYTES, ..config }, |heap| {
            let (node, bytes) = (node(heap), heap.register("bytes", Layout::Bytes));
            make_garbage(heap, node, 3);
            assert!(heap.alloc_array(bytes, 1 << 30).is_err());
        });
        let last = heard.last().expect("a warning");
        assert!(last.starts_with("WARN message=heap full requested_bytes=1073741832 limit_bytes="), "{last}");
    });
}
