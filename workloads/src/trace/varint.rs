//! Numbers of variable length: 7 bits a byte, the lowest first, with the top bit set in all bytes but the last (LEB128).

/// Bytes of the longest number.
const MAX_BYTES: usize = 10;

/// Appends `number`.
#[inline]
pub(super) fn push(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Appends a text, its length in bytes first.
pub(super) fn push_text(bytes: &mut Vec<u8>, text: &str) {
    push(bytes, text.len() as u64);
    bytes.extend_from_slice(text.as_bytes());
}

/// A place in bytes that are being read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'b> {
    bytes: &'b [u8],
    at: usize,
}

/// What was to be read is not there: how far the bytes could be read, and what should have followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Missing {
    pub(super) at: usize,
    pub(super) what: &'static str,
}

impl<'b> Cursor<'b> {
    /// The place `at` of `bytes`.
    #[inline]
    pub(super) fn new(bytes: &'b [u8], at: usize) -> Cursor<'b> {
        Cursor { bytes, at }
    }

    /// How many bytes lie before it.
    #[inline]
    pub(super) fn at(&self) -> usize {
        self.at
    }

    fn missing(&self, what: &'static str) -> Missing {
        Missing { at: self.at, what }
    }

    /// Reads a number.
    #[inline]
    pub(super) fn number(&mut self) -> Result<u64, Missing> {
        match self.bytes.get(self.at) {
            Some(byte) if *byte < 0x80 => {
                self.at += 1;
                Ok((*byte).into())
            }
            _ => self.long_number(),
        }
    }

    fn long_number(&mut self) -> Result<u64, Missing> {
        let mut number = 0;
        for (index, byte) in self.bytes[self.at..].iter().take(MAX_BYTES).enumerate() {
            let part = u64::from(byte & 0x7f);
            if index == MAX_BYTES - 1 && part > 1 {
                break;
            }
            number |= part << (7 * index);
            if *byte < 0x80 {
                self.at += index + 1;
                return Ok(number);
            }
        }
        Err(self.missing("a number of at most 64 bits"))
    }

    /// Reads a number of at most 32 bits.
    #[inline]
    pub(super) fn number_u32(&mut self) -> Result<u32, Missing> {
        let before = *self;
        u32::try_from(self.number()?).map_err(|_| before.missing("a number of at most 32 bits"))
    }

    /// Reads a text.
    pub(super) fn text(&mut self) -> Result<&'b str, Missing> {
        let before = *self;
        let length = usize::try_from(self.number()?).unwrap_or(usize::MAX);
        let bytes = self.at.checked_add(length).and_then(|end| self.bytes.get(self.at..end));
        let text = bytes.and_then(|bytes| std::str::from_utf8(bytes).ok());
        let text = text.ok_or_else(|| before.missing("a text in UTF-8"))?;
        self.at += length;
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::{Cursor, push, push_text};
    use proptest::prelude::{any, proptest};

    proptest! {
        #[test]
        fn every_number_is_read_as_it_was_written(number in any::<u64>(), shift in 0_u32..64) {
            let number = number >> shift;
            let mut bytes = Vec::new();
            push(&mut bytes, number);
            let mut cursor = Cursor::new(&bytes, 0);
            assert_eq!(cursor.number(), Ok(number));
            assert_eq!(cursor.at(), bytes.len());
            for end in 0..bytes.len() {
                let missing = Cursor::new(&bytes[..end], 0).number().expect_err("it is cut short");
                assert_eq!(missing.at, 0);
            }
        }
    }

    #[test]
    fn a_number_of_more_than_64_bits_is_refused() {
        let mut bytes = [0xff; 10];
        assert!(Cursor::new(&bytes, 0).number().is_err());
        bytes[9] = 1;
        assert_eq!(Cursor::new(&bytes, 0).number(), Ok(u64::MAX));
        bytes[9] = 2;
        assert!(Cursor::new(&bytes, 0).number().is_err());
    }

    #[test]
    fn a_text_is_no_longer_than_what_there_is() {
        let mut bytes = Vec::new();
        push_text(&mut bytes, "größer");
        assert_eq!(Cursor::new(&bytes, 0).text(), Ok("größer"));
        assert!(Cursor::new(&bytes[..4], 0).text().is_err());
        bytes[0] = 3;
        assert!(Cursor::new(&bytes, 0).text().is_err(), "it ends within a character");
        let mut endless = Vec::new();
        push(&mut endless, u64::MAX);
        assert!(Cursor::new(&endless, 0).text().is_err());
    }
}
