//! Text files that the command reads and writes.

use super::failure::Failure;
use heap_viz::WholeFile;
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::Path;

/// Longest text that is read: what is longer is not what it was taken for, such as a device that never ends.
const MAX_BYTES: u64 = 64 << 20;

/// Reads the file at `path`.
pub(crate) fn read(path: &Path) -> Result<String, Failure> {
    let text = File::open(path).and_then(|file| {
        let mut bytes = Vec::new();
        file.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
        text_of(bytes)
    });
    text.map_err(|source| Failure::Read { path: path.into(), source })
}

fn text_of(bytes: Vec<u8>) -> io::Result<String> {
    if bytes.len() as u64 > MAX_BYTES {
        let problem = format!("it is longer than {} MiB, too long for a text", MAX_BYTES >> 20);
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, problem));
    }
    String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        let problem = format!("line {line} has bytes that are no text in UTF-8");
        io::Error::new(io::ErrorKind::InvalidData, problem)
    })
}

/// Writes the file at `path`, whole or not at all.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let written = WholeFile::create(path).and_then(|(file, mut out)| {
        out.write_all(text.as_bytes())?;
        out.flush()?;
        file.commit()
    });
    written.map_err(|source| Failure::Write { path: path.into(), source })
}

#[cfg(test)]
mod tests {
    use super::{MAX_BYTES, text_of};

    #[test]
    fn what_is_no_text_is_refused_with_its_line() {
        assert_eq!(text_of(b"a\nb".to_vec()).expect("it is one"), "a\nb");
        let problem = text_of(b"a\nb\xff".to_vec()).expect_err("it is none").to_string();
        assert_eq!(problem, "line 2 has bytes that are no text in UTF-8");
    }

    #[test]
    fn what_is_too_long_for_a_text_is_refused() {
        let problem = text_of(vec![0; MAX_BYTES as usize + 1]).expect_err("it is too long").to_string();
        assert!(problem.contains("64 MiB"), "{problem}");
    }
}
