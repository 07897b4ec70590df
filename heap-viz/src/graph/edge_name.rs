//! What references are called.

use std::collections::HashMap;
use std::fmt;

/// The name of a reference, in 32 bits: an index, or the number of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct EdgeLabel(u32);

/// The bit that tells an index from a text.
const IS_INDEX: u32 = 1 << 31;

/// What a reference is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EdgeName<'g> {
    /// The index of an element.
    Index(u32),
    /// The name of a field, or whatever else its program calls it.
    Text(&'g str),
}

impl fmt::Display for EdgeName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EdgeName::Index(index) => write!(f, "[{index}]"),
            EdgeName::Text(text) => f.write_str(text),
        }
    }
}

/// The texts among the names of a graph, each once.
#[derive(Clone, Default)]
pub(super) struct EdgeTexts {
    numbers: HashMap<Box<str>, u32>,
    texts: Vec<Box<str>>,
}

impl EdgeTexts {
    /// The label that stands for a name.
    pub(super) fn label(&mut self, name: EdgeName<'_>) -> EdgeLabel {
        match name {
            EdgeName::Index(index) if index < IS_INDEX => EdgeLabel(index | IS_INDEX),
            EdgeName::Index(index) => self.text_label(&format!("[{index}]")),
            EdgeName::Text(text) => self.text_label(text),
        }
    }

    fn text_label(&mut self, text: &str) -> EdgeLabel {
        if let Some(number) = self.numbers.get(text) {
            return EdgeLabel(*number);
        }
        let number = self.texts.len() as u32;
        self.numbers.insert(text.into(), number);
        self.texts.push(text.into());
        EdgeLabel(number)
    }

    /// The name that a label stands for.
    pub(super) fn name(&self, label: EdgeLabel) -> EdgeName<'_> {
        match label.0 & IS_INDEX {
            0 => EdgeName::Text(&self.texts[label.0 as usize]),
            _ => EdgeName::Index(label.0 & !IS_INDEX),
        }
    }
}
