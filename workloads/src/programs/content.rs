//! What bytes are filled with, so that a damaged one is found.

/// Least number of bytes that can be filled.
pub(crate) const LEAST_BYTES: u32 = 8;

/// Fills `bytes` with a number: the first eight are the number, all others its low byte.
pub(crate) fn write(bytes: &mut [u8], number: u64) {
    bytes.fill(number as u8);
    bytes[..8].copy_from_slice(&number.to_ne_bytes());
}

/// The number that `bytes` are filled with; another one if a byte is wrong.
pub(crate) fn read(bytes: &[u8]) -> u64 {
    let (first, others) = bytes.split_first_chunk().expect("nothing that is filled is as small");
    let number = u64::from_ne_bytes(*first);
    // Without a way out in between, this is done for many bytes at once.
    let difference = others.iter().fold(0, |difference, byte| difference | (byte ^ number as u8));
    if difference == 0 { number } else { !number }
}

#[cfg(test)]
mod tests {
    use super::{read, write};

    const NUMBER: u64 = 0x0102_0304_0506_0708;

    fn filled(length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        write(&mut bytes, NUMBER);
        bytes
    }

    #[test]
    fn what_is_written_is_read() {
        [8, 9, 32, 1_000].into_iter().for_each(|length| assert_eq!(read(&filled(length)), NUMBER));
    }

    #[test]
    fn every_damaged_byte_is_found() {
        for index in 0..40 {
            let mut bytes = filled(40);
            bytes[index] ^= 1;
            assert_ne!(read(&bytes), NUMBER, "byte {index}");
        }
    }
}
