//! L1: what an object looks like.

mod description;
mod ephemeron;
mod fixed_shape;
mod header;
mod layout;
mod reference;
mod slot_map;
mod typed;

pub(crate) use description::{Describe, Description};
pub use description::{Describer, Field};
pub(crate) use ephemeron::Ephemeron;
pub use fixed_shape::{FixedShape, ShapeWithSlots};
pub(crate) use header::{
    HEADER, HEADER_WORDS as SLOTS_START, Header, HeaderState, Kind, MAX_LENGTH, array_bytes, slots_size,
};
pub(crate) use layout::{Body, Cards, Entry, Shapes, raw_bytes, slot};
pub use layout::{Decoder, Layout, Shape, ShapeError};
pub(crate) use reference::ObjectRef;
pub(crate) use reference::{Slot, Slots, ValueSlot, ValueSlots, WordSlots};
pub use slot_map::SlotMap;
pub(crate) use slot_map::TAGGED;
pub use typed::Tracer;
pub(crate) use typed::{Claim, Type, TypedSlots};
