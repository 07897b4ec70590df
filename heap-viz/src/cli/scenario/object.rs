//! Sections `[[object]]`.

use super::super::toml_file::Mistake;
use super::keys::Measure;
use super::law;
use super::table::Table;
use workloads::scenario::{Body, Class, Distribution};

/// A class of objects, and how many there are for others.
#[derive(Debug)]
pub(super) struct Object {
    pub(super) class: Class,
    pub(super) share: f64,
}

/// Reads a class of objects.
pub(super) fn object(table: &Table<'_>, time: Measure) -> Result<Object, Mistake> {
    let name = table.required("name")?.text()?.to_owned();
    let body = body(table)?;
    let lifetime = law::lifetime(&table.required("lifetime")?, time)?;
    Ok(Object { class: Class { name, body, lifetime }, share: table.number("share")? })
}

fn body(table: &Table<'_>) -> Result<Body, Mistake> {
    table.required("kind")?;
    let of = |name, measure| {
        table.get(name).map_or(Ok(Distribution::constant(0.0)), |value| law::distribution(&value, measure))
    };
    match table.word_or_first("kind")? {
        0 => Ok(Body::Node {
            slots: of("slots", Measure::NodeSlots)?,
            bytes: of("bytes", Measure::NodeBytes)?,
        }),
        1 => {
            table.refuse("bytes", "has no meaning for an array of references")?;
            Ok(Body::Array { slots: of("slots", Measure::ArraySlots)? })
        }
        kind => {
            table.refuse("slots", "has no meaning for bytes")?;
            let bytes = of("bytes", Measure::Bytes)?;
            Ok(if kind == 2 { Body::Bytes { bytes } } else { Body::Buffer { bytes } })
        }
    }
}
