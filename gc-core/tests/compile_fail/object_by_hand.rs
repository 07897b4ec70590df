//! What a `Gc` may refer to cannot be added to: objects are what their headers say.

use gc_core::arena::Object;

struct Number(u32);

impl Object<'_> for Number {
    type Id = Number;
}

fn main() {}
