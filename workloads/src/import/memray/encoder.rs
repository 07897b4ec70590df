//! A writer of captures for tests, made from the description in memray's sources.

use super::MAGIC;
use lz4_flex::frame::FrameEncoder;
use std::io::Write;

/// Codes of functions, as memray has them.
pub(super) const PYMALLOC_FREE: u8 = 1;
pub(super) const PYMALLOC_MALLOC: u8 = 2;
pub(super) const MALLOC: u8 = 6;
pub(super) const CALLOC: u8 = 8;
pub(super) const MMAP: u8 = 14;
pub(super) const MUNMAP: u8 = 15;
const FREE: u8 = 5;

/// Writes a capture in memory.
pub(super) struct Encoder {
    file: Vec<u8>,
    native_traces: bool,
    address: u64,
    recent: Vec<u64>,
}

impl Encoder {
    pub(super) fn new(native_traces: bool) -> Self {
        let mut file = MAGIC.to_vec();
        file.extend(13_u32.to_le_bytes());
        file.extend([0xf0, 0x07, 0x0b, 0x03]);
        file.extend([native_traces.into(), 0]);
        file.extend([0; 32]);
        file.extend(b"program.py\0");
        file.extend([0; 20]);
        file.extend([1, 1, 0]);
        file.extend(b"/lib/python\0/lib/site-packages\0\0/lib/a\0/lib/b\0\0");
        let mut encoder = Encoder { file, native_traces, address: 0, recent: vec![0; 15] };
        encoder.thread(1);
        encoder
    }

    pub(super) fn thread(&mut self, number: u64) {
        self.file.push(12);
        self.file.extend(number.to_le_bytes());
    }

    /// A call; one that gives memory back to an allocator has no size.
    pub(super) fn call(&mut self, code: u8, address: u64, bytes: u64) {
        let recent = self.recent.iter().position(|recent| *recent == address);
        let is_short = code < 8;
        self.file.push(0x80 | (recent.unwrap_or(15) as u8) << 3 | if is_short { code } else { 0 });
        self.put_address(recent, address);
        if !is_short {
            self.file.push(code);
        }
        if code == FREE || code == PYMALLOC_FREE {
            return;
        }
        if self.native_traces {
            self.signed(3);
        }
        self.varint(bytes);
    }

    fn put_address(&mut self, recent: Option<usize>, address: u64) {
        if recent.is_none() {
            self.signed((address >> 3).wrapping_sub(self.address) as i64);
            self.address = address >> 3;
            self.recent.pop();
            self.recent.insert(0, address);
        }
    }

    /// One of each kind of record that says nothing about allocations.
    pub(super) fn put_others(&mut self) {
        // A function, and a call of it.
        self.file.extend([14, 1]);
        self.file.extend(b"f\0program.py\0");
        self.signed(7);
        self.file.extend([3, 1, 2, 3]);
        self.file.extend([0x41, 1]);
        self.signed(-2);
        self.file.push(0x10);
        // Memory of the process, a frame in C, the name of a thread, and what is mapped.
        self.file.extend([2, 0x80, 0x80, 1, 5, 5, 2, 2, 10]);
        self.file.extend(b"thread\0");
        self.file.push(6);
        self.file.push(7);
        self.file.extend(b"libc.so\0");
        self.file.push(1);
        self.file.extend([0; 8]);
        self.file.push(8);
        self.file.extend([0; 8]);
        self.file.push(9);
        // The birth of an object, without its size.
        self.file.push(0x20 | 15 << 1 | 1);
        self.put_address(None, 4_096);
        if self.native_traces {
            self.signed(1);
        }
    }

    fn varint(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.file.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.file.push(number as u8);
    }

    fn signed(&mut self, number: i64) {
        self.varint((number << 1 ^ number >> 63) as u64);
    }

    pub(super) fn finish(mut self) -> Vec<u8> {
        self.file.push(1);
        self.file
    }
}

/// A file as memray leaves it in the end.
pub(super) fn compress(file: &[u8]) -> Vec<u8> {
    let mut encoder = FrameEncoder::new(Vec::new());
    encoder.write_all(file).expect("memory takes everything");
    encoder.finish().expect("memory takes everything")
}
