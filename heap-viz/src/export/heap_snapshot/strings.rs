//! The texts of a file, each once.

use std::collections::HashMap;
use std::io::{self, Write};

/// A table of texts that nodes and edges refer to by number.
#[derive(Debug)]
pub(super) struct Strings {
    numbers: HashMap<Box<str>, usize>,
    texts: Vec<Box<str>>,
}

impl Default for Strings {
    fn default() -> Self {
        let mut strings = Strings { numbers: HashMap::new(), texts: Vec::new() };
        // V8 has this one first, so that no text has the number 0.
        strings.number("<dummy>");
        strings
    }
}

impl Strings {
    /// The number of a text.
    pub(super) fn number(&mut self, text: &str) -> usize {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = self.texts.len();
        self.numbers.insert(text.into(), number);
        self.texts.push(text.into());
        number
    }

    /// Writes the table as the elements of a JSON array.
    pub(super) fn write(&self, mut out: &mut impl Write) -> io::Result<()> {
        for (number, text) in self.texts.iter().enumerate() {
            if number > 0 {
                out.write_all(b",\n")?;
            }
            serde_json::to_writer(&mut out, text)?;
        }
        Ok(())
    }
}
