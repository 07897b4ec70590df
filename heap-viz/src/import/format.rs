//! Which format a file is of.

use super::error::ReadError;
use super::lines::Lines;
use super::{events, go, hotspot, v8};
use std::io::{BufRead, Cursor, Read};

/// A program may print much before its first collection; after as many bytes the search is given up.
const SEARCHED_BYTES: usize = 4 << 20;

/// A format that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// Tenure's own.
    Events,
    /// `node --trace-gc`, with or without `-nvp`.
    V8,
    /// `java -Xlog:gc*`.
    HotSpot,
    /// `GODEBUG=gctrace=1`.
    Go,
}

impl Format {
    /// The format that the first telling line of a file shows, and the file from its start.
    pub(super) fn detect<F: BufRead>(file: F) -> Result<(Self, impl BufRead), ReadError> {
        let mut lines = Lines::new(file);
        let mut head = Vec::new();
        while let Some(line) = lines.next()? {
            head.extend_from_slice(line);
            let format = Format::of(line, head.len() == line.len())?;
            if let Some(format) = format {
                return Ok((format, Cursor::new(head).chain(lines.into_rest())));
            }
            if head.len() > SEARCHED_BYTES {
                break;
            }
        }
        Err(if head.is_empty() { ReadError::Empty } else { ReadError::Unknown })
    }

    fn of(line: &[u8], is_first: bool) -> Result<Option<Self>, ReadError> {
        if is_first && events::is_header(line) {
            return Ok(Some(Format::Events));
        }
        let Ok(line) = str::from_utf8(line).map(str::trim_end) else { return Ok(None) };
        match line {
            line if v8::is_pause(line) => Ok(Some(Format::V8)),
            line if hotspot::is_timed(line) => Ok(Some(Format::HotSpot)),
            line if hotspot::is_of_collector(line) => Err(ReadError::Untimed),
            line if go::is_cycle(line) => Ok(Some(Format::Go)),
            _ => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Format;
    use std::io::{BufReader, Read, repeat};

    #[track_caller]
    fn check(text: &str, expected: Format) {
        let (format, mut file) = Format::detect(text.as_bytes()).expect("the format is known");
        let mut read = String::new();
        file.read_to_string(&mut read).expect("memory can be read");
        assert_eq!((format, &*read), (expected, text));
    }

    #[test]
    fn formats_are_told_by_their_lines_wherever_they_begin() {
        check("{\"schema\":\"tenure.events/1\",\"version\":\"0.1.0\"}\n{}\n", Format::Events);
        let scavenge = "23 ms: Scavenge 7.2 (7.3) -> 6.8 (8.3) MB, 1.31 / 0.00 ms  allocation failure; ";
        check(&format!("hello\n[7:0x1]   {scavenge}\nbye\n"), Format::V8);
        check("23 ms: pause=0.7 mutator=30.1 gc=s reduce_memory=0", Format::V8);
        check("[0.004s][info][gc] Using Serial\n", Format::HotSpot);
        let cycle = "gc 1 @0.012s 2%: 0.018+1.2+0.004 ms clock, 0.1+0.3/1.2/0+0.03 ms cpu, 4->5->1 MB, 5 MB goal, 8 P";
        check(&format!("\n{cycle}\n"), Format::Go);
    }

    #[test]
    fn other_files_are_refused_with_a_list_of_what_is_read() {
        let refusal =
            |file: &str| Format::detect(file.as_bytes()).map(|found| found.0).map_err(|e| e.to_string());
        assert_eq!(refusal(""), Err("the file is empty".into()));
        for file in ["# Readme\n", "\u{0}\u{1}", "[1, 2]", "{\"a\": 1}", "gc 1 @0.012s"] {
            let message = refusal(file).expect_err(file);
            assert!(
                message.starts_with("the format is not known: ") && message.contains("gctrace"),
                "{message}"
            );
        }
    }

    #[test]
    fn the_search_ends_where_a_file_does_not() {
        assert!(Format::detect(BufReader::new(repeat(b'x'))).is_err());
    }
}
