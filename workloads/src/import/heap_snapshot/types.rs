//! What the objects of a snapshot are.

use crate::graph::{NodeKind, NodeType};
use std::collections::HashMap;

/// Most types of a graph. Of more classes, those that come last are put together.
const MAX_TYPES: usize = 4_096;
/// What the names of V8's hidden classes start with.
const MAP: &str = "system / Map";
/// What is called nothing.
const ROOT: &str = "(root)";
/// Most characters of the name of a type.
const MAX_NAME: usize = 120;

/// The types met so far. What they are called comes last in a file.
#[derive(Default)]
pub(super) struct Types {
    types: Vec<NodeType>,
    numbers: HashMap<Key, u32>,
    /// For each place in the strings of the file the type that is called so.
    named: HashMap<u64, Vec<u32>>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    kind: usize,
    /// The place of its name, if it is a class of its own.
    name: Option<u64>,
}

impl Types {
    /// The number of the type of a node of this kind with this name; `kinds` are all that there are.
    pub(super) fn number(&mut self, kind: u64, name: u64, kinds: &[String]) -> Result<u32, String> {
        let place = usize::try_from(kind).ok().filter(|place| *place < kinds.len());
        let place = place.ok_or_else(|| format!("there is no type of nodes with the number {kind}"))?;
        let word = &kinds[place];
        let key = Key { kind: place, name: is_class(word).then_some(name) };
        Ok(self.numbers.get(&key).copied().unwrap_or_else(|| self.add(key, word)))
    }

    fn add(&mut self, key: Key, word: &str) -> u32 {
        if let Some(place) = key.name.filter(|_| self.types.len() < MAX_TYPES) {
            let number = self.push(key, node_kind(word), String::new());
            self.named.entry(place).or_default().push(number);
            return number;
        }
        let all = Key { name: None, ..key };
        let number = self.numbers.get(&all).copied();
        let number = number.unwrap_or_else(|| self.push(all, node_kind(word), category(word)));
        self.numbers.insert(key, number);
        number
    }

    fn push(&mut self, key: Key, kind: NodeKind, name: String) -> u32 {
        let number = self.types.len() as u32;
        self.types.push(NodeType { kind, name });
        self.numbers.insert(key, number);
        number
    }

    /// Whether a type is called as the string at this place says.
    pub(super) fn wants(&self, place: u64) -> bool {
        self.named.contains_key(&place)
    }

    /// Takes the string at this place.
    pub(super) fn name(&mut self, place: u64, name: &str) {
        for number in self.named.remove(&place).unwrap_or_default() {
            let of = &mut self.types[number as usize];
            // V8's root has an empty name.
            of.name = if name.is_empty() { ROOT.into() } else { name.chars().take(MAX_NAME).collect() };
            if of.kind == NodeKind::Object && name.starts_with(MAP) {
                of.kind = NodeKind::Shape;
            }
        }
    }

    /// All types.
    pub(super) fn finish(self) -> Result<Vec<NodeType>, String> {
        match self.named.keys().min() {
            Some(place) => Err(format!("there is no string number {place}, which is the name of a node")),
            None => Ok(self.types),
        }
    }
}

/// Whether nodes of a kind are told apart by their names: names of others are their content.
fn is_class(word: &str) -> bool {
    matches!(word, "object" | "native" | "hidden" | "object shape" | "synthetic")
}

fn node_kind(word: &str) -> NodeKind {
    match word {
        "native" => NodeKind::Native,
        "synthetic" => NodeKind::Synthetic,
        _ => NodeKind::Object,
    }
}

/// What nodes of a kind are called together, as in the DevTools (`HeapSnapshotNode.rawName` and `className`).
fn category(word: &str) -> String {
    match word {
        "hidden" | "object shape" => "(system)".into(),
        "code" => "(compiled code)".into(),
        "closure" => "Function".into(),
        "regexp" => "RegExp".into(),
        other => format!("({other})").chars().take(MAX_NAME).collect(),
    }
}
