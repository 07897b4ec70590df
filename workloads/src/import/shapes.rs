//! The shapes of a trace that is made from a file of another runtime.

use crate::graph::Body;
use crate::trace::{Form, TraceWriter};
use gc_core::Layout;
use std::collections::HashMap;
use std::io::Write;

/// Most fixed shapes: a heap has room for 65,536, and arrays need a few.
const MAX_FIXED_SHAPES: usize = 50_000;

/// The shapes of objects of which nothing is known but their size.
#[derive(Default)]
pub(super) struct Shapes {
    numbers: HashMap<Layout, u32>,
}

impl Shapes {
    /// Tells of the allocation of an object on the heap, under this number.
    pub(super) fn allocate<W: Write>(&mut self, writer: &mut TraceWriter<W>, number: u32, body: Body) {
        let layout = match body.layout() {
            Layout::Fixed { .. } if self.numbers.len() >= MAX_FIXED_SHAPES => Layout::Slots,
            layout => layout,
        };
        let shape =
            self.numbers.entry(layout).or_insert_with(|| writer.shape(&name_of(layout), form_of(layout)));
        writer.allocate(number, *shape, body.length(layout).unwrap_or(0));
    }

    /// Tells of the allocation of an object that owns so many bytes off the heap, under this number.
    pub(super) fn allocate_buffer<W: Write>(&self, writer: &mut TraceWriter<W>, number: u32, bytes: u32) {
        let shape = writer.shape("(external)", Form::Buffer);
        writer.allocate(number, shape, bytes);
    }
}

/// What reports call objects of which nothing is known but this.
fn name_of(layout: Layout) -> String {
    match layout {
        Layout::Fixed { slots, bytes } => format!("(imported, {slots} slots, {bytes} bytes)"),
        Layout::Slots => "(imported array)".into(),
        _ => "(imported bytes)".into(),
    }
}

/// The form in a trace of objects with this layout.
///
/// # Panics
/// If it is none that imported objects have.
pub(super) fn form_of(layout: Layout) -> Form {
    match layout {
        Layout::Fixed { slots, bytes } => Form::Fixed { slots, bytes },
        Layout::Slots => Form::Slots,
        Layout::Bytes => Form::Bytes,
        Layout::Values(_) | Layout::Ephemeron => panic!("no imported object is {layout:?}"),
    }
}
