//! The tree of allocations of a snapshot: for each place in the program, how much was allocated there.

use super::Allocated;
use super::fields::TraceNodeFields;
use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, SeqAccess, Visitor};
use std::fmt;

/// An array of nodes, and below it those that they call; adds up what they allocate.
pub(super) struct TraceTree<'a> {
    pub(super) fields: TraceNodeFields,
    pub(super) allocated: &'a mut Allocated,
}

impl<'de> DeserializeSeed<'de> for TraceTree<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for TraceTree<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of nodes of a tree of allocations")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut fields: A) -> Result<(), A::Error> {
        for place in (0..self.fields.width).cycle() {
            match self.read_field(place, &mut fields)? {
                Some(()) => {}
                None if place == 0 => return Ok(()),
                None => return Err(A::Error::custom("a node of the tree of allocations is not whole")),
            }
        }
        Ok(())
    }
}

impl TraceTree<'_> {
    fn read_field<'de, A: SeqAccess<'de>>(
        &mut self,
        place: usize,
        row: &mut A,
    ) -> Result<Option<()>, A::Error> {
        let Allocated { objects, bytes } = self.allocated;
        if place == self.fields.count {
            return Ok(row.next_element()?.map(|count| *objects = objects.saturating_add(count)));
        }
        if place == self.fields.size {
            return Ok(row.next_element()?.map(|size| *bytes = bytes.saturating_add(size)));
        }
        if place + 1 == self.fields.width {
            return row.next_element_seed(TraceTree { fields: self.fields, allocated: self.allocated });
        }
        Ok(row.next_element::<u64>()?.map(drop))
    }
}
