//! Hashing by value, never by address.

pub(super) use crate::heap::mix;

/// The hash of a text: the same in all runs.
#[inline]
pub(super) fn of_text(text: &str) -> u64 {
    let (words, rest) = words(text.as_bytes());
    with_word(words.fold(start(text.len()), with_word), rest)
}

/// The hash of the text that consists of these parts.
pub(super) fn of_parts(parts: &[&str]) -> u64 {
    let mut hash = start(length_of(parts));
    // The bytes that do not make a whole word yet, and how many bits they are.
    let (mut pending, mut bits) = (0, 0);
    for part in parts {
        let (words, rest) = words(part.as_bytes());
        for word in words {
            hash = with_word(hash, pending | word << bits);
            pending = above(word, bits);
        }
        let rest_bits = part.len() as u32 % 8 * 8;
        let word = pending | rest << bits;
        if bits + rest_bits < u64::BITS {
            (pending, bits) = (word, bits + rest_bits);
        } else {
            hash = with_word(hash, word);
            (pending, bits) = (above(rest, bits), bits + rest_bits - u64::BITS);
        }
    }
    with_word(hash, pending)
}

/// How many bytes the parts have together.
pub(super) fn length_of(parts: &[&str]) -> usize {
    parts.iter().fold(0, |length, part| length.saturating_add(part.len()))
}

/// The hash of `length` bytes none of which has been looked at.
fn start(length: usize) -> u64 {
    (length as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

fn with_word(hash: u64, word: u64) -> u64 {
    mix(hash.rotate_left(5) ^ word)
}

/// The whole words of a text, and the bytes behind them.
#[inline]
fn words(text: &[u8]) -> (impl Iterator<Item = u64>, u64) {
    let (words, rest) = text.as_chunks::<8>();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    (words.iter().map(|word| u64::from_le_bytes(*word)), u64::from_le_bytes(last))
}

/// What of a word has no room above `bits` others, which are fewer than 64.
fn above(word: u64, bits: u32) -> u64 {
    word.checked_shr(u64::BITS - bits).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{of_parts, of_text};

    #[test]
    fn parts_have_the_hash_of_the_whole() {
        let text: String = ('a'..='z').chain('A'..='N').collect();
        for end in 0..=text.len() {
            for middle in 0..=end {
                for first in 0..=middle {
                    let parts = [&text[..first], &text[first..middle], &text[middle..end]];
                    assert_eq!(of_parts(&parts), of_text(&text[..end]), "{parts:?}");
                }
            }
        }
        assert_eq!(of_parts(&[]), of_text(""));
        assert_eq!(of_parts(&text.split("").collect::<Vec<_>>()), of_text(&text));
    }

    #[test]
    fn hashes_stay_as_they_are() {
        assert_eq!([of_text(""), of_text("text"), of_text("of two words")], HASHES);
    }

    const HASHES: [u64; 3] = [0, 0xb775_8569_ce74_5f7b, 0x4366_7794_fb52_3525];
}
