//! What references are called.

use std::collections::HashMap;

/// The names of the references of a graph, where somebody wants them: 4 bytes each, and every text once.
#[derive(Clone, Debug, Default)]
pub struct EdgeNames {
    /// By reference: an index with the bit [`IS_INDEX`], or the place of its name among the strings of the file.
    labels: Vec<u32>,
    /// By place, those strings that are names.
    texts: HashMap<u32, Box<str>>,
}

/// What a reference is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EdgeName<'s> {
    /// The index of an element.
    Index(u32),
    /// A field, a variable, or what V8 calls one of its own.
    Text(&'s str),
}

/// The bit that tells an index from a place.
const IS_INDEX: u32 = 1 << 31;

/// Most characters of a name that are kept.
const MAX_CHARACTERS: usize = 80;

/// Of which kind the name of an edge is, in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NameKind {
    Index,
    Text,
}

impl EdgeNames {
    /// The name of a reference, by its place among all that the graph has.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    pub fn name(&self, edge: u32) -> EdgeName<'_> {
        let label = self.labels[edge as usize];
        match label & IS_INDEX {
            0 => EdgeName::Text(self.texts.get(&label).map_or("", |text| text)),
            _ => EdgeName::Index(label & !IS_INDEX),
        }
    }

    /// Takes the name of the next edge.
    pub(super) fn add(&mut self, kind: NameKind, name: u64) -> Result<(), String> {
        let label = u32::try_from(name).ok().filter(|name| name & IS_INDEX == 0);
        let label =
            label.ok_or_else(|| format!("an edge is called by the number {name}, which is too large"))?;
        match kind {
            NameKind::Index => self.labels.push(label | IS_INDEX),
            NameKind::Text => {
                self.texts.entry(label).or_default();
                self.labels.push(label);
            }
        }
        Ok(())
    }

    /// Whether an edge is called as the string at this place says.
    pub(super) fn wants(&self, place: u64) -> bool {
        u32::try_from(place).is_ok_and(|place| self.texts.contains_key(&place))
    }

    /// Takes the string at this place, of which no more is kept than a reader needs.
    pub(super) fn set_text(&mut self, place: u64, text: &str) {
        if let Some(own) = u32::try_from(place).ok().and_then(|place| self.texts.get_mut(&place)) {
            *own = text.chars().take(MAX_CHARACTERS).collect();
        }
    }
}
