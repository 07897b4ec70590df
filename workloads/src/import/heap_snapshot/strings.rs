//! The strings of a snapshot, of which few are wanted.

use super::edge_names::EdgeNames;
use super::types::Types;
use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, IgnoredAny, SeqAccess, Visitor};
use std::fmt;

/// Gives the types their names, and the edges, if that is wanted.
pub(super) struct Strings<'t> {
    pub(super) types: &'t mut Types,
    pub(super) edges: Option<&'t mut EdgeNames>,
}

impl<'de> DeserializeSeed<'de> for Strings<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Strings<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of strings")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut strings: A) -> Result<(), A::Error> {
        for place in 0.. {
            if self.types.wants(place) || self.edges.as_ref().is_some_and(|edges| edges.wants(place)) {
                let Some(name) = strings.next_element_seed(Text)? else { break };
                self.types.name(place, &name);
                self.edges.iter_mut().for_each(|edges| edges.set_text(place, &name));
            } else if strings.next_element::<IgnoredAny>()?.is_none() {
                break;
            }
        }
        Ok(())
    }
}

/// A string as V8 writes it: one that it has cut short may end with half a character, which is replaced.
struct Text;

impl<'de> DeserializeSeed<'de> for Text {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_bytes(self)
    }
}

impl Visitor<'_> for Text {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<String, E> {
        Ok(String::from_utf8_lossy(bytes).into_owned())
    }
}
