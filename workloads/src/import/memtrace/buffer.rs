//! The bytes of one packet.

use super::super::{ImportError, Place};

/// The content of a packet, as far as it has not been read.
pub(super) struct Buffer {
    bytes: Vec<u8>,
    next: usize,
    /// Where in the file it starts.
    start: u64,
}

impl Buffer {
    pub(super) fn new(bytes: Vec<u8>, start: u64) -> Self {
        Buffer { bytes, next: 0, start }
    }

    /// Does `read`, and tells the place of a problem that it has: where the last thing that it has read ends.
    pub(super) fn read<T>(
        &mut self,
        read: impl FnOnce(&mut Buffer) -> Result<T, String>,
    ) -> Result<T, ImportError> {
        read(self).map_err(|problem| ImportError::Corrupt {
            place: Place::Offset(self.start + self.next as u64),
            problem,
        })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.next == self.bytes.len()
    }

    /// Sees that nothing is left.
    pub(super) fn end(&self) -> Result<(), String> {
        if self.is_empty() { Ok(()) } else { Err("there is more in the packet than its one event".into()) }
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], String> {
        let array =
            self.bytes[self.next..].first_chunk().ok_or("the packet ends in the middle of an event")?;
        self.next += N;
        Ok(*array)
    }

    pub(super) fn u8(&mut self) -> Result<u8, String> {
        Ok(u8::from_le_bytes(self.array()?))
    }

    pub(super) fn u16(&mut self) -> Result<u16, String> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    pub(super) fn u32(&mut self) -> Result<u32, String> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    pub(super) fn u64(&mut self) -> Result<u64, String> {
        Ok(u64::from_le_bytes(self.array()?))
    }

    /// A number in one, three, five or nine bytes; those of 32 and 64 bits have a sign.
    pub(super) fn variable(&mut self) -> Result<i64, String> {
        Ok(match self.u8()? {
            253 => self.u16()?.into(),
            254 => i32::from_le_bytes(self.array()?).into(),
            255 => i64::from_le_bytes(self.array()?),
            small => small.into(),
        })
    }

    /// A number like [`Buffer::variable`] that cannot be less than none.
    pub(super) fn count(&mut self) -> Result<u64, String> {
        let number = self.variable()?;
        u64::try_from(number).map_err(|_| format!("{number} cannot be: it is less than none"))
    }

    /// A text that ends with a zero byte.
    pub(super) fn text(&mut self) -> Result<String, String> {
        let rest = &self.bytes[self.next..];
        let length =
            rest.iter().position(|byte| *byte == 0).ok_or("the packet ends in the middle of a text")?;
        let text = String::from_utf8_lossy(&rest[..length]).into_owned();
        self.next += length + 1;
        Ok(text)
    }
}
