//! From the bytes of a request to objects.

use super::headers::{self, Headers};
use crate::programs::object_bytes;
use gc_core::{FixedShape, Heap, HeapFull, Local, View};

/// Slots of a request.
const METHOD: u32 = 0;
const PATH: u32 = 1;
const HEADERS: u32 = 2;
const BODY: u32 = 3;

/// Bytes of a request with its headers, about: each line has some 25 bytes.
pub(super) const LIVE_BYTES: u64 = object_bytes(4, 0)
    + object_bytes(0, 4)
    + object_bytes(0, 14)
    + headers::live_bytes(5)
    + 5 * (object_bytes(0, 9) + object_bytes(0, 16));

/// Parses the heads of requests.
#[derive(Debug)]
pub(super) struct Parser {
    request: FixedShape<4, 0>,
    headers: Headers,
    /// The head that is being parsed. Making an object may collect, so none can be made while a buffer is looked at.
    head: Vec<u8>,
    /// The name of a header in small letters.
    name: Vec<u8>,
}

impl Parser {
    pub(super) fn new(heap: &mut Heap) -> Self {
        let (request, headers) = (heap.register_fixed("Request"), Headers::new(heap));
        Parser { request, headers, head: Vec::new(), name: Vec::new() }
    }

    pub(super) fn headers(&self) -> Headers {
        self.headers
    }

    /// The request whose head is in the buffer `head`, and whose body is in `body` if it has one.
    pub(super) fn parse(
        &mut self,
        heap: &mut Heap,
        head: Local,
        body: Option<Local>,
    ) -> Result<Local, HeapFull> {
        self.head.clear();
        self.head.extend_from_slice(heap.view(head).buffer());
        heap.escape(|heap| {
            let mut lines = lines(&self.head);
            let mut words = lines.next().unwrap_or_default().split(|byte| *byte == b' ');
            let [method, path] = [words.next(), words.next()].map(Option::unwrap_or_default);
            let method = self.headers.text(heap, method)?;
            let path = self.headers.text(heap, path)?;
            let map = self.headers.map(heap)?;
            for (name, value) in lines.filter_map(header) {
                self.name.clear();
                self.name.extend(name.iter().map(u8::to_ascii_lowercase));
                self.headers.add(heap, map, &self.name, value)?;
            }
            heap.alloc_with(self.request, [Some(method), Some(path), Some(map), body])
        })
    }
}

/// The lines of a head, up to the empty one.
fn lines(head: &[u8]) -> impl Iterator<Item = &[u8]> {
    let lines = head.split(|byte| *byte == b'\n');
    lines.map(|line| line.strip_suffix(b"\r").unwrap_or(line)).take_while(|line| !line.is_empty())
}

/// Name and value of a header; none if the line is not one.
fn header(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    Some((&line[..colon], line[colon + 1..].trim_ascii()))
}

/// The method and the path of a request.
pub(super) fn target(request: View<'_>) -> (&[u8], &[u8]) {
    let text = |index| request.slot(index).map_or(&[][..], View::bytes);
    (text(METHOD), text(PATH))
}

/// The value of the header `name`, in small letters.
pub(super) fn header_of<'h>(request: View<'h>, name: &[u8]) -> Option<&'h [u8]> {
    request.slot(HEADERS).and_then(|map| headers::find(map, name))
}

/// The number that a header holds.
pub(super) fn number_in(request: View<'_>, name: &[u8]) -> Option<u64> {
    std::str::from_utf8(header_of(request, name)?).ok()?.parse().ok()
}

/// The body of a request.
pub(super) fn body(request: View<'_>) -> Option<&[u8]> {
    request.slot(BODY).map(View::buffer)
}

#[cfg(test)]
mod tests {
    use super::{Parser, body, header_of, number_in, target};
    use gc_core::{Config, Heap, Stress};

    fn heap() -> Heap {
        let config = Config { huge_pages: false, stress: Stress::all(1, 1), ..Config::default() };
        Heap::new(config).expect("the configuration is valid")
    }

    #[test]
    fn a_request_is_read_from_its_bytes() {
        let mut heap = heap();
        let mut parser = Parser::new(&mut heap);
        let text =
            b"POST /items/7 HTTP/1.1\r\nContent-Length:  2\r\nX-Note: a: b \r\nno header\r\n\r\nignored: 1";
        let head = heap.alloc_buffer(text.len() as u32).expect("there is room");
        heap.buffer_mut(head).copy_from_slice(text);
        let bytes = heap.alloc_buffer(2).expect("there is room");
        heap.buffer_mut(bytes).copy_from_slice(b"ok");
        let request = parser.parse(&mut heap, head, Some(bytes)).expect("there is room");
        let request = heap.view(request);
        assert_eq!(target(request), (&b"POST"[..], &b"/items/7"[..]));
        assert_eq!(number_in(request, b"content-length"), Some(2));
        assert_eq!(header_of(request, b"x-note"), Some(&b"a: b"[..]));
        assert_eq!(header_of(request, b"ignored"), None);
        assert_eq!(body(request), Some(&b"ok"[..]));
    }

    #[test]
    fn what_is_no_request_is_one_without_anything() {
        let mut heap = heap();
        let mut parser = Parser::new(&mut heap);
        let head = heap.alloc_buffer(0).expect("there is room");
        let request = parser.parse(&mut heap, head, None).expect("there is room");
        assert_eq!(target(heap.view(request)), (&b""[..], &b""[..]));
        assert_eq!(body(heap.view(request)), None);
    }
}
