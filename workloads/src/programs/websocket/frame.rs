//! Frames as they come over the wire (RFC 6455, section 5.2), with lengths of up to 16 bits.

/// The first byte: whether it is the last frame of its message; that it holds text, or goes on with what came before.
const LAST: u8 = 0x80;
const TEXT: u8 = 0x1;
/// The second byte: whether the payload is masked.
const MASKED: u8 = 0x80;
/// A length of this value stands for one in the two bytes that follow.
const LONG: u8 = 126;

/// Longest payload.
pub(super) const MOST_BYTES: u64 = 0xffff;

/// What a frame says before its payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) is_first: bool,
    pub(super) is_last: bool,
    /// Clients mask what they send, servers do not.
    pub(super) mask: Option<[u8; 4]>,
    pub(super) payload_bytes: u16,
}

impl Header {
    /// Writes the frame up to its payload.
    pub(super) fn write(&self, wire: &mut Vec<u8>) {
        wire.push(if self.is_last { LAST } else { 0 } | if self.is_first { TEXT } else { 0 });
        let mask_bit = if self.mask.is_some() { MASKED } else { 0 };
        match u8::try_from(self.payload_bytes) {
            Ok(short) if short < LONG => wire.push(mask_bit | short),
            _ => {
                wire.push(mask_bit | LONG);
                wire.extend(self.payload_bytes.to_be_bytes());
            }
        }
        wire.extend(self.mask.iter().flatten());
    }

    /// Reads a frame: its header, and its payload as it came; none if the frame is not complete.
    pub(super) fn read(wire: &[u8]) -> Option<(Header, &[u8])> {
        let ([first, second], mut rest) = wire.split_first_chunk()?;
        let mut payload_bytes = u16::from(second & !MASKED);
        if payload_bytes == u16::from(LONG) {
            let (long, behind) = rest.split_first_chunk()?;
            (payload_bytes, rest) = (u16::from_be_bytes(*long), behind);
        }
        let mut mask = None;
        if second & MASKED != 0 {
            let (key, behind) = rest.split_first_chunk()?;
            (mask, rest) = (Some(*key), behind);
        }
        let (is_first, is_last) = (first & TEXT != 0, first & LAST != 0);
        Some((Header { is_first, is_last, mask, payload_bytes }, rest.get(..payload_bytes.into())?))
    }
}

/// Masks `payload`, or takes the mask off.
pub(super) fn mask(payload: &mut [u8], key: [u8; 4]) {
    payload.iter_mut().zip(key.iter().cycle()).for_each(|(byte, key)| *byte ^= key);
}

#[cfg(test)]
mod tests {
    use super::{Header, mask};
    use proptest::prelude::{any, prop_assert_eq, proptest};

    #[track_caller]
    fn check(header: Header, payload: &[u8], expected_start: &[u8]) {
        let mut wire = Vec::new();
        header.write(&mut wire);
        assert_eq!(wire, expected_start);
        wire.extend_from_slice(payload);
        assert_eq!(Header::read(&wire), Some((header, payload)));
        (0..wire.len()).for_each(|cut| assert_eq!(Header::read(&wire[..cut]), None, "cut at {cut}"));
    }

    #[test]
    fn frames_are_written_as_the_standard_says() {
        let hello = Header { is_first: true, is_last: true, mask: None, payload_bytes: 5 };
        check(hello, b"Hello", &[0x81, 0x05]);
        let masked = Header { mask: Some([0x37, 0xfa, 0x21, 0x3d]), ..hello };
        check(masked, &[0x7f, 0x9f, 0x4d, 0x51, 0x58], &[0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d]);
        check(Header { is_last: false, payload_bytes: 3, ..hello }, b"Hel", &[0x01, 0x03]);
        check(Header { is_first: false, payload_bytes: 2, ..hello }, b"lo", &[0x80, 0x02]);
        check(Header { payload_bytes: 256, ..hello }, &[0; 256], &[0x81, 0x7e, 0x01, 0x00]);
    }

    #[test]
    fn the_mask_of_the_standard_s_example_comes_off() {
        let mut payload = [0x7f, 0x9f, 0x4d, 0x51, 0x58];
        mask(&mut payload, [0x37, 0xfa, 0x21, 0x3d]);
        assert_eq!(&payload, b"Hello");
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_read(
            is_first in any::<bool>(),
            is_last in any::<bool>(),
            key in any::<Option<[u8; 4]>>(),
            payload in proptest::collection::vec(any::<u8>(), 0..400),
        ) {
            let header = Header { is_first, is_last, mask: key, payload_bytes: payload.len() as u16 };
            let mut wire = Vec::new();
            header.write(&mut wire);
            wire.extend_from_slice(&payload);
            prop_assert_eq!(Header::read(&wire), Some((header, &*payload)));
        }
    }
}
