//! What is answered.

use super::plan::Request;
use crate::Checksum;
use crate::programs::content::{self, LEAST_BYTES};
use crate::programs::object_bytes;
use gc_core::{FixedShape, Heap, HeapFull, Local, View};
use std::io::Write;

/// Slots of a response.
const HEAD: u32 = 0;
const BODY: u32 = 1;

/// Bytes of a response, without what is off the heap.
pub(super) const LIVE_BYTES: u64 = object_bytes(2, 0) + 2 * object_bytes(0, 8);

/// How a request is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    /// With what it asked for.
    Found,
    /// There is no such thing.
    NotFound,
    /// Too many others wait.
    Busy,
}

impl Status {
    pub(super) fn code(self) -> u32 {
        match self {
            Status::Found => 200,
            Status::NotFound => 404,
            Status::Busy => 503,
        }
    }

    /// Size of the body.
    fn body_bytes(self, request: &Request) -> u32 {
        if self == Status::Found { request.response_bytes } else { LEAST_BYTES }
    }
}

/// Makes responses: heads and bodies are buffers.
#[derive(Debug)]
pub(super) struct Responses {
    response: FixedShape<2, 0>,
    head: Vec<u8>,
}

impl Responses {
    pub(super) fn new(heap: &mut Heap) -> Self {
        Responses { response: heap.register_fixed("Response"), head: Vec::new() }
    }

    pub(super) fn make(
        &mut self,
        heap: &mut Heap,
        request: &Request,
        status: Status,
    ) -> Result<Local, HeapFull> {
        self.head.clear();
        write_head(&mut self.head, request, status);
        heap.escape(|heap| {
            let head = heap.alloc_buffer(self.head.len() as u32)?;
            heap.buffer_mut(head).copy_from_slice(&self.head);
            let body = heap.alloc_buffer(status.body_bytes(request))?;
            content::write(heap.buffer_mut(body), request.number);
            heap.alloc_with(self.response, [Some(head), Some(body)])
        })
    }
}

fn write_head(head: &mut Vec<u8>, request: &Request, status: Status) {
    let (code, bytes) = (status.code(), status.body_bytes(request));
    // Writing to a vector cannot fail.
    let _ = write!(head, "HTTP/1.1 {code}\r\nContent-Type: text/plain\r\nContent-Length: {bytes}\r\n\r\n");
}

/// Folds in what a response says.
pub(super) fn read(response: View<'_>, checksum: &mut Checksum) {
    let buffer = |index| response.slot(index).map_or(&[][..], View::buffer);
    checksum.add_bytes(buffer(HEAD));
    checksum.add(content::read(buffer(BODY)));
}

/// Folds in what [`read`] must find.
pub(super) fn expected(request: &Request, status: Status, checksum: &mut Checksum) {
    let mut head = Vec::new();
    write_head(&mut head, request, status);
    checksum.add_bytes(&head);
    checksum.add(request.number);
}
