//! Walks a heap and the model side by side.

use super::model::{Model, Object, Value};
use super::shapes::Kind;
use super::{Difference, ObjectId};
use gc_core::{ValueView, View};

/// A walk from given objects over everything that they reach. Does not recurse, however deep the graph.
#[derive(Debug)]
pub(super) struct Walk<'h, 'm> {
    model: &'m Model,
    /// By id: where on the heap the object was first found.
    seen: Vec<Option<View<'h>>>,
    pending: Vec<(View<'h>, ObjectId)>,
}

impl<'h, 'm> Walk<'h, 'm> {
    pub(super) fn new(model: &'m Model) -> Self {
        Walk { model, seen: vec![None; model.next_id().0], pending: Vec::new() }
    }

    /// Adds a place to start from.
    pub(super) fn start(&mut self, found: View<'h>, id: ObjectId) {
        self.pending.push((found, id));
    }

    /// Compares everything that can be reached from the places added.
    pub(super) fn run(mut self) -> Result<(), Difference> {
        while let Some((found, id)) = self.pending.pop() {
            match self.seen[id.0] {
                None => self.visit(found, id)?,
                Some(first) if first.same(found) => {}
                Some(_) => return Err(Difference::Identity { object: id }),
            }
        }
        Ok(())
    }

    fn visit(&mut self, found: View<'h>, id: ObjectId) -> Result<(), Difference> {
        self.seen[id.0] = Some(found);
        let expected = self.model.object(id);
        compare_shape(found, id, expected)?;
        compare_bytes(found, id, expected)?;
        for (slot, &expected) in (0..).zip(&expected.slots) {
            self.slot(found, id, slot, expected)?;
        }
        for (index, &expected) in (0..).zip(&expected.values) {
            self.value(found, id, index, expected)?;
        }
        Ok(())
    }

    fn slot(
        &mut self,
        found: View<'h>,
        object: ObjectId,
        slot: u32,
        expected: Option<ObjectId>,
    ) -> Result<(), Difference> {
        match (found.slot(slot), expected) {
            (Some(found), Some(target)) => self.pending.push((found, target)),
            (None, None) => {}
            _ => return Err(Difference::Slot { object, slot, expected }),
        }
        Ok(())
    }

    fn value(
        &mut self,
        found: View<'h>,
        object: ObjectId,
        index: u32,
        expected: Value,
    ) -> Result<(), Difference> {
        match (found.value(index), expected) {
            (ValueView::Object(found), Value::Object(target)) => self.pending.push((found, target)),
            (ValueView::Bits(found), Value::Bits(expected)) if found == expected => {}
            _ => return Err(Difference::Value { object, index }),
        }
        Ok(())
    }
}

fn compare_shape(found: View<'_>, object: ObjectId, expected: &Object) -> Result<(), Difference> {
    if expected.kind.name().is_some_and(|name| name != found.shape_name()) {
        return Err(Difference::Shape { object, found: found.shape_name().to_owned() });
    }
    let (expected, found) = match expected.kind {
        Kind::Fixed(_) | Kind::Slots => (expected.slots.len(), found.slots() as usize),
        Kind::Values(_) => (expected.values.len(), found.len() as usize),
        Kind::Bytes => (expected.bytes.len(), found.len() as usize),
        Kind::Buffer => (expected.bytes.len(), found.buffer().len()),
    };
    if expected == found { Ok(()) } else { Err(Difference::Length { object, expected, found }) }
}

fn compare_bytes(found: View<'_>, object: ObjectId, expected: &Object) -> Result<(), Difference> {
    let found = match expected.kind {
        Kind::Buffer => found.buffer(),
        _ => found.bytes(),
    };
    if found.len() != expected.bytes.len() {
        return Err(Difference::Length { object, expected: expected.bytes.len(), found: found.len() });
    }
    let mut pairs = (0..).zip(expected.bytes.iter().zip(found));
    match pairs.find(|(_, (expected, found))| expected != found) {
        None => Ok(()),
        Some((index, (&expected, &found))) => Err(Difference::Byte { object, index, expected, found }),
    }
}
